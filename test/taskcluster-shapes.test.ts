import { expect, test } from 'vitest';
import type { ReadingRequest } from '../src/evidence/reading.ts';
import type { Reply } from '../src/taskcluster/call.ts';
import { ID, STATUS, scripted, T, wireError, wireStatus } from './support/scripted.ts';

const HOUR = 3_600_000;
const at = (instant: number) => new Date(instant).toISOString();
const ok = (body: unknown, date?: number): Reply => ({ status: 200, body, ...(date !== undefined && { date }) });

const wirePool = (workerPoolId: string) => ({
  workerPoolId,
  providerId: 'fxci-level3-gcp',
  config: {
    minCapacity: 1,
    maxCapacity: 100,
    lifecycle: { registrationTimeout: 900 },
    launchConfigs: [{ workerConfig: { shutdown: { enabled: true } } }],
  },
  currentCapacity: 3,
  requestedCapacity: 1,
  runningCapacity: 2,
});
const info = (pool: string) => ({
  pool,
  provider: 'fxci-level3-gcp',
  payload: 'docker-worker',
  minCapacity: 1,
  maxCapacity: 100,
  currentCapacity: 3,
  requestedCapacity: 1,
  registrationTimeout: 900_000,
  launchConfigs: 1,
});

test('of a pool', async () => {
  const { door, asked } = scripted([{ status: 200, body: wirePool('a/b') }]);
  expect(await door.read({ what: 'pool', pool: 'a/b' })).toEqual({ ok: true, value: { what: 'pool', info: info('a/b') } });
  expect(asked).toEqual([['workerManager', 'workerPool', ['a/b']]]);
});

test('of a static pool, which has no limits and does not tell what it runs', async () => {
  const { door } = scripted([{ status: 200, body: { ...wirePool('a/b'), config: {}, providerId: 'static' } }]);
  const answer = await door.read({ what: 'pool', pool: 'a/b' });
  expect(answer).toEqual({
    ok: true,
    value: {
      what: 'pool',
      info: { pool: 'a/b', provider: 'static', currentCapacity: 3, requestedCapacity: 1, launchConfigs: 0 },
    },
  });
});

test('of a pool that worker-manager does not know', async () => {
  const { door } = scripted([wireError(404, 'ResourceNotFound', 'Worker pool does not exist')]);
  expect(await door.read({ what: 'pool', pool: 'a/b' })).toMatchObject({ ok: false, why: 'missing' });
});

test('of all pools, through all pages', async () => {
  const { door, asked } = scripted([
    { status: 200, body: { workerPools: [wirePool('a/b')], continuationToken: 'next' } },
    { status: 200, body: { workerPools: [wirePool('c/d')] } },
  ]);
  expect(await door.read({ what: 'pools' })).toEqual({ ok: true, value: { what: 'pools', infos: [info('a/b'), info('c/d')] } });
  expect(asked).toEqual([
    ['workerManager', 'listWorkerPools', [], { query: {} }],
    ['workerManager', 'listWorkerPools', [], { query: { continuationToken: 'next' } }],
  ]);
});

test('of the worker that claimed, when it was created', async () => {
  const { door, asked } = scripted([{ status: 200, body: { workerId: 'w', created: '2021-10-08T23:01:05.000Z' } }]);
  const request = { what: 'worker', pool: 'a/b', workerGroup: 'g', workerId: 'w' } as const;
  expect(await door.read(request)).toEqual({ ok: true, value: { what: 'worker', created: T } });
  expect(asked).toEqual([['workerManager', 'worker', ['a/b', 'g', 'w']]]);
});

test('of counts', async () => {
  const { door } = scripted([{ status: 200, body: { pendingTasks: 4, claimedTasks: 2 } }]);
  expect(await door.read({ what: 'counts', pool: 'a/b' })).toEqual({
    ok: true,
    value: { what: 'counts', pending: 4, claimed: 2 },
  });
});

test('of counts where only the pending ones may be seen', async () => {
  const { door, asked } = scripted([wireError(403, 'InsufficientScopes', 'no'), { status: 200, body: { pendingTasks: 4 } }]);
  expect(await door.read({ what: 'counts', pool: 'a/b' })).toEqual({ ok: true, value: { what: 'counts', pending: 4 } });
  expect(asked.map((call) => call[1])).toEqual(['taskQueueCounts', 'pendingTasks']);
});

