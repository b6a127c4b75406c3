import { once } from 'node:events';
import { SECOND } from '../../src/evidence/instant.ts';
import type { Answer, Asked } from '../bad-days/gate.ts';

/** One way in which a receiver fails. `hang` holds the request for long and then breaks off. */
type Failure = 'before' | 'after' | 'lost' | 'reset' | 'limited' | 'busy' | 'hang' | 'slow' | 'garbage' | 'refused';

const FAILURES: Failure[] = ['before', 'after', 'lost', 'reset', 'limited', 'busy', 'hang', 'slow', 'garbage', 'refused'];

/** Refuses for good, in the receiver's own words, though it is mended a moment later. */
const REFUSALS = {
  slack: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":false,"error":"token_revoked"}' },
  pagerduty: { status: 400, headers: {}, body: '{"status":"invalid event","errors":["invalid routing key"]}' },
};

/** Half of all requests fail, in every way that there is, until the storm is over. */
export function storm(of: keyof typeof REFUSALS, random: () => number, raging: () => boolean, real: (ms: number) => number) {
  const seen: Failure[] = [];
  const pause = (ms: number) => once(AbortSignal.timeout(Math.ceil(real(ms))), 'abort');
  async function meet(_asked: Asked, apply: () => Promise<Answer>): Promise<Answer | undefined> {
    const failure = random() < 0.5 && raging() ? FAILURES[Math.floor(random() * FAILURES.length)] : undefined;
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
        await pause(25 * SECOND);
        return undefined;
      case 'slow':
        await pause(8 * SECOND);
        return apply();
      case 'garbage':
        await apply();
        return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":' };
      case 'refused':
        return REFUSALS[of];
    }
  }
  return { meet, seen };
}
