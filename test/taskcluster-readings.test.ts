import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wallClock } from '../src/clock.ts';
import type { Reading, ReadingRequest } from '../src/evidence/reading.ts';
import { Secret } from '../src/evidence/secret.ts';
import { serveTaskcluster, type TaskclusterServer } from '../src/sandbox/taskcluster/serve.ts';
import { httpCall } from '../src/taskcluster/client.ts';
import { taskclusterDoor } from '../src/taskcluster/door.ts';
import type { Fault } from '../src/world/fault.ts';
import type { World } from '../src/world/world.ts';
import { create, HOUR, iso, MINUTE, pool, SECOND, worldOf } from './support/world.ts';

const WARM = 'test-1/decision';
const BROKEN = 'test-1/b-linux';
const MAC = 'hw/mac';
const NOBODY = 'test-1/nobody';
const GROUP = 'H2BVVOABS3-0sL0Zzlz7Xw';

const ALL = [
  'pool',
  'pools',
  'fleet',
  'fleet-errors',
  'worker',
  'workers',
  'counts',
  'errors',
  'error-list',
  'claimed',
  'oldest',
  'crew',
  'group',
] as const satisfies ReadingRequest['what'][];

const NO_ROOM = { kind: 'creation-error', title: 'Instance Creation Error', description: 'no room', code: 'ZONE_EXHAUSTED' };

let world: World;
let server: TaskclusterServer;
let tasks: { mac: string; first: string; busy: string };
let idle: { path: string[]; worker: string };
const clients: { clientId: string; accessToken: string; scopes: string[] }[] = [];

/** A deployment where one pool has been able to make no workers for twenty minutes. The client signs with the machine's clock. */
beforeEach(async () => {
  const now = Math.floor(wallClock.now() / SECOND) * SECOND;
  const start = now - 20 * MINUTE;
  const pools = [
    pool(WARM, { minCapacity: 3, registrationTimeout: 15 * MINUTE, run: { p50: HOUR, p95: HOUR + 1 } }),
    pool(BROKEN, { provider: 'aws', regions: ['us-east-1'] }),
    pool(MAC, { known: false, maxCapacity: 2 }),
  ];
  const failing: Fault = { kind: 'creation-fails', pools: [BROKEN], error: NO_ROOM, from: start, until: start + HOUR };
  world = worldOf(pools, { start, faults: [failing] });
  const [mac] = [...(world.pools.get(MAC)?.roster.newest(start) ?? [])];
  idle = { path: ['hw', 'mac', mac?.group ?? '', mac?.id ?? ''], worker: `${mac?.group}/${mac?.id}` };
  world.call('queue', 'quarantineWorker', idle.path, { payload: { quarantineUntil: iso(now + HOUR) } });
  tasks = { mac: create(world, MAC), first: create(world, BROKEN), busy: create(world, WARM) };
  world.advanceTo(start + MINUTE);
  for (let i = 0; i < 3; i++) create(world, BROKEN);
  world.advanceTo(now);
  server = await serveTaskcluster(world, { port: 0, clients, anonymousScopes: [], advance: () => undefined });
});

afterEach(async () => {
  clients.length = 0;
  await server.close();
});

/** A client that may do this and nothing else. */
function doorWith(...scopes: string[]) {
  const client = { clientId: `client-${clients.length}`, accessToken: 'not-much-of-a-secret', scopes };
  clients.push(client);
  const credentials = { clientId: client.clientId, accessToken: new Secret(client.accessToken) };
  return taskclusterDoor(httpCall({ rootUrl: server.url, clock: wallClock, credentials }), wallClock);
}

const TALLY = { count: expect.any(Number), capacity: expect.any(Number) };
const WORKFORCE = { requested: TALLY, running: TALLY, stopping: TALLY, stopped: TALLY };

interface Case {
  request: ReadingRequest;
  scopes: string[];
  gives: Partial<Reading>;
}

