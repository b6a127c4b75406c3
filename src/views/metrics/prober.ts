import { type IncidentClass, LEVELS } from '../../evidence/incident.ts';
import type { Report } from '../../evidence/report.ts';
import { VERDICTS } from '../verdicts.ts';
import type { Family, Sample } from './exposition.ts';

/** How a pass went. Milliseconds. */
export interface PassFigures {
  complete: boolean;
  took: number;
  probes: number;
  submitted: number;
  failed: number;
}

/** What a process has done since it began, by labels. */
export interface ProcessFigures {
  calls: readonly { method: string; status: string; count: number }[];
  notices: readonly { channel: string; count: number }[];
  failures: readonly { channel: string; reason: string; count: number }[];
}

const CLASSES: IncidentClass[] = ['pool', 'cannot-ask', 'configuration'];

/** What is measured of the deployment as a whole and of the prober, as the store has it. */
export function fleetFamilies(report: Report, version: string): Family[] {
  const { probes, incidents, silences, passAt, skew, dwell, undelivered } = report;
  const open = incidents.filter(({ ended }) => ended === undefined);
  return [
    info('tc_canary_build', 'The version of the prober.', { version }),
    gauge(
      'tc_canary_probes',
      'Probes by verdict.',
      VERDICTS.map((verdict) => sample({ verdict }, probes.filter((p) => p.verdict === verdict).length)),
    ),
    gauge(
      'tc_canary_incidents',
      'Open incidents, those that are silenced included.',
      CLASSES.flatMap((kind) =>
        LEVELS.map((level) =>
          sample({ class: kind, level }, open.filter((one) => one.class === kind && one.level === level).length),
        ),
      ),
    ),
    gauge('tc_canary_provisioning_watch_blind', 'Whether the watch over new workers cannot read what it goes by.', [
      sample({}, Number(report.blind !== undefined)),
    ]),
    gauge('tc_canary_silences', 'Silences and maintenance windows in force.', [sample({}, silences.length)]),
    gauge(
      'tc_canary_last_complete_pass_timestamp_seconds',
      'When the last complete pass ended.',
      passAt === undefined ? [] : [sample({}, passAt / 1000)],
    ),
    gauge('tc_canary_clock_skew_seconds', "The queue's clock minus ours.", [sample({}, skew / 1000)]),
    gauge(
      'tc_canary_undelivered',
      'Notices that a channel refuses for good, or that have failed several times.',
      LEVELS.map((level) => sample({ level }, undelivered.filter((one) => one.level === level).length)),
    ),
    ...(['p50', 'p99'] as const).map((share) =>
      gauge(
        `tc_canary_notice_dwell_${share}_seconds`,
        'From when a first notice was due to the channel that took it, over the last day.',
        LEVELS.flatMap((level) => {
          const one = dwell[level];
          return one === undefined ? [] : [sample({ level }, one[share] / 1000)];
        }),
      ),
    ),
  ];
}

export function passFamilies({ complete, took, probes, submitted, failed }: PassFigures): Family[] {
  return [
    gauge('tc_canary_last_pass_duration_seconds', 'How long the last pass took.', [sample({}, took / 1000)]),
    gauge('tc_canary_last_pass_complete', 'Whether it accounted for every due probe.', [sample({}, Number(complete))]),
    gauge('tc_canary_last_pass_probes', 'Probes that it covered.', [sample({}, probes)]),
    gauge('tc_canary_last_pass_canaries', 'Canaries that were due in it, by whether the queue took them.', [
      sample({ submitted: 'true' }, submitted),
      sample({ submitted: 'false' }, failed),
    ]),
  ];
}

export function processFamilies({ calls, notices, failures }: ProcessFigures): Family[] {
  const counter = (name: string, help: string, of: readonly { count: number }[]): Family => ({
    name,
    help,
    type: 'counter',
    samples: of.map(({ count, ...labels }) => sample(labels, count)),
  });
  return [
    counter('tc_canary_taskcluster_calls', 'Calls to Taskcluster by HTTP status; none where nothing came back.', calls),
    counter('tc_canary_notices', 'What channels have taken.', notices),
    counter('tc_canary_notice_failures', 'What channels have not taken, by how it ended.', failures),
  ];
}

function gauge(name: string, help: string, samples: Sample[]): Family {
  return { name, help, type: 'gauge', samples };
}

function info(name: string, help: string, labels: Record<string, string>): Family {
  return { name, help, type: 'info', samples: [sample(labels, 1)] };
}

function sample(labels: Record<string, string>, value: number): Sample {
  return { labels, value };
}
