import { describe, expect, test } from 'vitest';
import type { Call, Reply } from '../src/taskcluster/call.ts';
import { byHand } from '../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../src/taskcluster/door.ts';
import { randomTaskId } from '../src/taskcluster/identity.ts';
import { clockAt, ID, STATUS, scripted, T, wireError, wireStatus } from './support/scripted.ts';

const CANARY = byHand('gecko-3/decision', T, 600_000, 'lowest', 'empty');

describe('a task status', () => {
  test('comes with its instants in milliseconds', async () => {
    const { door } = scripted([{ status: 200, body: { status: wireStatus() } }]);
    expect(await door.create(CANARY)).toEqual({ ok: true, value: STATUS });
    expect(await door.cancel(ID)).toEqual({ ok: true, value: STATUS });
  });

  test('tells who claimed it, when, and how it ended', async () => {
    const run = {
      runId: 0,
      state: 'exception',
      reasonCreated: 'scheduled',
      reasonResolved: 'malformed-payload',
      workerGroup: 'us-central1-a',
      workerId: '1795515393253808288',
      takenUntil: '2021-10-08T23:22:00.000Z',
      scheduled: '2021-10-08T23:01:05.034Z',
      started: '2021-10-08T23:02:00.500Z',
      resolved: '2021-10-08T23:02:01.000Z',
    };
    const { door } = scripted([{ status: 200, body: { status: { ...wireStatus(ID, [run]), state: 'exception' } } }]);
    expect(await door.cancel(ID)).toEqual({
      ok: true,
      value: {
        ...STATUS,
        state: 'exception',
        runs: [
          {
            state: 'exception',
            reasonResolved: 'malformed-payload',
            workerGroup: 'us-central1-a',
            workerId: '1795515393253808288',
            scheduled: T + 34,
            started: T + 55_500,
            resolved: T + 56_000,
          },
        ],
      },
    });
  });

  test('is asked for by the names and arguments of the official reference', async () => {
    const { door, asked } = scripted([{ status: 200, body: { status: wireStatus() } }]);
    await door.create(CANARY);
    await door.cancel(ID);
    expect(asked).toEqual([
      ['queue', 'createTask', [CANARY.taskId], { payload: JSON.parse(CANARY.definition) }],
      ['queue', 'cancelTask', [ID]],
    ]);
  });
});

describe('many statuses', () => {
  const page = (ids: string[], continuationToken?: string): Reply => ({
    status: 200,
    body: {
      statuses: ids.map((taskId) => ({ taskId, status: wireStatus(taskId) })),
      ...(continuationToken && { continuationToken }),
    },
  });
  const idsOf = ([, , , more]: Parameters<Call>) => (more?.payload ?? { taskIds: [] }) as { taskIds: string[] };

  test('are asked for 200 a call', async () => {
    const ids = Array.from({ length: 450 }, randomTaskId);
    const asked: Parameters<Call>[] = [];
    const door = taskclusterDoor(async (...call) => {
      asked.push(call);
      return page(idsOf(call).taskIds);
    }, clockAt(T));
    const answer = await door.statuses(ids);
    expect(answer.ok && answer.value.map((status) => status.taskId)).toEqual(ids);
    expect(asked.map((call) => idsOf(call).taskIds.length)).toEqual([200, 200, 50]);
    expect(door.calls()).toBe(3);
  });

  test('come in pages, which are followed', async () => {
    const ids = ['a', 'b', 'c'];
    const { door, asked } = scripted([page(['a'], 'p2'), page([], 'p3'), page(['c'])]);
    const answer = await door.statuses(ids);
    expect(answer.ok && answer.value.map((status) => status.taskId)).toEqual(['a', 'c']);
    expect(asked.map((call) => call[3]?.query)).toEqual([{}, { continuationToken: 'p2' }, { continuationToken: 'p3' }]);
    expect(asked.map((call) => idsOf(call).taskIds)).toEqual([ids, ids, ids]);
    expect(door.calls()).toBe(3);
  });

  test('of nobody cost no call', async () => {
    const { door, asked } = scripted([]);
    expect(await door.statuses([])).toEqual({ ok: true, value: [] });
    expect(asked).toEqual([]);
    expect(door.calls()).toBe(0);
  });

  test('fail whole where one page fails, or where the pages go in circles', async () => {
    const failing = scripted([page(['a'], 'p2'), wireError(500, 'InternalServerError', 'no')]);
    expect(await failing.door.statuses(['a'])).toMatchObject({ ok: false, why: 'unreachable' });
    const circling = scripted([page(['a'], 'p2')]);
    expect(await circling.door.statuses(['a'])).toMatchObject({ ok: false, why: 'unreachable' });
  });
});

