import type { Config, ProbeEntry, Schedule } from '../evidence/probe.ts';
import type { CronLine } from './cron.ts';
import { deadlineFor } from './rules.ts';
import type { ProbeFile } from './schema.ts';

/** The configuration that a probe file without faults stands for. */
export function build(file: string, parsed: ProbeFile, store: string, lineOf: (entry: number) => number): Config {
  const { deployment, taskcluster, slack, pagerduty, task, unreachableAfter, defaults, probes } = parsed;
  const scheduleFor = scheduleMaker();
  return {
    file,
    deployment,
    rootUrl: taskcluster.rootUrl,
    store,
    ...(slack && { slack }),
    ...(pagerduty && { pagerduty }),
    task,
    unreachableAfter,
    probes: probes.map((entry, i): ProbeEntry => {
      const warnAfter = entry.warnAfter ?? defaults.warnAfter;
      const pageAfter = entry.pageAfter ?? defaults.pageAfter;
      return {
        ...(entry.name !== undefined && { name: entry.name }),
        pool: entry.pool,
        schedule: scheduleFor(entry.schedule ?? defaults.schedule, entry.timezone ?? defaults.timezone),
        ...(warnAfter !== undefined && pageAfter !== undefined && { thresholds: { warnAfter, pageAfter } }),
        mode: entry.mode ?? defaults.mode,
        resolveAfter: entry.resolveAfter ?? defaults.resolveAfter,
        priority: entry.priority ?? defaults.priority,
        payload: entry.payload ?? defaults.payload,
        deadline: deadlineFor(pageAfter, entry.deadline ?? defaults.deadline),
        line: lineOf(i),
      };
    }),
  };
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
