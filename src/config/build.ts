import type { StorePlace } from '../evidence/place.ts';
import type { Config, DashboardConfig, ProbeEntry, Schedule } from '../evidence/probe.ts';
import { audiences } from './audiences.ts';
import type { CronLine } from './cron.ts';
import type { Path } from './document.ts';
import { weekdayNumbers } from './quiet.ts';
import { deadlineFor } from './rules.ts';
import type { ProbeFile } from './schema.ts';

/** The configuration that a probe file without faults stands for. */
export function build(file: string, parsed: ProbeFile, store: StorePlace, lineOf: (path: Path) => number): Config {
  const { deployment, taskcluster, slack, dashboard, pagerduty, webhooks, heartbeat, task, unreachableAfter, defaults } = parsed;
  const { remindEvery, ...incidents } = parsed.incidents;
  return {
    file,
    deployment,
    rootUrl: taskcluster.rootUrl,
    store,
    retain: parsed.retain,
    ...(slack && { slack }),
    ...(slack && dashboard && { dashboard: dashboardOf(dashboard, slack.channel) }),
    ...(pagerduty && { pagerduty }),
    webhooks,
    alerts: audiences(parsed, defaults.alerts),
    incidents: { ...incidents, ...(remindEvery !== 'never' && { remindEvery }) },
    provisioning: parsed.provisioning,
    silences: parsed.silences.map(({ from, ...silence }, i) => ({
      ...silence,
      ...(from !== undefined && { from }),
      line: lineOf(['silences', i]),
    })),
    maintenance: parsed.maintenance.map((window, i) => ({
      ...window,
      days: weekdayNumbers(window.days),
      line: lineOf(['maintenance', i]),
    })),
    ...(heartbeat && { heartbeat }),
    task,
    unreachableAfter,
    probes: probeEntries(parsed, lineOf),
  };
}

function dashboardOf({ channel, every, digest, timezone }: NonNullable<ProbeFile['dashboard']>, usual: string): DashboardConfig {
  return { channel: channel ?? usual, every, ...(digest !== 'none' && { digest: { ...digest, timezone } }) };
}

function probeEntries(parsed: ProbeFile, lineOf: (path: Path) => number): ProbeEntry[] {
  const { defaults, probes } = parsed;
  const scheduleFor = scheduleMaker();
  return probes.map((entry, i): ProbeEntry => {
    const warnAfter = entry.warnAfter ?? defaults.warnAfter;
    const pageAfter = entry.pageAfter ?? defaults.pageAfter;
    const runbook = entry.runbook ?? defaults.runbook;
    const objective = entry.objective ?? defaults.objective;
    return {
      ...(entry.name !== undefined && { name: entry.name }),
      pool: entry.pool,
      schedule: scheduleFor(entry.schedule ?? defaults.schedule, entry.timezone ?? defaults.timezone),
      ...(warnAfter !== undefined && pageAfter !== undefined && { thresholds: { warnAfter, pageAfter } }),
      mode: entry.mode ?? defaults.mode,
      ...(objective !== undefined && objective !== 'none' && { objective }),
      resolveAfter: entry.resolveAfter ?? defaults.resolveAfter,
      priority: entry.priority ?? defaults.priority,
      payload: entry.payload ?? defaults.payload,
      deadline: deadlineFor(pageAfter, entry.deadline ?? defaults.deadline),
      pageOnBacklog: entry.pageOnBacklog ?? defaults.pageOnBacklog,
      alerts: audiences(parsed, entry.alerts, defaults.alerts),
      ...(runbook !== undefined && { runbook }),
      line: lineOf(['probes', i]),
    };
  });
}

/** Equal schedules become one object, for what is worked out of a schedule is kept by object. */
function scheduleMaker(): (line: CronLine, timezone: string) => Schedule {
  const made = new Map<string, Schedule>();
  return (line, timezone) => {
    const key = `${timezone} ${line.expression}`;
    const schedule = made.get(key) ?? { ...line, timezone };
    made.set(key, schedule);
    return schedule;
  };
}
