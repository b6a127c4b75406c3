import { SECOND } from '../../evidence/instant.ts';
import { type Failure, failure } from '../network.ts';
import { retryAfter } from '../retry-after.ts';

/** What became of one event. `answered`: there is a status; `wait` is what a 429 asks for, in milliseconds. */
export type PagerdutyReply = { as: 'answered'; status: number; body: string; wait: number } | Failure;

/** Sends one event, as JSON. Never rejects. */
export type PagerdutyPost = (event: string) => Promise<PagerdutyReply>;

interface PagerdutyDoor {
  /** Address of the Events API v2's `enqueue`. */
  eventsUrl: string;
  /** Milliseconds until an event without an answer is given up; default 10 s. */
  timeout?: number;
}

/** A redirect is not followed but answered as it is: an event with its routing key goes to the configured address alone. */
export function openPagerduty({ eventsUrl, timeout = 10 * SECOND }: PagerdutyDoor): PagerdutyPost {
  return async (event) => {
    try {
      const response = await fetch(eventsUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: event,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
      const wait = retryAfter(response.headers.get('retry-after'), response.headers.get('date'));
      // The status says all that matters; a body that breaks off takes nothing back.
      const body = await response.text().catch(() => '');
      return { as: 'answered', status: response.status, body, wait };
    } catch (error) {
      return failure(error, []);
    }
  };
}
