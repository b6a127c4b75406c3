import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Layer } from '../../src/evidence/layer.ts';
import type { PoolRecord } from '../../src/evidence/pool.ts';
import { basketOf } from '../../src/judge/causes/basket.ts';
import { standoutsOf } from '../../src/judge/causes/standouts.ts';
import { expansionOf } from '../../src/judge/probes.ts';
import { configOf, entry } from '../support/judging.ts';
import { infoOf, NOW, workforceOf } from './makers.ts';

const config = configOf([entry('a/one'), entry('a/*'), entry('b/none*')], {
  provisioning: { mode: 'alert', silence: 1, pools: [] },
});

const POOLS = ['a/one', 'a/two', 'a/three', 'b/four', 'b/five'];
/** Definitions are read seldom, and the very same ones while they are not. */
const INFOS = new Map(
  POOLS.flatMap((pool) => ['gcp', 'azure'].map((provider) => [`${pool} ${provider}`, infoOf(pool, { provider })])),
);

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });
/** Few values, so that what a record says often stays as it is while the record does not. */
const record: fc.Arbitrary<PoolRecord> = fc
  .record({
    pool: fc.constantFrom(...POOLS),
    provider: maybe(fc.constantFrom('gcp', 'azure')),
    gone: fc.boolean(),
    running: maybe(fc.record({ running: fc.integer({ min: 0, max: 2 }), over: maybe(fc.constant(3)) })),
    unmet: fc.boolean(),
    examined: fc.boolean(),
    created: maybe(fc.integer({ min: NOW, max: NOW + 3 })),
    read: fc.integer(),
  })
  .map(({ pool, provider, gone, running, unmet, examined, created, read }) => {
    const info = INFOS.get(`${pool} ${provider}`);
    return {
      pool,
      ...(info && { info }),
      ...(gone && { gone: { since: NOW } }),
      at: read,
      seen: {
        ...(running && {
          workforce: { ...workforceOf(running), ...(running.over !== undefined && { over: running.over }) },
        }),
        ...(unmet && { unmet: { since: NOW, at: NOW, own: false } }),
        ...(examined && { examinedAt: NOW }),
        ...(created !== undefined && { newest: { at: NOW, created } }),
      },
    };
  });

/** All that is kept of the pools, and what is made of it. */
const told = (pools: ReadonlyMap<string, PoolRecord>) => ({
  standouts: standoutsOf(pools),
  basket: [...basketOf(config, pools)],
  expansion: expansionOf(config, pools),
});

it('what is kept of the pools and adapted is what a look at all of them would find, in the same order', () => {
  const step = fc.record({ records: fc.array(record, { minLength: 1, maxLength: 3 }), asked: fc.boolean() });
  const steps = fc.array(step, { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(steps, (puts) => {
      let pools: ReadonlyMap<string, PoolRecord> = new Map();
      for (const { records, asked } of puts) {
        const layer = new Layer(pools);
        for (const each of records) {
          layer.put(each.pool, each);
          const { sealed } = layer;
          if (asked) told(sealed);
        }
        pools = layer.sealed;
        if (asked) expect(told(pools)).toEqual(told(new Map(pools)));
      }
      expect(told(pools)).toEqual(told(new Map(pools)));
    }),
    { numRuns: 2000 },
  );
});
