import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketOf,
  durationOf,
  emptySketch,
  exactQuantile,
  merge,
  observe,
  quantile,
  RELATIVE_ERROR,
  total,
} from '../src/stats/sketch.ts';
import { pack, unpack } from '../src/store/packing.ts';

const durations = fc.integer({ min: 2, max: 5 * 86_400_000 });

describe('latency counts', () => {
  it('give a duration back within one percent', () => {
    fc.assert(
      fc.property(durations, (ms) => {
        expect(Math.abs(durationOf(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
      }),
    );
  });

  it('give exact quantiles within one percent when every canary was claimed', () => {
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.95, 0.99), (values, q) => {
        const sketch = emptySketch();
        for (const ms of values) observe(sketch, ms, false);
        const exact = exactQuantile(values, q) ?? 0;
        expect(quantile(sketch, q)).toEqual({ ms: durationOf(bucketOf(exact)), atLeast: false });
      }),
    );
  });

  it('say "at least" when a dead pool has only unclaimed canaries, and never show an older good number', () => {
    const sketch = emptySketch();
    for (let i = 0; i < 20; i++) observe(sketch, 10_000, false);
    for (let i = 1; i <= 12; i++) observe(sketch, i * 900_000, true);
    const p95 = quantile(sketch, 0.95);
    expect(p95?.atLeast).toBe(true);
    expect(p95?.ms).toBeGreaterThan(9_000_000);
    expect(quantile(sketch, 0.5)).toEqual({ ms: durationOf(bucketOf(10_000)), atLeast: false });
  });

  it('are not disturbed by a canary that was submitted a moment ago', () => {
    const sketch = emptySketch();
    for (const ms of [40_000, 50_000, 60_000]) observe(sketch, ms, false);
    const before = quantile(sketch, 0.95);
    observe(sketch, 2_000, true);
    expect(quantile(sketch, 0.95)).toEqual(before);
  });

  it('never promise less than an unclaimed canary has already waited', () => {
    fc.assert(
      fc.property(
        fc.array(durations, { maxLength: 50 }),
        fc.array(durations, { minLength: 1, maxLength: 50 }),
        (claimed, waiting) => {
          const sketch = emptySketch();
          for (const ms of claimed) observe(sketch, ms, false);
          for (const ms of waiting) observe(sketch, ms, true);
          const bound = exactQuantile([...claimed, ...waiting], 0.95) ?? 0;
          expect(quantile(sketch, 0.95)?.ms).toBeGreaterThanOrEqual(durationOf(bucketOf(bound)) * 0.999);
        },
      ),
    );
  });

  it('merge to the same counts as observing all at once, and survive packing', () => {
    fc.assert(
      fc.property(fc.array(durations), fc.array(durations), (left, right) => {
        const a = emptySketch();
        const b = emptySketch();
        const both = emptySketch();
        for (const ms of left) observe(a, ms, false);
        for (const ms of right) observe(b, ms, false);
        for (const ms of [...left, ...right]) observe(both, ms, false);
        merge(a, b);
        expect(new Map([...unpack(pack(a.claimed))])).toEqual(new Map([...both.claimed].sort(([x], [y]) => x - y)));
        expect(total(a.claimed)).toBe(left.length + right.length);
      }),
    );
  });
});
