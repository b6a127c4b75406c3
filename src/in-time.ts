import type { Clock } from './ports.ts';

/** What the work comes to, or `late` where it is not done by then: it goes on, and nobody waits for it any more. */
export async function inTime<T>(clock: Clock, until: number, work: Promise<T>, late: T): Promise<T> {
  const done = new AbortController();
  try {
    return await Promise.race([work, clock.sleepUntil(until, done.signal).then(() => late)]);
  } finally {
    done.abort('done');
  }
}
