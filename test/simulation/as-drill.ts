import { printScenario } from '../../src/drill/print.ts';
import type { Settings } from '../../src/drill/scenario.ts';
import { down, lost, type Scenario } from './play.ts';

/** The night as a drill file, but for deaths that are counted by effects, which a comment tells. */
export function asDrill(scenario: Scenario): string {
  const { seed, start, length, probes, pools, faults, slackDown, pagerdutyDown, deaths, mode, replicas, config } = scenario;
  const { fleetAt = 3, groupWait = 0, reopenWithin = 0, remindEvery = 'never' } = config?.incidents ?? {};
  const first = probes[0];
  if (first === undefined) throw new Error('a night without probes');
  const { timezone, ...schedule } = first.schedule;
  const { mode: alerting, payload, priority, resolveAfter, pageOnBacklog } = first;
  const settings: Settings = {
    unreachableAfter: config?.unreachableAfter ?? 300_000,
    incidents: { fleetAt, groupWait, reopenWithin, remindEvery },
    provisioning: config?.provisioning ?? { mode: 'off', silence: 600_000, pools: [] },
    defaults: { schedule, timezone, mode: alerting, payload, priority, resolveAfter, pageOnBacklog },
    probes: probes.map(({ pool, schedule: { timezone: _timezone, ...line }, thresholds }) => ({
      pool,
      schedule: line,
      ...thresholds,
    })),
  };
  const printed = printScenario({
    title: 'A night of the simulation',
    seed,
    start,
    end: start + length,
    broke: start,
    pools: pools.map(({ pool, ...alike }) => ({ names: [pool], ...alike })),
    prober: { mode, replicas, ...settings },
    faults: [...faults, ...down('slack', slackDown), ...down('pagerduty', pagerdutyDown), ...lost(scenario)],
    people: [],
    expect: { pages: 1 },
  });
  const told = deaths.map(({ effect, point }) => `# The first machine's process dies ${point} its effect ${effect}.\n`);
  return told.join('') + printed;
}
