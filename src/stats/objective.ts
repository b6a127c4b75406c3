import type { Sketch } from '../evidence/history.ts';
import { DAY, HOUR } from '../evidence/instant.ts';
import type { Objective } from '../evidence/probe.ts';
import type { BurnReport, ObjectiveReport } from '../evidence/report.ts';
import { bucketOf, emptySketch, observe } from './sketch.ts';

/** One stretch of history: what began in it, whatever its kind of start. */
export interface Stretch {
  /** Its beginning. */
  at: number;
  sketch: Sketch;
}

/**
 * Two pairs of times over which the budget is watched, and how much of it may be spent in the long one: the lower two of the three that
 * Google's SRE workbook gives, for the highest needs counts by the minute. Both times of a pair must burn, so that it ends soon after
 * the trouble does.
 */
const FAST = { long: 6 * HOUR, short: HOUR, spends: 0.05 };
const SLOW = { long: 3 * DAY, short: 6 * HOUR, spends: 0.1 };

interface Tally {
  kept: number;
  missed: number;
}

/**
 * How a probe stands to its objective at `now`. `days` are whole days, that of `now` included; `hours` are those of the last day; each
 * wait is a canary in flight, or a slot that was skipped for one. A time is measured in whole hours or days of UTC, and so takes in up to
 * one of them more.
 */
export function objectiveReport(
  objective: Objective,
  days: readonly Stretch[],
  hours: readonly Stretch[],
  waits: readonly { at: number; ms: number }[],
  now: number,
): ObjectiveReport {
  const { target, under, over } = objective;
  const waiting = waits.map(({ at, ms }) => ({ at, sketch: pending(ms) }));
  const since = (stretches: readonly Stretch[], span: number, unit: number) => {
    const from = Math.floor((now - span) / unit) * unit;
    return tally([...stretches, ...waiting], from, under);
  };
  const all = since(days, over, DAY);
  const missedShare = shareOf(all);
  const burn = ({ long, short, spends }: typeof FAST): BurnReport => {
    const rateOf = (span: number) => {
      const share = shareOf(span > DAY ? since(days, span, DAY) : since(hours, span, HOUR));
      return share === undefined ? undefined : share / (1 - target);
    };
    const [ofLong, ofShort] = [rateOf(long), rateOf(short)];
    const rates = { ...(ofLong !== undefined && { long: ofLong }), ...(ofShort !== undefined && { short: ofShort }) };
    // Slower than 1 it is never spent at all.
    const limit = Math.max(1, (spends * over) / long);
    return { long, short, rates, limit, burning: (ofLong ?? 0) > limit && (ofShort ?? 0) > limit };
  };
  return {
    ...objective,
    ...all,
    ...(missedShare !== undefined && { compliance: 1 - missedShare, budgetLeft: 1 - missedShare / (1 - target) }),
    fast: burn(FAST),
    slow: burn(SLOW),
  };
}

function pending(ms: number): Sketch {
  const sketch = emptySketch();
  observe(sketch, ms, true);
  return sketch;
}

function tally(stretches: readonly Stretch[], from: number, under: number): Tally {
  let kept = 0;
  let missed = 0;
  // To the bucket: what took up to 2 % longer counts as in time.
  const limit = bucketOf(under);
  for (const { at, sketch } of stretches) {
    if (at < from) continue;
    const one = tallyOf(sketch, limit);
    kept += one.kept;
    missed += one.missed;
  }
  return { kept, missed };
}

/** Of sketches that are kept from one report to the next, which nobody changes. */
const known = new WeakMap<Sketch, Tally & { limit: number }>();

function tallyOf(sketch: Sketch, limit: number): Tally {
  const before = known.get(sketch);
  if (before?.limit === limit) return before;
  const tally = { kept: 0, missed: 0, limit };
  for (const [bucket, count] of sketch.claimed) tally[bucket > limit ? 'missed' : 'kept'] += count;
  for (const [bucket, count] of sketch.unclaimed) if (bucket > limit) tally.missed += count;
  known.set(sketch, tally);
  return tally;
}

/** The share that was missed; undefined without observations. */
function shareOf({ kept, missed }: Tally): number | undefined {
  return kept + missed === 0 ? undefined : missed / (kept + missed);
}
