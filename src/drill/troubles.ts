import { SECOND } from '../evidence/instant.ts';
import type { PostReply } from '../notify/post.ts';
import type { SlackReply } from '../notify/slack/reply.ts';
import type { Clock } from '../ports.ts';
import type { Random } from '../world/random.ts';
import type { ChannelFault, ChannelKind, WayDown } from './scenario.ts';

/** What somebody who waits for a channel's answer waits at most. */
const TIMEOUT = 10 * SECOND;
const NO_ANSWER = { as: 'unsure', why: `no answer within ${TIMEOUT / SECOND} s` } as const;
const NO_CONNECTION = { as: 'unreachable', why: 'ECONNREFUSED connection refused' } as const;

/** How a kind of channel says that it is down, or that it was asked too often. */
interface Refusals<R> {
  down: Record<WayDown, R>;
  limited(retryAfter: number): R;
}

export const SLACK_REFUSALS: Refusals<SlackReply> = {
  down: {
    'times-out': NO_ANSWER,
    unreachable: NO_CONNECTION,
    fails: { as: 'unsure', why: 'status 503' },
    refuses: { as: 'refused', error: 'token_revoked', detail: '' },
  },
  limited: (after) => ({ as: 'limited', after }),
};

/** Of PagerDuty and of webhooks. */
export const POST_REFUSALS: Refusals<PostReply> = {
  down: {
    'times-out': NO_ANSWER,
    unreachable: NO_CONNECTION,
    fails: { as: 'answered', status: 503, body: '' },
    refuses: { as: 'answered', status: 403, body: 'Forbidden' },
  },
  limited: (wait) => ({ as: 'answered', status: 429, body: '', wait }),
};

/** A channel's calls as they go while its troubles last. */
export function troubled<A extends unknown[], R>(
  kind: ChannelKind,
  troubles: readonly ChannelFault[],
  refusals: Refusals<R>,
  clock: Clock,
  random: Random,
  call: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  const struck = troubles.filter(({ channels }) => channels?.includes(kind) ?? true);
  return async (...args) => {
    const now = clock.now();
    const fault = struck.find(({ from, until }) => from <= now && now < until);
    if (fault === undefined) return call(...args);
    if (fault.kind === 'channel-limits') return refusals.limited(fault.retryAfter);
    const { how = 'times-out', arrives = 0 } = fault;
    if (random.chance(arrives)) await call(...args);
    if (how === 'times-out') await clock.sleepUntil(now + TIMEOUT);
    return refusals.down[how];
  };
}
