import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bodyOf,
  countsOf,
  create,
  DAY,
  draft,
  HOUR,
  iso,
  MINUTE,
  pass,
  pool,
  SECOND,
  START,
  type StatusBody,
  statusOf,
  worldOf,
} from './support/world.ts';

const NOBODY = 'nobody/home';
const ID = 'Qgk1gq4cRPmqQ_89h1zQ3g';

function refusal(world: ReturnType<typeof worldOf>, more: Record<string, unknown>, taskId = world.newId()) {
  const { status, body } = world.call('queue', 'createTask', [taskId], { payload: draft(world, NOBODY, more) });
  return { ...(body as { code?: string; message?: string }), status };
}

test('the same id and definition is the same task, however its keys are ordered and its defaults spelled', () => {
  const world = worldOf([]);
  const definition = draft(world, NOBODY);
  const first = world.call('queue', 'createTask', [ID], { payload: definition });
  pass(world, 3 * MINUTE);
  const backwards = { tags: {}, projectId: 'none', ...Object.fromEntries(Object.entries(definition).reverse()) };
  const again = world.call('queue', 'createTask', [ID], { payload: backwards });
  expect(first.status).toBe(200);
  expect(again).toMatchObject({ status: 200, body: first.body });
  expect(world.truth.tasks.size).toBe(1);
});

test('a repeated create answers the status as it stands now, also after a cancel', () => {
  const world = worldOf([]);
  const definition = draft(world, NOBODY);
  world.call('queue', 'createTask', [ID], { payload: definition });
  world.call('queue', 'cancelTask', [ID]);
  const again = world.call('queue', 'createTask', [ID], { payload: definition });
  expect(again).toMatchObject({ status: 200, body: { status: { state: 'exception' } } });
});

test('the same id with anything else is a conflict, and leaves the task as it was', () => {
  const world = worldOf([]);
  const definition = draft(world, NOBODY);
  world.call('queue', 'createTask', [ID], { payload: definition });
  const other = world.call('queue', 'createTask', [ID], { payload: { ...definition, tags: { slot: '2' } } });
  expect(other).toMatchObject({
    status: 409,
    body: { code: 'RequestConflict', message: expect.stringContaining('already used') },
  });
  expect(world.call('queue', 'task', [ID]).body).toMatchObject({ tags: {} });
});

test('a changed priority makes the first definition a conflict', () => {
  const world = worldOf([]);
  const definition = draft(world, NOBODY);
  world.call('queue', 'createTask', [ID], { payload: definition });
  world.call('queue', 'changeTaskPriority', [ID], { payload: { newPriority: 'high' } });
  expect(statusOf(world, ID).priority).toBe('high');
  expect(world.call('queue', 'createTask', [ID], { payload: definition }).status).toBe(409);
});

test('`created` may be off by 15 minutes and no more, also when it is a repeat', () => {
  const world = worldOf([]);
  const definition = draft(world, NOBODY);
  expect(refusal(world, { created: iso(START - 15 * MINUTE) }).status).toBe(200);
  expect(refusal(world, { created: iso(START - 15 * MINUTE - 1) })).toMatchObject({
    status: 400,
    code: 'InputError',
    message: expect.stringContaining('`created` cannot be in the past (max 15min drift)'),
  });
  expect(refusal(world, { created: iso(START + 16 * MINUTE) })).toMatchObject({ status: 400, code: 'InputError' });
  world.call('queue', 'createTask', [ID], { payload: definition });
  pass(world, 16 * MINUTE);
  expect(world.call('queue', 'createTask', [ID], { payload: definition })).toMatchObject({
    status: 400,
    body: { code: 'InputError' },
  });
});

