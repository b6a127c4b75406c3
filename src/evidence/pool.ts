import type { PoolInfo, Workforce } from './reading.ts';

/** What is known of one pool; one row of the store. `info` is absent where worker-manager does not know the pool. */
export interface PoolRecord {
  pool: string;
  info?: PoolInfo;
  /** When its definition was last read; 0 while it never was. */
  at: number;
  /** Since when worker-manager no longer knows a pool that it knew, and whose workers it had, where that is known. */
  gone?: { since: number; provider?: string };
  seen?: PoolSeen;
  created?: Creations;
  /** From a worker's creation to its first claim of a canary, newest last, at most `BOOTS_KEPT`. Milliseconds. */
  boots?: number[];
}

/**
 * What was last read of a pool beside its definition; each part carries the instant at which it was read, by the queue's clock. What a sample of
 * all pools shows carries none: in most of them nothing has changed since the one before.
 */
export interface PoolSeen {
  /** By the last sample of the whole fleet (`Watch.fleetAt`); `over` counts the samples in a row with far more capacity than allowed. */
  workforce?: Workforce & { over?: number };
  counts?: { at: number; pending: number; claimed?: number };
  /** Demand that nothing on its way would meet, in every look since; `own` where our canaries alone make it. */
  unmet?: { since: number; at: number; own: boolean };
  /** Workers that had no task although some waited, in every look since; `most`: since when at least half of all had none. */
  idle?: { since: number; at: number; most?: number };
  /** Creation of the newest worker. With `atLeast` the statistics showed a new one, and nobody has asked when exactly it came. */
  newest?: { at: number; created?: number; atLeast?: true };
  /**
   * Creation of the oldest worker that was requested and has not come up, how many came within the last hour, and of those that came within
   * the last ten minutes, but for the newest, how many there are and how many of them are gone.
   */
  workers?: { at: number; oldestRequested?: number; lastHour?: number; young?: { count: number; gone: number } };
  /** Errors of the last 7 days by the fleet's statistics, and by how much that number rose between which samples of the last hour. */
  errorCount?: { at: number; count: number; rises: { from: number; at: number; by: number }[] };
  /** Errors of the last hour and of a usual one, by the pool's own statistics. */
  errors?: { at: number; lastHour: number; usual: number };
  commonError?: { at: number; kind: string; title: string; description: string; code?: string; count: number };
  claims?: ClaimsSeen;
  oldestPending?: { at: number; since?: number };
  crew?: { at: number; workers: number; quarantined: number; lastActive?: number };
  /** When the pool was last looked at as a suspect. */
  examinedAt?: number;
}

/** Whether claims move can be seen only by comparing who is claimed now with who was. */
export interface ClaimsSeen {
  at: number;
  /** `claimed`: ids of the tasks that are worked on. `latest`: of the one that each worker claimed last. The first letters of each. */
  by: 'claimed' | 'latest';
  ids: string[];
  /** What the last comparison said, and over how long. */
  compared?: { at: number; over: number; fresh: number };
  /** When a comparison last showed that a task had been claimed. */
  movedAt?: number;
}

/** Workers created, by hours. */
export interface Creations {
  /** Beginning of the newest hour in `counts`. */
  hour: number;
  /** Oldest first, at most `HOURS_KEPT`; each at least so many. */
  counts: number[];
  /** All that were ever counted; absent where an older version counted last. */
  total?: number;
  /** Since when they have been counted without a break, up to the last sample of the fleet. */
  since: number;
}
