import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/evidence/incident.ts';
import { HOUR, MINUTE } from '../../src/evidence/instant.ts';
import type { Config } from '../../src/evidence/probe.ts';
import { metricsText } from '../../src/metrics/text.ts';
import { wording } from '../../src/notify/wording.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import { once } from '../../src/serve.ts';
import { storeOver } from '../../src/store/store.ts';
import { httpCall } from '../../src/taskcluster/client.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../../src/taskcluster/door.ts';
import { reportJson } from '../../src/views/json.ts';
import { report } from '../../src/views/report.ts';
import { dashboard } from '../../src/views/slack/dashboard.ts';
import { reportLines } from '../../src/views/terminal/report.ts';
import { NO_COLORS } from '../../src/views/terminal/text.ts';
import { fleetPage } from '../../src/views/web/fleet.ts';
import type { Fault } from '../../src/world/fault.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { World } from '../../src/world/world.ts';
import { clockOf } from '../support/clock.ts';
import { configOf, entry, everyMinutes } from '../support/judging.ts';
import { emptyableStore } from '../support/store.ts';
import { silent } from '../support/values.ts';
import { FLEET, ONSET, pool, START } from './night.ts';

const { db, empty } = await emptyableStore();
beforeEach(empty);

/** What the README lists, and nothing else; anonymous, for a signature would carry the machine's time and not the night's. */
const SCOPES = [
  'queue:create-task:lowest:*',
  'queue:scheduler-id:tc-canary',
  'queue:create-task:project:none',
  'queue:cancel-task-in-project:none',
  'queue:status:*',
  'queue:list-task-group:*',
  'queue:pending-count:*',
  'queue:claimed-count:*',
  'queue:pending-list:*',
  'queue:claimed-list:*',
  'worker-manager:get-worker-pool:*',
  'worker-manager:list-worker-pools',
  'worker-manager:get-worker:*',
  'worker-manager:list-workers:*',
  'worker-manager:list-worker-pool-errors:*',
];

function configFor(pools: readonly PoolSpec[]): Config {
  const thresholds = { warnAfter: 5 * MINUTE, pageAfter: 10 * MINUTE };
  const probes = pools.map(({ pool: name }) => entry(name, { schedule: everyMinutes(5), thresholds, payload: 'auto' }));
  return configOf(probes, { provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [] } });
}

const servers: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** A CronJob each minute of a quarter before the onset and of the time after it, against the deployment's real HTTP face. */
async function nightOver(
  faults: readonly Fault[],
  minutes: number,
  pools: readonly PoolSpec[] = FLEET,
  scopes = SCOPES,
): Promise<Incident[]> {
  let now = START;
  const clock = clockOf(
    () => now,
    (_instant, stop) =>
      new Promise((resolve) => {
        if (stop?.aborted) resolve();
        else stop?.addEventListener('abort', () => resolve(), { once: true });
      }),
  );
  const world = new World({ seed: 3, start: START, pools: [...pools] });
  for (const fault of faults) world.addFault(fault);
  const server = await serveTaskcluster(world, {
    port: 0,
    clients: [],
    anonymousScopes: scopes,
    advance: () => world.advanceTo(now),
    clock,
  });
  servers.push(server);
  const taskcluster = taskclusterDoor(httpCall({ rootUrl: server.url, clock }), clock);
  const config = configFor(pools);
  const ports = { clock, taskcluster, store: storeOver(db, 'test'), channels: new Map(), log: silent };
  const rules = { draft: draftFor(config), addressees: () => [], groupWait: 0 };
  for (now = ONSET - 15 * MINUTE; now <= ONSET + minutes * MINUTE; now += MINUTE) {
    world.advanceTo(now);
    await once(ports, config, rules);
  }
  const { incidents } = await ports.store.load();
  return [...incidents.values()];
}

const until = ONSET + 6 * HOUR;
const error = {
  kind: 'creation-error',
  title: 'Instance Creation Error',
  description: 'Quota exceeded <!channel>',
  code: 'QUOTA',
};
/** Ten workers stand there, and more take a quarter of an hour to come. */
const SLOW = pool('gecko-t/slow', 0, { minCapacity: 10, boot: { p50: 15 * MINUTE, p95: 16 * MINUTE } });
const WARNINGS = new Set(['at-capacity', 'backlog', 'pool-gone']);
const METAL = pool('gecko-t/metal', 30, { maxCapacity: 10, capacityPerWorker: 4 });

