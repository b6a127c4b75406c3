import { DAY, MINUTE, SECOND } from '../evidence/instant.ts';
import type { Probe, Schedule } from '../evidence/probe.ts';
import { matchesDay } from './days.ts';
import { spanAt } from './zone.ts';

/** The longest wait that ends is 40 years: for a 29 February on a certain weekday, across a century without a leap day. */
const HORIZON = 41 * 366 * DAY;
/** Starts are spread over this much, or over the schedule's pitch where that is less. */
const MAX_SPREAD = 15 * MINUTE;
/** Where `pitch` begins to count, and how far it counts where that shows two matching days. */
const REFERENCE = Date.UTC(2000, 0, 1);
const TYPICAL = 5 * 366 * DAY;

/**
 * All slots with `after` < slot <= `until`, in order: the instants that, `offset` earlier, match the schedule on a clock in its time zone.
 * An hour that the zone repeats counts twice, one that it leaves out not at all.
 * @param offset milliseconds, whole seconds, as `offsetOf` gives it
 */
export function slots(schedule: Schedule, offset: number, after: number, until: number): number[] {
  const found: number[] = [];
  for (const match of matches(schedule, after - offset, until - offset)) found.push(match + offset);
  return found;
}

/** The first slot later than `after`; undefined where the schedule does not match again within 40 years. */
export function nextSlot(schedule: Schedule, offset: number, after: number): number | undefined {
  for (const match of matches(schedule, after - offset, after - offset + HORIZON)) return match + offset;
  return undefined;
}

/** The first slot of a probe later than `after`, its offset included; asked again of the same slot it answers at once. */
export function slotAfter({ schedule, name }: Pick<Probe, 'schedule' | 'name'>, after: number): number | undefined {
  const known = upcoming.get(schedule) ?? new Map<string, { after: number; slot: number | undefined }>();
  upcoming.set(schedule, known);
  let next = known.get(name);
  if (next?.after !== after) {
    next = { after, slot: nextSlot(schedule, offsetOf(schedule, name), after) };
    known.set(name, next);
  }
  return next.slot;
}

const upcoming = new WeakMap<Schedule, Map<string, { after: number; slot: number | undefined }>>();

const pitches = new WeakMap<Schedule, number>();

/**
 * The smallest gap between two slots in milliseconds, on a clock that is never put forward or back; Infinity where two slots are not to
 * be found.
 */
export function pitch(schedule: Schedule): number {
  const known = pitches.get(schedule);
  if (known !== undefined) return known;
  const measured = measurePitch(schedule);
  pitches.set(schedule, measured);
  return measured;
}

/**
 * By how much the canaries of a probe start later than their schedule says, so that not all start at once: milliseconds, whole seconds, the
 * same for the same name always.
 */
export function offsetOf(schedule: Schedule, name: string): number {
  const known = offsets.get(schedule) ?? new Map<string, number>();
  offsets.set(schedule, known);
  let offset = known.get(name);
  if (offset === undefined) {
    const spread = Math.min(pitch(schedule), MAX_SPREAD) / SECOND;
    offset = (fnv1a(name) % Math.max(1, Math.floor(spread))) * SECOND;
    known.set(name, offset);
  }
  return offset;
}

const offsets = new WeakMap<Schedule, Map<string, number>>();

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function* matches(schedule: Schedule, after: number, until: number): Generator<number> {
  const { times, onDay } = compiled(schedule);
  let at = Math.floor(after / SECOND) * SECOND + SECOND;
  while (at <= until) {
    const span = spanAt(schedule.timezone, at);
    const midnight = Math.floor((at + span.shift) / DAY) * DAY;
    const stop = Math.min(midnight - span.shift + DAY, span.until);
    if (onDay(midnight)) {
      for (let i = firstFrom(times, at + span.shift - midnight); i < times.length; i++) {
        const match = midnight + (times[i] ?? DAY) - span.shift;
        if (match >= stop || match > until) break;
        yield match;
      }
    }
    at = stop;
  }
}

interface Compiled {
  /** Times of day that match, in milliseconds from midnight, ascending. */
  times: number[];
  onDay: (midnight: number) => boolean;
}

const compilations = new WeakMap<Schedule, Compiled>();

function compiled(schedule: Schedule): Compiled {
  let result = compilations.get(schedule);
  if (result === undefined) {
    result = { times: timesOf(schedule), onDay: (midnight) => matchesDay(schedule, calendarDay(midnight)) };
    compilations.set(schedule, result);
  }
  return result;
}

function timesOf({ hour, minute, second }: Schedule): number[] {
  const times = hour.flatMap((h) => minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * SECOND)));
  return [...new Set(times)].sort((a, b) => a - b);
}

/** Index of the first time that is not before `from`. */
function firstFrom(times: number[], from: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? DAY) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The day of the calendar that begins at `midnight`, a local time counted as if it were UTC. */
function calendarDay(midnight: number) {
  const date = new Date(midnight);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  return { month, day: date.getUTCDate(), weekday: date.getUTCDay(), length: new Date(Date.UTC(year, month, 0)).getUTCDate() };
}

function measurePitch(schedule: Schedule): number {
  const { times } = compiled(schedule);
  const nights = smallestDayGap(schedule);
  if (nights === undefined) return Number.POSITIVE_INFINITY;
  const overnight = nights + (times[0] ?? 0) - (times.at(-1) ?? 0);
  return times.reduce((gap, time, i) => Math.min(gap, time - (times[i - 1] ?? Number.NEGATIVE_INFINITY)), overnight);
}

/** The least time from one matching day to the next, Infinity where only one is to be found, undefined where none is. */
function smallestDayGap(schedule: Schedule): number | undefined {
  const { onDay } = compiled(schedule);
  let smallest: number | undefined;
  let previous = Number.NEGATIVE_INFINITY;
  for (let day = REFERENCE; day < REFERENCE + HORIZON; day += DAY) {
    if (day > REFERENCE + TYPICAL && Number.isFinite(smallest)) break;
    if (!onDay(day)) continue;
    smallest = Math.min(smallest ?? Number.POSITIVE_INFINITY, day - previous);
    if (smallest === DAY) break;
    previous = day;
  }
  return smallest;
}
