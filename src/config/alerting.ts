import { z } from 'zod';
import type { Severity } from '../evidence/incident.ts';
import { DAY, MINUTE } from '../evidence/instant.ts';
import { orWord, wholeNumber } from './checked.ts';
import { oneOf } from './choice.ts';
import { DURATION_PATTERN, durationWithin } from './duration.ts';
import { asVariable } from './environment.ts';
import * as field from './fields.ts';
import { duration, VARIABLE, words } from './hints.ts';
import { leaf, textLeaf } from './leaf.ts';

const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const satisfies readonly Severity[];

const audience = {
  slack: textLeaf(orWord('none', field.checkSlackChannel), {
    description: "A channel's id, or none. Default: slack.channel.",
    example: 'C0123456789',
  }).optional(),
  pagerduty: textLeaf(orWord('none', field.checkRoutingKey), {
    description: 'A routing key, as a variable, or none. Default: pagerduty.routingKey for a page, none for a warning.',
    example: asVariable('TEAM_ROUTING_KEY'),
    json: words(['none']),
  }).optional(),
  severity: textLeaf(oneOf(SEVERITIES, 'severity of PagerDuty'), {
    description: "PagerDuty's severity. Default: critical for a page, warning for a warning.",
    example: 'critical',
    json: words(SEVERITIES),
  }).optional(),
  webhooks: z
    .array(textLeaf(field.checkWebhookName, { description: 'Name of a webhook.', example: 'ops' }))
    .optional()
    .meta({ description: 'Which webhooks are told, by name. Default: all of them.' }),
};

const mention = textLeaf(orWord('none', field.checkMention), {
  description: "Whom Slack calls: '@here', '@channel', a user group's id, or none.",
  example: "'@here'",
});

/** Who hears of incidents, by level; what is left out comes from `defaults.alerts`, else from the file's channels. */
export const alerts = z.strictObject({
  warn: z.strictObject(audience).optional().meta({ description: 'Who hears of a warning.' }),
  page: z
    .strictObject({ ...audience, mention: mention.optional() })
    .optional()
    .meta({ description: 'Who hears of a page.' }),
});

export type Alerts = z.output<typeof alerts>;

export const runbook = textLeaf(field.checkUrl, {
  description: 'Address of the instructions for whoever is woken.',
  example: 'https://example.com/runbook',
});

export const incidents = z.strictObject({
  groupWait: duration(
    'How long a first notice waits for other pools that go bad with it, 0s to 10m.',
    '30s',
    durationWithin(0, 10 * MINUTE),
  ).prefault('30s'),
  fleetAt: leaf(wholeNumber('count of pools', 2, 1000), {
    description: 'From how many pools on those that go bad together may be one incident, 2 to 1000.',
    example: 3,
    json: { type: 'integer', minimum: 2, maximum: 1000 },
  }).prefault(3),
  remindEvery: textLeaf(orWord('never', durationWithin(MINUTE)), {
    description: 'From one reminder of an open incident to the next, doubling each time up to a day; at least 1m, or never.',
    example: '1h',
    json: { anyOf: [{ enum: ['never'] }, { type: 'string', pattern: `${DURATION_PATTERN}|${VARIABLE.pattern}` }] },
  }).prefault('1h'),
  reopenWithin: duration(
    'How soon after its end an incident is reopened instead of opening another, 0s to 1d.',
    '30m',
    durationWithin(0, DAY),
  ).prefault('30m'),
});
