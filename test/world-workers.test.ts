import { expect, test } from 'vitest';
import type { World } from '../src/world/world.ts';
import {
  bodyOf,
  create,
  DAY,
  HOUR,
  iso,
  MINUTE,
  pass,
  pool,
  SECOND,
  START,
  statusOf,
  timeToClaim,
  workersOf,
  worldOf,
} from './support/world.ts';

interface SeenBody {
  workerGroup: string;
  workerId: string;
  state: string;
  capacity: number;
  providerId: string;
  firstClaim: string;
  lastDateActive: string;
  quarantineUntil: string;
  latestTask?: { taskId: string; runId: number };
}

function page(world: World, id: string, query: Record<string, string> = {}) {
  const reply = world.call('workerManager', 'listWorkers', id.split('/'), { query });
  return bodyOf<{ workers: SeenBody[]; continuationToken?: string }>(reply);
}

function seen(world: World, id: string, query: Record<string, string> = {}): SeenBody[] {
  return page(world, id, query).workers;
}

function quarantine(
  world: World,
  id: string,
  { workerGroup, workerId }: Pick<SeenBody, 'workerGroup' | 'workerId'>,
  until: number,
) {
  const payload = { quarantineUntil: iso(until), quarantineInfo: 'disk is full' };
  return world.call('queue', 'quarantineWorker', [...id.split('/'), workerGroup, workerId], { payload });
}

test('the queue knows a worker as soon as it asks for work, and what it was given last', () => {
  const world = worldOf([pool('a/warm', { minCapacity: 1 }), pool('a/cold')]);
  const [worker] = workersOf(world, 'a/warm');
  const idle = {
    workerPoolId: 'a/warm',
    workerGroup: worker?.workerGroup,
    workerId: worker?.workerId,
    providerId: 'gcp',
    state: 'running',
    capacity: 1,
    firstClaim: iso(START),
    lastDateActive: iso(START),
    quarantineUntil: expect.stringMatching(/^2016-/),
    launchConfigId: expect.stringMatching(/^lc-a-warm-/),
  };
  expect(seen(world, 'a/warm')).toEqual([idle]);
  expect(seen(world, 'a/cold')).toEqual([]);
  create(world, 'a/warm');
  pass(world, MINUTE);
  const last = create(world, 'a/warm');
  pass(world, MINUTE);
  expect(seen(world, 'a/warm')).toEqual([{ ...idle, latestTask: { taskId: last, runId: 0 } }]);
});

test('one that is on its way, or came up silent, is not known to the queue', () => {
  const world = worldOf([pool('a/slow', { boot: { p50: HOUR, p95: HOUR + MINUTE } }), pool('a/mute')], {
    faults: [{ kind: 'workers-mute', pools: ['a/mute'], from: START, until: START + DAY }],
  });
  for (const id of ['a/slow', 'a/mute']) create(world, id);
  pass(world, 10 * MINUTE);
  expect(workersOf(world, 'a/slow')).toMatchObject([{ state: 'requested' }]);
  expect(workersOf(world, 'a/mute')).toMatchObject([{ state: 'running' }]);
  for (const id of ['a/slow', 'a/mute', 'no/body']) expect(page(world, id)).toEqual({ workers: [] });
});

test('hardware stands alone, with a capacity that nobody knows', () => {
  const world = worldOf([pool('hw/mac', { known: false, maxCapacity: 3 })]);
  const workers = seen(world, 'hw/mac');
  expect(workers).toHaveLength(3);
  for (const worker of workers) expect(worker).toMatchObject({ state: 'standalone', capacity: 0, providerId: 'none' });
  expect(seen(world, 'hw/mac', { workerState: 'running' })).toEqual([]);
});

test('they come by group and id, in pages, and may be asked for by their state', () => {
  const world = worldOf([pool('a/warm', { minCapacity: 5 })]);
  pass(world, MINUTE);
  const all = seen(world, 'a/warm');
  const names = all.map(({ workerGroup, workerId }) => `${workerGroup} ${workerId}`);
  expect(names).toEqual([...names].sort());
  const first = page(world, 'a/warm', { limit: '2' });
  const rest = page(world, 'a/warm', { continuationToken: first.continuationToken ?? '' });
  expect([...first.workers, ...rest.workers]).toEqual(all);
  expect(seen(world, 'a/warm', { workerState: 'running' })).toEqual(all);
  expect(seen(world, 'a/warm', { workerState: 'stopped' })).toEqual([]);
  expect(world.call('workerManager', 'listWorkers', ['a', 'warm'], { query: { workerState: 'standalone' } }).status).toBe(400);
});

