import { type CronFieldError, validateDetailed } from 'node-cron';
import { SECOND } from '../evidence/instant.ts';
import type { Schedule } from '../evidence/probe.ts';
import { nextSlot, pitch } from '../judge/schedule.ts';
import { spanAt } from '../judge/zone.ts';
import { bad, type Checked, good } from './checked.ts';

export type CronLine = Omit<Schedule, 'timezone'>;

const FORM = 'Write 5 fields (minute, hour, day of month, month, day of week), or 6 with seconds first, such as "*/15 * * * *".';
const NEVER = bad('never fires, for no month it names has that day', 'Choose a day that the month has.');
/** More canaries than this measure the prober and not the pool. */
const MIN_PITCH = 5 * SECOND;
const FIELDS = [
  { key: 'second', name: 'second', size: 60 },
  { key: 'minute', name: 'minute', size: 60 },
  { key: 'hour', name: 'hour', size: 24 },
  { key: 'dayOfMonth', name: 'day of month', size: 31 },
  { key: 'month', name: 'month', size: 12 },
  { key: 'dayOfWeek', name: 'day of week', size: 7 },
];

/** A cron line in node-cron's grammar that fires some day, and not all the time. */
export function checkCron(text: string): Checked<CronLine> {
  const { fields, errors } = validateDetailed(text);
  if (fields === undefined) return refused(errors);
  const wide = tooWide(text);
  if (wide !== undefined)
    return bad(`has a step wider than its ${wide} field, and would use the first value alone`, 'Write a smaller step.');
  if (new Set(fields.dayOfMonth).size < 31 && new Set(fields.dayOfWeek).size < 7) {
    return bad(
      'sets both day of month and day of week, which node-cron reads as "and" but Kubernetes as "or"',
      'Set one of them and write * for the other.',
    );
  }
  const line = { expression: text, ...fields };
  const schedule = { ...line, timezone: 'Etc/UTC' };
  if (nextSlot(schedule, 0, 0) === undefined) return NEVER;
  if (pitch(schedule) < MIN_PITCH)
    return bad('fires more often than every 5 seconds', 'Write "*/5 * * * * *" or something slower.');
  return good(line);
}

function refused(errors: CronFieldError[]): Checked<never> {
  if (errors.some(({ message }) => message.includes('impossible day'))) return NEVER;
  const names = FIELDS.filter(({ key }) => errors.some(({ field }) => field === key)).map(({ name }) => name);
  return bad(names.length === 0 ? 'is not a cron line' : `is wrong in its ${names.join(' and ')}`, FORM);
}

/** The field with a step such as `*` `/90`, which node-cron takes without a word. */
function tooWide(text: string): string | undefined {
  const fields = text.trim().split(/ +/);
  const first = FIELDS.length - fields.length;
  return FIELDS.find(({ size }, i) =>
    [...(fields[i - first]?.matchAll(/\/(\d+)/g) ?? [])].some(([, step]) => Number(step) >= size),
  )?.name;
}

/** A name of the IANA time zone database, as this machine knows it. */
export function checkTimezone(text: string): Checked<string> {
  const unknown = bad('is no time zone', 'Write a name of the IANA database, such as Etc/UTC or Europe/Berlin.');
  if (!/^[A-Za-z]/.test(text)) return unknown;
  try {
    spanAt(text, 0);
    return good(text);
  } catch {
    return unknown;
  }
}