/** What is asked in the deployment as it stands, what that takes, and what it gives. */
function cases(): Record<ReadingRequest['what'], Case> {
  const [worker] = [...(world.pools.get(WARM)?.roster.newest(world.now) ?? [])];
  const { group: workerGroup = '', id: workerId = '', created } = worker ?? {};
  const state = 'standalone' as const;
  return {
    pool: {
      request: { what: 'pool', pool: WARM },
      scopes: [`worker-manager:get-worker-pool:${WARM}`],
      gives: {
        info: {
          pool: WARM,
          provider: 'gcp',
          payload: 'generic-worker',
          regions: ['us-central1', 'us-west1'],
          minCapacity: 3,
          maxCapacity: 10,
          currentCapacity: 3,
          requestedCapacity: 0,
          registrationTimeout: 15 * MINUTE,
          scalingRatio: 1,
          launchConfigs: 2,
        },
      },
    },
    pools: {
      request: { what: 'pools' },
      scopes: ['worker-manager:list-worker-pools'],
      gives: {
        infos: [expect.objectContaining({ pool: BROKEN, launchConfigs: 1 }), expect.objectContaining({ pool: WARM })],
      },
    },
    fleet: {
      request: { what: 'fleet' },
      scopes: ['worker-manager:list-worker-pools'],
      gives: {
        pools: [
          { pool: BROKEN, workforce: WORKFORCE },
          { pool: WARM, workforce: { ...WORKFORCE, running: { count: 3, capacity: 3 } } },
        ],
      },
    },
    'fleet-errors': {
      request: { what: 'fleet-errors' },
      scopes: ['worker-manager:list-worker-pool-errors:*'],
      gives: { stats: { hourly: expect.any(Array), byPool: { [BROKEN]: expect.any(Number) } } },
    },
    worker: {
      request: { what: 'worker', pool: WARM, workerGroup, workerId },
      scopes: [`worker-manager:get-worker:${WARM}/${workerGroup}/${workerId}`],
      gives: { created: created ?? 0 },
    },
    workers: {
      request: { what: 'workers', pool: WARM, limit: 2 },
      scopes: [`worker-manager:list-workers:${WARM}`],
      gives: {
        workers: [1, 2].map(() => ({ worker: expect.any(String), created: expect.any(Number), state: 'running', capacity: 1 })),
        all: false,
      },
    },
    counts: {
      request: { what: 'counts', pool: BROKEN },
      scopes: [`queue:pending-count:${BROKEN}`, `queue:claimed-count:${BROKEN}`],
      gives: { pending: 4, claimed: 0 },
    },
    errors: {
      request: { what: 'errors', pool: BROKEN },
      scopes: [`worker-manager:list-worker-pool-errors:${BROKEN}`],
      gives: { stats: { hourly: expect.any(Array), byPool: { [BROKEN]: expect.any(Number) } } },
    },
    'error-list': {
      request: { what: 'error-list', pool: BROKEN },
      scopes: [`worker-manager:list-worker-pool-errors:${BROKEN}`],
      gives: { errors: expect.arrayContaining([{ ...NO_ROOM, at: expect.any(Number) }]) },
    },
    claimed: {
      request: { what: 'claimed', pool: WARM },
      scopes: [`queue:claimed-list:${WARM}`],
      gives: { taskIds: [tasks.busy] },
    },
    oldest: {
      request: { what: 'oldest', pool: BROKEN },
      scopes: [`queue:pending-list:${BROKEN}`],
      gives: { inserted: world.start },
    },
    crew: {
      request: { what: 'crew', pool: MAC },
      scopes: [`worker-manager:list-workers:${MAC}`],
      gives: {
        workers: expect.arrayContaining([
          { worker: idle.worker, state, quarantined: true, lastActive: world.start },
          { worker: expect.any(String), state, quarantined: false, lastActive: world.start, latestTask: tasks.mac },
        ]),
      },
    },
    group: {
      request: { what: 'group', taskGroupId: GROUP },
      scopes: [`queue:list-task-group:${GROUP}`],
      gives: {
        tasks: expect.arrayContaining([{ status: expect.objectContaining({ taskId: tasks.first, state: 'pending' }), tags: {} }]),
      },
    },
  };
}

