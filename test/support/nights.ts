import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { entry, everyMinutes } from './judging.ts';
import type { Scenario } from './play.ts';
import { DAY_ZERO } from './values.ts';

export const POOL = 'gecko-3/decision';
const OTHER = 'gecko-t/t-linux-large';

const pools: PoolSpec[] = [POOL, OTHER].map((pool) => ({
  pool,
  runs: 'generic-worker',
  maxCapacity: 10,
  boot: { p50: 5 * SECOND, p95: 8 * SECOND },
  idleTimeout: 5 * SECOND,
  claim: { min: 200, max: 3 * SECOND },
}));

const thresholds = { warnAfter: MINUTE, pageAfter: 90 * SECOND };

/** Two pools, of which one gets no workers for a few minutes: the shortest night with a page and its end. */
export function night(over: Partial<Scenario> = {}): Scenario {
  const start = DAY_ZERO + 23 * 60 * MINUTE;
  return {
    seed: 1,
    start,
    length: 11 * MINUTE,
    probes: [entry(POOL, { schedule: everyMinutes(1), thresholds }), entry(OTHER, { schedule: everyMinutes(5), thresholds })],
    pools,
    faults: [{ kind: 'pool-skipped', pools: [POOL], from: start + 45 * SECOND, until: start + 6 * MINUTE }],
    slackDown: [],
    pagerdutyDown: [],
    mode: 'service',
    replicas: 1,
    // A return soon after an end is another incident here, so that each page can be held to its own end.
    config: { incidents: { groupWait: 10 * SECOND, fleetAt: 3, reopenWithin: 0 } },
    ...over,
  };
}

const FLEET = ['gecko-1/a', 'gecko-1/b', 'gecko-3/a', 'gecko-3/b', 'comm-3/a', 'infra/a'];

/** Six pools of which none gets workers for a while. */
export function fleetNight(over: Partial<Scenario> = {}): Scenario {
  const base = night();
  const { start } = base;
  return {
    ...base,
    length: 25 * MINUTE,
    probes: FLEET.map((pool, i) => entry(pool, { schedule: everyMinutes(1), thresholds: FLEET_THRESHOLDS[i % 2] ?? thresholds })),
    pools: FLEET.map((pool) => ({ ...pools[0], pool }) as PoolSpec),
    faults: [{ kind: 'provisioner-stopped', from: start + 45 * SECOND, until: start + 10 * MINUTE }],
    config: { incidents: { groupWait: 10 * SECOND, fleetAt: 3, reopenWithin: 20 * MINUTE, remindEvery: 3 * MINUTE } },
    ...over,
  };
}

const FLEET_THRESHOLDS = [thresholds, { warnAfter: 100 * SECOND, pageAfter: 3 * MINUTE }];
