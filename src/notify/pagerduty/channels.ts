import type { Opener } from '../opener.ts';
import { pagerdutyRoute } from '../routes.ts';
import { pagerdutyChannel } from './channel.ts';
import { openPagerduty } from './post.ts';

/** Where PagerDuty takes events, outside its EU region. */
const EVENTS_URL = 'https://events.pagerduty.com/v2/enqueue';

/** One channel for each routing key. */
export const pagerdutyChannels: Opener = async ({ pagerduty }, audiences) => {
  const post = openPagerduty({ eventsUrl: pagerduty?.eventsUrl ?? EVENTS_URL });
  return audiences
    .flatMap((audience) => audience.pagerduty ?? [])
    .map(({ routingKey }) => [pagerdutyRoute(routingKey), pagerdutyChannel({ post, routingKey })]);
};
