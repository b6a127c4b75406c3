import { expect, test } from 'vitest';
import type { Clock } from '../src/ports.ts';
import { worldCall } from '../src/world/call.ts';
import type { CallFault } from '../src/world/fault.ts';
import { DAY, draft, MINUTE, pool, SECOND, START, worldOf } from './support/world.ts';

const ID = 'Qgk1gq4cRPmqQ_89h1zQ3g';

/** A caller in process; sleeping moves the clock. `skew`: how far the caller's clock is ahead of the world's. */
function caller(fault?: CallFault, skew = 0) {
  const faults = fault ? [{ ...fault, from: START, until: START + DAY }] : [];
  const world = worldOf([pool('a/cold')], { faults });
  let now = START;
  const clock: Clock = {
    now: () => now + skew,
    elapsed: () => now,
    async sleepUntil(instant) {
      now = Math.max(now, instant - skew);
    },
  };
  const call = worldCall(world, clock, { advance: () => world.advanceTo(now) });
  return { world, call, clock, create: () => call('queue', 'createTask', [ID], { payload: draft(world, 'a/cold') }) };
}

test('api-down: a 5xx without effect, or with it', async () => {
  const down = caller({ kind: 'api-down' });
  expect(await down.create()).toMatchObject({ status: 503, date: START });
  expect(down.world.truth.tasks.size).toBe(0);
  const half = caller({ kind: 'api-down', status: 500, applied: true });
  expect(await half.create()).toMatchObject({ status: 500, body: { code: 'InternalServerError' } });
  expect(half.world.truth.tasks.has(ID)).toBe(true);
});

test("api-slow: the answer takes its time, and past the caller's patience there is none though the task exists", async () => {
  const slow = caller({ kind: 'api-slow', delay: 7 * SECOND });
  expect(await slow.create()).toMatchObject({ status: 200 });
  expect(slow.clock.now()).toBe(START + 7 * SECOND);
  const never = caller({ kind: 'api-slow', delay: MINUTE });
  expect(await never.create()).toMatchObject({ status: 0, body: { code: 'ECONNABORTED' } });
  expect(never.clock.now()).toBe(START + 30 * SECOND);
  expect(never.world.truth.tasks.has(ID)).toBe(true);
});

test('api-refuses: 401, or 403 with the scopes that are missing', async () => {
  expect(await caller({ kind: 'api-refuses', status: 401 }).create()).toMatchObject({ status: 401 });
  const refused = caller({ kind: 'api-refuses', status: 403 });
  expect(await refused.create()).toMatchObject({
    status: 403,
    body: { code: 'InsufficientScopes', message: expect.stringContaining('queue:create-task:lowest:a/cold') },
  });
  expect(refused.world.truth.tasks.size).toBe(0);
});

test('unresolvable: no answer at all', async () => {
  const { world, create } = caller({ kind: 'unresolvable' });
  expect(await create()).toMatchObject({ status: 0, body: { code: 'ENOTFOUND' } });
  expect(world.truth.tasks.size).toBe(0);
});

test('a fault strikes only the services and methods that it names', async () => {
  const { call, create } = caller({ kind: 'api-down', services: ['queue'], methods: ['createTask'] });
  expect((await create()).status).toBe(503);
  expect((await call('queue', 'status', [ID])).status).toBe(404);
  expect((await call('workerManager', 'workerPool', ['a/cold'])).status).toBe(200);
});

test('a rate strikes about that share of the calls', async () => {
  const { call } = caller({ kind: 'api-down', rate: 0.3 });
  let down = 0;
  for (let i = 0; i < 1000; i++) if ((await call('queue', 'ping', [])).status === 503) down++;
  expect(down).toBeGreaterThan(230);
  expect(down).toBeLessThan(370);
});

test('a caller whose clock is a quarter of an hour off is refused as stale', async () => {
  expect((await caller(undefined, 14 * MINUTE).create()).status).toBe(200);
  for (const skew of [-16 * MINUTE, 16 * MINUTE]) {
    const { call } = caller(undefined, skew);
    expect(await call('workerManager', 'workerPool', ['a/cold'])).toMatchObject({
      status: 401,
      body: { message: expect.stringContaining('Stale timestamp') },
    });
  }
});

test('a method that nobody has is a 404 without a code', async () => {
  expect(await caller().call('queue', 'frobnicate', [])).toMatchObject({ status: 404, body: { error: 'Not found' } });
});
