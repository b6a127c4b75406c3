import { z } from 'zod';
import { DAY } from '../evidence/instant.ts';
import { PAYLOAD_KINDS, PRIORITIES } from '../evidence/task.ts';
import { alerts, incidents, runbook } from './alerting.ts';
import { dashboard, heartbeat, pagerduty, slack, webhook } from './channels.ts';
import { orWord, trueOrFalse, wholeNumber } from './checked.ts';
import { checkPayload, checkPriority, oneOf, PAYLOAD_WORDS } from './choice.ts';
import { checkCron, checkTimezone } from './cron.ts';
import { durationWithin } from './duration.ts';
import { asVariable } from './environment.ts';
import * as field from './fields.ts';
import { duration, VARIABLE, words } from './hints.ts';
import { leaf, textLeaf } from './leaf.ts';
import { checkObjective } from './objective.ts';
import { checkPoolOrGlob } from './pool.ts';
import { provisioning } from './provisioning.ts';
import { maintenance, silence } from './quiet.ts';
import { checkStore } from './store.ts';

const MODES = ['alert', 'observe'] as const;

const settings = {
  schedule: textLeaf(checkCron, {
    description:
      "When canaries are due: a cron line of 5 fields, or 6 with seconds first. Starts are spread by a hash of the probe's name.",
    example: '*/15 * * * *',
  }),
  timezone: textLeaf(checkTimezone, { description: 'IANA time zone that the schedule is read in.', example: 'Etc/UTC' }),
  warnAfter: duration('Time to claim or pending age from which a probe is slow: Slack hears of it. Goes with pageAfter.', '5m'),
  pageAfter: duration('Pending age from which a probe is stuck: PagerDuty is triggered. Not under warnAfter.', '15m'),
  resolveAfter: leaf(wholeNumber('count of claims', 1, 20), {
    description: 'How many claims in a row under warnAfter close an incident, 1 to 20.',
    example: 2,
    json: { type: 'integer', minimum: 1, maximum: 20 },
  }),
  priority: textLeaf(checkPriority, {
    description: 'Priority of the canary in its queue.',
    example: 'lowest',
    json: words(PRIORITIES),
  }),
  payload: leaf(checkPayload, {
    description: `What the canary asks of its worker: auto reads the pool's definition; ${PAYLOAD_KINDS.join(', ')}; or an object, sent as it stands.`,
    example: 'auto',
    json: { anyOf: [{ enum: PAYLOAD_WORDS }, VARIABLE, { type: 'object' }] },
  }),
  mode: textLeaf(oneOf(MODES, 'mode'), {
    description: 'observe: shown and measured, never alerted on.',
    example: 'alert',
    json: words(MODES),
  }),
  objective: textLeaf(orWord('none', checkObjective), {
    description: 'What share of observations is to be claimed in what time over how many days (7 to 90), or none.',
    example: '95% under 20m over 14d',
  }),
  deadline: duration('How long a canary may wait, from its slot: max(6h, 4 x pageAfter) by default, at most 5d.', '6h'),
  pageOnBacklog: leaf(trueOrFalse, {
    description: 'Page also where tasks of the pool are claimed and the canary merely waits its turn; otherwise that only warns.',
    example: false,
    json: { anyOf: [{ type: 'boolean' }, VARIABLE] },
  }),
};

export const defaults = z.strictObject({
  schedule: settings.schedule.prefault('*/15 * * * *'),
  timezone: settings.timezone.prefault('Etc/UTC'),
  warnAfter: settings.warnAfter.optional(),
  pageAfter: settings.pageAfter.optional(),
  resolveAfter: settings.resolveAfter.prefault(2),
  priority: settings.priority.prefault('lowest'),
  payload: settings.payload.prefault('auto'),
  mode: settings.mode.prefault('alert'),
  objective: settings.objective.optional(),
  deadline: settings.deadline.optional(),
  pageOnBacklog: settings.pageOnBacklog.prefault(false),
  runbook: runbook.optional(),
  alerts: alerts
    .optional()
    .meta({ description: 'Who hears of incidents, for probes that do not say otherwise and incidents of no single probe.' }),
});

