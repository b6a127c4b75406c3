import { z } from 'zod';
import { incidents } from '../config/alerting.ts';
import { matching } from '../config/checked.ts';
import { oneOf } from '../config/choice.ts';
import { duration } from '../config/hints.ts';
import { textLeaf } from '../config/leaf.ts';
import { provisioning } from '../config/provisioning.ts';
import { silence } from '../config/quiet.ts';
import { defaults, probe } from '../config/schema.ts';
import { CAUSES } from '../evidence/incident.ts';
import { poolGroup } from './deployment-schema.ts';
import { fault } from './fault-schema.ts';
import { count, instant, text, word } from './leaves.ts';
import { MARKS } from './scenario.ts';

const checkTeam = matching(
  /^[a-z0-9][a-z0-9-]{0,37}$/,
  'is no name of a team',
  'Write 1 to 38 lower-case letters, digits and -, such as releng.',
);

const path = (description: string, example: string) => text(`${description}, from the folder of this file.`, example);

const team = textLeaf(checkTeam, {
  description: 'Whose pool it is: a team has a Slack channel and a PagerDuty service of its own. Default: those of everybody.',
  example: 'releng',
});

/** Who is told is the drill's own affair, and needs no addresses. */
const prober = z.strictObject({
  mode: word(['service', 'cron'], 'mode', 'cron: a process a minute, one pass each. Default: service.').optional(),
  replicas: count('Processes that share one store. Default: 1.', 'count of processes', 1, 10).optional(),
  config: path('A probe file', '../firefox-ci.yml').optional(),
  unreachableAfter: duration('As in a probe file.', '5m').prefault('5m'),
  incidents: incidents.prefault({}).meta({ description: 'As in a probe file.' }),
  provisioning: provisioning.prefault({}).meta({ description: 'As in a probe file.' }),
  silences: z.array(silence).prefault([]).meta({ description: 'As in a probe file.' }),
  defaults: defaults.omit({ alerts: true, runbook: true }).prefault({}).meta({ description: 'As in a probe file.' }),
  probes: z
    .array(probe.omit({ alerts: true, runbook: true }).extend({ team: team.optional() }))
    .min(1)
    .optional()
    .meta({ description: 'As in a probe file.' }),
});

const deed = z.strictObject({
  at: instant('When.'),
  mark: word(MARKS, 'mark', "What the prober's figures are held against.").optional(),
  text: text('What people did or saw.', 'a sheriff asks why no decision task starts'),
});

const expect = z.strictObject({
  cause: textLeaf(oneOf(CAUSES, 'cause'), { description: 'What the first page names.', example: 'queue-unreachable' }).optional(),
  noticedWithin: duration('From broke to the first message.', '10m').optional(),
  pagedWithin: duration('From broke to the first page.', '15m').optional(),
  resolvedWithin: duration('From mended to the end of the last page.', '10m').optional(),
  pages: count('Pages at most.', 'count of pages', 0, 1000),
});

/** A drill file. */
export const drillFile = z.strictObject({
  title: text('What happened, in one line.', 'The provisioner stopped'),
  source: text('Where it is told.', 'https://bugzilla.mozilla.org/show_bug.cgi?id=1734959').optional(),
  seed: count('Another seed plays another night of the same kind. Default: 1.', 'seed', 0, 2 ** 31).prefault(1),
  start: instant('When the replay begins; pools are warm by then.'),
  end: instant('When it ends.'),
  broke: instant('When the outage began, from which all figures count.'),
  mended: instant('When it was mended, from which the recovery counts.').optional(),
  deployment: path('A deployment file', 'deployments/firefox-ci.yml').optional(),
  pools: z
    .array(poolGroup)
    .prefault([])
    .meta({ description: 'Pools beside those of the deployment, or in the place of those with the same names.' }),
  prober: prober.meta({ description: 'How the prober runs: on a probe file, or on settings as one has them.' }),
  faults: z.array(fault).prefault([]).meta({ description: 'What goes wrong, from when until when.' }),
  people: z.array(deed).prefault([]).meta({ description: 'What people did when.' }),
  expect: expect.meta({ description: 'What the prober must conclude.' }),
});

export type DrillFile = z.output<typeof drillFile>;
