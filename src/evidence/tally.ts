import type { Start } from './canary.ts';

/** Upper bounds of the buckets that claims are counted in, in milliseconds; one more bucket takes what is longer. */
export const CLAIM_BOUNDS = [1, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400].map((s) => s * 1000);

export interface ClaimCounts {
  /** For each bucket how many fell into it and into no lower one. */
  buckets: number[];
  /** Of their times to claim. Milliseconds. */
  sum: number;
}

/** How many observations of one hour or day were claimed in the objective's time, and how many were not. */
export interface Kept {
  /** The beginning of the hour or day, in UTC. */
  at: number;
  kept: number;
  missed: number;
}

/** What counts against a probe's objective, as far back as its burn and its budget look; oldest first. */
export interface BudgetTally {
  /** The time to claim that these counts were made with: with another one they begin anew. Milliseconds. */
  under: number;
  hours: Kept[];
  days: Kept[];
  /** When an incident last told of the probe, to some minutes. */
  toldAt?: number;
}

/** A probe's observations since its store began, for counters that must neither forget nor repeat when a process ends. */
export interface Tally {
  claims: Partial<Record<Start, ClaimCounts>>;
  /** Claims past `warnAfter`. */
  late: number;
  /** Those that ended without a claim. */
  unclaimed: number;
}
