import type { RouteId } from '../evidence/delivery.ts';
import type { Config } from '../evidence/probe.ts';
import type { Channel, Clock, Log } from '../ports.ts';
import type { Opener } from './opener.ts';
import { pagerdutyChannels } from './pagerduty/channels.ts';
import { audiencesOf } from './routes.ts';
import { slackChannels } from './slack/channels.ts';
import { webhookChannels } from './webhook/channels.ts';

/** One line a kind of channel. */
const OPENERS: Opener[] = [slackChannels, pagerdutyChannels, webhookChannels];

/** A channel for every route that some audience of the configuration names. Loads Slack's client only where it is needed. */
export async function openChannels(config: Config, log: Log, clock: Pick<Clock, 'now'>): Promise<Map<RouteId, Channel>> {
  const audiences = audiencesOf(config);
  const opened = await Promise.all(OPENERS.map((open) => open(config, audiences, { log, clock })));
  return new Map(opened.flat());
}