test('the deadline lies at most five days and the drift ahead, and `expires` not before it', () => {
  const world = worldOf([]);
  const far = START + 5 * DAY + 15 * MINUTE;
  expect(refusal(world, { deadline: iso(far) }).status).toBe(200);
  expect(refusal(world, { deadline: iso(far + 1) })).toMatchObject({ status: 400, code: 'InputError' });
  expect(refusal(world, { created: iso(START - MINUTE), deadline: iso(START - 1) }).message).toContain(
    '`deadline` cannot be in the past',
  );
  expect(refusal(world, { expires: iso(START + HOUR) }).message).toContain('`expires` cannot be before `deadline`');
});

test('`expires` left out is a year after the deadline, and a task is gone after it', () => {
  const world = worldOf([]);
  const { expires: _, ...open } = draft(world, NOBODY);
  world.call('queue', 'createTask', [ID], { payload: open });
  expect(statusOf(world, ID).expires).toBe('2027-10-09T03:00:00.000Z');
  const brief = create(world, NOBODY, { expires: iso(START + 6 * HOUR) });
  pass(world, 6 * HOUR + 1);
  expect(world.call('queue', 'status', [brief])).toMatchObject({ status: 404, body: { code: 'ResourceNotFound' } });
});

test('what is malformed is named, all at once', () => {
  const world = worldOf([]);
  const answer = refusal(world, {
    priority: 'urgent',
    retries: 99,
    taskQueueId: 'a/Bad_Name',
    extraField: 1,
    metadata: { name: 'x' },
  });
  expect(answer).toMatchObject({ status: 400, code: 'InputValidationError' });
  for (const part of ['extraField', 'data/priority', 'data/retries must be <= 49', 'data/taskQueueId', "'owner'"]) {
    expect(answer.message).toContain(part);
  }
});

test('a task group has one scheduler, and takes nothing once it is sealed', () => {
  const world = worldOf([]);
  const taskGroupId = world.newId();
  const taskId = create(world, NOBODY, { taskGroupId });
  expect(refusal(world, { taskGroupId, schedulerId: 'other' })).toMatchObject({ status: 409, code: 'RequestConflict' });
  world.call('queue', 'sealTaskGroup', [taskGroupId]);
  const late = world.newId();
  expect(refusal(world, { taskGroupId }, late)).toMatchObject({ status: 409, message: expect.stringContaining('is sealed') });
  expect(world.call('queue', 'status', [late]).status).toBe(404);
  expect(world.call('queue', 'status', [taskId]).status).toBe(200);
});

test('an unknown pool takes tasks, which pend', () => {
  const world = worldOf([]);
  const taskId = create(world, NOBODY);
  pass(world, 3 * HOUR);
  expect(statusOf(world, taskId)).toMatchObject({ state: 'pending', runs: [{ runId: 0, reasonCreated: 'scheduled' }] });
  expect(countsOf(world, NOBODY)).toMatchObject({ pendingTasks: 1, claimedTasks: 0 });
});

test('statuses leaves out ids it does not know or cannot read, collapses repeated ones, and pages', () => {
  const world = worldOf([]);
  const known = Array.from({ length: 5 }, () => create(world, NOBODY));
  const taskIds = [world.newId(), ...known, 'nonsense', ...known];
  const ask = (query: Record<string, string>) =>
    bodyOf<{ statuses: { taskId: string; status: StatusBody }[]; continuationToken?: string }>(
      world.call('queue', 'statuses', [], { payload: { taskIds }, query }),
    );
  expect(new Set(ask({}).statuses.map(({ taskId }) => taskId))).toEqual(new Set(known));
  expect(ask({}).statuses).toHaveLength(5);
  const first = ask({ limit: '3' });
  const second = ask({ limit: '3', continuationToken: first.continuationToken ?? '' });
  expect([...first.statuses, ...second.statuses].map(({ taskId }) => taskId).sort()).toEqual([...known].sort());
  expect(second.continuationToken).toBeUndefined();
});

