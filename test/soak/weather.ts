import { SECOND } from '../../src/evidence/instant.ts';
import type { Answer, Asked } from '../bad-days/gate.ts';

/** One way in which a receiver fails. `hang` holds the request for long and then breaks off. */
type Failure = 'before' | 'after' | 'lost' | 'reset' | 'limited' | 'busy' | 'hang' | 'slow' | 'garbage' | 'refused';

const PASSING: Failure[] = ['before', 'after', 'lost', 'reset', 'limited', 'busy', 'hang', 'slow', 'garbage'];

/** Refuses for good, in the receiver's own words, though it is mended a moment later. */
const REFUSALS = {
  slack: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":false,"error":"token_revoked"}' },
  pagerduty: { status: 400, headers: {}, body: '{"status":"invalid event","errors":["invalid routing key"]}' },
};

/** What a receiver's requests meet. */
export interface Weather {
  /** How each request failed that did. */
  seen: Failure[];
  meet: (asked: Asked, apply: () => Promise<Answer>) => Promise<Answer | undefined>;
}

interface Manner {
  random: () => number;
  /** Of the requests that fail, from 0 to 1. */
  share: number;
  /** Whether some are refused for good. */
  refusing: boolean;
  raging: () => boolean;
  /** Waits for so many milliseconds. */
  pass: (ms: number) => Promise<void>;
}

/** A share of all requests fails, in every way that there is, as long as `raging` says so. */
export function weatherOf(receiver: keyof typeof REFUSALS, { random, share, refusing, raging, pass }: Manner): Weather {
  const seen: Failure[] = [];
  const failures = refusing ? [...PASSING, 'refused' as const] : PASSING;
  async function meet(_asked: Asked, apply: () => Promise<Answer>): Promise<Answer | undefined> {
    const failure = random() < share && raging() ? failures[Math.floor(random() * failures.length)] : undefined;
    if (failure === undefined) return apply();
    seen.push(failure);
    switch (failure) {
      case 'before':
        return { status: 500, headers: {}, body: 'internal error' };
      case 'after':
        await apply();
        return { status: 502, headers: {}, body: '<html>bad gateway</html>' };
      case 'lost':
        await apply();
        return undefined;
      case 'reset':
        return undefined;
      case 'limited':
        return { status: 429, headers: { 'retry-after': '7' }, body: '' };
      case 'busy':
        return { status: 503, headers: {}, body: '' };
      case 'hang':
        await pass(25 * SECOND);
        return undefined;
      case 'slow':
        await pass(8 * SECOND);
        return apply();
      case 'garbage':
        await apply();
        return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":' };
      case 'refused':
        return REFUSALS[receiver];
    }
  }
  return { seen, meet };
}
