import type { PoolRecord, PoolSeen } from '../../evidence/pool.ts';
import { FLEET_AGAIN, SEEN_FRESH } from '../limits.ts';

/**
 * Takes in how many tasks wait in a pool: whether more do than free and coming workers will take, while the pool may still grow. `own` is
 * how many of them are our canaries, `sampledAt` when the fleet was sampled. Where nobody tells how many are claimed, all that runs counts as
 * free.
 */
export function takeInCounts(
  record: PoolRecord,
  counts: NonNullable<PoolSeen['counts']>,
  own: number,
  sampledAt: number | undefined,
): PoolSeen {
  const { unmet: before, idle: _before, ...seen } = record.seen ?? {};
  const idle = idleAfter(record, counts, sampledAt);
  const next = { ...seen, counts, ...(idle && { idle }) };
  if (!isUnmet(record, counts, sampledAt)) return next;
  const since = before !== undefined && counts.at - before.at <= SEEN_FRESH ? before.since : counts.at;
  const others = { ...counts, pending: counts.pending - own };
  return { ...next, unmet: { since, at: counts.at, own: !isUnmet(record, others, sampledAt) } };
}

/** Who is asked while tasks wait takes one at once; a worker between two tasks is seen to have none, but not in look after look. */
function idleAfter(
  { info, seen = {} }: PoolRecord,
  { at, pending, claimed }: NonNullable<PoolSeen['counts']>,
  sampledAt: number | undefined,
): PoolSeen['idle'] {
  const { workforce, crew, idle } = seen;
  const there = workforce?.running.capacity ?? (crew !== undefined && at - crew.at <= SEEN_FRESH ? crew.workers : undefined);
  if (there === undefined || claimed === undefined || pending === 0 || claimed >= there) return undefined;
  const before = idle !== undefined && at - idle.at <= SEEN_FRESH ? idle : undefined;
  // Of hardware, and of machines that nobody makes, some may be switched off.
  const lately = sampledAt !== undefined && at - sampledAt <= 2 * FLEET_AGAIN;
  const exact = info?.maxCapacity !== undefined && workforce !== undefined && lately;
  const most = exact && 2 * claimed <= there ? (before?.most ?? at) : undefined;
  return { since: before?.since ?? at, at, ...(most !== undefined && { most }) };
}

function isUnmet(record: PoolRecord, counts: NonNullable<PoolSeen['counts']>, sampledAt: number | undefined): boolean {
  return (surplusOf(record, counts, sampledAt) ?? 0) > 0;
}

/**
 * How many workers the provisioner would still ask for, by its own reckoning: of what waits beyond free and coming workers as many as the
 * pool's ratio says and its maximum allows, stopping ones included, less those it waits for already. So a pool that has half of what it wants
 * on its way wants no more until they are up. Undefined where that is not known.
 */
export function surplusOf(
  { info, seen }: PoolRecord,
  { at, pending, claimed }: NonNullable<PoolSeen['counts']>,
  sampledAt: number | undefined,
): number | undefined {
  const workforce = seen?.workforce;
  const max = info?.maxCapacity;
  if (workforce === undefined || max === undefined || sampledAt === undefined) return undefined;
  if (Math.abs(at - sampledAt) > SEEN_FRESH + SEEN_FRESH / 2) return undefined;
  const existing = workforce.requested.capacity + workforce.running.capacity;
  const waiting = Math.max(0, pending - Math.max(0, existing - (claimed ?? 0)));
  const wanted = Math.min(waiting * (info?.scalingRatio ?? 1), max - existing - workforce.stopping.capacity);
  return wanted - workforce.requested.capacity;
}
