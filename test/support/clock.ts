import type { Clock } from '../../src/ports.ts';

/** A clock that nobody sets; sleeping takes no time, or what `sleepUntil` makes of it. */
export function clockOf(now: () => number, sleepUntil: Clock['sleepUntil'] = async () => undefined): Clock {
  return { now, elapsed: now, sleepUntil };
}
