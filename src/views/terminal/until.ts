import { dayOf, minuteOf, spoken } from '../../evidence/instant.ts';

/** An instant to the minute, such as `14:00 UTC`, with its date where that is not the day of `now`. */
export function momentText(instant: number, now: number): string {
  const time = minuteOf(instant);
  return dayOf(instant) === dayOf(now) ? time : `${dayOf(instant)} ${time}`;
}

/** `for 1h 23m more, until 14:00 UTC`. */
export function untilText(until: number, now: number): string {
  return `for ${spoken(until - now)} more, until ${momentText(until, now)}`;
}
