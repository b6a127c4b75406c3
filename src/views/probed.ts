import type { Start } from '../evidence/canary.ts';
import { instant, seconds } from '../evidence/json-values.ts';
import type { PayloadKind } from '../evidence/task.ts';

/** One pool as the `probe` command follows it; instants by the queue's clock. */
export interface ProbedPool {
  pool: string;
  /** `refused`: the request itself was wrong. `unasked`: we could not ask. */
  stage: 'asking' | 'pending' | 'claimed' | 'ended' | 'refused' | 'unasked';
  payload?: PayloadKind;
  taskId?: string;
  scheduled?: number;
  started?: number;
  resolved?: number;
  outcome?: string;
  start?: Start;
  worker?: string;
  /** Claimed, but only after the time that was allowed. */
  late?: boolean;
  /** What went wrong and what to do about it, as untrusted text. */
  problem?: string;
  /** The last look failed, so the age shown is our own reckoning. */
  blind?: boolean;
  /** Its create was not answered, so the queue may have the task all the same. */
  doubtful?: boolean;
  cancelled?: boolean;
  /** Why it could not be cancelled. */
  leftBehind?: string;
}

/** Instants as ISO 8601, durations in seconds, `null` for what is not known; every key is always there. */
export function probeJson(probed: readonly ProbedPool[], rootUrl: string) {
  const between = (from: number | undefined, to: number | undefined) =>
    seconds(from === undefined || to === undefined ? undefined : to - from);
  return {
    rootUrl,
    pools: probed.map((one) => ({
      pool: one.pool,
      claimed: one.started !== undefined,
      inTime: one.started !== undefined && one.late !== true,
      timeToClaim: between(one.scheduled, one.started),
      start: one.start ?? null,
      worker: one.worker ?? null,
      ran: between(one.started, one.resolved),
      outcome: one.outcome ?? null,
      taskId: one.taskId ?? null,
      scheduled: instant(one.scheduled),
      started: instant(one.started),
      resolved: instant(one.resolved),
      problem: one.problem ?? null,
      cancelled: one.cancelled ?? false,
      leftBehind: one.leftBehind ?? null,
    })),
  };
}
