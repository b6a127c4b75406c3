import { DAY, HOUR, MINUTE, SECOND } from '../evidence/instant.ts';
import { bad, type Checked, good } from './checked.ts';

/** Largest unit first, each at most once. */
const DURATION = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,6})s)?(?:(\d{1,9})ms)?$/;

/** The same for an editor. */
export const DURATION_PATTERN = '^(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$';

/** Reads `90s`, `15m`, `4h`, `2d`, `1h30m` or `500ms` as milliseconds; undefined where it is none of these. */
export function parseDuration(text: string): number | undefined {
  const [, d, h, m, s, ms] = DURATION.exec(text) ?? [];
  const parts = [d, h, m, s, ms];
  if (parts.every((part) => part === undefined)) return undefined;
  const units = [DAY, HOUR, MINUTE, SECOND, 1];
  return parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (units[i] ?? 0), 0);
}

/** A duration above 0. */
export function checkDuration(text: string): Checked<number> {
  if (/^\d+$/.test(text)) return bad('has no unit', 'Add one: 90s, 15m, 4h, 2d, 1h30m or 500ms.');
  const value = parseDuration(text);
  if (value === undefined) return bad('is not a duration', 'Write one as 90s, 15m, 4h, 2d, 1h30m or 500ms.');
  return value > 0 ? good(value) : bad('is no time at all', 'Write a duration above 0.');
}
