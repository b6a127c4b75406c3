import { describe, expect, it } from 'vitest';
import type { PoolRecord } from '../../src/evidence/pool.ts';
import type { Provisioning } from '../../src/evidence/probe.ts';
import { basketOf } from '../../src/judge/causes/basket.ts';
import { isOver } from '../../src/judge/causes/over.ts';
import { configOf, entry } from '../support/judging.ts';
import { NOW, recordOf, workforceOf } from './makers.ts';

/** A pool that got so many workers in the last hour. */
function busy(pool: string, count: number, info: Parameters<typeof recordOf>[2] = {}): PoolRecord {
  return { ...recordOf(pool, undefined, info), created: { hour: NOW, counts: [count], since: NOW } };
}

function watched(records: readonly PoolRecord[], provisioning: Partial<Provisioning> = {}, probed: string[] = []) {
  const config = configOf(
    probed.map((pool) => entry(pool)),
    { provisioning: { mode: 'alert', silence: 1, pools: [], ...provisioning } },
  );
  const basket = basketOf(config, new Map(records.map((record) => [record.pool, record])));
  return Object.fromEntries([...basket].map(([provider, pools]) => [provider, pools.map(({ pool }) => pool)]));
}

describe('the pools watched for new workers', () => {
  it('are at most twelve, each provider having its share', () => {
    const gcp = Array.from({ length: 20 }, (_, i) => busy(`gecko-t/g${i}`, 100 + i));
    const azure = [busy('gecko-t/w1', 3, { provider: 'azure' }), busy('gecko-t/w2', 9, { provider: 'azure' })];
    const basket = watched([...gcp, ...azure]);
    expect(basket['azure']).toEqual(['gecko-t/w2', 'gecko-t/w1']);
    expect(basket['gcp']).toEqual(Array.from({ length: 10 }, (_, i) => `gecko-t/g${19 - i}`));
  });

  it('are, before anybody has counted, those in which most stands', () => {
    const seen = (running: number) => ({ workforce: workforceOf({ running }) });
    expect(watched([recordOf('a/few', seen(2)), recordOf('a/many', seen(90)), recordOf('a/none')])['gcp']?.[0]).toBe('a/many');
  });

  it('are, of those that are alike, the probed ones, and then the same ones always', () => {
    const records = ['a/c', 'a/b', 'a/a'].map((pool) => recordOf(pool));
    expect(watched(records, {}, ['a/c'])['gcp']).toEqual(['a/c', 'a/a', 'a/b']);
    expect(watched(records.toReversed(), {}, ['a/c'])['gcp']).toEqual(['a/c', 'a/a', 'a/b']);
  });

  it.each<[string, PoolRecord]>([
    [
      'without a maximum, whose workers stand there',
      {
        ...recordOf('a/static'),
        info: { pool: 'a/static', provider: 'static', currentCapacity: 4, requestedCapacity: 0, launchConfigs: 0 },
      },
    ],
    ['that is switched off', recordOf('a/off', undefined, { maxCapacity: 0 })],
    ['that worker-manager does not know', { pool: 'a/hardware', at: NOW }],
    ['that is gone', { pool: 'a/gone', at: NOW, gone: { since: NOW, provider: 'gcp' } }],
    ['that is about to be deleted, which gets no workers any more', recordOf('a/null', undefined, { provider: 'null-provider' })],
  ])('are none %s', (_what, record) => expect(watched([record])).toEqual({}));

  it('are the named ones, as far as there are any', () => {
    const records = [busy('a/busy', 100), recordOf('a/named'), recordOf('a/other')];
    expect(watched(records, { pools: ['a/named', 'a/nowhere'] })).toEqual({ gcp: ['a/named'] });
    expect(watched(records, { pools: ['a/nowhere'] })['gcp']?.[0]).toBe('a/busy');
  });

  it('are none where the watch is off', () => expect(watched([busy('a/busy', 100)], { mode: 'off' })).toEqual({}));
});

describe('far more capacity than a pool may have', () => {
  const over = (max: number | undefined, workers: Parameters<typeof workforceOf>[0]) =>
    isOver(recordOf('a/b', undefined, max === undefined ? {} : { maxCapacity: max }), workforceOf(workers));
  it.each<[string, boolean]>([
    ['80 where 10 are allowed', over(10, { running: 60, requested: 20 })],
    ['130 where 100 are allowed', over(100, { running: 130 })],
    ['three times a small maximum', over(2, { running: 6 })],
    ['many in a pool that is switched off', over(0, { running: 26 })],
  ])('is %s', (_what, found) => expect(found).toBe(true));

  it.each<[string, boolean]>([
    ['the maximum', over(10, { running: 10 })],
    ['a little more, as the provisioner overshoots', over(10, { running: 12 })],
    ['a worker of four where two are allowed', over(2, { running: 4 })],
    ['30 more of a thousand', over(1000, { running: 1030 })],
    ['25 more', over(10, { running: 29 })],
    ['what is on its way out', over(10, { running: 8, stopping: 70 })],
    ['a few in a pool that is switched off', over(0, { running: 5 })],
    ['any number where there is no maximum', isOver({ pool: 'a/b', at: NOW }, workforceOf({ running: 1000 }))],
  ])('is not %s', (_what, found) => expect(found).toBe(false));
});
