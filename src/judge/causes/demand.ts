import type { PoolRecord, PoolSeen } from '../../evidence/pool.ts';
import { SEEN_FRESH } from '../limits.ts';

/**
 * Takes in how many tasks wait in a pool: whether more do than free and coming workers will take, while the pool may still grow. `own` is
 * how many of them are our canaries. Where nobody tells how many are claimed, all that runs counts as free.
 */
export function takeInCounts(record: PoolRecord, counts: NonNullable<PoolSeen['counts']>, own: number): PoolSeen {
  const { unmet: before, ...seen } = record.seen ?? {};
  const next = { ...seen, counts };
  const surplus = surplusOf(record, counts);
  if (surplus === undefined || surplus <= 0) return next;
  const since = before !== undefined && counts.at - before.at <= SEEN_FRESH ? before.since : counts.at;
  return { ...next, unmet: { since, at: counts.at, own: surplus <= own } };
}

/** Tasks that wait beyond what free and requested workers take; undefined where that is not known, 0 where the pool is at its maximum. */
export function surplusOf(
  { info, seen }: PoolRecord,
  { at, pending, claimed }: NonNullable<PoolSeen['counts']>,
): number | undefined {
  const workforce = seen?.workforce;
  const max = info?.maxCapacity;
  if (workforce === undefined || max === undefined || Math.abs(at - workforce.at) > SEEN_FRESH + SEEN_FRESH / 2) return undefined;
  const { requested, running } = workforce;
  if (requested.capacity + running.capacity >= max) return 0;
  const idle = claimed === undefined ? running.capacity : Math.max(0, running.capacity - claimed);
  return pending - idle - requested.capacity;
}
