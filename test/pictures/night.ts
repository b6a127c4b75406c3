import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { entry, everyMinutes } from '../support/judging.ts';
import type { Scenario } from '../support/play.ts';

/** The night of 2021-10-08, half an hour after one pool got no more workers. */
export const END = Date.UTC(2021, 9, 8, 23, 32, 20);
const LENGTH = 23 * HOUR + 40 * MINUTE;

interface Kind {
  pool: string;
  boot: { p50: number; p95: number };
  /** Other people's tasks, which keep workers warm. */
  perHour?: number;
}

const KINDS: Kind[] = [
  { pool: 'gecko-3/decision', boot: { p50: 62 * SECOND, p95: 3 * MINUTE } },
  { pool: 'gecko-3/b-linux', boot: { p50: 80 * SECOND, p95: 4 * MINUTE }, perHour: 6 },
  { pool: 'gecko-3/b-win2022', boot: { p50: 4 * MINUTE, p95: 9 * MINUTE }, perHour: 4 },
  { pool: 'gecko-1/decision', boot: { p50: 55 * SECOND, p95: 2 * MINUTE }, perHour: 10 },
  { pool: 'gecko-1/b-linux', boot: { p50: 75 * SECOND, p95: 3 * MINUTE }, perHour: 8 },
  { pool: 'gecko-t/t-linux-large', boot: { p50: 90 * SECOND, p95: 4 * MINUTE }, perHour: 12 },
  { pool: 'gecko-t/win11-64-24h2', boot: { p50: 6 * MINUTE, p95: 14 * MINUTE }, perHour: 6 },
  { pool: 'comm-1/decision', boot: { p50: 70 * SECOND, p95: 3 * MINUTE } },
  { pool: 'comm-1/b-linux', boot: { p50: 95 * SECOND, p95: 4 * MINUTE }, perHour: 3 },
];

function poolOf({ pool, boot, perHour }: Kind): PoolSpec {
  return {
    pool,
    runs: pool.includes('win') ? 'generic-worker-windows' : 'generic-worker',
    maxCapacity: 20,
    boot,
    ...(perHour !== undefined && { load: { perHour, duration: { p50: 4 * MINUTE, p95: 15 * MINUTE } } }),
  };
}

/** Nine pools of a day: one that was out of room in the morning, and one that gets no workers now. The same seed makes the same pictures. */
export function pictured(): Scenario {
  const start = END - LENGTH;
  const objective = { target: 0.95, under: 20 * MINUTE, over: 14 * 24 * HOUR };
  return {
    seed: 20_211_008,
    start,
    length: LENGTH,
    probes: KINDS.map(({ pool, boot }) => {
      const slow = boot.p95 > 5 * MINUTE;
      return entry(pool, {
        schedule: everyMinutes(15),
        payload: 'auto',
        objective,
        thresholds: slow ? { warnAfter: 20 * MINUTE, pageAfter: 40 * MINUTE } : { warnAfter: 8 * MINUTE, pageAfter: 15 * MINUTE },
      });
    }),
    pools: KINDS.map(poolOf),
    faults: [
      {
        kind: 'creation-fails',
        pools: ['gecko-1/b-linux'],
        error: {
          kind: 'creation-error',
          title: 'Instance Creation Error',
          code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
          description: "The zone 'us-central1-a' does not have enough resources available to fulfill the request.",
        },
        from: start + 8 * HOUR,
        until: start + 9 * HOUR,
      },
      { kind: 'pool-skipped', pools: ['gecko-3/decision'], from: END - 42 * MINUTE, until: END + HOUR },
    ],
    slackDown: [],
    pagerdutyDown: [],
    mode: 'service',
    replicas: 1,
    config: {
      deployment: 'firefox-ci',
      rootUrl: 'https://firefox-ci-tc.services.mozilla.com',
      provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [] },
      incidents: { groupWait: 30 * SECOND, fleetAt: 3, reopenWithin: 30 * MINUTE },
    },
  };
}
