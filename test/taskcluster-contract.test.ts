import { afterEach, describe, expect, test } from 'vitest';
import type { DueCanary } from '../src/evidence/fact.ts';
import type { Probe } from '../src/evidence/probe.ts';
import { Secret } from '../src/evidence/secret.ts';
import type { TaskStatus } from '../src/evidence/task.ts';
import type { Clock, Taskcluster } from '../src/ports.ts';
import { serveTaskcluster } from '../src/sandbox/taskcluster/serve.ts';
import type { Call } from '../src/taskcluster/call.ts';
import { httpCall } from '../src/taskcluster/client.ts';
import { byHand, draftFor } from '../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../src/taskcluster/door.ts';
import { randomTaskId, taskGroupIdOf } from '../src/taskcluster/identity.ts';
import { worldCall } from '../src/world/call.ts';
import { World } from '../src/world/world.ts';
import { clockOf } from './support/clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const boot = { p50: 30 * SECOND, p95: 40 * SECOND };
const FAST = 'test-1/decision';
const COLD = 'test-1/b-linux';
const NOBODY = 'test-1/nobody';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Ways to the one simulated deployment. The first is what the simulation lives in, the second what a user has. */
const faces: [string, (world: World, clock: Clock) => Promise<Call>][] = [
  ['in process', async (world, clock) => worldCall(world, clock)],
  ['over HTTP, signed', overHttp],
];

async function overHttp(world: World, clock: Clock): Promise<Call> {
  const client = { clientId: 'project/canary', accessToken: 'c2VjcmV0LWFjY2Vzcy10b2tlbg', scopes: ['*'] };
  const options = { port: 0, clients: [client], anonymousScopes: [], advance: () => undefined, clock };
  const server = await serveTaskcluster(world, options);
  stops.push(() => server.close());
  const credentials = { clientId: client.clientId, accessToken: new Secret(client.accessToken) };
  return httpCall({ rootUrl: server.url, clock, credentials });
}

