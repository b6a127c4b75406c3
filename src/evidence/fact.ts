import type { Canary, Start } from './canary.ts';
import type { GroupTask, PlannedRead, Reading } from './reading.ts';
import type { TaskStatus } from './task.ts';

/**
 * Why the world did not give what was asked.
 * `unreachable`: network, timeout, 429 or 5xx, so nothing is known. `refused`: 401 or 403. `clock`: refused as stale, so our clock
 * is off. `conflict`: 409. `missing`: 404. `invalid`: any other 4xx, so asking again will not help.
 */
export type Refusal = 'unreachable' | 'refused' | 'clock' | 'conflict' | 'missing' | 'invalid';

export type Answer<T> =
  | { ok: true; value: T; queueNow?: number }
  | { ok: false; why: Refusal; detail: string; queueNow?: number };

/** Which of our calls failed; each kind of failure is followed on its own. */
export type Ask = 'create' | 'look' | 'cancel' | 'read';

/** An incident that a channel shows as open. */
export interface Standing {
  id: string;
  /** Those that it tells of where it is one of several pools. */
  probes: string[];
  /** Set where it is one of that provider alone. */
  provider?: string;
}

/** Something learned, with the instant it was learned by the queue's clock. */
export type Fact = { at: number } & (
  | { kind: 'created'; taskId: string; status: TaskStatus }
  | { kind: 'cancelled'; taskId: string; status: TaskStatus }
  /** `workerCreated`: when the worker that claimed it was created. */
  | { kind: 'status'; taskId: string; status: TaskStatus; start?: Start; workerCreated?: number }
  /** `statuses` answered and left this id out: the queue had no such task when it was asked, at `at`. */
  | { kind: 'absent'; taskId: string }
  /** `day`: whose task group could not be read. `untried`: others had failed, and it was left to the next pass. */
  | {
      kind: 'failed';
      ask: Ask;
      why: Refusal;
      detail: string;
      taskId?: string;
      request?: PlannedRead;
      day?: number;
      untried?: true;
    }
  /** What was asked for and what came; without a reading there is no such pool. */
  | { kind: 'read'; request: PlannedRead; reading?: Reading }
  /** Pools that were suspect and about which all was read that may be. */
  | { kind: 'examined'; pools: string[] }
  /** The whole of one day's task group, or what could not be had of it. */
  | { kind: 'group'; day: number; tasks: GroupTask[] }
  /** The deployment's incidents that a channel shows as open; `deaf` where one of the channels could not tell. */
  | { kind: 'standing'; incidents: Standing[]; deaf: boolean }
  /** All canaries in flight were looked at. */
  | { kind: 'looked' }
  /** A pass has ended; complete where every due probe was submitted or accounted for. */
  | { kind: 'pass'; complete: boolean }
  /** The queue's clock minus ours, measured from the responses' `Date`. */
  | { kind: 'clock'; offset: number }
  /** The routes whose channels refuse for good, each with one of its reasons; `at` is when the store said so. Empty where none does. */
  | { kind: 'channels'; refused: { route: string; why: string }[] }
);

/** A canary as a definition is made for it, before the queue has seen it. */
export type DueCanary = Canary & { stage: 'due'; definition: string };
