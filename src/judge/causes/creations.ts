import { DAY, HOUR } from '../../evidence/instant.ts';
import type { Creations } from '../../evidence/pool.ts';
import type { Workforce } from '../../evidence/reading.ts';
import { BASELINE_DAYS, FLEET_EVERY, HOURS_KEPT } from '../limits.ts';

/** A longer break between two samples makes the hours in between say too little. */
export const BREAK = 3 * FLEET_EVERY;

/**
 * At least how many workers came to be between two samples of a pool's workforce. Every creation adds a row, and rows of stopped workers go
 * after a week, so what went is never more than the stopped ones have fallen by.
 */
export function createdBetween(before: Workforce, after: Workforce): number {
  const living = ({ requested, running, stopping }: Workforce) => requested.count + running.count + stopping.count;
  const stopped = Math.max(0, after.stopped.count - before.stopped.count);
  return Math.max(0, living(after) - living(before) + stopped);
}

/**
 * The hours with a new sample taken in at `at`, after one at `before`; a first sample, or one after a long break, only begins to count. One
 * that shows nothing new leaves them as they are.
 */
export function counted(known: Creations | undefined, created: number, before: number | undefined, at: number): Creations {
  const hour = Math.floor(at / HOUR) * HOUR;
  if (known === undefined) return { hour, counts: [0], total: 0, since: at };
  const broken = at - (before ?? known.since) > BREAK;
  if (created === 0 && !broken && hour === known.hour) return known;
  // Hours that nobody counted are as empty as they look, and keep the others in their places.
  const passed = Math.min(HOURS_KEPT, (hour - known.hour) / HOUR);
  const counts = [...known.counts, ...Array.from({ length: passed }, () => 0)].slice(-HOURS_KEPT);
  if (!broken) counts[counts.length - 1] = (counts.at(-1) ?? 0) + created;
  const total = totalOf(known) + (broken ? 0 : created);
  return { hour, counts, total, since: broken ? at : known.since };
}

/** Workers created since they were first counted, at least. It never falls. */
export function totalOf({ total, counts }: Creations): number {
  return total ?? counts.reduce((sum, count) => sum + count, 0);
}

/** Workers created in the last hour, counted over the present hour and the matching part of the one before; absent while nobody counted so long. */
export function lastHourOf(created: Creations | undefined, sampledAt: number | undefined, now: number): number | undefined {
  if (created === undefined || sampledAt === undefined || now - created.since < HOUR || now - sampledAt > BREAK) return undefined;
  return around(created, created.hour, now);
}

/** What is usual for the hour up to `now`, by the same hour of the days before; absent where there are too few of them. */
export function usualHourOf(created: Creations | undefined, now: number): number | undefined {
  if (created === undefined || now - created.since < BASELINE_DAYS * DAY + HOUR) return undefined;
  const days: number[] = [];
  for (
    let day = 1;
    created.hour - day * DAY - HOUR >= Math.max(created.since, created.hour - (created.counts.length - 1) * HOUR);
    day++
  ) {
    days.push(around(created, created.hour - day * DAY, now - day * DAY));
  }
  return days.length < BASELINE_DAYS ? undefined : days.reduce((sum, count) => sum + count, 0) / days.length;
}

/** The hour that ends at `end`: what of `hour` has passed by then, and the rest of it from the hour before. */
function around({ hour: last, counts }: Creations, hour: number, end: number): number {
  const at = (instant: number) => counts[counts.length - 1 - (last - instant) / HOUR] ?? 0;
  const share = Math.min(1, Math.max(0, (end - hour) / HOUR));
  // The present hour holds only what has passed of it; an hour of the past is whole.
  const passed = hour === last ? at(hour) : at(hour) * share;
  return passed + at(hour - HOUR) * (1 - share);
}

/** Workers created in the last 24 hours, as far as they were counted. */
export function lastDayOf(created: Creations | undefined): number {
  const { counts = [] } = created ?? {};
  let sum = 0;
  for (let i = Math.max(0, counts.length - 24); i < counts.length; i++) sum += counts[i] ?? 0;
  return sum;
}
