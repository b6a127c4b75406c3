import { z } from 'zod';
import { oneOf } from './choice.ts';
import { checkTimezone } from './cron.ts';
import { checkReason } from './fields.ts';
import { words } from './hints.ts';
import { textLeaf } from './leaf.ts';
import { checkMatch } from './match.ts';
import { checkEndTime, checkInstant, checkTimeOfDay } from './times.ts';

/** In the order of their numbers, 0 for Sunday. */
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Weekday = (typeof WEEKDAYS)[number];

/** Days of the week as numbers, in order, once each. */
export function weekdayNumbers(days: readonly Weekday[]): number[] {
  return [...WEEKDAYS.keys()].filter((day) => days.some((name) => name === WEEKDAYS[day]));
}

const match = textLeaf(checkMatch, {
  description: 'What is silenced: a pool, a glob over pools, the name of a probe, or a cause.',
  example: 'gecko-t/*',
});
const reason = textLeaf(checkReason, { description: 'Why, in 1 to 200 characters.', example: '"new images"' });

export const silence = z.strictObject({
  match,
  from: textLeaf(checkInstant, {
    description: 'When it begins, with a time zone. Default: at once.',
    example: '2026-12-01T08:00:00Z',
  }).optional(),
  until: textLeaf(checkInstant, { description: 'When it ends, with a time zone.', example: '2026-12-01T10:00:00Z' }),
  reason,
});

export const maintenance = z.strictObject({
  match,
  days: z
    .array(
      textLeaf(oneOf(WEEKDAYS, 'day of the week'), { description: 'A day of the week.', example: 'sat', json: words(WEEKDAYS) }),
    )
    .min(1)
    .prefault([...WEEKDAYS])
    .meta({ description: 'On which days it begins. Default: every day.' }),
  from: textLeaf(checkTimeOfDay, { description: 'When it begins, on the clock in the time zone.', example: '"02:00"' }),
  to: textLeaf(checkEndTime, {
    description: 'When it ends; a time that is not after from is on the next day, and 24:00 is the end of the day.',
    example: '"04:00"',
  }),
  timezone: textLeaf(checkTimezone, { description: 'IANA time zone of days and times.', example: 'Europe/Berlin' }).prefault(
    'Etc/UTC',
  ),
  reason,
});
