import { DAY } from '../evidence/instant.ts';
import type { Maintenance } from '../evidence/silence.ts';
import { spanAt } from './zone.ts';

/** The instants of a window; `until` is the first one after it. */
interface Window {
  from: number;
  until: number;
}

/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/**
 * The window that contains `now`. It reaches from the first to the last instant at which the clock reads inside, so one that begins in an
 * hour that the zone leaves out begins with the hour after it, and an hour that the zone repeats is inside as a whole.
 */
export function openWindow(maintenance: Maintenance, now: number): Window | undefined {
  const { days, from, to, timezone } = maintenance;
  const today = Math.floor((now + spanAt(timezone, now).shift) / DAY);
  // Latest first, for of two that overlap it ends last. A clock that is put back at midnight stands in one day twice.
  for (const day of [today + 1, today, today - 1, today - 2]) {
    if (!days.includes((((day + EPOCH_WEEKDAY) % 7) + 7) % 7)) continue;
    const window = reading(timezone, day * DAY + from, day * DAY + to + (to > from ? 0 : DAY));
    if (window !== undefined && window.from <= now && now < window.until) return window;
  }
  return undefined;
}

/** From the first to the last instant at which the clock reads from `from` to before `to`; both are local times counted as if they were UTC. */
function reading(timezone: string, from: number, to: number): Window | undefined {
  let window: Window | undefined;
  // No zone is a whole day away from UTC.
  for (let at = from - DAY; at < to + DAY; ) {
    const { shift, until } = spanAt(timezone, at);
    const begin = Math.max(at, from - shift);
    const end = Math.min(until, to - shift);
    if (begin < end) window = { from: window?.from ?? begin, until: end };
    at = until;
  }
  return window;
}
