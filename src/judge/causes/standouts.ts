import { keptOf, type Replaced } from '../../evidence/layer.ts';
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

type Is = (record: PoolRecord | undefined) => boolean;

const isUnmet: Is = (record) => record?.seen?.unmet !== undefined;
const isOver: Is = (record) => record?.seen?.workforce?.over !== undefined;
const isExamined: Is = (record) => record?.seen?.examinedAt !== undefined;
const isGone: Is = (record) => record?.gone !== undefined;

/** Kept for as long as the pools are, which must not change afterwards. */
export const standoutsOf: (pools: ReadonlyMap<string, PoolRecord>) => Standouts = keptOf(look, adapted);

function look(pools: ReadonlyMap<string, PoolRecord>): Standouts {
  const records = [...pools.values()];
  return {
    unmet: records.filter(isUnmet),
    over: records.filter(isOver),
    examined: records.filter(isExamined),
    gone: records.filter(isGone),
    newest: withNewest(new Map(), records),
  };
}

/** The pools have their places in the order of all, so one that comes to stand out has everybody looked at; so has a newest worker that is none any more. */
function adapted(last: Standouts, replaced: readonly Replaced<PoolRecord>[]): Standouts | undefined {
  const joins = (is: Is) => replaced.some(({ before, now }) => is(now) && !is(before));
  if ([isUnmet, isOver, isExamined, isGone].some(joins)) return undefined;
  if (replaced.some(({ before, now }) => before !== undefined && !isAsNew(before, now))) return undefined;
  const present = new Map(replaced.map(({ now }) => [now.pool, now]));
  const without = (records: readonly PoolRecord[], is: Is) =>
    records.some(({ pool }) => present.has(pool))
      ? records.map((record) => present.get(record.pool) ?? record).filter(is)
      : records;
  return {
    unmet: without(last.unmet, isUnmet),
    over: without(last.over, isOver),
    examined: without(last.examined, isExamined),
    gone: without(last.gone, isGone),
    newest: withNewest(last.newest, present.values()),
  };
}

function isAsNew(before: PoolRecord, now: PoolRecord): boolean {
  const created = before.seen?.newest?.created;
  return created === undefined || (now.info?.provider === before.info?.provider && (now.seen?.newest?.created ?? 0) >= created);
}

function withNewest(before: ReadonlyMap<string, number>, records: Iterable<PoolRecord>): ReadonlyMap<string, number> {
  const newest = new Map(before);
  for (const { info, seen } of records) {
    const created = seen?.newest?.created;
    if (info !== undefined && created !== undefined)
      newest.set(info.provider, Math.max(created, newest.get(info.provider) ?? created));
  }
  return newest;
}
