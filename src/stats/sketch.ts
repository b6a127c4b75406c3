import type { Sketch } from '../evidence/history.ts';
import type { Quantile } from '../evidence/report.ts';

/** Largest relative error of a value read back from its bucket: 1 %, as the log-spaced buckets of DDSketch give it. */
export const RELATIVE_ERROR = 0.01;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);

/** The bucket of a duration in milliseconds; everything up to 1 ms shares bucket 0. */
export function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.ceil(Math.log(ms) / LOG_GAMMA);
}

/** The duration a bucket stands for, at most `RELATIVE_ERROR` off any that fell into it. Milliseconds. */
export function durationOf(bucket: number): number {
  return bucket === 0 ? 1 : (2 * GAMMA ** bucket) / (GAMMA + 1);
}

export function emptySketch(): Sketch {
  return { claimed: new Map(), unclaimed: new Map() };
}

/** Adds `count` observations of `ms`; a censored one is known to have lasted at least that long. */
export function observe(sketch: Sketch, ms: number, censored: boolean, count = 1): void {
  const counts = censored ? sketch.unclaimed : sketch.claimed;
  const bucket = bucketOf(ms);
  counts.set(bucket, (counts.get(bucket) ?? 0) + count);
}

/** Adds all of `from` to `into`. */
export function merge(into: Sketch, from: Sketch): void {
  for (const kind of ['claimed', 'unclaimed'] as const) {
    for (const [bucket, count] of from[kind]) into[kind].set(bucket, (into[kind].get(bucket) ?? 0) + count);
  }
}

export function total(counts: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/**
 * The quantile `q` (0 to 1) by the Kaplan-Meier estimate, so that an unclaimed canary counts as "at least its age" and no more.
 * Where the claims alone do not reach `q`, the answer is the lower bound that the unclaimed ones prove, marked `atLeast`.
 * Undefined without observations.
 */
export function quantile(sketch: Sketch, q: number): Quantile | undefined {
  return quantiles(sketch, [q])[0];
}

/** Several at once, which costs hardly more than one. */
export function quantiles(sketch: Sketch, qs: readonly number[]): (Quantile | undefined)[] {
  const buckets = [...new Set([...sketch.claimed.keys(), ...sketch.unclaimed.keys()])].sort((a, b) => a - b);
  return qs.map((q) => quantileIn(sketch, buckets, q));
}

function quantileIn(sketch: Sketch, buckets: number[], q: number): Quantile | undefined {
  let atRisk = total(sketch.claimed) + total(sketch.unclaimed);
  if (atRisk === 0) return undefined;
  let unclaimedShare = 1;
  for (const bucket of buckets) {
    const claimed = sketch.claimed.get(bucket) ?? 0;
    unclaimedShare *= 1 - claimed / atRisk;
    if (claimed > 0 && 1 - unclaimedShare >= q - 1e-9) return { ms: durationOf(bucket), atLeast: false };
    atRisk -= claimed + (sketch.unclaimed.get(bucket) ?? 0);
  }
  return { ms: lowerBound(sketch, buckets, q), atLeast: true };
}

/** The quantile as it would be if every unclaimed canary were claimed this instant. */
function lowerBound(sketch: Sketch, buckets: number[], q: number): number {
  const rank = q * (total(sketch.claimed) + total(sketch.unclaimed));
  let seen = 0;
  for (const bucket of buckets) {
    seen += (sketch.claimed.get(bucket) ?? 0) + (sketch.unclaimed.get(bucket) ?? 0);
    if (seen >= rank - 1e-9) return durationOf(bucket);
  }
  return durationOf(buckets.at(-1) ?? 0);
}

/** The nearest-rank quantile of a short list of exact values; undefined of none. */
export function exactQuantile(values: readonly number[], q: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)];
}