describe('through the HTTP face, with the scopes that the README lists, the prober names', () => {
  it.each<[string, Fault[], string, number, PoolSpec[]?]>([
    ['provisioning-stalled', [{ kind: 'provisioner-stopped', from: ONSET, until }], 'the provisioner has stopped', 18],
    ['provisioning-errors', [{ kind: 'creation-fails', pools: ['gecko-1/decision'], error, from: ONSET, until }], 'QUOTA', 30],
    ['boot-stalled', [{ kind: 'boot-slow', pools: ['gecko-1/decision'], factor: 200, from: ONSET, until }], 'come up', 60],
    ['workers-not-claiming', [{ kind: 'workers-mute', pools: ['gecko-1/decision'], all: true, from: ONSET, until }], 'claim', 30],
    ['not-provisioned', [{ kind: 'pool-skipped', pools: ['gecko-1/decision'], from: ONSET, until }], 'requested', 30],
    [
      'over-provisioned',
      [
        { kind: 'workers-mute', pools: ['gecko-t/metal'], from: ONSET, until },
        { kind: 'runaway', pools: ['gecko-t/metal'], batch: 5, from: ONSET, until },
      ],
      'maximum',
      40,
      [...FLEET, METAL],
    ],
    [
      'at-capacity',
      [
        {
          kind: 'backlog',
          pools: ['gecko-t/t-linux'],
          tasks: 500,
          duration: { p50: 5 * MINUTE, p95: 8 * MINUTE },
          from: ONSET,
          until: ONSET + 2 * MINUTE,
        },
      ],
      'maximum',
      30,
    ],
    [
      'backlog',
      [
        {
          kind: 'backlog',
          pools: ['gecko-t/slow'],
          tasks: 60,
          priority: 'high',
          duration: { p50: 4 * MINUTE, p95: 6 * MINUTE },
          from: ONSET,
          until: ONSET + 2 * MINUTE,
        },
      ],
      'not a break',
      14,
      [...FLEET, SLOW],
    ],
    ['pool-gone', [{ kind: 'pool-deleted', pools: ['gecko-1/decision'], from: ONSET, until }], 'in worker-manager', 75],
    ['unexplained', [{ kind: 'orphaned', pools: ['gecko-1/decision'], from: ONSET, until }], '8525', 30],
  ])('%s', async (cause, faults, word, minutes, pools) => {
    const told = await nightOver(faults, minutes, pools);
    expect(told.map((incident) => incident.cause)).toEqual([cause]);
    const [incident] = told;
    if (incident === undefined) return;
    const words = wording({ deployment: 'test', rootUrl: 'https://tc.example.com', incident });
    expect(Object.values(words).flat().join('\n')).toContain(word);
    expect(incident.level).toBe(WARNINGS.has(cause) ? 'warn' : 'page');
  });

  it('nothing on a quiet night', async () => {
    expect(await nightOver([], 30)).toEqual([]);
  });
});

it('a missing scope costs its reading, and neither the pass nor the page', async () => {
  const few = SCOPES.filter((scope) => !/list-workers|claimed-list|pending-list|claimed-count|pool-errors/.test(scope));
  const told = await nightOver([{ kind: 'pool-skipped', pools: ['gecko-1/decision'], from: ONSET, until }], 30, FLEET, few);
  expect(told).toMatchObject([{ level: 'page', evidence: { diagnosis: { figures: { claims: 'cannot tell' } } } }]);
  const { watch } = await storeOver(db, 'test').load();
  expect(Object.values(watch.unread ?? {}).map(({ detail }) => detail)).toContainEqual(
    expect.stringContaining('worker-manager:list-workers:'),
  );
});

it.each([
  ['worker-manager:list-workers:*', 'list-workers'],
  ['worker-manager:list-worker-pools', 'list-worker-pools'],
])('without %s every face says that the watch over new workers is blind, and which scope is missing', async (scope, named) => {
  const faults: Fault[] = [{ kind: 'provisioner-stopped', from: ONSET, until }];
  await nightOver(
    faults,
    15,
    FLEET,
    SCOPES.filter((one) => one !== scope),
  );
  const [state, config] = [await storeOver(db, 'test').load(), configFor(FLEET)];
  const history = await storeOver(db, 'test').history({ since: ONSET, until: ONSET + 15 * MINUTE });
  const made = report(config, state, history, ONSET, ONSET + 15 * MINUTE);
  const said = `the watch over new workers is blind at every provider: `;
  const scopes = new RegExp(`scopes?: worker-manager:${named}`);
  expect(reportLines(made, NO_COLORS, 500).join('\n')).toContain(said);
  expect(reportLines(made, NO_COLORS, 500).join('\n')).toMatch(scopes);
  const page = fleetPage({ report: made, path: '/', paused: true }, []).html;
  expect(page).toContain(said.slice(1));
  expect(page).toMatch(scopes);
  expect(JSON.stringify(dashboard(made, {}, { table: true }).blocks)).toContain(said);
  expect(reportJson(made).blind).toMatchObject({ overall: true, why: [expect.stringMatching(scopes)] });
  expect(metricsText(made, undefined, undefined, false)).toMatch(/^tc_canary_provisioning_watch_blind\{.*\} 1$/m);
});