describe('an error', () => {
  test.each([
    [429, 'unreachable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
    [409, 'conflict'],
    [404, 'missing'],
    [400, 'invalid'],
    [413, 'invalid'],
    [401, 'refused'],
    [403, 'refused'],
  ])('of %i means %s, and says why in one line', async (status, why) => {
    const { door } = scripted([wireError(status, 'SomeError', '\nthe reason\nin two lines')]);
    const answer = await door.create(CANARY);
    expect(answer).toMatchObject({ ok: false, why, detail: expect.stringContaining('the reason') });
    expect(JSON.stringify(answer)).not.toMatch(/\\n|errorCode/);
  });

  test('of the network means unreachable', async () => {
    const { door } = scripted([{ status: 0, body: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' } }]);
    expect(await door.statuses([ID])).toEqual({ ok: false, why: 'unreachable', detail: 'connect ECONNREFUSED 127.0.0.1:1' });
    const bare = scripted([{ status: 0, body: { code: 'ECONNREFUSED', message: '' } }]);
    expect(await bare.door.statuses([ID])).toMatchObject({ detail: 'ECONNREFUSED' });
    expect(bare.door.calls()).toBe(1);
    const odd = scripted([{ status: 0, body: undefined }]);
    expect(await odd.door.statuses([ID])).toMatchObject({ why: 'unreachable', detail: 'no answer' });
  });

  test('about a stale timestamp is a matter of clocks, not of scopes', async () => {
    const { door } = scripted([wireError(401, 'AuthenticationFailed', 'Unauthorized: Stale timestamp')]);
    expect(await door.create(CANARY)).toMatchObject({
      ok: false,
      why: 'clock',
      detail: expect.stringContaining('Stale timestamp'),
    });
  });

  test('about credentials is kept short, without the scopes they have', async () => {
    const long = 'Supplied credentials do not satisfy authorizedScopes; credentials have scopes:\n\n```\nassume:anonymous\n```';
    const { door } = scripted([
      wireError(401, 'AuthenticationFailed', long),
      wireError(401, 'AuthenticationFailed', 'Unauthorized: Bad mac'),
    ]);
    expect(await door.create(CANARY)).toEqual({
      ok: false,
      why: 'refused',
      detail: '401: Supplied credentials do not satisfy authorizedScopes',
    });
    expect(await door.create(CANARY)).toEqual({ ok: false, why: 'refused', detail: '401: Unauthorized: Bad mac' });
  });

  test('says at most a few hundred characters', async () => {
    for (const message of ['x'.repeat(5000), '🐤'.repeat(5000), ` ${'🐤'.repeat(5000)}`]) {
      const { door } = scripted([wireError(400, 'InputError', message), wireError(400, 'InputErrors', message)]);
      for (let i = 0; i < 2; i++) {
        const answer = await door.create(CANARY);
        const detail = answer.ok ? '' : answer.detail;
        expect(detail.length).toBeGreaterThan(290);
        expect(detail.length).toBeLessThanOrEqual(300);
        expect(detail).not.toMatch(/\p{Surrogate}/u);
      }
    }
  });
});

describe('missing scopes', () => {
  const priorities = ['highest', 'very-high', 'high', 'medium', 'low', 'very-low', 'lowest'];
  const create = { AnyOf: priorities.map((priority) => `queue:create-task:${priority}:test-1/decision`) };
  const all = { AllOf: ['queue:create-task:project:none', 'queue:scheduler-id:tc-canary', create] };
  const fenced = (what: unknown) => `\n\n\`\`\`\n${typeof what === 'string' ? what : JSON.stringify(what, null, 2)}\n\`\`\``;
  const withClient = (what: unknown) =>
    `Client ID project/canary does not have sufficient scopes and is missing the following scopes:${fenced(what)}\n\n` +
    `This request requires the client to satisfy the following scope expression:${fenced(all)}`;
  const anonymous = `This request requires Taskcluster credentials that satisfy the following scope expression:${fenced(all)}`;
  const cancel = {
    AnyOf: [
      'queue:cancel-task:s/g/t',
      'queue:cancel-task-in-project:none',
      { AllOf: ['queue:cancel-task', 'assume:scheduler-id:s/g'] },
    ],
  };

  test.each([
    ['one', withClient('queue:scheduler-id:tc-canary'), 'missing scopes: queue:scheduler-id:tc-canary'],
    [
      'the priority asked for, though a higher one would do',
      withClient(create),
      'missing scopes: queue:create-task:lowest:test-1/decision',
    ],
    [
      'several',
      withClient(all),
      'missing scopes: queue:create-task:project:none, queue:scheduler-id:tc-canary, queue:create-task:lowest:test-1/decision',
    ],
    [
      'alternatives',
      withClient(cancel),
      'missing scopes: queue:cancel-task:s/g/t or queue:cancel-task-in-project:none or queue:cancel-task, assume:scheduler-id:s/g',
    ],
    [
      'without credentials',
      anonymous,
      'credentials are needed, with these scopes: queue:create-task:project:none, queue:scheduler-id:tc-canary, queue:create-task:lowest:test-1/decision',
    ],
    ['in a wording of another day', 'You may not do this; sorry', '403: You may not do this'],
  ])('are named: %s', async (_name, message, detail) => {
    const { door } = scripted([wireError(403, 'InsufficientScopes', message)]);
    expect(await door.create(CANARY)).toEqual({ ok: false, why: 'refused', detail });
  });
});

describe('an answer that is not Taskcluster', () => {
  const { state: _state, ...stateless } = wireStatus();
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '<html>'],
    ['a list', []],
    ['an empty object', {}],
    ['a status that is text', { status: 'pending' }],
    ['a status without a state', { status: stateless }],
    ['a state nobody knows', { status: { ...wireStatus(), state: 'sleeping' } }],
    ['a date nobody can read', { status: { ...wireStatus(), deadline: 'soon' } }],
    ['runs that are none', { status: wireStatus(ID, [7, null]) }],
    ['runs never scheduled', { status: wireStatus(ID, [{ runId: 0, state: 'pending' }]) }],
  ])('with 200 tells nothing: %s', async (_name, body) => {
    const { door } = scripted([{ status: 200, body }]);
    const detail = expect.stringContaining('not Taskcluster');
    expect(await door.create(CANARY)).toEqual({ ok: false, why: 'unreachable', detail });
    expect(await door.cancel(ID)).toEqual({ ok: false, why: 'unreachable', detail });
    expect(await door.statuses([ID])).toEqual({ ok: false, why: 'unreachable', detail });
  });

  test.each([404, 400, 409, 302, 502])('with %i is a proxy on the way, and says nothing of tasks and pools', async (status) => {
    for (const body of [undefined, { error: 'Not found' }, '<html>']) {
      const { door } = scripted([{ status, body }]);
      expect(await door.read({ what: 'pool', pool: 'a/b' })).toMatchObject({ ok: false, why: 'unreachable' });
      expect(await door.read({ what: 'group', taskGroupId: ID })).toMatchObject({ ok: false, why: 'unreachable' });
    }
  });

  test.each([401, 403])('with %i refuses us all the same', async (status) => {
    const { door } = scripted([{ status, body: undefined }]);
    expect(await door.create(CANARY)).toMatchObject({
      ok: false,
      why: 'refused',
      detail: expect.stringContaining(String(status)),
    });
  });
});

describe("the queue's clock", () => {
  const OK = { status: 200, body: { status: wireStatus() } };

  /** A queue whose clock is ahead of ours by so much, in answers that take so long. */
  function ahead(offset: { ms: number }, clock: ReturnType<typeof clockAt>, took = 80, reply: Reply = OK) {
    const call: Call = async () => {
      clock.at += took;
      return { ...reply, date: Math.floor((clock.at - took / 2 + offset.ms) / 1000) * 1000 };
    };
    return taskclusterDoor(call, clock);
  }

  test('is ours where the two agree to a second', async () => {
    for (const ms of [0, 300, -300]) {
      const clock = clockAt(T + 250);
      const door = ahead({ ms }, clock);
      for (let i = 0; i < 10; i++) {
        expect(await door.cancel(ID)).toMatchObject({ queueNow: clock.at });
        clock.at += 1370;
      }
    }
  });

  test('is worked out to a second where ours is off, from the first answer on', async () => {
    for (const ms of [40_000, -40_000, 3_600_000]) {
      const clock = clockAt(T + 250);
      const door = ahead({ ms }, clock);
      for (let i = 0; i < 10; i++) {
        const { queueNow } = await door.cancel(ID);
        expect(Math.abs((queueNow ?? 0) - (clock.at + ms))).toBeLessThanOrEqual(1000);
        clock.at += 1370;
      }
    }
  });

  test('stands on errors too, the one about our clock above all', async () => {
    const clock = clockAt(T);
    const door = ahead({ ms: 1_200_000 }, clock, 80, wireError(401, 'AuthenticationFailed', 'Unauthorized: Stale timestamp'));
    const answer = await door.cancel(ID);
    expect(answer).toMatchObject({ ok: false, why: 'clock' });
    expect(Math.abs((answer.queueNow ?? 0) - (clock.at + 1_200_000))).toBeLessThanOrEqual(1000);
  });

  test('is unknown without a Date, from a proxy, and after an answer so slow that it tells little', async () => {
    const { door } = scripted([OK, { status: 502, body: undefined, date: T }, { status: 200, body: '<html>', date: T }]);
    for (let i = 0; i < 3; i++) expect(await door.cancel(ID)).not.toHaveProperty('queueNow');
    expect(await ahead({ ms: 0 }, clockAt(T), 25_000).cancel(ID)).not.toHaveProperty('queueNow');
  });

  test('never goes backwards, and is not moved where ours is set', async () => {
    const clock = clockAt(T);
    const door = ahead({ ms: 0 }, clock);
    let latest = 0;
    for (let i = 0; i < 9; i++) await door.cancel(ID);
    for (const jump of [600_000, -1_200_000, 20_000]) {
      clock.set += jump;
      for (let i = 0; i < 3; i++) {
        const { queueNow = 0 } = await door.cancel(ID);
        expect(queueNow).toBeGreaterThanOrEqual(latest);
        expect(Math.abs(queueNow - clock.at)).toBeLessThanOrEqual(1000);
        latest = queueNow;
        clock.at += 5000;
      }
    }
  });

  test.each([600_000, -600_000])(
    'goes on through answers so slow that they tell little, while ours is set by %i',
    async (jump) => {
      const clock = clockAt(T);
      const slow = { ms: 80 };
      const call: Call = async () => {
        clock.at += slow.ms;
        if (slow.ms > 80) clock.set = jump;
        return { ...OK, date: Math.floor((clock.at - slow.ms / 2) / 1000) * 1000 };
      };
      const door = taskclusterDoor(call, clock);
      for (let i = 0; i < 3; i++) await door.cancel(ID);
      slow.ms = 20_000;
      for (let i = 0; i < 4; i++) {
        const { queueNow = 0 } = await door.cancel(ID);
        expect(Math.abs(queueNow - clock.at)).toBeLessThanOrEqual(1000);
      }
    },
  );

  test('is right from the first answer on after the machine was asleep', async () => {
    const clock = clockAt(T);
    const door = ahead({ ms: 40_000 }, clock);
    for (let i = 0; i < 9; i++) await door.cancel(ID);
    clock.at += 3_600_000;
    clock.slept += 3_600_000;
    for (let i = 0; i < 3; i++) {
      const { queueNow = 0 } = await door.cancel(ID);
      expect(Math.abs(queueNow - (clock.at + 40_000))).toBeLessThanOrEqual(1000);
    }
  });

  test('follows a jump of its own within two answers', async () => {
    const clock = clockAt(T);
    const offset = { ms: 0 };
    const door = ahead(offset, clock);
    for (let i = 0; i < 9; i++) await door.cancel(ID);
    offset.ms = 600_000;
    await door.cancel(ID);
    const { queueNow = 0 } = await door.cancel(ID);
    expect(Math.abs(queueNow - (clock.at + 600_000))).toBeLessThanOrEqual(1000);
  });

  test('is not led astray by one odd Date, which could make a canary look old', async () => {
    const clock = clockAt(T);
    const offset = { ms: 0 };
    const door = ahead(offset, clock);
    for (let i = 0; i < 5; i++) await door.cancel(ID);
    for (const odd of [7_200_000, -7_200_000]) {
      offset.ms = odd;
      const { queueNow = 0 } = await door.cancel(ID);
      expect(queueNow).toBeLessThanOrEqual(clock.at);
      offset.ms = 0;
      clock.at += 5000;
      expect(await door.cancel(ID)).toMatchObject({ queueNow: clock.at });
    }
  });
});