test('the pages of a task group hold each of its tasks once, whatever their size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 15 }), (size, limit) => {
      const world = worldOf([]);
      const taskGroupId = world.newId();
      const made = Array.from({ length: size }, () => create(world, NOBODY, { taskGroupId }));
      const seen: string[] = [];
      let continuationToken: string | undefined;
      do {
        const query = { limit: String(limit), ...(continuationToken && { continuationToken }) };
        const page = bodyOf<{ tasks: { status: StatusBody }[]; continuationToken?: string }>(
          world.call('queue', 'listTaskGroup', [taskGroupId], { query }),
        );
        seen.push(...page.tasks.map(({ status }) => status.taskId));
        continuationToken = page.continuationToken;
      } while (continuationToken !== undefined);
      expect(seen.sort()).toEqual(made.sort());
    }),
    { numRuns: 30 },
  );
});

test('a page holds at most a thousand', () => {
  const world = worldOf([]);
  const taskGroupId = world.newId();
  for (let i = 0; i < 1001; i++) create(world, NOBODY, { taskGroupId });
  const { tasks, continuationToken } = bodyOf<{ tasks: unknown[]; continuationToken?: string }>(
    world.call('queue', 'listTaskGroup', [taskGroupId], { query: { limit: '5000' } }),
  );
  expect(tasks).toHaveLength(1000);
  expect(continuationToken).toBeDefined();
});

test('an unknown task group is a 404, and a token of foreign characters a 400', () => {
  const world = worldOf([]);
  expect(world.call('queue', 'listTaskGroup', [ID])).toMatchObject({ status: 404, body: { code: 'ResourceNotFound' } });
  const query = { continuationToken: '***' };
  expect(world.call('queue', 'listTaskGroup', [ID], { query })).toMatchObject({ status: 400, body: { code: 'InputError' } });
});

test('cancelling ends a pending task, leaves a resolved one as it is, and is a conflict past the deadline', () => {
  const world = worldOf([pool('a/warm', { minCapacity: 1 })]);
  const pending = create(world, NOBODY);
  const short = create(world, NOBODY, { deadline: iso(START + MINUTE) });
  const done = create(world, 'a/warm');
  pass(world, 30 * SECOND);
  const cancel = (taskId: string) => world.call('queue', 'cancelTask', [taskId]);
  expect(cancel(pending)).toMatchObject({
    status: 200,
    body: { status: { state: 'exception', runs: [{ reasonResolved: 'canceled', resolved: iso(world.now) }] } },
  });
  expect(countsOf(world, NOBODY).pendingTasks).toBe(1);
  expect(cancel(done)).toMatchObject({ status: 200, body: { status: { state: 'completed' } } });
  expect(cancel(world.newId()).status).toBe(404);
  pass(world, MINUTE);
  expect(cancel(short)).toMatchObject({ status: 409, body: { code: 'RequestConflict' } });
});

test('cancelling a running task ends it as canceled', () => {
  const world = worldOf([pool('a/warm', { minCapacity: 1, run: { p50: HOUR, p95: 2 * HOUR } })]);
  const taskId = create(world, 'a/warm');
  pass(world, 10 * SECOND);
  expect(statusOf(world, taskId).state).toBe('running');
  world.call('queue', 'cancelTask', [taskId]);
  pass(world, 5 * HOUR);
  expect(statusOf(world, taskId)).toMatchObject({ state: 'exception', runs: [{ reasonResolved: 'canceled' }] });
});

test('an unclaimed task leaves the line at its deadline, and is resolved about a minute later', () => {
  const world = worldOf([]);
  const deadline = START + 10 * MINUTE;
  const taskId = create(world, NOBODY, { deadline: iso(deadline) });
  world.advanceTo(deadline + 59 * SECOND);
  expect(statusOf(world, taskId).state).toBe('pending');
  expect(countsOf(world, NOBODY).pendingTasks).toBe(0);
  world.advanceTo(deadline + 66 * SECOND);
  expect(statusOf(world, taskId)).toMatchObject({ state: 'exception', runs: [{ reasonResolved: 'deadline-exceeded' }] });
  expect(statusOf(world, taskId).runs[0]?.started).toBeUndefined();
});

