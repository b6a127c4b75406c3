import { DAY, HOUR, instantOf, iso, MINUTE } from '../evidence/instant.ts';
import { bad, type Checked, good } from './checked.ts';

/** ISO 8601 to the minute or finer, with a zone. */
const INSTANT = /^(\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d)(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
const INSTANT_FORM = 'Write date, time and zone, such as 2026-12-01T08:00:00Z or 2026-12-01T09:00:00+01:00.';
const TIME_FORM = 'Write hours and minutes with two digits each, such as "02:00"; 24:00 only ends a day.';

/** An instant in milliseconds. */
export function checkInstant(text: string): Checked<number> {
  const [, minute = ''] = INSTANT.exec(text) ?? [];
  if (minute === '') {
    const zoneless = INSTANT.test(`${text}Z`);
    return bad(
      zoneless ? 'has no time zone' : 'is no instant',
      zoneless ? 'Add Z for UTC, or an offset such as +01:00.' : INSTANT_FORM,
    );
  }
  const value = instantOf(text);
  // The 30th of February would quietly become the 2nd of March.
  const real = !Number.isNaN(value) && iso(instantOf(`${minute}Z`)).startsWith(minute);
  return real ? good(value) : bad('is not in the calendar', INSTANT_FORM);
}

/** A time of day in milliseconds from midnight on the clock. */
export function checkTimeOfDay(text: string): Checked<number> {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? bad('is no time of day', TIME_FORM) : good(Number(hours) * HOUR + Number(minutes) * MINUTE);
}

/** The same for the end of something, which may be the end of the day. */
export function checkEndTime(text: string): Checked<number> {
  return text === '24:00' ? good(DAY) : checkTimeOfDay(text);
}
