import { record } from '../config/raw.ts';
import type { RouteId } from '../evidence/delivery.ts';
import type { Audience, Config } from '../evidence/probe.ts';
import { Secret } from '../evidence/secret.ts';
import { pagerdutyChannel } from '../notify/pagerduty/channel.ts';
import { audiencesOf, pagerdutyRoute, slackRoute, webhookRoute } from '../notify/routes.ts';
import { slackChannel } from '../notify/slack/channel.ts';
import { webhookChannel } from '../notify/webhook/channel.ts';
import type { Channel, Clock, Log } from '../ports.ts';
import { pagerdutyModelPost } from '../sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../sandbox/receivers/pagerduty-model.ts';
import { slackModelCall } from '../sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../sandbox/receivers/slack-model.ts';
import { Random } from '../world/random.ts';
import type { Notices } from './notices.ts';
import type { ChannelFault } from './scenario.ts';
import { POST_REFUSALS, SLACK_REFUSALS, troubled } from './troubles.ts';

const TOKEN = 'xoxb-drill';

interface Setting {
  clock: Clock;
  seed: number;
  troubles: readonly ChannelFault[];
  notices: Notices;
  log: Log;
  /** A request's way there and its answer's way back. */
  travelled: <A extends unknown[], R>(call: (...args: A) => Promise<R>) => (...args: A) => Promise<R>;
}

/** Models of Slack, PagerDuty and webhooks, and the real channels in front of them. */
export interface Receivers {
  slack: SlackModel;
  pagerduty: PagerDutyModel;
  /** As a process opens them. */
  channels(): Map<RouteId, Channel>;
}

/** Receivers for every audience of the configuration. */
export function receiversFor(config: Config, setting: Setting): Receivers {
  const { clock, seed, troubles, notices, log, travelled } = setting;
  const audiences = audiencesOf(config);
  const slackChannels = new Set(audiences.flatMap((audience) => audience.slack ?? []));
  const slack: SlackModel = new SlackModel({
    clock,
    token: TOKEN,
    channels: Object.fromEntries([...slackChannels].map((channel) => [channel, {}])),
    onEvent: ({ what, message, lines }) => {
      const root = slack.messages.find(({ ts }) => ts === message.thread_ts) ?? message;
      const incident = String(root.metadata?.event_payload['id']);
      notices.add({ via: 'slack', to: slackRoute(message.channel), what, incident, lines });
    },
  });
  const keys = routingKeys(audiences);
  const pagerduty = new PagerDutyModel({
    routingKeys: [...keys.keys()],
    onEvent: ({ what, routingKey, dedupKey, lines }) =>
      notices.add({ via: 'pagerduty', to: pagerdutyRoute(new Secret(routingKey)), what, incident: dedupKey, lines }),
  });
  const hookedTo = (to: RouteId) => async (body: string) => {
    const { id, headline } = record(record(JSON.parse(body))['incident']);
    notices.add({ via: 'webhook', to, what: 'posted', incident: String(id), lines: [String(headline)] });
    return { as: 'answered', status: 200, body: '' } as const;
  };
  const random = new Random(seed, 'channels');
  const call = travelled(troubled('slack', troubles, SLACK_REFUSALS, clock, random, slackModelCall(slack, TOKEN)));
  const post = travelled(troubled('pagerduty', troubles, POST_REFUSALS, clock, random, pagerdutyModelPost(pagerduty)));
  const hooks = config.webhooks.map(({ name, url, secret }) => {
    const to = webhookRoute(name);
    return { to, name, url, secret, post: travelled(troubled('webhook', troubles, POST_REFUSALS, clock, random, hookedTo(to))) };
  });
  const opened = (): [RouteId, Channel][] => [
    ...[...slackChannels].map((channel): [RouteId, Channel] => [slackRoute(channel), slackChannel({ call, channel, log })]),
    ...[...keys.values()].map((routingKey): [RouteId, Channel] => [
      pagerdutyRoute(routingKey),
      pagerdutyChannel({ post, routingKey }),
    ]),
    ...hooks.map(({ to, name, url, secret, post: hook }): [RouteId, Channel] => [
      to,
      webhookChannel({ name, secrets: [url, secret], post: hook }),
    ]),
  ];
  return { slack, pagerduty, channels: () => new Map(opened().map(([route, channel]) => [route, notices.over(channel)])) };
}

function routingKeys(audiences: readonly Audience[]) {
  const keys = audiences.flatMap(({ pagerduty }) => (pagerduty === undefined ? [] : [pagerduty.routingKey]));
  return new Map(keys.map((key) => [key.reveal(), key]));
}
