import type { Priority } from '../evidence/task.ts';
import type { Fault } from './fault.ts';

/** A log-normal distribution by its median and its 95th percentile, in milliseconds. */
export interface Spread {
  p50: number;
  p95: number;
}

/** What a pool's workers run, and so which payloads they take. `d2g`: generic-worker that takes docker-worker's payloads alone. */
export type WorkerKind = 'generic-worker' | 'generic-worker-windows' | 'docker-worker' | 'd2g' | 'built-in';

/** How load rises and falls, in UTC: what each pool's `perHour` is multiplied by. */
export interface Rhythm {
  /** By the hour, from midnight; in between it changes evenly. */
  hours: number[];
  /** By the day, from Sunday. */
  days: number[];
}

/** Tasks of other people, arriving at random (Poisson). */
interface Load {
  /** In an hour when the rhythm is 1. */
  perHour: number;
  /** Tasks that come at once, as a push brings them. Default: 1. */
  batch?: number;
  duration: Spread;
  /** Default: `lowest`. */
  priority?: Priority;
}

export interface PoolSpec {
  /** `<provisionerId>/<workerType>`. */
  pool: string;
  runs: WorkerKind;
  /** Names the cloud: with `aws` or `azure` in it, else Google's. Default: `azure` for Windows, `gcp` for the rest. */
  provider?: string;
  /** Default: 0. */
  minCapacity?: number;
  maxCapacity: number;
  /** Tasks that one worker runs at once. Default: 1. */
  capacityPerWorker?: number;
  /** From a worker's request to its first call for work. */
  boot: Spread;
  /** A worker that has not come up this long after its request is ended, in milliseconds. Default: never. */
  registrationTimeout?: number;
  /** How long a worker waits for work before it stops, in milliseconds. Default: 300 s, as on gecko-3/decision. */
  idleTimeout?: number;
  /** How long a free worker takes to claim a task, in milliseconds. Default: 100 to 5,000, for workers poll about every 5 s. */
  claim?: { min: number; max: number };
  /** How long a task made through the API runs. Default: about two seconds. */
  run?: Spread;
  load?: Load;
  /** Default: two of the provider's. */
  regions?: string[];
  /** `false`: hardware; worker-manager does not know the pool, and all its workers stand there from the start. */
  known?: false;
}

/** A deployment as plain data; the same spec makes the same history. */
export interface WorldSpec {
  seed: number;
  /** Instant at which it begins, in milliseconds since the epoch. */
  start: number;
  pools: PoolSpec[];
  faults?: Fault[];
  /** Default: the same load at all times. */
  rhythm?: Rhythm;
  /** Every pool is looked at by the provisioner this often, in milliseconds. Default: 30 s. */
  provisionEvery?: number;
  /** Where the deployment says it lives. Default: `http://localhost`. */
  rootUrl?: string;
}
