import { describe, expect, it } from 'vitest';
import type { Creations } from '../../src/evidence/pool.ts';
import { counted, createdBetween, lastDayOf, lastHourOf, totalOf, usualHourOf } from '../../src/judge/causes/creations.ts';
import { HOURS_KEPT } from '../../src/judge/limits.ts';
import { DAY_ZERO } from '../support/values.ts';
import { DAY, HOUR, MINUTE, workforceOf } from './makers.ts';

/**
 * Samples each five minutes from one instant up to another, each with the workers that `each` says came since the one before; `earlier` ones
 * ended with one at `last`.
 */
function sampledBy(each: (at: number) => number, from: number, until: number, earlier?: Creations, last?: number): Creations {
  let [creations, before] = [earlier, last];
  for (let at = from; at <= until; at += 5 * MINUTE) {
    creations = counted(creations, each(at), before, at);
    before = at;
  }
  if (creations === undefined) throw new Error('no sample');
  return creations;
}

describe('workers created between two samples', () => {
  it.each<[string, Parameters<typeof workforceOf>[0], Parameters<typeof workforceOf>[0], number]>([
    ['nothing changes', { running: 3 }, { running: 3 }, 0],
    ['some are asked for', { running: 3 }, { running: 3, requested: 2 }, 2],
    ['those asked for come up', { requested: 2 }, { running: 2 }, 0],
    ['some stop and as many come', { running: 3 }, { running: 3, stopped: 2 }, 2],
    ['some stop', { running: 3, stopped: 1 }, { running: 1, stopping: 1, stopped: 2 }, 0],
    ['rows of stopped ones go after their week', { running: 3, stopped: 500 }, { running: 3, stopped: 100 }, 0],
    ['rows go while some come', { running: 3, stopped: 500 }, { running: 5, stopped: 100 }, 2],
    ['some stop while as many rows go', { running: 5, stopped: 9 }, { running: 3, stopped: 9 }, 0],
  ])('are at least what the rows show where %s', (_what, before, after, expected) => {
    expect(createdBetween(workforceOf(before), workforceOf(after))).toBe(expected);
  });
});

describe('the count by hours', () => {
  it('begins with the first sample, which tells of nothing that came', () => {
    expect(counted(undefined, 0, undefined, DAY_ZERO + 20 * MINUTE)).toEqual({
      hour: DAY_ZERO,
      counts: [0],
      total: 0,
      since: DAY_ZERO + 20 * MINUTE,
    });
  });

  it('puts what came into the hour of the sample that shows it', () => {
    const { hour, counts } = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 2.5 * HOUR);
    expect([hour, counts]).toEqual([DAY_ZERO + 2 * HOUR, [11, 12, 7]]);
  });

  it('keeps a week and an hour', () => {
    const { counts } = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 9 * DAY);
    expect(counts).toHaveLength(HOURS_KEPT);
    expect(counts.slice(0, -1)).toEqual(Array.from({ length: HOURS_KEPT - 1 }, () => 12));
  });

  it('adds up all that ever came, and leaves out what came in a break', () => {
    const week = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 9 * DAY);
    expect(totalOf(week)).toBe(9 * 24 * 12);
    const after = counted(week, 7, DAY_ZERO + 9 * DAY, DAY_ZERO + 12 * DAY);
    expect(totalOf(counted(after, 2, DAY_ZERO + 12 * DAY, DAY_ZERO + 12 * DAY + 5 * MINUTE))).toBe(9 * 24 * 12 + 2);
  });

  it('goes on from the hours that an older version left, which had no sum', () => {
    const { total: _none, ...old } = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 2.5 * HOUR);
    expect([totalOf(old), totalOf(counted(old, 2, DAY_ZERO + 2.5 * HOUR, DAY_ZERO + 2.5 * HOUR + 5 * MINUTE))]).toEqual([30, 32]);
  });

  it('is the same where a sample shows nothing new, until another hour begins', () => {
    const before = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 30 * MINUTE);
    expect(counted(before, 0, DAY_ZERO + 30 * MINUTE, DAY_ZERO + 35 * MINUTE)).toBe(before);
    expect(counted(before, 0, DAY_ZERO + 55 * MINUTE, DAY_ZERO + HOUR).counts).toEqual([6, 0]);
  });

  it('is not shifted by a break within the hour, nor forgets what the hour had', () => {
    const before = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + HOUR + 10 * MINUTE);
    const after = counted(before, 7, DAY_ZERO + HOUR + 10 * MINUTE, DAY_ZERO + HOUR + 40 * MINUTE);
    expect(after.counts).toEqual([11, 3]);
    expect(after.since).toBe(DAY_ZERO + HOUR + 40 * MINUTE);
  });

  it('leaves the hours of a longer break empty, each in its place', () => {
    const before = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 30 * MINUTE);
    const after = sampledBy(
      () => 1,
      DAY_ZERO + 3 * HOUR + 5 * MINUTE,
      DAY_ZERO + 3 * HOUR + 10 * MINUTE,
      before,
      DAY_ZERO + 30 * MINUTE,
    );
    expect(after.counts).toEqual([6, 0, 0, 1]);
  });

  it('holds no more after a break of months', () => {
    const before = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 3 * DAY);
    expect(counted(before, 1, DAY_ZERO + 3 * DAY, DAY_ZERO + 90 * DAY).counts).toEqual(
      Array.from({ length: HOURS_KEPT }, () => 0),
    );
  });
});

