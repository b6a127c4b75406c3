import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorkerKind } from '../src/world/spec.ts';
import type { World } from '../src/world/world.ts';
import {
  bodyOf,
  countsOf,
  create,
  DAY,
  HOUR,
  iso,
  MINUTE,
  pass,
  pool,
  poolOf,
  SECOND,
  START,
  statusOf,
  timeToClaim,
  workersOf,
  worldOf,
} from './support/world.ts';

function claimer(world: World, taskId: string, id: string): Date {
  const [run] = statusOf(world, taskId).runs;
  const reply = world.call('workerManager', 'worker', [id, run?.workerGroup ?? '', run?.workerId ?? '']);
  expect(reply.status).toBe(200);
  return new Date(bodyOf<{ created: string }>(reply).created);
}

test('the same seed makes the same history, and another seed another', () => {
  const history = (seed: number) => {
    const load = { perHour: 120, duration: { p50: MINUTE, p95: 5 * MINUTE } };
    const world = worldOf([pool('a/busy', { load, minCapacity: 1 }), pool('a/cold')], { seed });
    for (let i = 0; i < 12; i++) {
      create(world, i % 2 === 0 ? 'a/busy' : 'a/cold');
      pass(world, 10 * MINUTE);
    }
    const answers = ['a/busy', 'a/cold'].map((id) => world.call('workerManager', 'listWorkersForWorkerPool', [id]).body);
    return JSON.stringify([[...world.truth.tasks.values()], answers]);
  };
  expect(history(3)).toBe(history(3));
  expect(history(3)).not.toBe(history(4));
});

test('it does not matter in how many steps time passes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 10 * MINUTE }), { maxLength: 30 }), (steps) => {
      const load = { perHour: 60, duration: { p50: MINUTE, p95: 5 * MINUTE } };
      const [stepped, leapt] = [0, 1].map(() => worldOf([pool('a/busy', { load })])) as [World, World];
      for (const step of steps) pass(stepped, step);
      const end = START + 6 * HOUR;
      stepped.advanceTo(end);
      leapt.advanceTo(end);
      expect(stepped.call('workerManager', 'listWorkersForWorkerPool', ['a/busy'])).toEqual(
        leapt.call('workerManager', 'listWorkersForWorkerPool', ['a/busy']),
      );
    }),
    { numRuns: 10 },
  );
});

test('on an empty pool a task starts a worker and waits for its boot: a cold start', () => {
  const world = worldOf([pool('a/cold')]);
  const taskId = create(world, 'a/cold');
  pass(world, 35 * SECOND);
  expect(poolOf(world, 'a/cold')).toMatchObject({ requestedCapacity: 1, runningCapacity: 0, currentCapacity: 1 });
  expect(workersOf(world, 'a/cold')).toMatchObject([{ state: 'requested' }]);
  pass(world, 10 * MINUTE);
  expect(statusOf(world, taskId).state).toBe('completed');
  expect(claimer(world, taskId, 'a/cold').getTime()).toBeGreaterThan(START);
  expect(timeToClaim(world, taskId)).toBeGreaterThan(10 * SECOND);
});

test('a worker that waits takes the next task within seconds: a warm start', () => {
  const world = worldOf([pool('a/warm')]);
  create(world, 'a/warm');
  pass(world, 6 * MINUTE);
  const created = world.now;
  const taskId = create(world, 'a/warm');
  pass(world, 6 * SECOND);
  expect(timeToClaim(world, taskId)).toBeLessThanOrEqual(5 * SECOND);
  expect(claimer(world, taskId, 'a/warm').getTime()).toBeLessThan(created);
});

test('workers stop when they have been idle for long enough, but not below the minimum', () => {
  const world = worldOf([pool('a/one', { minCapacity: 1 }), pool('a/none')]);
  for (const id of ['a/one', 'a/none']) for (let i = 0; i < 4; i++) create(world, id, { priority: 'high' });
  pass(world, 20 * MINUTE);
  expect(poolOf(world, 'a/one').currentCapacity).toBe(1);
  expect(poolOf(world, 'a/none').currentCapacity).toBe(0);
  expect(poolOf(world, 'a/none').stoppedCount).toBeGreaterThan(0);
  expect(workersOf(world, 'a/none', { state: 'running' })).toEqual([]);
});

test('the workers of the minimum stay, however long nothing comes', () => {
  const world = worldOf([pool('a/two', { minCapacity: 2 })]);
  pass(world, 3 * HOUR);
  expect(workersOf(world, 'a/two')).toMatchObject([{ state: 'running' }, { state: 'running' }]);
  expect(world.truth.workersCreated('a/two')).toEqual([]);
});

test('while requested workers are on their way, further demand waits for them', () => {
  const world = worldOf([pool('a/slow', { boot: { p50: HOUR, p95: 2 * HOUR } })]);
  create(world, 'a/slow');
  pass(world, MINUTE);
  create(world, 'a/slow');
  pass(world, 5 * MINUTE);
  expect(world.truth.workersCreated('a/slow')).toHaveLength(1);
});

