import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { wallClock } from '../src/clock.ts';
import { HOUR } from '../src/evidence/instant.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Long enough to be told from none, and as short as may be. */
const SHORT = 30;
const awake = new AbortController().signal;

// Told by the order in which timers end, which holds on a busy machine too.
test.each([0, -HOUR, HOUR])('a sleep takes what it was to take, also where the clock is set by %i ms meanwhile', async (leap) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const ended: string[] = [];
  const ends = (what: string) => () => ended.push(what);
  const shorter = wait(SHORT / 2).then(ends('a shorter one'));
  const sleep = wallClock.sleepUntil(wallClock.now() + SHORT, awake).then(ends('the sleep'));
  const longer = wait(10 * SHORT).then(ends('a longer one'));
  vi.setSystemTime(Date.now() + leap);
  await Promise.all([shorter, sleep, longer]);
  expect(ended).toEqual(['a shorter one', 'the sleep', 'a longer one']);
});

test('until an instant that has passed there is nothing to sleep', async () => {
  const late = Symbol('late');
  const done = wallClock.sleepUntil(wallClock.now() - HOUR, awake);
  const turn = new Promise((resolve) => setImmediate(() => resolve(late)));
  expect(await Promise.race([done, turn])).not.toBe(late);
});

test('a sleep of weeks, which no timer of Node can do in one piece, ends when it is interrupted and not before', async () => {
  const stop = new AbortController();
  let over = false;
  const done = wallClock.sleepUntil(wallClock.now() + 1000 * HOUR, stop.signal).then(() => {
    over = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(over).toBe(false);
  stop.abort('SIGTERM');
  await done;
  expect(over).toBe(true);
});