describe('the last hour', () => {
  const steady = sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 5 * HOUR + 20 * MINUTE);

  it('is what has passed of the present one and the rest of the one before', () => {
    expect(lastHourOf(steady, DAY_ZERO + 5 * HOUR + 20 * MINUTE, DAY_ZERO + 5 * HOUR + 20 * MINUTE)).toBeCloseTo(
      5 + (12 * 40) / 60,
    );
  });

  it('falls with time, not at the full hour', () => {
    const stopped = sampledBy((at) => (at < DAY_ZERO + 5 * HOUR ? 1 : 0), DAY_ZERO, DAY_ZERO + 6 * HOUR);
    const around = [5, 30, 55].map((minutes) => {
      const now = DAY_ZERO + 5 * HOUR + minutes * MINUTE;
      return lastHourOf({ ...stopped, hour: DAY_ZERO + 5 * HOUR, counts: [12, 12, 0] }, now, now);
    });
    expect(around).toEqual([11, 6, expect.closeTo(1)]);
  });

  const anew = counted(steady, 1, DAY_ZERO + 5 * HOUR + 20 * MINUTE, DAY_ZERO + 8 * HOUR);
  it.each<[string, Creations | undefined, number, number]>([
    ['nobody counted', undefined, DAY_ZERO, DAY_ZERO],
    [
      'it was not an hour yet',
      sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 50 * MINUTE),
      DAY_ZERO + 50 * MINUTE,
      DAY_ZERO + 50 * MINUTE,
    ],
    ['nobody has counted lately', steady, DAY_ZERO + 5 * HOUR + 20 * MINUTE, DAY_ZERO + 6 * HOUR],
    ['the count began anew after a break', anew, DAY_ZERO + 8 * HOUR, DAY_ZERO + 8 * HOUR],
  ])('is not known where %s', (_what, creations, sampledAt, now) =>
    expect(lastHourOf(creations, sampledAt, now)).toBeUndefined(),
  );
});

describe('what is usual for an hour', () => {
  /** Busy by day and quiet by night. */
  const daily = (at: number) => (at % DAY >= 8 * HOUR && at % DAY < 18 * HOUR ? 10 : 1);
  const end = DAY_ZERO + 5 * DAY + 12 * HOUR + 30 * MINUTE;
  const week = sampledBy(daily, DAY_ZERO, end);

  it('is what the same hour of the days before had', () => {
    expect(usualHourOf(week, end)).toBeCloseTo(120);
    const night = DAY_ZERO + 5 * DAY + 3 * HOUR;
    expect(usualHourOf(sampledBy(daily, DAY_ZERO, night), night)).toBeCloseTo(12);
  });

  it('is not moved by today', () => {
    const still = sampledBy((at) => (at > DAY_ZERO + 5 * DAY ? 0 : daily(at)), DAY_ZERO, end);
    expect(usualHourOf(still, end)).toBeCloseTo(120);
    expect(lastHourOf(still, end, end)).toBe(0);
  });

  it.each<[string, Creations | undefined, number]>([
    ['nobody counted', undefined, DAY_ZERO],
    ['less than three days were counted', sampledBy(daily, DAY_ZERO, DAY_ZERO + 2.9 * DAY), DAY_ZERO + 2.9 * DAY],
    ['a break lies in between', sampledBy(daily, end + 2 * DAY, end + 3 * DAY, week, end), end + 3 * DAY],
  ])('is not known where %s', (_what, creations, now) => expect(usualHourOf(creations, now)).toBeUndefined());
});

describe('the last day', () => {
  it('is all that was counted in 24 hours', () =>
    expect(lastDayOf(sampledBy(() => 1, DAY_ZERO, DAY_ZERO + 3 * DAY))).toBe(23 * 12 + 1));
  it('is nothing before anybody counted', () => expect(lastDayOf(undefined)).toBe(0));
});