test('capacity stays between minimum and maximum under any load', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 3, max: 8 }),
      (seed, minCapacity, maxCapacity) => {
        const load = { perHour: 300, duration: { p50: 3 * MINUTE, p95: 15 * MINUTE } };
        const world = worldOf([pool('a/busy', { load, minCapacity, maxCapacity })], { seed });
        for (let i = 0; i < 20; i++) {
          pass(world, 7 * MINUTE);
          const { requestedCapacity, runningCapacity } = poolOf(world, 'a/busy');
          expect(requestedCapacity + runningCapacity).toBeGreaterThanOrEqual(minCapacity);
          expect(requestedCapacity + runningCapacity).toBeLessThanOrEqual(maxCapacity);
          expect(countsOf(world, 'a/busy').claimedTasks).toBeLessThanOrEqual(runningCapacity);
        }
      },
    ),
    { numRuns: 10 },
  );
});

test('one worker runs as many tasks at once as it has capacity', () => {
  const world = worldOf([pool('a/four', { capacityPerWorker: 4, maxCapacity: 4, run: { p50: HOUR, p95: 2 * HOUR } })]);
  for (let i = 0; i < 6; i++) create(world, 'a/four');
  pass(world, 10 * MINUTE);
  expect(countsOf(world, 'a/four')).toMatchObject({ pendingTasks: 2, claimedTasks: 4 });
  expect(workersOf(world, 'a/four')).toHaveLength(1);
});

test('workers are listed newest first, page by page, and for about a week after their end', () => {
  const world = worldOf([pool('a/cold', { idleTimeout: MINUTE })]);
  for (let i = 0; i < 3; i++) {
    create(world, 'a/cold');
    pass(world, 30 * MINUTE);
  }
  const all = workersOf(world, 'a/cold');
  expect(all.map(({ created }) => created)).toEqual([...all.map(({ created }) => created)].sort().reverse());
  expect(all).toHaveLength(3);
  expect(workersOf(world, 'a/cold', { limit: '1' })).toEqual(all.slice(0, 1));
  pass(world, 8 * DAY);
  expect(workersOf(world, 'a/cold')).toEqual([]);
});

test('hardware is unknown to worker-manager, and claims all the same', () => {
  const world = worldOf([pool('hw/mac', { known: false, maxCapacity: 2 })]);
  const taskId = create(world, 'hw/mac');
  pass(world, 10 * SECOND);
  const { workerGroup = '', workerId = '' } = statusOf(world, taskId).runs[0] ?? {};
  expect(statusOf(world, taskId).state).toBe('completed');
  for (const method of ['workerPool', 'listWorkersForWorkerPool']) {
    expect(world.call('workerManager', method, ['hw/mac']).status).toBe(404);
  }
  expect(world.call('workerManager', 'worker', ['hw/mac', workerGroup, workerId]).status).toBe(404);
  expect(world.call('workerManager', 'getWorker', ['hw', 'mac', workerGroup, workerId])).toMatchObject({
    status: 200,
    body: { state: 'standalone', recentTasks: [{ taskId }] },
  });
});

test('pools are listed by name, with the same capacities everywhere', () => {
  const world = worldOf([pool('b/two', { minCapacity: 2 }), pool('a/one', { minCapacity: 1 }), pool('hw/x', { known: false })]);
  const { workerPools } = bodyOf<{ workerPools: { workerPoolId: string; runningCapacity: number }[] }>(
    world.call('workerManager', 'listWorkerPools', []),
  );
  const { workerPoolsStats } = bodyOf<{ workerPoolsStats: object[] }>(world.call('workerManager', 'listWorkerPoolsStats', []));
  expect(workerPools).toMatchObject([
    { workerPoolId: 'a/one', runningCapacity: 1, config: { minCapacity: 1, maxCapacity: 10 } },
    { workerPoolId: 'b/two', runningCapacity: 2 },
  ]);
  expect(workerPools).toMatchObject(workerPoolsStats);
});

describe('a pool that runs', () => {
  const config = (runs: WorkerKind) => poolOf(worldOf([pool('a/x', { runs })]), 'a/x').config.launchConfigs[0];
  test.each<[WorkerKind, object]>([
    ['generic-worker', { workerConfig: { genericWorker: { config: { d2gConfig: { enableD2G: false } } } } }],
    ['d2g', { workerConfig: { genericWorker: { config: { d2gConfig: { enableD2G: true }, disableNativePayloads: true } } } }],
    ['docker-worker', { workerConfig: { dockerConfig: {}, shutdown: { enabled: true } } }],
    ['generic-worker-windows', { storageProfile: { osDisk: { osType: 'Windows' } }, workerConfig: { genericWorker: {} } }],
  ])('%s says so in its launch configuration', (runs, expected) => {
    expect(config(runs)).toMatchObject(expected);
  });
});

test('what really happened to a task is on record', () => {
  const world = worldOf([pool('a/cold')]);
  const taskId = create(world, 'a/cold');
  pass(world, 10 * MINUTE);
  const truth = world.truth.tasks.get(taskId);
  const [run] = statusOf(world, taskId).runs;
  expect(truth).toMatchObject({ pool: 'a/cold', scheduled: START, reason: 'completed' });
  expect(iso(truth?.claimed ?? 0)).toBe(run?.started);
  expect(world.truth.workersCreated('a/cold')).toEqual([truth?.workerCreated]);
});

test('the world tells when something happens next', () => {
  const world = worldOf([pool('a/cold')]);
  expect(world.nextEvent()).toBeUndefined();
  create(world, 'a/cold');
  expect(world.nextEvent()).toBeLessThanOrEqual(START + 30 * SECOND);
});
