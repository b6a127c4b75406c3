import type { Answer } from '../evidence/fact.ts';
import type { Clock } from '../ports.ts';
import type { Call } from './call.ts';
import { QueueClock } from './offset.ts';
import { FOREIGN, isTaskclusterError, refusalOf } from './refusal.ts';

/**
 * Makes a call and reads its answer; `read` returns undefined where the body is not what it should be. `at` is the answer's `Date`, or
 * our clock's instant where it has none.
 */
export type Ask = <T>(read: (body: unknown, at: number) => T | undefined, ...call: Parameters<Call>) => Promise<Answer<T>>;

/** Dates every answer of Taskcluster's by the queue's clock, as far as that has been worked out. */
export function asker(call: Call, clock: Clock): Ask {
  const queueClock = new QueueClock(clock);
  return async (read, ...asked) => {
    const sent = clock.elapsed();
    const reply = await call(...asked);
    const { status, date, body } = reply;
    const value = status === 200 ? read(body, date ?? clock.now()) : undefined;
    // A proxy's `Date` says nothing about the queue's clock.
    const queueNow =
      date !== undefined && (value !== undefined || isTaskclusterError(reply)) ? queueClock.heard(date, sent) : undefined;
    const dated = queueNow === undefined ? {} : { queueNow };
    if (value !== undefined) return { ok: true, value, ...dated };
    if (status === 200) return { ok: false, why: 'unreachable', detail: FOREIGN, ...dated };
    return { ok: false, ...refusalOf(reply), ...dated };
  };
}
