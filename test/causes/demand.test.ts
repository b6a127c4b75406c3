import { describe, expect, it } from 'vitest';
import type { PoolSeen } from '../../src/evidence/pool.ts';
import { surplusOf, takeInCounts } from '../../src/judge/causes/demand.ts';
import { MINUTE, NOW, recordOf, workforceOf } from './makers.ts';

const counts = (pending: number, claimed?: number) => ({ at: NOW, pending, ...(claimed !== undefined && { claimed }) });

function surplus(workers: Parameters<typeof workforceOf>[0], pending: number, claimed: number | undefined, info = {}) {
  return surplusOf(recordOf('a/b', { workforce: workforceOf(workers) }, info), counts(pending, claimed), NOW);
}

describe('demand that nothing on its way meets', () => {
  it.each<[string, number | undefined, ReturnType<typeof surplus>]>([
    ['tasks wait and there is no worker', surplus({}, 5, 0), 5],
    ['all workers are busy', surplus({ running: 3 }, 5, 3), 5],
    ['some workers are free', surplus({ running: 3 }, 5, 1), 3],
    ['nobody tells how many are claimed: all that runs counts as free', surplus({ running: 3 }, 5, undefined), 2],
    ['more are claimed than run, by counts of different age', surplus({ running: 3 }, 5, 9), 5],
    ['the pool may grow a little', surplus({ running: 48 }, 9, 48), 2],
    ['half of the tasks are to have workers, and have not', surplus({}, 10, 0, { scalingRatio: 0.5 }), 5],
  ])('is there where %s', (_what, found, expected) => expect(found).toBe(expected));

  it.each<[string, number | undefined]>([
    ['nothing waits', surplus({ running: 3 }, 0, 3)],
    ['as many workers are free as tasks wait', surplus({ running: 8 }, 5, 3)],
    ['as many were asked for as tasks wait', surplus({ requested: 5 }, 5, 0)],
    ['the provisioner waits for those it asked for: it asks for as many as half of what waits', surplus({ requested: 1 }, 2, 0)],
    ['a third of the tasks are to have workers, and have', surplus({ requested: 2 }, 8, 0, { scalingRatio: 0.33 })],
    ['the pool is at its maximum', surplus({ running: 50 }, 100, 50)],
    [
      'workers that are stopping fill it: a cloud takes its time, and none is asked for meanwhile',
      surplus({ running: 10, stopping: 40 }, 9, 10),
    ],
    ['the pool is switched off', surplus({}, 9, 0, { maxCapacity: 0 })],
  ])('is not there where %s', (_what, found) => expect(found).toBeLessThanOrEqual(0));

  it.each<[string, number | undefined]>([
    [
      'the pool has no maximum, as a static one',
      surplusOf({ pool: 'a/b', at: NOW, seen: { workforce: workforceOf() } }, counts(5), NOW),
    ],
    ['nothing is known of its workers', surplusOf(recordOf('a/b'), counts(5), NOW)],
    [
      'what is known of its workers is old',
      surplusOf(recordOf('a/b', { workforce: workforceOf() }), counts(5), NOW - 10 * MINUTE),
    ],
  ])('is not known where %s', (_what, found) => expect(found).toBeUndefined());
});

describe('since when', () => {
  const empty = recordOf('a/b', { workforce: workforceOf() });
  const later = (minutes: number, pending: number, own = 0, seen = takeInCounts(empty, counts(3, 0), 0, NOW)) =>
    takeInCounts(
      { ...empty, seen: { ...seen, workforce: workforceOf() } },
      { at: NOW + minutes * MINUTE, pending, claimed: 0 },
      own,
      NOW + minutes * MINUTE,
    );

  it('runs from the first look that shows it as long as each does', () => {
    expect(later(4, 1).unmet).toEqual({ since: NOW, at: NOW + 4 * MINUTE, own: false });
  });

  it('begins anew after a look that shows none', () => {
    const met = later(1, 0);
    expect(met.unmet).toBeUndefined();
    expect(later(2, 1, 0, met).unmet?.since).toBe(NOW + 2 * MINUTE);
  });

  it('begins anew where nobody looked for long', () => expect(later(9, 1).unmet?.since).toBe(NOW + 9 * MINUTE));

  it('tells whether our canaries alone make it', () => {
    expect(later(1, 2, 2).unmet?.own).toBe(true);
    expect(later(1, 3, 2).unmet?.own).toBe(false);
  });
});

describe('workers that have no task while some wait', () => {
  const looked = (minutes: number, pending: number, claimed: number, before?: PoolSeen, info = {}) => {
    const at = NOW + minutes * MINUTE;
    const workforce = workforceOf({ running: 8 });
    return takeInCounts(recordOf('a/b', { ...before, workforce }, info), { at, pending, claimed }, 0, at);
  };

  it('are idle since the first look that shows any, and mostly so since the first that shows half', () => {
    const one = looked(0, 5, 7);
    expect(one.idle).toEqual({ since: NOW, at: NOW });
    const half = looked(4, 5, 4, one);
    expect(half.idle).toEqual({ since: NOW, at: NOW + 4 * MINUTE, most: NOW + 4 * MINUTE });
    expect(looked(8, 5, 3, half).idle).toEqual({ since: NOW, at: NOW + 8 * MINUTE, most: NOW + 4 * MINUTE });
    expect(looked(8, 5, 7, half).idle).toEqual({ since: NOW, at: NOW + 8 * MINUTE });
  });

  it.each([
    ['all have one', 5, 8],
    ['none waits', 0, 2],
  ])('are not idle where %s', (_what, pending, claimed) =>
    expect(looked(4, pending, claimed, looked(0, 5, 4)).idle).toBeUndefined(),
  );

  it('are idle anew where nobody looked for long', () =>
    expect(looked(9, 5, 4, looked(0, 5, 4)).idle?.since).toBe(NOW + 9 * MINUTE));

  it('may be switched off where nobody makes them, so that half of them tell nothing', () =>
    expect(looked(0, 5, 2, undefined, { maxCapacity: undefined }).idle).toEqual({ since: NOW, at: NOW }));
});