test('of counts fall back on nothing where the queue does not answer', async () => {
  const { door, asked } = scripted([wireError(500, 'InternalServerError', 'no')]);
  expect(await door.read({ what: 'counts', pool: 'a/b' })).toMatchObject({ ok: false, why: 'unreachable' });
  expect(asked).toHaveLength(1);
});

test("of a day's group, with the tags that say whose canary each task is", async () => {
  const task = { tags: { 'tc-canary-probe': 'a/b', odd: 7 } };
  const { door, asked } = scripted([
    { status: 200, body: { taskGroupId: 'g', tasks: [{ status: wireStatus(), task }], continuationToken: 'next' } },
    { status: 200, body: { taskGroupId: 'g', tasks: [{ status: wireStatus('other'), task: {} }] } },
  ]);
  expect(await door.read({ what: 'group', taskGroupId: 'g' })).toEqual({
    ok: true,
    value: {
      what: 'group',
      tasks: [
        { status: STATUS, tags: { 'tc-canary-probe': 'a/b' } },
        { status: { ...STATUS, taskId: 'other' }, tags: {} },
      ],
    },
  });
  expect(asked.map((call) => call[2])).toEqual([['g'], ['g']]);
});

test('of a group that has no task yet is empty', async () => {
  const { door } = scripted([wireError(404, 'ResourceNotFound', 'No task-group')]);
  expect(await door.read({ what: 'group', taskGroupId: 'g' })).toEqual({ ok: true, value: { what: 'group', tasks: [] } });
});

const capacities = (most: number) => ({
  requestedCount: 1,
  runningCount: 2,
  stoppingCount: 3,
  stoppedCount: most,
  requestedCapacity: 4,
  runningCapacity: 8,
  stoppingCapacity: 12,
  stoppedCapacity: 4 * most,
});
const workforce = (most: number) => ({
  requested: { count: 1, capacity: 4 },
  running: { count: 2, capacity: 8 },
  stopping: { count: 3, capacity: 12 },
  stopped: { count: most, capacity: 4 * most },
});

test('of the whole fleet, through all pages', async () => {
  const { door, asked } = scripted([
    ok({ workerPoolsStats: [{ workerPoolId: 'a/b', currentCapacity: 24, ...capacities(5) }], continuationToken: 'next' }),
    ok({ workerPoolsStats: [{ workerPoolId: 'c/d', currentCapacity: 24, ...capacities(6) }] }),
  ]);
  const pools = [
    { pool: 'a/b', workforce: workforce(5) },
    { pool: 'c/d', workforce: workforce(6) },
  ];
  expect(await door.read({ what: 'fleet' })).toEqual({ ok: true, value: { what: 'fleet', pools } });
  expect(asked).toEqual([
    ['workerManager', 'listWorkerPoolsStats', [], { query: {} }],
    ['workerManager', 'listWorkerPoolsStats', [], { query: { continuationToken: 'next' } }],
  ]);
  expect(door.calls()).toBe(2);
});

const row = (workerId: string, more: object = {}) => ({
  workerPoolId: 'a/b',
  workerGroup: 'us-east-1',
  workerId,
  providerId: 'aws',
  created: at(T),
  state: 'requested',
  capacity: 4,
  ...more,
});

test('of the newest workers, one page, which tells whether there are older ones', async () => {
  const { door, asked } = scripted([
    ok({ workers: [row('i-2'), row('i-1', { state: 'stopped' })], continuationToken: 'next' }),
    ok({ workers: [], continuationToken: '' }),
  ]);
  expect(await door.read({ what: 'workers', pool: 'a/b', limit: 2 })).toEqual({
    ok: true,
    value: {
      what: 'workers',
      workers: [
        { worker: 'us-east-1/i-2', created: T, state: 'requested', capacity: 4 },
        { worker: 'us-east-1/i-1', created: T, state: 'stopped', capacity: 4 },
      ],
      all: false,
    },
  });
  expect(await door.read({ what: 'workers', pool: 'a/b', limit: 2 })).toMatchObject({ value: { workers: [], all: true } });
  const call = ['workerManager', 'listWorkersForWorkerPool', ['a/b'], { query: { limit: '2' } }];
  expect(asked).toEqual([call, call]);
});

