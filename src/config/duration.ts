import { DAY, HOUR, MINUTE, SECOND, spoken } from '../evidence/instant.ts';
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

/** A duration in whole milliseconds as `parseDuration` reads it, exactly. */
export function durationText(ms: number): string {
  const units = [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
    ['ms', 1],
  ] as const;
  let left = ms;
  const parts = units.map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('') || '0s';
}

/** A duration above 0. */
export function checkDuration(text: string): Checked<number> {
  const checked = read(text);
  return checked.ok && checked.value === 0 ? bad('is no time at all', 'Write a duration above 0.') : checked;
}

/** A check that a text is a duration between two, both in milliseconds and both allowed. */
export function durationWithin(least: number, most = Number.POSITIVE_INFINITY): (text: string) => Checked<number> {
  return (text) => {
    const checked = read(text);
    if (checked.ok && checked.value < least) return bad(`is under ${spoken(least)}`, `Write ${spoken(least)} or more.`);
    if (checked.ok && checked.value > most) return bad(`is over ${spoken(most)}`, `Write ${spoken(most)} or less.`);
    return checked;
  };
}

function read(text: string): Checked<number> {
  if (/^\d+$/.test(text)) return bad('has no unit', 'Add one: 90s, 15m, 4h, 2d, 1h30m or 500ms.');
  const value = parseDuration(text);
  return value === undefined ? bad('is not a duration', 'Write one as 90s, 15m, 4h, 2d, 1h30m or 500ms.') : good(value);
}
