import { expect, test } from 'vitest';
import type { Rhythm } from '../src/world/spec.ts';
import { countsOf, HOUR, MINUTE, pass, pool, SECOND, START, worldOf } from './support/world.ts';

/** Nobody claims, so that what came can be counted. START is a Thursday, 21:00. */
const deaf = (load: { perHour: number; batch?: number }) =>
  pool('a/pool', { maxCapacity: 1, load: { ...load, duration: { p50: MINUTE, p95: 2 * MINUTE } } });

const STOPPED = [{ kind: 'provisioner-stopped', from: START, until: START + 99 * HOUR } as const];

function cameIn(hours: number, rhythm: Rhythm | undefined, from = START): number {
  const world = worldOf([deaf({ perHour: 500 })], { start: from, faults: STOPPED, ...(rhythm && { rhythm }) });
  pass(world, hours * HOUR);
  return countsOf(world, 'a/pool').pendingTasks;
}

const flat = Array.from({ length: 24 }, () => 1);
const week = [1, 1, 1, 1, 1, 1, 1];

test('load follows the hour of the day', () => {
  const evenings = { hours: flat.map((_, hour) => (hour >= 21 || hour === 0 ? 1 : 0.1)), days: week };
  expect(cameIn(2, evenings)).toBeGreaterThan(900);
  expect(cameIn(2, evenings, START + 10 * HOUR)).toBeLessThan(150);
});

test('a Sunday is not a Thursday', () => {
  const weekdays = { hours: flat, days: [0.2, 1, 1, 1, 1, 1, 0.5] };
  expect(cameIn(2, weekdays)).toBeGreaterThan(900);
  const sunday = START + 64 * HOUR;
  expect(cameIn(2, weekdays, sunday)).toBeLessThan(300);
});

test('without a rhythm the load is the same as with one of ones', () => {
  expect(cameIn(2, { hours: flat, days: week })).toBe(cameIn(2, undefined));
});

test('a push brings its tasks at once', () => {
  const world = worldOf([deaf({ perHour: 100, batch: 25 })], { faults: STOPPED });
  const seen = new Set<number>();
  for (let minute = 0; minute < 300; minute++) {
    pass(world, MINUTE);
    seen.add(countsOf(world, 'a/pool').pendingTasks % 25);
  }
  expect([...seen]).toEqual([0]);
  expect(countsOf(world, 'a/pool').pendingTasks).toBeGreaterThan(250);
});

test('a runaway waits from one batch to the next', () => {
  const runaway = { kind: 'runaway', batch: 4, every: 5 * MINUTE, from: START, until: START + HOUR } as const;
  const mute = { kind: 'workers-mute', from: START, until: START + HOUR } as const;
  const world = worldOf([deaf({ perHour: 60 })], { faults: [runaway, mute] });
  pass(world, 31 * MINUTE);
  const created = world.truth.workersCreated('a/pool');
  expect(created.length).toBeGreaterThanOrEqual(20);
  expect(created.length).toBeLessThanOrEqual(28);
  const batches = [...new Set(created)];
  expect(Math.min(...batches.slice(1).map((at, i) => at - (batches[i] ?? 0)))).toBeGreaterThanOrEqual(5 * MINUTE - SECOND);
});
