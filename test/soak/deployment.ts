import { checkCron } from '../../src/config/cron.ts';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { offsetOf, slots } from '../../src/judge/schedule.ts';
import type { Fault } from '../../src/world/fault.ts';
import type { WorldSpec } from '../../src/world/spec.ts';

export const DEPLOYMENT = 'soak';

export const SECRETS = {
  client: { clientId: 'canary', accessToken: 'access-token-of-no-value', scopes: ['*'] },
  slackToken: 'xoxb-of-no-value',
  routingKey: 'k'.repeat(32),
  channel: 'C0123456789',
};

export interface Probe {
  pool: string;
  warnAfter: number;
  pageAfter: number;
  priority: string;
}

export const INTERVAL = 10 * SECOND;
const CRON = `*/${INTERVAL / SECOND} * * * * *`;
export const RESOLVE_AFTER = 2;
export const UNREACHABLE_AFTER = 30 * SECOND;
export const GROUP_WAIT = 5 * SECOND;

const usual = (name: string): Probe => ({
  pool: `demo-1/${name}`,
  warnAfter: 12 * SECOND,
  pageAfter: 20 * SECOND,
  priority: 'lowest',
});

/** The probes as they are at first. */
export const FIRST: readonly Probe[] = ['a', 'b', 'c', 'd', 'leaves'].map(usual);
/** After the rolling update: other thresholds, another priority, one probe less and one more. */
export const SECOND_EDITION: readonly Probe[] = [
  { ...usual('a'), warnAfter: 15 * SECOND, pageAfter: 30 * SECOND },
  { ...usual('b'), priority: 'high' },
  ...['c', 'd', 'comes'].map(usual),
];
export const POOLS = [...new Set([...FIRST, ...SECOND_EDITION].map(({ pool }) => pool))];
/** Whoever has no room for the one pool breaks only those that are there throughout. */
const STAYING = FIRST.map(({ pool }) => pool).filter((pool) => SECOND_EDITION.some((probe) => probe.pool === pool));

/** Every stretch of trouble in the deployment, known beforehand: pools that break and recover, all of them once and again, a queue that is away. */
export function faultsOf(random: () => number, start: number, length: number): Fault[] {
  const faults: Fault[] = [{ kind: 'api-down', rate: 0.02, applied: true, from: start, until: start + length }];
  const kinds = [...STAYING.map((pool) => [pool]), POOLS, 'queue', STAYING.slice(0, 2)] as const;
  let turn = 0;
  for (let at = start + 5 * SECOND; at < start + length; turn++) {
    const until = Math.min(at + (40 + random() * 80) * SECOND, start + length);
    // Each has its turn, one pool more often than the rest.
    const struck = turn % 2 === 0 ? [STAYING[(turn / 2) % STAYING.length] ?? ''] : kinds[STAYING.length + (((turn - 1) / 2) % 3)];
    if (struck === 'queue') faults.push({ kind: 'api-down', services: ['queue'], from: at, until });
    else if (struck !== undefined) faults.push({ kind: 'pool-skipped', pools: [...struck], from: at, until });
    at = until + (10 + random() * 60) * SECOND;
  }
  return faults;
}

/** Workers come up within seconds and stop when there is nothing to do, so that every canary needs one of its own. */
export function worldSpec(seed: number, start: number): WorldSpec {
  return {
    seed,
    start,
    provisionEvery: SECOND,
    pools: POOLS.map((pool) => ({
      pool,
      runs: 'generic-worker',
      // One that is stopping takes its room for a while.
      maxCapacity: 40,
      boot: { p50: 2 * SECOND, p95: 3 * SECOND },
      claim: { min: 100, max: 800 },
      run: { p50: SECOND, p95: 2 * SECOND },
      idleTimeout: SECOND,
    })),
  };
}

/** The slots of a probe with `after` < slot < `before`. */
export function slotsBetween(probe: string, after: number, before: number): number[] {
  const line = checkCron(CRON);
  if (!line.ok) throw new Error(line.problem);
  const schedule = { ...line.value, timezone: 'Etc/UTC' };
  return slots(schedule, offsetOf(schedule, probe), after, before - 1);
}

/** Both editions of a probe, where it has two. */
export function editionsOf(pool: string): Probe[] {
  return [...FIRST, ...SECOND_EDITION].filter((probe) => probe.pool === pool);
}

export function probeFile(probes: readonly Probe[]): string {
  return `deployment: ${DEPLOYMENT}
taskcluster:
  rootUrl: \${TASKCLUSTER_ROOT_URL}
store: \${TC_CANARY_STORE}
slack:
  token: \${SLACK_BOT_TOKEN}
  channel: ${SECRETS.channel}
  apiUrl: \${SLACK_API_URL}
dashboard: { every: ${MINUTE / SECOND}s, digest: none }
pagerduty:
  routingKey: \${PAGERDUTY_ROUTING_KEY}
  eventsUrl: \${PAGERDUTY_EVENTS_URL}
task:
  schedulerId: tc-canary
  owner: canary@example.com
  source: https://example.com/canary
unreachableAfter: ${UNREACHABLE_AFTER}ms
incidents: { groupWait: ${GROUP_WAIT}ms, reopenWithin: 0s }
defaults: { schedule: "${CRON}", payload: generic-worker, resolveAfter: ${RESOLVE_AFTER} }
probes:
${probes.map(({ pool, warnAfter, pageAfter, priority }) => `  - { pool: ${pool}, warnAfter: ${warnAfter}ms, pageAfter: ${pageAfter}ms, priority: ${priority} }`).join('\n')}
`;
}
