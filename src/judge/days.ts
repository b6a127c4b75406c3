import type { Schedule } from '../evidence/probe.ts';

/** A day of the calendar, as far as a schedule asks. */
export interface CalendarDay {
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  /** How many days its month has. */
  length: number;
}

/** True where month, day of month *and* day of week match: node-cron wants both days, where other crons are content with one. */
export function matchesDay(schedule: Schedule, date: CalendarDay): boolean {
  return (
    schedule.month.includes(date.month) &&
    schedule.dayOfMonth.some((value) => value === date.day || (typeof value === 'string' && matchesMonthToken(value, date))) &&
    schedule.dayOfWeek.some((value) => value === date.weekday || (typeof value === 'string' && matchesWeekToken(value, date)))
  );
}

/** `L` the last day, `L-3` three days before it, `15W` the weekday nearest the 15th, `LW` the one nearest the last. */
function matchesMonthToken(token: string, date: CalendarDay): boolean {
  const [, base, nearest] = /^(\d+|L(?:-\d+)?)(W?)$/.exec(token) ?? [];
  if (base === undefined) return false;
  const target = base.startsWith('L') ? date.length - Number(base.slice(2)) : Number(base);
  return (nearest === 'W' ? nearestWeekday(target, date) : target) === date.day;
}

/** Never leaves the month; NaN where the month has no such day. */
function nearestWeekday(target: number, date: CalendarDay): number {
  if (target < 1 || target > date.length) return Number.NaN;
  const weekday = (((date.weekday + target - date.day) % 7) + 7) % 7;
  if (weekday === 6) return target === 1 ? 3 : target - 1;
  if (weekday === 0) return target === date.length ? target - 2 : target + 1;
  return target;
}

/** `5L` the last Friday of the month, `5#2` the second. */
function matchesWeekToken(token: string, date: CalendarDay): boolean {
  const [, weekday, kind, nth] = /^([0-7])(?:(L)|#([1-5]))$/.exec(token) ?? [];
  if (weekday === undefined || Number(weekday) % 7 !== date.weekday) return false;
  return kind === 'L' ? date.day + 7 > date.length : Math.ceil(date.day / 7) === Number(nth);
}
