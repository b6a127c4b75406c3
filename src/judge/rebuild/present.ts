import type { Fact } from '../../evidence/fact.ts';
import type { Config, Probe } from '../../evidence/probe.ts';
import type { TaskStatus } from '../../evidence/task.ts';
import { canaryOf } from '../facts.ts';

/**
 * Whether the days that were read tell of every probe since when it is as it is. One of which no canary but late ones is known, and none that
 * ended that, may have been so for longer, and what tells of it has its name from then.
 */
export function tellsPresent(config: Config, facts: readonly Fact[]): boolean {
  const entries = new Map(config.probes.map((entry) => [entry.name ?? entry.pool, entry]));
  const rows = new Map<string, { slot: number; status: TaskStatus }[]>();
  for (const fact of facts) {
    if (fact.kind !== 'group') continue;
    for (const task of fact.tasks) {
      for (const { canary, status } of canaryOf(task, config.deployment)) {
        const row = rows.get(canary.probe);
        if (row === undefined) rows.set(canary.probe, [{ slot: canary.slot, status }]);
        else row.push({ slot: canary.slot, status });
      }
    }
  }
  return [...rows].every(([name, row]) => {
    const entry = entries.get(name);
    return entry?.thresholds === undefined || isSettled(entry.thresholds.warnAfter, entry, row);
  });
}

function isSettled(
  warnAfter: number,
  { resolveAfter }: Pick<Probe, 'resolveAfter'>,
  row: { slot: number; status: TaskStatus }[],
) {
  let good = 0;
  let late = false;
  for (const { status } of row.sort((a, b) => a.slot - b.slot)) {
    const [run] = status.runs;
    const inTime = run?.started !== undefined && run.started - run.scheduled < warnAfter;
    good = inTime ? good + 1 : 0;
    late ||= !inTime;
    if (good >= resolveAfter) return true;
  }
  return !late;
}
