import type { Opener } from '../opener.ts';
import { slackRoute } from '../routes.ts';
import { slackChannel } from './channel.ts';
import { openSlack } from './open.ts';

/** One channel for each of Slack's channels, all behind one client. */
export const slackChannels: Opener = async ({ slack }, audiences, { log }) => {
  const names = new Set(audiences.flatMap((audience) => audience.slack ?? []));
  if (slack === undefined || names.size === 0) return [];
  const call = await openSlack({ ...slack, log });
  return [...names].map((channel) => [slackRoute(channel), slackChannel({ call, channel, log })]);
};