describe.each(faces)('Taskcluster, %s', (_name, face) => {
  /** A small deployment whose time passes only as the test has it. */
  async function deployment() {
    const world = new World({
      seed: 1,
      start: Math.floor(Date.now() / SECOND) * SECOND,
      provisionEvery: 5 * SECOND,
      pools: [
        { pool: FAST, runs: 'd2g', minCapacity: 1, maxCapacity: 4, boot },
        { pool: COLD, runs: 'generic-worker', maxCapacity: 4, boot },
        { pool: 'test-1/win11', runs: 'generic-worker-windows', maxCapacity: 4, boot },
      ],
    });
    const clock = clockOf(() => world.now);
    const door = taskclusterDoor(await face(world, clock), clock);
    const draft = draftFor({
      deployment: 'contract',
      task: { schedulerId: 'tc-canary', owner: 'a@example.com', source: 'https://example.com/' },
    });
    const canary = (pool: string, slot = world.now) =>
      draft({ name: pool, pool, priority: 'lowest', deadline: 60 * MINUTE } as Probe, slot, 'docker-worker');
    return { world, door, canary, pass: (ms: number) => world.advanceTo(world.now + ms) };
  }

  async function created(door: Taskcluster, canary: DueCanary): Promise<TaskStatus> {
    const answer = await door.create(canary);
    if (!answer.ok) throw new Error(answer.detail);
    return answer.value;
  }

  async function lookedAt(door: Taskcluster, taskId: string): Promise<TaskStatus | undefined> {
    const answer = await door.statuses([taskId]);
    return answer.ok ? answer.value[0] : undefined;
  }

  async function claimed({ door, pass }: Awaited<ReturnType<typeof deployment>>, taskId: string) {
    for (let seconds = 0; seconds < 300; seconds++) {
      const run = (await lookedAt(door, taskId))?.runs[0];
      if (run?.started !== undefined) return run;
      pass(SECOND);
    }
    throw new Error('nobody claimed it');
  }

  test('a created canary pends, as it was asked for', async () => {
    const { world, door, canary } = await deployment();
    const due = canary(NOBODY);
    const answer = await door.create(due);
    expect(answer).toEqual({
      ok: true,
      queueNow: expect.any(Number),
      value: {
        taskId: due.taskId,
        taskQueueId: NOBODY,
        schedulerId: 'tc-canary',
        taskGroupId: due.taskGroupId,
        state: 'pending',
        deadline: due.deadline,
        runs: [{ state: 'pending', scheduled: expect.any(Number) }],
      },
    });
    expect(Math.abs((answer.queueNow ?? 0) - world.now)).toBeLessThanOrEqual(SECOND);
  });

  test('the same canary created again is the same task, as it stands now', async () => {
    const { door, canary, pass } = await deployment();
    const due = canary(NOBODY);
    const first = await created(door, due);
    pass(MINUTE);
    expect(await created(door, due)).toEqual(first);
    await door.cancel(due.taskId);
    expect(await created(door, due)).toMatchObject({ state: 'exception', runs: [{ scheduled: first.runs[0]?.scheduled }] });
  });

  test('another definition under the same id conflicts, and changes nothing', async () => {
    const { door, canary } = await deployment();
    const due = canary(NOBODY);
    const first = await created(door, due);
    const other = due.definition.replace('"priority":"lowest"', '"priority":"low"');
    expect(await door.create({ ...due, definition: other })).toMatchObject({ ok: false, why: 'conflict' });
    expect(await lookedAt(door, due.taskId)).toEqual(first);
  });

  test('a canary of a slot long past is refused as invalid, and is not there', async () => {
    const { world, door, canary } = await deployment();
    const due = canary(NOBODY, world.now - 20 * MINUTE);
    expect(await door.create(due)).toMatchObject({ ok: false, why: 'invalid', detail: expect.stringContaining('created') });
    expect(await door.statuses([due.taskId])).toMatchObject({ ok: true, value: [] });
  });

  test('statuses leave out without a word what the queue does not know, and take any number of ids', async () => {
    const { world, door } = await deployment();
    const canaries = Array.from({ length: 230 }, () => byHand(NOBODY, world.now, MINUTE, 'lowest', 'empty'));
    for (const each of canaries) await created(door, each);
    const ids = canaries.map((each) => each.taskId);
    const strangers = Array.from({ length: 230 }, randomTaskId);
    const answer = await door.statuses([...ids, ...strangers]);
    expect(answer.ok && answer.value.map((status) => status.taskId).sort()).toEqual(ids.sort());
    expect(await door.statuses(strangers)).toMatchObject({ ok: true, value: [] });
  });

  test('cancelling ends what pends, and only tells of what has ended', async () => {
    const { door, canary, pass } = await deployment();
    const due = canary(NOBODY);
    const { runs } = await created(door, due);
    pass(10 * SECOND);
    const first = await door.cancel(due.taskId);
    expect(first).toMatchObject({
      ok: true,
      value: { state: 'exception', runs: [{ state: 'exception', reasonResolved: 'canceled' }] },
    });
    expect(first.ok && first.value.runs[0]).not.toHaveProperty('started');
    expect(first.ok && (first.value.runs[0]?.resolved ?? 0) - (runs[0]?.scheduled ?? 0)).toBeGreaterThanOrEqual(10 * SECOND);
    pass(10 * SECOND);
    const again = await door.cancel(due.taskId);
    expect(again.ok && again.value).toEqual(first.ok && first.value);
  });

  test('cancelling what nobody created finds nothing', async () => {
    const { door } = await deployment();
    expect(await door.cancel(randomTaskId())).toMatchObject({ ok: false, why: 'missing' });
  });

  test('cancelling conflicts past the deadline, which ends the canary by itself', async () => {
    const { world, door, pass } = await deployment();
    const due = byHand(NOBODY, world.now, MINUTE, 'lowest', 'empty');
    await created(door, due);
    pass(61 * SECOND);
    expect(await door.cancel(due.taskId)).toMatchObject({ ok: false, why: 'conflict' });
    pass(2 * MINUTE);
    expect(await lookedAt(door, due.taskId)).toMatchObject({
      state: 'exception',
      runs: [{ reasonResolved: 'deadline-exceeded' }],
    });
  });

  test("a day's group holds its canaries with the tags that tell whose they are", async () => {
    const { world, door, canary } = await deployment();
    const [one, two] = [canary(FAST), canary(NOBODY)];
    await created(door, one);
    await created(door, two);
    const answer = await door.read({ what: 'group', taskGroupId: taskGroupIdOf('contract', world.now) });
    const tasks = answer.ok ? answer.value.tasks : [];
    expect(new Map(tasks.map(({ status, tags }) => [status.taskId, tags['tc-canary-probe']]))).toEqual(
      new Map([
        [one.taskId, FAST],
        [two.taskId, NOBODY],
      ]),
    );
    for (const { tags } of tasks) {
      expect(tags).toMatchObject({ 'tc-canary-deployment': 'contract', 'tc-canary-slot': String(one.slot) });
    }
  });

  test('the group of a day without canaries is empty', async () => {
    const { door } = await deployment();
    expect(await door.read({ what: 'group', taskGroupId: randomTaskId() })).toMatchObject({ ok: true, value: { tasks: [] } });
  });

  test('counts tell what pends, and are zero for a queue nobody knows', async () => {
    const { door, canary } = await deployment();
    const none = { ok: true, value: { what: 'counts', pending: 0, claimed: 0 } };
    expect(await door.read({ what: 'counts', pool: NOBODY })).toMatchObject(none);
    await created(door, canary(NOBODY));
    expect(await door.read({ what: 'counts', pool: NOBODY })).toMatchObject({ value: { pending: 1, claimed: 0 } });
  });

  test('a waiting worker claims warm: it was created before the canary', async () => {
    const setting = await deployment();
    const { door } = setting;
    const due = setting.canary(FAST);
    await created(door, due);
    const { workerGroup = '', workerId = '', scheduled, started = 0 } = await claimed(setting, due.taskId);
    const answer = await door.read({ what: 'worker', pool: FAST, workerGroup, workerId });
    expect(answer.ok && answer.value.created).toBeLessThan(scheduled);
    expect(started).toBeGreaterThan(scheduled);
  });

  test('a worker provisioned for the canary claims cold: it was created after it', async () => {
    const setting = await deployment();
    const { door } = setting;
    const due = setting.canary(COLD);
    await created(door, due);
    const { workerGroup = '', workerId = '', scheduled, started = 0 } = await claimed(setting, due.taskId);
    const answer = await door.read({ what: 'worker', pool: COLD, workerGroup, workerId });
    const workerCreated = answer.ok ? answer.value.created : 0;
    expect(workerCreated).toBeGreaterThanOrEqual(scheduled);
    expect(started).toBeGreaterThan(workerCreated);
  });

  test('a worker nobody knows is missing, as is a pool', async () => {
    const { door } = await deployment();
    const request = { what: 'worker', pool: FAST, workerGroup: 'nowhere', workerId: 'nobody' } as const;
    expect(await door.read(request)).toMatchObject({ ok: false, why: 'missing' });
    expect(await door.read({ what: 'pool', pool: NOBODY })).toMatchObject({ ok: false, why: 'missing' });
  });

  test('pools tell their limits and what their workers run, one by one and all together', async () => {
    const { door } = await deployment();
    const decision = {
      pool: FAST,
      provider: 'gcp',
      payload: 'docker-worker',
      minCapacity: 1,
      maxCapacity: 4,
      currentCapacity: 1,
    };
    expect(await door.read({ what: 'pool', pool: FAST })).toMatchObject({ ok: true, value: { info: decision } });
    const answer = await door.read({ what: 'pools' });
    expect(answer.ok && new Map(answer.value.infos.map((info) => [info.pool, info.payload]))).toEqual(
      new Map([
        [FAST, 'docker-worker'],
        [COLD, 'generic-worker'],
        ['test-1/win11', 'generic-worker-windows'],
      ]),
    );
  });

  test('what waits, what is worked on and by whom are told from the same canary, as it goes', async () => {
    const setting = await deployment();
    const { door, world, pass } = setting;
    const due = setting.canary(COLD);
    await created(door, due);
    const scheduled = world.now;
    pass(10 * SECOND);
    expect(await door.read({ what: 'oldest', pool: COLD })).toMatchObject({ value: { inserted: scheduled } });
    expect(await door.read({ what: 'claimed', pool: COLD })).toMatchObject({ value: { taskIds: [] } });
    expect(await door.read({ what: 'crew', pool: COLD })).toMatchObject({ value: { workers: [] } });
    const requested = await door.read({ what: 'workers', pool: COLD, limit: 10 });
    expect(requested).toMatchObject({ value: { workers: [{ state: 'requested', capacity: 1 }], all: true } });
    const { workerGroup, workerId } = await claimed(setting, due.taskId);
    const worker = `${workerGroup}/${workerId}`;
    expect(requested.ok && requested.value.workers[0]?.worker).toBe(worker);
    const oldest = await door.read({ what: 'oldest', pool: COLD });
    expect(oldest.ok && oldest.value).toEqual({ what: 'oldest' });
    const crew = await door.read({ what: 'crew', pool: COLD });
    const [seen] = crew.ok ? crew.value.workers : [];
    expect(seen).toMatchObject({ worker, state: 'running', quarantined: false, latestTask: due.taskId });
    expect(seen?.lastActive).toBeGreaterThan(scheduled);
  });

  test('a task that runs is among the claimed until it ends', async () => {
    const setting = await deployment();
    const { door, pass } = setting;
    const due = setting.canary(FAST);
    await created(door, due);
    await claimed({ ...setting, pass: (ms) => pass(ms / 20) }, due.taskId);
    expect(await door.read({ what: 'claimed', pool: FAST })).toMatchObject({ value: { taskIds: [due.taskId] } });
    pass(MINUTE);
    expect(await door.read({ what: 'claimed', pool: FAST })).toMatchObject({ value: { taskIds: [] } });
  });

  test("the fleet's workforce is every pool's, and its errors are none", async () => {
    const { door } = await deployment();
    const none = { count: 0, capacity: 0 };
    const idle = { requested: none, running: none, stopping: none, stopped: none };
    expect(await door.read({ what: 'fleet' })).toMatchObject({
      value: {
        pools: [
          { pool: COLD, workforce: idle },
          { pool: FAST, workforce: { ...idle, running: { count: 1, capacity: 1 } } },
          { pool: 'test-1/win11', workforce: idle },
        ],
      },
    });
    const errors = await door.read({ what: 'fleet-errors' });
    expect(errors.ok && errors.value.stats.byPool).toEqual({});
    expect(errors.ok && errors.value.stats.hourly.map(({ count }) => count)).toEqual(Array.from({ length: 24 }, () => 0));
  });
});