test('that it still asks is noted every half hour, and a day after the last time it is swept away at night', () => {
  const world = worldOf([pool('a/once'), pool('hw/mac', { known: false, maxCapacity: 1 })]);
  create(world, 'a/once');
  pass(world, 100 * MINUTE);
  expect(seen(world, 'hw/mac')).toMatchObject([{ firstClaim: iso(START), lastDateActive: iso(START + 90 * MINUTE) }]);
  const [stopped] = seen(world, 'a/once');
  expect(stopped).toMatchObject({ state: 'stopped', lastDateActive: stopped?.firstClaim });
  const path = ['a', 'once', stopped?.workerGroup ?? '', stopped?.workerId ?? ''];
  expect(world.call('workerManager', 'getWorker', path).status).toBe(200);
  world.advanceTo(Date.parse(stopped?.lastDateActive ?? '') + DAY);
  expect(world.call('workerManager', 'getWorker', path).status).toBe(404);
  expect(seen(world, 'a/once')).toHaveLength(1);
  pass(world, 4 * HOUR);
  expect(seen(world, 'a/once')).toEqual([]);
  expect(seen(world, 'hw/mac')).toHaveLength(1);
});

test('a quarantined worker goes on asking and is given nothing until its time is over', () => {
  const world = worldOf([pool('hw/mac', { known: false, maxCapacity: 1 })]);
  const [worker = { workerGroup: '', workerId: '' }] = seen(world, 'hw/mac');
  const until = START + 2 * HOUR;
  expect(quarantine(world, 'hw/mac', worker, until)).toMatchObject({
    status: 200,
    body: { taskQueueId: 'hw/mac', workerId: worker.workerId, quarantineUntil: iso(until), recentTasks: [] },
  });
  const taskId = create(world, 'hw/mac');
  pass(world, HOUR);
  expect(statusOf(world, taskId).state).toBe('pending');
  expect(seen(world, 'hw/mac', { quarantined: 'true' })).toMatchObject([
    { quarantineUntil: iso(until), lastDateActive: iso(START + HOUR) },
  ]);
  pass(world, HOUR + 10 * SECOND);
  expect(timeToClaim(world, taskId)).toBeGreaterThanOrEqual(2 * HOUR);
  expect(seen(world, 'hw/mac', { quarantined: 'true' })).toEqual([]);
  expect(seen(world, 'hw/mac')).toHaveLength(1);
});

test('a quarantine may be lifted, and one that was set anew holds to its new end', () => {
  const world = worldOf([pool('hw/mac', { known: false, maxCapacity: 1 })]);
  const [worker = { workerGroup: '', workerId: '' }] = seen(world, 'hw/mac');
  quarantine(world, 'hw/mac', worker, START + MINUTE);
  quarantine(world, 'hw/mac', worker, START + HOUR);
  const first = create(world, 'hw/mac');
  pass(world, 30 * MINUTE);
  expect(timeToClaim(world, first)).toBeUndefined();
  quarantine(world, 'hw/mac', worker, world.now);
  pass(world, 10 * SECOND);
  expect(timeToClaim(world, first)).toBeLessThan(31 * MINUTE);
});

test('quarantined workers of a cloud are replaced', () => {
  const world = worldOf([pool('a/one', { minCapacity: 1 })]);
  const [worker = { workerGroup: '', workerId: '' }] = seen(world, 'a/one');
  quarantine(world, 'a/one', worker, START + DAY);
  pass(world, 10 * MINUTE);
  expect(world.truth.workersCreated('a/one')).toHaveLength(1);
  const taskId = create(world, 'a/one');
  pass(world, 10 * SECOND);
  expect(statusOf(world, taskId).runs[0]?.workerId).not.toBe(worker.workerId);
  expect(timeToClaim(world, taskId)).toBeLessThan(10 * SECOND);
});

test('a worker that never asked cannot be quarantined, nor one without saying until when', () => {
  const world = worldOf([pool('hw/mac', { known: false, maxCapacity: 1 })]);
  expect(quarantine(world, 'hw/mac', { workerGroup: 'mdc1', workerId: 'nobody' }, START + HOUR).status).toBe(404);
  const [{ workerGroup, workerId } = { workerGroup: '', workerId: '' }] = seen(world, 'hw/mac');
  for (const payload of [{}, { quarantineUntil: 'tomorrow' }, { quarantineUntil: iso(START), why: 'x' }]) {
    expect(world.call('queue', 'quarantineWorker', ['hw', 'mac', workerGroup, workerId], { payload }).status).toBe(400);
  }
});

test('the queue refuses a name that no pool can have, and worker-manager merely knows no worker of it', () => {
  const world = worldOf([]);
  const path = ['hw', 'm.c', 'mdc1', 'mac'];
  expect(world.call('queue', 'quarantineWorker', path, { payload: { quarantineUntil: iso(START) } })).toMatchObject({
    status: 400,
    body: { code: 'InvalidRequestArguments' },
  });
  expect(world.call('workerManager', 'getWorker', path).status).toBe(404);
  expect(page(world, 'hw/m.c')).toEqual({ workers: [] });
});

test.each([
  ['listWorkers', ['a', 'warm']],
  ['listWorkersForWorkerPool', ['a/warm']],
  ['listWorkerPoolErrors', ['a/warm']],
])('%s takes no underscore in the id of a launch configuration', (method, args) => {
  const world = worldOf([pool('a/warm')]);
  const status = (launchConfigId: string) => world.call('workerManager', method, args, { query: { launchConfigId } }).status;
  expect([status('lc-a-warm'), status('lc_a_warm')]).toEqual([200, 400]);
});