test('of error statistics, whose hours come in no order that is promised', async () => {
  const totals = { hourly: { [at(T + HOUR)]: 3, [at(T)]: 0, [at(T - HOUR)]: 2 }, workerPool: { 'a/b': 5, __proto__x: 1 } };
  const { door, asked } = scripted([ok({ workerPoolId: '', totals })]);
  const hourly = [
    { at: T - HOUR, count: 2 },
    { at: T, count: 0 },
    { at: T + HOUR, count: 3 },
  ];
  const stats = { hourly, byPool: { 'a/b': 5, __proto__x: 1 } };
  expect(await door.read({ what: 'fleet-errors' })).toEqual({ ok: true, value: { what: 'fleet-errors', stats } });
  expect(await door.read({ what: 'errors', pool: 'a/b' })).toEqual({ ok: true, value: { what: 'errors', stats } });
  expect(asked).toEqual([
    ['workerManager', 'workerPoolErrorStats', []],
    ['workerManager', 'workerPoolErrorStats', [], { query: { workerPoolId: 'a/b' } }],
  ]);
});

test.each<[string, object, string | undefined]>([
  ['a failed operation', { code: 'ZONE_RESOURCE_POOL_EXHAUSTED' }, 'ZONE_RESOURCE_POOL_EXHAUSTED'],
  ['a failed creation at Google', { errorCode: 403, config: {} }, '403'],
  ['a worker', { workerId: 'w', code: { odd: true } }, undefined],
])('of the newest errors, with the code where %s has one', async (_whose, extra, code) => {
  const error = { kind: 'creation-error', title: 'No', description: 'no room\n<!channel>' };
  const { door, asked } = scripted([
    ok({ workerPoolErrors: [{ ...error, reported: at(T), errorId: ID, extra }], continuationToken: 'x' }),
  ]);
  expect(await door.read({ what: 'error-list', pool: 'a/b' })).toEqual({
    ok: true,
    value: { what: 'error-list', errors: [{ ...error, at: T, ...(code !== undefined && { code }) }] },
  });
  expect(asked).toEqual([['workerManager', 'listWorkerPoolErrors', ['a/b'], { query: { limit: '100' } }]]);
});

test('of what is claimed, one page', async () => {
  const { door, asked } = scripted([
    ok({ tasks: [{ taskId: 'one', claimed: at(T), task: {} }, { taskId: 'two' }], continuationToken: 'x' }),
  ]);
  expect(await door.read({ what: 'claimed', pool: 'a/b' })).toEqual({
    ok: true,
    value: { what: 'claimed', taskIds: ['one', 'two'] },
  });
  expect(asked).toEqual([['queue', 'listClaimedTasks', ['a/b']]]);
});

test('of the oldest that waits, and of a line where nothing does', async () => {
  const { door, asked } = scripted([
    ok({ tasks: [{ taskId: 'one', inserted: at(T) }], continuationToken: 'x' }),
    ok({ tasks: [] }),
  ]);
  expect(await door.read({ what: 'oldest', pool: 'a/b' })).toEqual({ ok: true, value: { what: 'oldest', inserted: T } });
  expect(await door.read({ what: 'oldest', pool: 'a/b' })).toEqual({ ok: true, value: { what: 'oldest' } });
  const call = ['queue', 'listPendingTasks', ['a/b'], { query: { limit: '1' } }];
  expect(asked).toEqual([call, call]);
});

test("of the crew, whose quarantines are over or not by the queue's clock and not by ours", async () => {
  const seen = (workerId: string, more: object = {}) => ({ workerGroup: 'mdc1', workerId, state: 'standalone', ...more });
  const workers = [
    seen('mac-1', { quarantineUntil: at(T + HOUR), lastDateActive: at(T - 60_000) }),
    seen('mac-2', { quarantineUntil: at(T - 10 * 365 * 24 * HOUR), latestTask: { taskId: ID, runId: 0 } }),
    seen('mac-3', { state: undefined }),
  ];
  const crew = (quarantined: boolean) => [
    { worker: 'mdc1/mac-1', state: 'standalone', quarantined, lastActive: T - 60_000 },
    { worker: 'mdc1/mac-2', state: 'standalone', quarantined: false, latestTask: ID },
    { worker: 'mdc1/mac-3', state: 'standalone', quarantined: false },
  ];
  const { door } = scripted([ok({ workers }), ok({ workers }, T + 2 * HOUR)]);
  expect(await door.read({ what: 'crew', pool: 'hw/mac' })).toEqual({ ok: true, value: { what: 'crew', workers: crew(true) } });
  expect(await door.read({ what: 'crew', pool: 'hw/mac' })).toMatchObject({ value: { what: 'crew', workers: crew(false) } });
});

