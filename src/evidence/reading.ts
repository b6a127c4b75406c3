import type { PayloadKind, TaskStatus } from './task.ts';

/** What worker-manager says of one pool. */
export interface PoolInfo {
  pool: string;
  provider: string;
  /** The cheapest payload its workers run, by its launch configuration; absent where it does not tell. */
  payload?: PayloadKind;
  /** Regions, locations or zones that its launch configurations name, sorted. */
  regions?: string[];
  minCapacity?: number;
  maxCapacity?: number;
  /** How many workers are asked for, as a share of the tasks that wait for one. Default: 1. */
  scalingRatio?: number;
  currentCapacity: number;
  requestedCapacity: number;
  /** How long a worker may take to register before worker-manager ends it, in milliseconds. */
  registrationTimeout?: number;
  /** How many launch configurations it has. */
  launchConfigs: number;
}

/** How many workers are in one state, and how many tasks they can take together. */
interface Tally {
  count: number;
  capacity: number;
}

/** A pool's workers by state. Rows of stopped workers stay some 7 days, so that the sum of the counts rises with every creation. */
export interface Workforce {
  requested: Tally;
  running: Tally;
  stopping: Tally;
  stopped: Tally;
}

/** One worker's row in worker-manager. */
export interface WorkerRow {
  /** `<workerGroup>/<workerId>`. */
  worker: string;
  created: number;
  state: 'requested' | 'running' | 'stopping' | 'stopped' | 'standalone';
  capacity: number;
}

/** Provisioning errors by whole hours of the last 24, oldest first and the present one included, and by pool over the last 7 days. */
export interface ErrorStats {
  hourly: { at: number; count: number }[];
  byPool: Record<string, number>;
}

export interface ProvisioningError {
  at: number;
  kind: string;
  title: string;
  description: string;
  code?: string;
}

/** One worker as the queue knows it: those of hardware pools too, and only such as have claimed or asked for work. */
export interface QueueWorker {
  worker: string;
  /** `standalone` where worker-manager does not manage it. */
  state: WorkerRow['state'];
  quarantined: boolean;
  /** When it last asked for work; up to half an hour late. */
  lastActive?: number;
  /** The task it claimed last. */
  latestTask?: string;
}

/** One task of a task group, which holds the canaries of one UTC day. */
export interface GroupTask {
  status: TaskStatus;
  tags: Record<string, string>;
}

export type ReadingRequest =
  | { what: 'pool'; pool: string }
  | { what: 'pools' }
  /** The workforce of every pool, in one heavy query: each minute at the most. */
  | { what: 'fleet' }
  /** Errors of all pools together. */
  | { what: 'fleet-errors' }
  | { what: 'worker'; pool: string; workerGroup: string; workerId: string }
  /** The newest workers of a pool, at most so many. */
  | { what: 'workers'; pool: string; limit: number }
  | { what: 'counts'; pool: string }
  | { what: 'errors'; pool: string }
  /** The newest errors of a pool, at most 100. */
  | { what: 'error-list'; pool: string }
  /** Ids of the tasks that are being worked on, at most 1,000. */
  | { what: 'claimed'; pool: string }
  /** When the oldest task that waits began to. */
  | { what: 'oldest'; pool: string }
  /** The workers that the queue knows, at most 1,000: those that run, or all where worker-manager says that none does. */
  | { what: 'crew'; pool: string }
  | { what: 'group'; taskGroupId: string };

/** What a pass may be told to read; the rest belongs to looking and rebuilding. */
export type PlannedRead = Exclude<ReadingRequest, { what: 'worker' | 'group' }>;

export type Reading =
  | { what: 'pool'; info: PoolInfo }
  | { what: 'pools'; infos: PoolInfo[] }
  | { what: 'fleet'; pools: { pool: string; workforce: Workforce }[] }
  | { what: 'fleet-errors'; stats: ErrorStats }
  | { what: 'worker'; created: number }
  /** Newest first; `all` where there are no older ones. */
  | { what: 'workers'; workers: WorkerRow[]; all: boolean }
  | { what: 'counts'; pending: number; claimed?: number }
  | { what: 'errors'; stats: ErrorStats }
  /** Newest first. */
  | { what: 'error-list'; errors: ProvisioningError[] }
  | { what: 'claimed'; taskIds: string[] }
  | { what: 'oldest'; inserted?: number }
  | { what: 'crew'; workers: QueueWorker[] }
  | { what: 'group'; tasks: GroupTask[] };