export const probe = z.strictObject({
  name: textLeaf(field.checkName, {
    description: 'A stable name, by default the pool. Task ids and incidents hang on it. Not for globs.',
    example: 'gecko-3-decision-high',
  }).optional(),
  pool: textLeaf(checkPoolOrGlob, {
    description: 'provisionerId/workerType, or a glob (*, ?, [...]) over the pools that worker-manager knows.',
    example: 'gecko-3/decision',
  }),
  schedule: settings.schedule.optional(),
  timezone: settings.timezone.optional(),
  warnAfter: settings.warnAfter.optional(),
  pageAfter: settings.pageAfter.optional(),
  resolveAfter: settings.resolveAfter.optional(),
  priority: settings.priority.optional(),
  payload: settings.payload.optional(),
  mode: settings.mode.optional(),
  objective: settings.objective.optional(),
  deadline: settings.deadline.optional(),
  pageOnBacklog: settings.pageOnBacklog.optional(),
  runbook: runbook.optional(),
  alerts: alerts.optional().meta({ description: 'Who hears of its incidents. What is left out comes from defaults.alerts.' }),
});

const task = z.strictObject({
  schedulerId: textLeaf(field.checkSchedulerId, {
    description: "The canaries' schedulerId; a scope names it.",
    example: 'tc-canary',
  }),
  owner: textLeaf(field.checkOwner, {
    description: 'E-mail address in the metadata of each canary.',
    example: 'release+canary@example.com',
  }),
  source: textLeaf(field.checkSource, {
    description: 'Link in the metadata of each canary.',
    example: 'https://example.com/canary',
  }),
});

/** A probe file, `${VAR}` filled in. */
export const probeFile = z
  .strictObject({
    deployment: textLeaf(field.checkDeployment, {
      description: 'Names this prober in task ids, dedup keys and metrics. Another name makes other canaries.',
      example: 'firefox-ci',
    }),
    taskcluster: z
      .strictObject({
        rootUrl: textLeaf(field.checkRootUrl, {
          description: "The deployment's root URL. Credentials come from TASKCLUSTER_CLIENT_ID, _ACCESS_TOKEN and _CERTIFICATE.",
          example: 'https://firefox-ci-tc.services.mozilla.com',
        }),
      })
      .meta({ description: 'The deployment that is watched.' }),
    store: textLeaf(checkStore, {
      description: `Where state and latencies are kept: sqlite:<path>, or postgres://user:${asVariable('PASSWORD')}@host/database. TC_CANARY_STORE overrides it.`,
      example: 'sqlite:canary.db',
    }).prefault('sqlite:canary.db'),
    retain: duration(
      'How long single canaries are kept, 1d or more; their counts by the hour and the day stay longer.',
      '30d',
      durationWithin(DAY),
    ).prefault('30d'),
    slack: slack.optional().meta({ description: 'Where warnings and pages are shown.' }),
    dashboard: dashboard
      .optional()
      .meta({ description: 'One message in Slack that shows how every pool is doing, edited in place.' }),
    pagerduty: pagerduty.optional().meta({ description: 'Who is woken.' }),
    webhooks: z.array(webhook).prefault([]).meta({ description: 'Other programs that are told, by signed JSON.' }),
    heartbeat: heartbeat.optional().meta({ description: "Who notices when no complete pass was made: a dead-man's switch." }),
    task: task.meta({ description: 'What canaries have in common.' }),
    unreachableAfter: duration(
      'How long the queue may be out of reach before Slack hears of it; the page comes at twice that.',
      '5m',
    ).prefault('5m'),
    incidents: incidents.prefault({}).meta({ description: 'When incidents are one, are told again, and come back.' }),
    provisioning: provisioning
      .prefault({})
      .meta({ description: 'The watch over the creation of workers, which needs no canary.' }),
    defaults: defaults.prefault({}).meta({ description: 'What probes use that do not say otherwise.' }),
    silences: z.array(silence).prefault([]).meta({ description: 'For a while nobody is told of certain incidents.' }),
    maintenance: z.array(maintenance).prefault([]).meta({ description: 'The same, again and again.' }),
    probes: z.array(probe).prefault([]).meta({ description: 'One entry for each standing question.' }),
  })
  .meta({ title: 'Probe file of taskcluster-canary' });

export type ProbeFile = z.output<typeof probeFile>;
