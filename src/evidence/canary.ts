/** `cold`: the claiming worker was created after the canary was scheduled. `unknown`: worker-manager does not know it. */
export type Start = 'cold' | 'warm' | 'unknown';

/** One task that a probe submitted, or is about to. */
export interface Canary {
  taskId: string;
  probe: string;
  pool: string;
  /** The exact instant of the schedule it belongs to, in whole seconds. */
  slot: number;
  schedulerId: string;
  taskGroupId: string;
  /** Instant of the task's deadline. */
  deadline: number;
  /** The very bytes (JSON) sent to `createTask`, and sent again on every retry; absent on one rebuilt from the queue. */
  definition?: string;
  /**
   * `due`: decided and stored, not known to be in the queue. `pending`: in the queue, unclaimed.
   * `claimed`: a worker took it. `censored`: it ended without a claim. `lost`: it never got into the queue, or vanished.
   */
  stage: 'due' | 'pending' | 'claimed' | 'censored' | 'lost';
  /** `runs[0].scheduled`, by the queue's clock. */
  scheduled?: number;
  /** `runs[0].started`, by the queue's clock. */
  started?: number;
  /** The end, or for a censored canary its last moment unclaimed. */
  ended?: number;
  start?: Start;
  worker?: string;
  /** Why it ended, where it was not claimed: the queue's `reasonResolved`, or our own reason. */
  reason?: string;
}

/** What is kept of a canary once it has ended. */
export type PastCanary = Pick<
  Canary,
  'taskId' | 'pool' | 'slot' | 'stage' | 'scheduled' | 'started' | 'ended' | 'start' | 'worker' | 'reason'
>;

/** A canary as history has it, and whose it was; one that is still in flight has no end. */
export interface LivedCanary extends PastCanary {
  probe: string;
}
