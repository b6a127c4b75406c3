import fc from 'fast-check';
import type { PoolGroup } from '../../src/drill/scenario.ts';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';

/** Real names, for what hangs on them: ids, globs and the order of things. */
const NAMES = ['gecko-3/decision', 'gecko-t/t-linux-large', 'gecko-1/b-win2022', 'infra/build-decision'];

/** What a pool is without its name. */
type Nature = Omit<PoolGroup, 'names'>;

/** So near each other that the slowest of a night's boots takes less than two and a half times the median. */
const boot = fc
  .tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 0, max: 3 }))
  .map(([p50, tenths]) => ({ p50: p50 * SECOND, p95: (p50 * SECOND * (10 + tenths)) / 10 }));

const claim = fc
  .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 40 }))
  .map(([least, more]) => ({ min: least * 100, max: (least + more) * 100 }));

/** Little enough for two workers, so that nobody waits for want of capacity. */
const load = fc
  .record({
    perHour: fc.integer({ min: 5, max: 40 }),
    seconds: fc.integer({ min: 2, max: 12 }),
    batch: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ perHour, seconds, batch }) => ({ perHour, batch, duration: { p50: seconds * SECOND, p95: 2 * seconds * SECOND } }));

const cloud = fc
  .record({
    runs: fc.constantFrom('generic-worker', 'docker-worker', 'd2g', 'generic-worker-windows'),
    provider: fc.option(fc.constantFrom('fxci-gcp', 'fxci-aws', 'fxci-azure'), { nil: undefined }),
    minCapacity: fc.constantFrom(0, 0, 0, 0, 1, 2),
    maxCapacity: fc.integer({ min: 4, max: 12 }),
    capacityPerWorker: fc.constantFrom(1, 1, 2),
    boot,
    registrationTimeout: fc.option(fc.constantFrom(2 * MINUTE, 5 * MINUTE), { nil: undefined }),
    idleTimeout: fc.constantFrom(5 * SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE),
    claim,
    load: fc.option(load, { nil: undefined, freq: 1 }),
  })
  .map((nature): Nature => present(nature));

/** Machines that stand in a data centre, unknown to worker-manager. */
const hardware = fc
  .record({ maxCapacity: fc.integer({ min: 2, max: 6 }), boot, claim })
  .map((nature): Nature => ({ runs: 'generic-worker', known: false, ...nature }));

/** One to four pools, each of its own kind. */
export const deployments: fc.Arbitrary<PoolGroup[]> = fc
  .array(fc.oneof({ weight: 7, arbitrary: cloud }, { weight: 1, arbitrary: hardware }), { minLength: 1, maxLength: NAMES.length })
  .map((natures) => natures.map((nature, i) => ({ names: [NAMES[i] ?? ''], ...nature })));

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the keys that have no value, as a drill file is read. */
export function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Present<T>;
}
