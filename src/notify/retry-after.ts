import { instantOf, MINUTE, SECOND } from '../evidence/instant.ts';

/** How long to wait where the receiver does not say; PagerDuty's documentation advises 30 s, Slack's leaves it open. */
export const UNSAID = 30 * SECOND;

/** A receiver may be wrong about its own clock, or ask for a day: the wait stays between these. */
const SHORTEST = SECOND;
const LONGEST = 15 * MINUTE;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds. A date counts from the response's own `Date`, so that no clock
 * of ours is needed; without one the default stands.
 */
export function retryAfter(header: string | null | undefined, date: string | null | undefined): number {
  const text = header?.trim() ?? '';
  const wait = /^\d+$/.test(text) ? Number(text) * SECOND : instantOf(text) - instantOf(date ?? '');
  return Number.isNaN(wait) ? UNSAID : Math.min(Math.max(wait, SHORTEST), LONGEST);
}
