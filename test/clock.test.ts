import { afterEach, expect, test, vi } from 'vitest';
import { wallClock } from '../src/clock.ts';
import { HOUR } from '../src/evidence/instant.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Long enough to be told from none, and as short as may be. */
const SHORT = 30;
const awake = new AbortController().signal;

test.each([0, -HOUR, HOUR])('a sleep takes what it was to take, also where the clock is set by %i ms meanwhile', async (leap) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const began = wallClock.elapsed();
  const done = wallClock.sleepUntil(wallClock.now() + SHORT, awake);
  vi.setSystemTime(Date.now() + leap);
  await done;
  expect(wallClock.elapsed() - began).toBeGreaterThanOrEqual(SHORT - 1);
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
