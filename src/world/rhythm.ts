import { DAY, HOUR } from '../evidence/instant.ts';
import type { Rhythm } from './spec.ts';

/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** What load is multiplied by at an instant. */
export function tempo({ hours, days }: Rhythm, instant: number): number {
  const hour = Math.floor((instant % DAY) / HOUR);
  const from = hours[hour] ?? 1;
  const to = hours[(hour + 1) % hours.length] ?? 1;
  const day = days[(Math.floor(instant / DAY) + EPOCH_WEEKDAY) % days.length] ?? 1;
  return (from + ((instant % HOUR) / HOUR) * (to - from)) * day;
}

/** The greatest that it ever is. */
export function greatest({ hours, days }: Rhythm): number {
  return Math.max(...hours) * Math.max(...days);
}
