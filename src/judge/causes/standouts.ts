import type { PoolRecord } from '../../evidence/pool.ts';

/** The few pools of which something is to be said, and what all together tell; found in one walk over the fleet, and not by each who asks. */
export interface Standouts {
  /** Pools that were seen to want workers, however long ago. */
  unmet: readonly PoolRecord[];
  /** Pools with far more capacity than they may have, in the newest sample. */
  over: readonly PoolRecord[];
  /** Pools that were ever examined. */
  examined: readonly PoolRecord[];
  /** Pools that worker-manager knew and knows no more. */
  gone: readonly PoolRecord[];
  /** When the newest worker came in any pool, at the earliest, by provider; absent where none is known of. */
  newest: ReadonlyMap<string, number>;
}

const known = new WeakMap<ReadonlyMap<string, PoolRecord>, Standouts>();

/** Kept for as long as the pools are, which must not change afterwards. */
export function standoutsOf(pools: ReadonlyMap<string, PoolRecord>): Standouts {
  let standouts = known.get(pools);
  if (standouts === undefined) {
    standouts = look(pools);
    known.set(pools, standouts);
  }
  return standouts;
}

function look(pools: ReadonlyMap<string, PoolRecord>): Standouts {
  const unmet: PoolRecord[] = [];
  const over: PoolRecord[] = [];
  const examined: PoolRecord[] = [];
  const gone: PoolRecord[] = [];
  const newest = new Map<string, number>();
  for (const record of pools.values()) {
    const { info, seen } = record;
    if (record.gone !== undefined) gone.push(record);
    if (seen === undefined) continue;
    if (seen.unmet !== undefined) unmet.push(record);
    if (seen.workforce?.over !== undefined) over.push(record);
    if (seen.examinedAt !== undefined) examined.push(record);
    const created = seen.newest?.created;
    if (info !== undefined && created !== undefined)
      newest.set(info.provider, Math.max(created, newest.get(info.provider) ?? created));
  }
  return { unmet, over, examined, gone, newest };
}
