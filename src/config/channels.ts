import { z } from 'zod';
import { DAY, HOUR, SECOND } from '../evidence/instant.ts';
import { orWord } from './checked.ts';
import { checkCron, checkTimezone } from './cron.ts';
import { durationWithin } from './duration.ts';
import { asVariable } from './environment.ts';
import * as field from './fields.ts';
import { duration, VARIABLE } from './hints.ts';
import { textLeaf } from './leaf.ts';

const SLACK_TOKEN = asVariable('SLACK_BOT_TOKEN');
const ROUTING_KEY = asVariable('PAGERDUTY_ROUTING_KEY');
const EVENTS_URL = 'https://events.pagerduty.com/v2/enqueue';

export const slack = z.strictObject({
  token: textLeaf(field.checkToken, {
    description: `Bot token, as a variable: ${SLACK_TOKEN}.`,
    example: SLACK_TOKEN,
    json: VARIABLE,
  }),
  channel: textLeaf(field.checkSlackChannel, { description: "The channel's id, not its name.", example: 'C0123456789' }),
  apiUrl: textLeaf(field.checkApiUrl, { description: "Base URL of Slack's API.", example: 'https://slack.com/api/' }).prefault(
    'https://slack.com/api/',
  ),
});

export const dashboard = z.strictObject({
  channel: textLeaf(field.checkSlackChannel, {
    description: 'The id of the channel that has it. Default: slack.channel.',
    example: 'C0123456789',
  }).optional(),
  every: duration(
    'From one update to the next, 10s to 1h; a change of what is wrong is shown at once.',
    '5m',
    durationWithin(10 * SECOND, HOUR),
  ).prefault('5m'),
  digest: textLeaf(orWord('none', checkCron), {
    description: 'When the digest of the past week is posted: a cron line, or none.',
    example: '0 9 * * 1',
  }).prefault('0 9 * * 1'),
  timezone: textLeaf(checkTimezone, { description: 'IANA time zone that digest is read in.', example: 'Europe/Berlin' }).prefault(
    'Etc/UTC',
  ),
});

export const pagerduty = z.strictObject({
  routingKey: textLeaf(field.checkRoutingKey, {
    description: `Integration key of a service (Events API v2), as a variable: ${ROUTING_KEY}.`,
    example: ROUTING_KEY,
    json: VARIABLE,
  }),
  eventsUrl: textLeaf(field.checkUrl, {
    description: 'Where events are sent; the EU service has its own.',
    example: EVENTS_URL,
  }).prefault(EVENTS_URL),
});

export const webhook = z.strictObject({
  name: textLeaf(field.checkWebhookName, { description: 'What `webhooks` under `alerts` calls it.', example: 'ops' }),
  url: textLeaf(field.checkSecretUrl, {
    description: 'Where signed JSON is posted. Never shown, since it may carry a key.',
    example: asVariable('OPS_WEBHOOK_URL'),
  }),
  secret: textLeaf(field.checkWebhookSecret, {
    description: 'HMAC key of at least 16 characters that the receiver knows too, as a variable.',
    example: asVariable('OPS_WEBHOOK_SECRET'),
    json: VARIABLE,
  }),
});

export const heartbeat = z.strictObject({
  url: textLeaf(field.checkSecretUrl, {
    description: "What a complete pass calls: Healthchecks, Dead Man's Snitch, PagerDuty. Never shown, since it may carry a key.",
    example: asVariable('HEARTBEAT_URL'),
  }),
  every: duration('How often at most, 10s to 1d.', '1m', durationWithin(10 * SECOND, DAY)).prefault('1m'),
});