test('tasks are claimed by priority, then age', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('highest', 'medium', 'lowest'), { minLength: 2, maxLength: 8 }), (priorities) => {
      const world = worldOf([pool('a/one', { maxCapacity: 1 })]);
      const made = priorities.map((priority) => {
        pass(world, SECOND);
        return { priority, taskId: create(world, 'a/one', { priority }) };
      });
      pass(world, HOUR);
      const claimed = made
        .map((one) => ({ ...one, at: statusOf(world, one.taskId).runs[0]?.started ?? 'never' }))
        .sort((a, b) => (a.at < b.at ? -1 : 1))
        .map(({ taskId }) => taskId);
      const rank = ['highest', 'medium', 'lowest'];
      const expected = [...made].sort((a, b) => rank.indexOf(a.priority) - rank.indexOf(b.priority));
      expect(claimed).toEqual(expected.map(({ taskId }) => taskId));
    }),
    { numRuns: 30 },
  );
});

test('a payload that the workers do not run is claimed and resolved as malformed at once', () => {
  const world = worldOf([pool('a/native', { minCapacity: 1 }), pool('a/docker', { runs: 'd2g', minCapacity: 1 })]);
  const docker = { image: 'alpine', command: ['/bin/true'], maxRunTime: 60 };
  const claimOnly = create(world, 'a/native', { payload: {} });
  const wrong = create(world, 'a/native', { payload: docker });
  const right = create(world, 'a/docker', { payload: docker });
  pass(world, MINUTE);
  expect(statusOf(world, claimOnly)).toMatchObject({ state: 'exception', runs: [{ reasonResolved: 'malformed-payload' }] });
  expect(statusOf(world, wrong).state).toBe('exception');
  expect(statusOf(world, right).state).toBe('completed');
});

test('the built-in pools resolve by themselves within two seconds', () => {
  const world = worldOf([]);
  const ids = ['built-in/succeed', 'built-in/fail'].map((id) => create(world, id, { payload: {} }));
  const odd = create(world, 'built-in/succeed', { payload: { a: 1 } });
  pass(world, 2 * SECOND);
  expect([...ids, odd].map((id) => statusOf(world, id).state)).toEqual(['completed', 'failed', 'exception']);
});

test('pending tasks are listed oldest first whatever their priority, with their definitions', () => {
  const world = worldOf([]);
  const ids = ['lowest', 'high'].map((priority) => {
    pass(world, SECOND);
    return create(world, NOBODY, { priority });
  });
  const { tasks } = bodyOf<{ tasks: { taskId: string; inserted: string; task: { priority: string } }[] }>(
    world.call('queue', 'listPendingTasks', [NOBODY]),
  );
  expect(tasks.map(({ taskId }) => taskId)).toEqual(ids);
  expect(tasks[1]).toMatchObject({ inserted: iso(START + 2 * SECOND), task: { priority: 'high' } });
});

test('the claimed list holds what runs now', () => {
  const world = worldOf([pool('a/warm', { minCapacity: 1, run: { p50: HOUR, p95: 2 * HOUR } })]);
  const taskId = create(world, 'a/warm');
  pass(world, 10 * SECOND);
  expect(world.call('queue', 'listClaimedTasks', ['a/warm']).body).toMatchObject({ tasks: [{ taskId, runId: 0 }] });
  expect(countsOf(world, 'a/warm')).toMatchObject({ pendingTasks: 0, claimedTasks: 1 });
});

test('an answer carries the date in whole seconds, and what is done to its body changes nothing', () => {
  const world = worldOf([]);
  pass(world, 1234);
  const taskId = create(world, NOBODY);
  const reply = world.call('queue', 'task', [taskId]);
  expect(reply.date).toBe(START + SECOND);
  bodyOf<{ tags: Record<string, string> }>(reply).tags['mine'] = 'x';
  expect(world.call('queue', 'task', [taskId]).body).toMatchObject({ tags: {} });
});