describe.each(ALL)('%s', (what) => {
  test('can be read with its own scopes and no other', async () => {
    const { request, scopes, gives } = cases()[what];
    const answer = await doorWith(...scopes).read(request);
    expect(answer).toEqual({ ok: true, value: { what, ...gives }, queueNow: expect.any(Number) });
  });

  test('is refused without, by the name of the scope', async () => {
    const { request, scopes } = cases()[what];
    const all = Object.values(cases()).flatMap((one) => one.scopes);
    const others = all.filter((scope) => !scopes.includes(scope) && !scope.endsWith('*'));
    const answer = await doorWith(...others).read(request);
    expect(answer).toMatchObject({ ok: false, why: 'refused', detail: expect.stringContaining(scopes[0] ?? '') });
  });
});

test('the scopes that the README names are enough for every reading', async () => {
  const [, table = ''] = /^## Scopes$([\s\S]*?)^## /m.exec(readFileSync('README.md', 'utf8')) ?? [];
  const named = [...table.matchAll(/`((?:queue|worker-manager):[^`]+)`/g)].map(([, scope]) => scope ?? '');
  const door = doorWith(...named.filter((scope) => !scope.includes('<')));
  for (const what of ALL) expect(await door.read(cases()[what].request)).toMatchObject({ ok: true, value: { what } });
});

test('counts make do with the pending ones', async () => {
  const door = doorWith(`queue:pending-count:${NOBODY}`);
  expect(await door.read({ what: 'counts', pool: NOBODY })).toMatchObject({ value: { what: 'counts', pending: 0 } });
});

test('a pool that worker-manager does not know is missing, and empty in the eyes of the queue', async () => {
  const door = doorWith('*');
  for (const what of ['pool', 'errors'] as const) {
    expect(await door.read({ what, pool: NOBODY })).toMatchObject({ ok: false, why: 'missing' });
  }
  expect(await door.read({ what: 'workers', pool: MAC, limit: 1 })).toMatchObject({ ok: false, why: 'missing' });
  expect(await door.read({ what: 'error-list', pool: NOBODY })).toMatchObject({ ok: true, value: { errors: [] } });
  expect(await door.read({ what: 'claimed', pool: NOBODY })).toMatchObject({ ok: true, value: { taskIds: [] } });
  expect(await door.read({ what: 'crew', pool: NOBODY })).toMatchObject({ ok: true, value: { workers: [] } });
  const oldest = await door.read({ what: 'oldest', pool: NOBODY });
  expect(oldest.ok && oldest.value).toEqual({ what: 'oldest' });
});

test('errors of a pool with an underscore cannot be counted, and nobody is asked', async () => {
  const door = doorWith('*');
  expect(await door.read({ what: 'errors', pool: 'proj_x/ci' })).toMatchObject({ ok: false, why: 'invalid' });
  expect(door.calls()).toBe(0);
  expect(await door.read({ what: 'error-list', pool: 'proj_x/ci' })).toMatchObject({ ok: true, value: { errors: [] } });
});

test('all workers of a pool have been read where none is left', async () => {
  const door = doorWith('*');
  const answer = await door.read({ what: 'workers', pool: WARM, limit: 3 });
  expect(answer.ok && [answer.value.workers.length, answer.value.all]).toEqual([3, true]);
  const created = answer.ok ? answer.value.workers.map((worker) => worker.created) : [];
  expect(created).toEqual(created.toSorted((a, b) => b - a));
});

test("errors are told by the hour, the present one's last, and the newest hundred of them one by one", async () => {
  const door = doorWith('*');
  const stats = await door.read({ what: 'errors', pool: BROKEN });
  const { hourly, byPool } = stats.ok ? stats.value.stats : { hourly: [], byPool: {} };
  const hour = Math.floor(world.now / HOUR) * HOUR;
  expect(hourly.map(({ at }) => at)).toEqual(Array.from({ length: 24 }, (_, i) => hour - (23 - i) * HOUR));
  expect(hourly.reduce((sum, { count }) => sum + count, 0)).toBe(byPool[BROKEN]);
  expect(byPool[BROKEN]).toBeGreaterThan(100);
  expect(await door.read({ what: 'fleet-errors' })).toMatchObject({ value: { stats: { hourly, byPool } } });
  const list = await door.read({ what: 'error-list', pool: BROKEN });
  const times = list.ok ? list.value.errors.map(({ at }) => at) : [];
  expect(times).toHaveLength(100);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(door.calls()).toBe(3);
});
