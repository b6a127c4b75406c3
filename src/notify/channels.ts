import type { RouteId } from '../evidence/delivery.ts';
import type { Config } from '../evidence/probe.ts';
import type { Channel, Log } from '../ports.ts';
import { pagerdutyChannel } from './pagerduty/channel.ts';
import { openPagerduty } from './pagerduty/post.ts';
import { pagerdutyRoute, slackRoute } from './routes.ts';
import { slackChannel } from './slack/channel.ts';
import { openSlack } from './slack/open.ts';

type Opener = (config: Config, log: Log) => Promise<[RouteId, Channel] | undefined>;

/** One line a channel; nothing is contacted yet. */
const OPENERS: Opener[] = [
  async (config, log) => {
    const route = slackRoute(config);
    if (config.slack === undefined || route === undefined) return undefined;
    const call = await openSlack({ ...config.slack, log });
    return [route, slackChannel({ call, channel: config.slack.channel, log })];
  },
  async (config) => {
    const route = pagerdutyRoute(config);
    if (config.pagerduty === undefined || route === undefined) return undefined;
    return [route, pagerdutyChannel({ post: openPagerduty(config.pagerduty), routingKey: config.pagerduty.routingKey })];
  },
];

/** The channels that the configuration names, by route. Loads Slack's client only where it is needed. */
export async function openChannels(config: Config, log: Log): Promise<Map<RouteId, Channel>> {
  const opened = await Promise.all(OPENERS.map((open) => open(config, log)));
  return new Map(opened.filter((channel) => channel !== undefined));
}
