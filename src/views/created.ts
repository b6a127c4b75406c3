import type { History } from '../evidence/history.ts';
import { HOUR } from '../evidence/instant.ts';
import type { PoolRecord } from '../evidence/pool.ts';
import type { CreatedReport } from '../evidence/report.ts';
import { lastHourOf, totalOf, usualHourOf } from '../judge/causes/creations.ts';

const HOURS = 24;

/** Workers created in each pool that anybody counts, as of `now`, the fleet having been sampled at `sampledAt`. */
export function createdByPool(
  pools: ReadonlyMap<string, PoolRecord>,
  created: History['created'],
  sampledAt: number | undefined,
  now: number,
): Map<string, CreatedReport> {
  const first = Math.floor(now / HOUR) * HOUR - (HOURS - 1) * HOUR;
  const counted = [...pools.values()].flatMap(({ pool, created }) => (created === undefined ? [] : [{ pool, created }]));
  const hours = new Map(counted.map(({ pool }) => [pool, Array.from({ length: HOURS }, () => 0)]));
  for (const { pool, at, count } of created) {
    const counts = hours.get(pool);
    const i = (at - first) / HOUR;
    if (counts !== undefined && i >= 0 && i < HOURS) counts[i] = count;
  }
  return new Map(
    counted.map(({ pool, created: known }) => {
      const counts = hours.get(pool) ?? [];
      const usual = usualHourOf(known, now);
      const lastHour = Math.round(lastHourOf(known, sampledAt, now) ?? counts.at(-1) ?? 0);
      const total = totalOf(known);
      return [pool, { lastHour, ...(usual !== undefined && { usual: Math.round(usual) }), hours: counts, total }];
    }),
  );
}