test('of the crew, those that run first, since a page may be full of the stopped, and all where none does', async () => {
  const worker = { workerGroup: 'us-east-1', workerId: 'i-1', state: 'running' };
  const running = scripted([ok({ workers: [worker] })]);
  expect(await running.door.read({ what: 'crew', pool: 'a/b' })).toMatchObject({ value: { workers: [{ state: 'running' }] } });
  const first = ['workerManager', 'listWorkers', ['a', 'b'], { query: { workerState: 'running' } }];
  expect(running.asked).toEqual([first]);
  const standing = scripted([ok({ workers: [] }), ok({ workers: [{ ...worker, state: 'standalone' }] })]);
  expect(await standing.door.read({ what: 'crew', pool: 'a/b' })).toMatchObject({
    value: { workers: [{ state: 'standalone' }] },
  });
  expect(standing.asked).toEqual([first, ['workerManager', 'listWorkers', ['a', 'b']]]);
});

const READS: ReadingRequest[] = [
  { what: 'pool', pool: 'a/b' },
  { what: 'pools' },
  { what: 'fleet' },
  { what: 'fleet-errors' },
  { what: 'worker', pool: 'a/b', workerGroup: 'g', workerId: 'w' },
  { what: 'workers', pool: 'a/b', limit: 10 },
  { what: 'counts', pool: 'a/b' },
  { what: 'errors', pool: 'a/b' },
  { what: 'error-list', pool: 'a/b' },
  { what: 'claimed', pool: 'a/b' },
  { what: 'oldest', pool: 'a/b' },
  { what: 'crew', pool: 'a/b' },
  { what: 'group', taskGroupId: ID },
];

const { runningCapacity: _capacity, ...lacking } = capacities(1);
test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['text', '<html>'],
  ['a list', []],
  ['an empty object', {}],
  ['lists of other things', { workerPools: [7], workerPoolsStats: [null], workers: ['w'], workerPoolErrors: [{}], tasks: [{}] }],
  ['a list that is an object', { workers: {}, tasks: {}, workerPoolErrors: {}, workerPoolsStats: {}, workerPools: {} }],
  [
    'figures that are text',
    { pendingTasks: '4', currentCapacity: '1', requestedCapacity: '0', created: 5, workers: [row('w', { capacity: '4' }), {}] },
  ],
  [
    'a figure that is left out',
    { workerPoolsStats: [{ workerPoolId: 'a/b', ...lacking }], workers: [{ workerId: 'w', state: 'running' }] },
  ],
  ['a state nobody knows', { workers: [row('w', { state: 'sleeping' })] }],
  ['statistics without hours', { totals: { workerPool: {} } }],
  ['an hour nobody can read', { totals: { hourly: { soon: 1 }, workerPool: {} } }],
  ['a count that is none', { totals: { hourly: { [at(T)]: '1' }, workerPool: {} } }],
  ['statistics of a list of pools', { totals: { hourly: {}, workerPool: [] } }],
  ['an error without its time', { workerPoolErrors: [{ kind: 'k', title: 't', description: 'd', extra: {} }] }],
  ['tasks without ids and times', { tasks: [{ taskId: 7, inserted: 'long ago' }] }],
])('with 200 tell nothing where Taskcluster would not answer so: %s', async (_name, body) => {
  for (const request of READS) {
    const { door } = scripted([ok(body)]);
    expect(await door.read(request)).toEqual({
      ok: false,
      why: 'unreachable',
      detail: expect.stringContaining('not Taskcluster'),
    });
  }
});

test('are unreachable where the network is, and refused where we are, each after one call or two', async () => {
  for (const request of READS) {
    const dead = scripted([{ status: 0, body: { code: 'ETIMEDOUT', message: 'timeout of 30000ms exceeded' } }]);
    expect(await dead.door.read(request)).toMatchObject({ ok: false, why: 'unreachable' });
    const refused = scripted([wireError(403, 'InsufficientScopes', 'You may not')]);
    expect(await refused.door.read(request)).toMatchObject({ ok: false, why: 'refused', detail: '403: You may not' });
    expect(refused.door.calls()).toBe(request.what === 'counts' ? 2 : 1);
  }
});
