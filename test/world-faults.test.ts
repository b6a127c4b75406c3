import { expect, test } from 'vitest';
import type { Fault, ProviderError } from '../src/world/fault.ts';
import {
  bodyOf,
  countsOf,
  create,
  HOUR,
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

const HOUR_LONG = { from: START, until: START + HOUR };
const FULL: ProviderError = {
  kind: 'creation-error',
  title: 'Instance Creation Error',
  description: 'The zone does not have enough resources',
  code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
};

function errorsOf(world: ReturnType<typeof worldOf>, id: string) {
  return bodyOf<{ workerPoolErrors: { kind: string; title: string; reported: string; launchConfigId: string }[] }>(
    world.call('workerManager', 'listWorkerPoolErrors', [id]),
  ).workerPoolErrors;
}

/** A canary in each pool from the fault's beginning, ten minutes before its end and ten after. */
function throughFault(fault: Fault, pools = [pool('a/cold')]) {
  const world = worldOf(pools, { faults: [fault] });
  const ids = pools.map(({ pool: id }) => create(world, id));
  world.advanceTo(fault.until - 10 * MINUTE);
  const during = ids.map((taskId) => statusOf(world, taskId).state);
  const workers = pools.map(({ pool: id }) => world.truth.workersCreated(id).length);
  world.advanceTo(fault.until + 15 * MINUTE);
  return { world, ids, during, workers, after: ids.map((taskId) => statusOf(world, taskId).state) };
}

test('provisioner-stopped: nobody gets a worker, warm ones still claim, and all ends with it', () => {
  const { world, during, workers, after, ids } = throughFault({ kind: 'provisioner-stopped', ...HOUR_LONG }, [
    pool('a/cold'),
    pool('b/warm', { minCapacity: 1 }),
  ]);
  expect(during).toEqual(['pending', 'completed']);
  expect(workers).toEqual([0, 0]);
  expect(after).toEqual(['completed', 'completed']);
  expect(timeToClaim(world, ids[0] ?? '')).toBeGreaterThan(HOUR);
  expect(errorsOf(world, 'a/cold')).toEqual([]);
});

test('pool-skipped: one pool is left out without a word, the others are not', () => {
  const { world, during, after } = throughFault({ kind: 'pool-skipped', pools: ['a/c*'], ...HOUR_LONG }, [
    pool('a/cold'),
    pool('b/cold'),
  ]);
  expect(during).toEqual(['pending', 'completed']);
  expect(after).toEqual(['completed', 'completed']);
  expect(world.truth.faultsOn('a/cold', START, START + MINUTE)).toHaveLength(1);
  expect(world.truth.faultsOn('b/cold', START, START + MINUTE)).toEqual([]);
  expect(world.truth.faultsOn('a/cold', START + HOUR, START + 2 * HOUR)).toEqual([]);
});

test('creation-fails: every request is an error that says why', () => {
  const { world, during, workers, after } = throughFault({ kind: 'creation-fails', error: FULL, ...HOUR_LONG });
  expect([during, workers, after]).toEqual([['pending'], [0], ['completed']]);
  const [newest, ...older] = errorsOf(world, 'a/cold');
  expect(newest).toMatchObject({ kind: 'creation-error', title: FULL.title, description: FULL.description });
  expect(older.length).toBeGreaterThan(50);
  expect(newest?.reported).toBe(
    [newest, ...older]
      .map((error) => error?.reported)
      .sort()
      .at(-1),
  );
  const stats = bodyOf<{ totals: { total: number; title: object; hourly: Record<string, number> } }>(
    world.call('workerManager', 'workerPoolErrorStats', [], { query: { workerPoolId: 'a/cold' } }),
  );
  expect(stats.totals).toMatchObject({ total: older.length + 1, title: { [FULL.title]: older.length + 1 } });
  expect(Object.keys(stats.totals.hourly)).toHaveLength(24);
});

test('creation-fails in one region only costs time', () => {
  const fault: Fault = { kind: 'creation-fails', error: FULL, regions: ['us-west1'], ...HOUR_LONG };
  const world = worldOf([pool('a/cold')], { faults: [fault] });
  const ids = Array.from({ length: 8 }, () => create(world, 'a/cold'));
  pass(world, 30 * MINUTE);
  expect(ids.every((taskId) => statusOf(world, taskId).state === 'completed')).toBe(true);
  expect(errorsOf(world, 'a/cold').every(({ launchConfigId }) => launchConfigId.includes('us-west1'))).toBe(true);
  expect(errorsOf(world, 'a/cold').length).toBeGreaterThan(0);
});

test('boot-slow: the worker stays requested, and its pool gets no other meanwhile', () => {
  const world = worldOf([pool('a/cold')], { faults: [{ kind: 'boot-slow', factor: 60, ...HOUR_LONG }] });
  const taskId = create(world, 'a/cold');
  pass(world, 20 * MINUTE);
  expect(statusOf(world, taskId).state).toBe('pending');
  expect(workersOf(world, 'a/cold')).toMatchObject([{ state: 'requested' }]);
  pass(world, 5 * HOUR);
  expect(statusOf(world, taskId).state).toBe('completed');
});

test('boot-fails: workers come and go, and nothing is claimed', () => {
  const { world, during, workers, after } = throughFault({ kind: 'boot-fails', ...HOUR_LONG });
  expect([during, after]).toEqual([['pending'], ['completed']]);
  expect(workers[0]).toBeGreaterThan(10);
  expect(workersOf(world, 'a/cold').filter(({ state }) => state === 'stopped').length).toBeGreaterThan(10);
});

test('workers-mute: workers run, the pool is full, and nothing is claimed', () => {
  const fault: Fault = { kind: 'workers-mute', ...HOUR_LONG };
  const world = worldOf([pool('a/cold', { maxCapacity: 2 })], { faults: [fault] });
  const taskId = create(world, 'a/cold');
  pass(world, 40 * MINUTE);
  expect(statusOf(world, taskId).state).toBe('pending');
  expect(poolOf(world, 'a/cold').runningCapacity).toBeGreaterThan(0);
  expect(countsOf(world, 'a/cold')).toMatchObject({ pendingTasks: 1, claimedTasks: 0 });
  pass(world, HOUR);
  expect(statusOf(world, taskId).state).toBe('completed');
});

test('workers-mute with `all` silences those already up; without, they go on', () => {
  const state = (all: boolean) => {
    const world = worldOf([pool('a/warm', { minCapacity: 1, maxCapacity: 1 })], {
      faults: [{ kind: 'workers-mute', all, ...HOUR_LONG }],
    });
    pass(world, SECOND);
    const taskId = create(world, 'a/warm');
    pass(world, 30 * MINUTE);
    return statusOf(world, taskId).state;
  };
  expect(state(true)).toBe('pending');
  expect(state(false)).toBe('completed');
});

test('runaway with mute workers: existing capacity climbs past the maximum, up to its limit', () => {
  const faults: Fault[] = [
    { kind: 'runaway', batch: 10, upTo: 80, ...HOUR_LONG },
    { kind: 'workers-mute', ...HOUR_LONG },
  ];
  const world = worldOf([pool('a/metal', { maxCapacity: 10, capacityPerWorker: 4 })], { faults });
  create(world, 'a/metal');
  pass(world, 5 * MINUTE);
  expect(poolOf(world, 'a/metal').currentCapacity).toBe(80);
  expect(countsOf(world, 'a/metal').claimedTasks).toBe(0);
});

test('orphaned: the task pends by its status alone', () => {
  const fault: Fault = { kind: 'orphaned', ...HOUR_LONG };
  const { world, ids, during, after } = throughFault(fault, [pool('a/warm', { minCapacity: 1 })]);
  expect([during, after]).toEqual([['pending'], ['pending']]);
  expect(countsOf(world, 'a/warm').pendingTasks).toBe(0);
  expect(world.call('queue', 'listPendingTasks', ['a/warm']).body).toEqual({ tasks: [] });
  expect(world.call('queue', 'cancelTask', ids.slice(0, 1))).toMatchObject({ body: { status: { state: 'exception' } } });
});

test('backlog: real tasks stand before a canary of the lowest priority, and claims move', () => {
  const fault: Fault = {
    kind: 'backlog',
    tasks: 40,
    priority: 'high',
    duration: { p50: 5 * MINUTE, p95: 8 * MINUTE },
    from: START,
    until: START + MINUTE,
  };
  const world = worldOf([pool('a/busy', { minCapacity: 2, maxCapacity: 2 })], { faults: [fault] });
  pass(world, MINUTE);
  const taskId = create(world, 'a/busy');
  const claimed = () =>
    bodyOf<{ tasks: { taskId: string }[] }>(world.call('queue', 'listClaimedTasks', ['a/busy'])).tasks.map((one) => one.taskId);
  const before = claimed();
  pass(world, 30 * MINUTE);
  expect(statusOf(world, taskId).state).toBe('pending');
  expect(countsOf(world, 'a/busy').pendingTasks).toBeGreaterThan(20);
  expect(claimed().some((one) => before.includes(one))).toBe(false);
  pass(world, 4 * HOUR);
  expect(statusOf(world, taskId).state).toBe('completed');
});

test('claims-expire: a task without retries ends after its claim, one with a retry runs again', () => {
  const faults: Fault[] = [{ kind: 'claims-expire', from: START, until: START + 5 * MINUTE }];
  const world = worldOf([pool('a/warm', { minCapacity: 2 })], { faults });
  const once = create(world, 'a/warm');
  const twice = create(world, 'a/warm', { retries: 1 });
  pass(world, 10 * MINUTE);
  expect([once, twice].map((taskId) => statusOf(world, taskId).state)).toEqual(['running', 'running']);
  pass(world, 15 * MINUTE);
  expect(statusOf(world, once)).toMatchObject({ state: 'exception', runs: [{ reasonResolved: 'claim-expired' }] });
  expect(statusOf(world, twice)).toMatchObject({
    state: 'completed',
    retriesLeft: 0,
    runs: [{ reasonResolved: 'claim-expired' }, { reasonCreated: 'retry', reasonResolved: 'completed' }],
  });
});

test('a fault may be added while the world runs', () => {
  const world = worldOf([pool('a/cold')]);
  pass(world, MINUTE);
  world.addFault({ kind: 'pool-skipped', pools: ['a/cold'], from: world.now, until: world.now + HOUR });
  const taskId = create(world, 'a/cold');
  pass(world, 30 * MINUTE);
  expect(statusOf(world, taskId).state).toBe('pending');
});

test('hardware and the built-in pools stand outside faults that name no pool', () => {
  const world = worldOf([pool('hw/mac', { known: false })], { faults: [{ kind: 'workers-mute', all: true, ...HOUR_LONG }] });
  pass(world, SECOND);
  const ids = [create(world, 'hw/mac'), create(world, 'built-in/succeed', { payload: {} })];
  pass(world, 30 * SECOND);
  expect(ids.map((taskId) => statusOf(world, taskId).state)).toEqual(['completed', 'completed']);
});

test('pool-deleted: worker-manager knows the pool no more, and its tasks wait until it does again', () => {
  const { world, during, after } = throughFault({ kind: 'pool-deleted', pools: ['a/c*'], ...HOUR_LONG }, [
    pool('a/cold'),
    pool('b/cold'),
  ]);
  expect(during).toEqual(['pending', 'completed']);
  expect(after).toEqual(['completed', 'completed']);
  const again = worldOf([pool('a/cold'), pool('b/cold')], { faults: [{ kind: 'pool-deleted', pools: ['a/c*'], ...HOUR_LONG }] });
  expect(again.call('workerManager', 'workerPool', ['a/cold']).status).toBe(404);
  expect(bodyOf<{ workerPools: unknown[] }>(again.call('workerManager', 'listWorkerPools', [])).workerPools).toHaveLength(1);
  expect(world.call('workerManager', 'workerPool', ['a/cold']).status).toBe(200);
});
