import type { Opener } from '../opener.ts';
import { pagerdutyRoute } from '../routes.ts';
import { pagerdutyChannel } from './channel.ts';
import { openPagerduty } from './post.ts';

/** One channel for each routing key. */
export const pagerdutyChannels: Opener = async ({ pagerduty }, audiences) => {
  if (pagerduty === undefined) return [];
  const post = openPagerduty(pagerduty);
  return audiences
    .flatMap((audience) => audience.pagerduty ?? [])
    .map(({ routingKey }) => [pagerdutyRoute(routingKey), pagerdutyChannel({ post, routingKey })]);
};
