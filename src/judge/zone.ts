import { DAY, HOUR, MINUTE, SECOND } from '../evidence/instant.ts';

/** A stretch of time in which a zone's clocks stand at one offset. */
interface Span {
  /** Its end, an instant. */
  until: number;
  /** Local time minus UTC, in milliseconds. */
  shift: number;
}

const WEEK = 7 * DAY;
const UTC: Span = { until: Number.POSITIVE_INFINITY, shift: 0 };

const zones = new Map<string, { format: Intl.DateTimeFormat; weeks: Map<number, Span[]> }>();

/**
 * The span that an instant lies in, or the part of it up to the end of a week. Asking Intl is slow, so its answers are kept.
 * @throws {RangeError} where the zone is not known.
 */
export function spanAt(timezone: string, instant: number): Span {
  if (timezone === 'Etc/UTC' || timezone === 'UTC') return UTC;
  let zone = zones.get(timezone);
  if (zone === undefined) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
    zone = { format, weeks: new Map() };
    zones.set(timezone, zone);
  }
  const week = Math.floor(instant / WEEK);
  let spans = zone.weeks.get(week);
  if (spans === undefined) {
    spans = spansOf(zone.format, week * WEEK, (week + 1) * WEEK);
    zone.weeks.set(week, spans);
  }
  return spans.find((span) => instant < span.until) ?? UTC;
}

/** No zone changes its clocks twice in one week. */
function spansOf(format: Intl.DateTimeFormat, from: number, until: number): Span[] {
  const before = shiftAt(format, from);
  const after = shiftAt(format, until - SECOND);
  if (before === after) return [{ until, shift: before }];
  let low = from;
  let high = until;
  while (high - low > SECOND) {
    const middle = Math.floor((low + high) / 2 / SECOND) * SECOND;
    if (shiftAt(format, middle) === before) low = middle;
    else high = middle;
  }
  return [
    { until: high, shift: before },
    { until, shift: after },
  ];
}

/** Reads the offset off a date such as `11/1/2026, GMT-03:30`. */
function shiftAt(format: Intl.DateTimeFormat, instant: number): number {
  const [, sign, hours, minutes, seconds] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(instant)) ?? [];
  const size = Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE + Number(seconds ?? 0) * SECOND;
  return sign === '-' ? -size : size;
}
