import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Fault } from '../../src/world/fault.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { entry, everyMinutes } from '../support/judging.ts';
import { DAY_ZERO } from '../support/values.ts';
import type { Scenario } from './play.ts';
import { randomOf } from './random.ts';

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
    deaths: [],
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

/** The same with kills, channels that are down and several processes. */
export function randomFleetNight(seed: number): Scenario {
  const random = randomOf(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const base = fleetNight();
  const during = (longest: number) => {
    const from = base.start + upTo(15 * MINUTE);
    return { from, until: from + SECOND + upTo(longest) };
  };
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: upTo(most + 1) }, make);
  return fleetNight({
    seed,
    length: 45 * MINUTE,
    slackDown: some(2, () => during(4 * MINUTE)),
    pagerdutyDown: some(2, () => during(4 * MINUTE)),
    deaths: some(4, () => ({ effect: 1 + upTo(400), point: random() < 0.5 ? 'before' : 'after' })),
    mode: random() < 0.7 ? 'service' : 'cron',
    replicas: 1 + upTo(2),
  });
}

/** Kills, outages of channels and of the queue, several processes: everything at once, but over early enough to recover from. */
export function randomNight(seed: number): Scenario {
  const random = randomOf(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const base = night();
  const during = (longest: number) => {
    const from = base.start + upTo(8 * MINUTE);
    return { from, until: from + SECOND + upTo(longest) };
  };
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: upTo(most + 1) }, make);
  const faults: Fault[] = [
    ...some(
      2,
      (): Fault => ({
        kind: random() < 0.5 ? 'pool-skipped' : 'boot-fails',
        pools: [random() < 0.5 ? POOL : OTHER],
        ...during(6 * MINUTE),
      }),
    ),
    ...some(1, (): Fault => ({ kind: 'provisioner-stopped', ...during(5 * MINUTE) })),
    ...some(
      1,
      (): Fault => ({
        kind: 'api-down',
        services: ['queue'],
        applied: random() < 0.5,
        rate: 0.3 + random() * 0.7,
        ...during(4 * MINUTE),
      }),
    ),
    ...some(1, (): Fault => ({ kind: 'api-slow', services: ['workerManager'], delay: upTo(40) * SECOND, ...during(4 * MINUTE) })),
    ...some(1, (): Fault => ({ kind: 'unresolvable', ...during(2 * MINUTE) })),
  ];
  return night({
    seed,
    length: 40 * MINUTE,
    faults,
    slackDown: some(2, () => during(4 * MINUTE)),
    pagerdutyDown: some(2, () => during(4 * MINUTE)),
    deaths: some(4, () => ({ effect: 1 + upTo(300), point: random() < 0.5 ? 'before' : 'after' })),
    mode: random() < 0.7 ? 'service' : 'cron',
    replicas: 1 + upTo(2),
  });
}
