import type { Sketch } from '../evidence/history.ts';
import { DAY, HOUR } from '../evidence/instant.ts';
import type { Objective } from '../evidence/probe.ts';
import type { BurnReport, ObjectiveReport } from '../evidence/report.ts';
import type { Kept } from '../evidence/tally.ts';
import { bucketOf } from './sketch.ts';

/** One stretch of history: what began in it, whatever its kind of start. */
export interface Stretch {
  /** Its beginning. */
  at: number;
  sketch: Sketch;
}

/** An observation that is still going on: a canary in flight, or a slot that was skipped for one. */
export interface Wait {
  at: number;
  ms: number;
}

/**
 * Two pairs of times over which the budget is watched, and how much of it may be spent in the long one: the lower two of the three that
 * Google's SRE workbook gives (14.4 times over an hour, 6 over six hours, 1 over three days, of a budget for 30 days), for the highest needs
 * counts by the minute: at a canary a quarter its hour has four of them. The short time of the middle pair is an hour for the same reason, in
 * place of 30 minutes. Both times of a pair must burn, so that it ends soon after the trouble does.
 */
const FAST = { long: 6 * HOUR, short: HOUR, spends: 0.05 };
const SLOW = { long: 3 * DAY, short: 6 * HOUR, spends: 0.1 };

/** How far back hours are looked at, to the whole hour. */
export const HOURS_LOOKED = FAST.long + HOUR;

type Counts = Omit<Kept, 'at'>;

/** As `objectiveOf`, of what the store has counted by the size of each time to claim. */
export function objectiveReport(
  objective: Objective,
  days: readonly Stretch[],
  hours: readonly Stretch[],
  waits: readonly Wait[],
  now: number,
): ObjectiveReport {
  const limit = bucketOf(objective.under);
  const keptOf = ({ at, sketch }: Stretch): Kept => ({ at, ...countsOf(sketch, limit) });
  return objectiveOf(objective, days.map(keptOf), hours.map(keptOf), waits, now);
}

/**
 * How a probe stands to its objective at `now`. `days` are whole days, that of `now` included; `hours` are those of the last day. A time is
 * measured in whole hours or days of UTC, and so takes in up to one of them more.
 */
export function objectiveOf(
  objective: Objective,
  days: readonly Kept[],
  hours: readonly Kept[],
  waits: readonly Wait[],
  now: number,
): ObjectiveReport {
  const { target, under, over } = objective;
  const waiting = waits.filter(({ ms }) => isMissed(ms, under)).map(({ at }): Kept => ({ at, kept: 0, missed: 1 }));
  const since = (stretches: readonly Kept[], span: number, unit: number) => {
    const from = Math.floor((now - span) / unit) * unit;
    return sum(waiting, from, sum(stretches, from));
  };
  const all = since(days, over, DAY);
  const missedShare = shareOf(all);
  const burn = ({ long, short, spends }: typeof FAST): BurnReport => {
    const seen = (span: number) => (span > DAY ? since(days, span, DAY) : since(hours, span, HOUR));
    const rateOf = (counts: Counts) => {
      const share = shareOf(counts);
      return share === undefined ? undefined : share / (1 - target);
    };
    const counts = seen(long);
    const [ofLong, ofShort] = [rateOf(counts), rateOf(seen(short))];
    const rates = { ...(ofLong !== undefined && { long: ofLong }), ...(ofShort !== undefined && { short: ofShort }) };
    // Slower than 1 it is never spent at all.
    const limit = Math.max(1, (spends * over) / long);
    return { long, short, rates, limit, ...counts, burning: (ofLong ?? 0) > limit && (ofShort ?? 0) > limit };
  };
  return {
    ...objective,
    ...all,
    ...(missedShare !== undefined && { compliance: 1 - missedShare, budgetLeft: 1 - missedShare / (1 - target) }),
    fast: burn(FAST),
    slow: burn(SLOW),
  };
}

/** To the bucket: what took up to 2 % longer counts as in time. */
export function isMissed(ms: number, under: number): boolean {
  return bucketOf(ms) > bucketOf(under);
}

function sum(stretches: readonly Kept[], from: number, { kept, missed }: Counts = { kept: 0, missed: 0 }): Counts {
  const counts = { kept, missed };
  for (const stretch of stretches) {
    if (stretch.at < from) continue;
    counts.kept += stretch.kept;
    counts.missed += stretch.missed;
  }
  return counts;
}

/** Of sketches that are kept from one report to the next, which nobody changes. */
const known = new WeakMap<Sketch, { counts: Counts; limit: number }>();

function countsOf(sketch: Sketch, limit: number): Counts {
  const before = known.get(sketch);
  if (before?.limit === limit) return before.counts;
  const counts = { kept: 0, missed: 0 };
  for (const [bucket, count] of sketch.claimed) counts[bucket > limit ? 'missed' : 'kept'] += count;
  for (const [bucket, count] of sketch.unclaimed) if (bucket > limit) counts.missed += count;
  known.set(sketch, { counts, limit });
  return counts;
}

/** The share that was missed; undefined without observations. */
function shareOf({ kept, missed }: Counts): number | undefined {
  return kept + missed === 0 ? undefined : missed / (kept + missed);
}
