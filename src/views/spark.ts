import type { HistoryRow } from '../evidence/history.ts';
import { HOUR } from '../evidence/instant.ts';
import type { SparkPoint } from '../evidence/report.ts';
import { durationOf } from '../stats/sketch.ts';

const SPARK_HOURS = 24;

/** One point an hour for the last day: the slowest observation that began in it. */
export function sparkOf(
  hours: readonly HistoryRow[],
  waits: readonly { at: number; ms: number }[],
  now: number,
): (SparkPoint | undefined)[] {
  const first = Math.floor(now / HOUR) * HOUR - (SPARK_HOURS - 1) * HOUR;
  const points: (SparkPoint | undefined)[] = Array.from({ length: SPARK_HOURS }, () => undefined);
  const add = (at: number, ms: number, censored: boolean) => {
    const i = Math.floor((at - first) / HOUR);
    const old = points[i];
    if (i >= 0 && i < SPARK_HOURS && (old === undefined || ms > old.ms)) points[i] = { ms, censored };
  };
  for (const row of hours) {
    for (const bucket of row.sketch.claimed.keys()) add(row.at, durationOf(bucket), false);
    for (const bucket of row.sketch.unclaimed.keys()) add(row.at, durationOf(bucket), true);
  }
  for (const wait of waits) add(wait.at, wait.ms, true);
  return points;
}
