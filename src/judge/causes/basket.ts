import { keptBy, keptOf, type Replaced } from '../../evidence/layer.ts';
import type { PoolRecord } from '../../evidence/pool.ts';
import type { Config } from '../../evidence/probe.ts';
import { BASKET } from '../limits.ts';
import { lastDayOf } from './creations.ts';

/** Pools watched for new workers, by provider, those that get the most first. */
export type Basket = ReadonlyMap<string, readonly PoolRecord[]>;

/**
 * Pools of the configuration, or the busiest of each provider: a silence in them is one of the provisioner. Kept for as long as the pools are,
 * which must not change afterwards: who is busiest changes with the fleet's samples, and is asked for with every look.
 */
export const basketOf: (config: Config, pools: ReadonlyMap<string, PoolRecord>) => Basket = keptBy((config: Config) =>
  keptOf<PoolRecord, Basket>(
    (pools) => chosen(config, pools),
    (last, replaced, pools) => (replaced.every(isRankedAlike) ? withPresent(last, replaced, pools) : undefined),
  ),
);

function chosen(config: Config, pools: ReadonlyMap<string, PoolRecord>): Basket {
  const { provisioning } = config;
  if (provisioning.mode === 'off') return new Map();
  const named = provisioning.pools.flatMap((pool) => pools.get(pool) ?? []);
  return named.length > 0 ? byProvider(named.filter(isProvisioned)) : busiest(config, pools);
}

/** Whether all that a pool is chosen by is as it was. */
function isRankedAlike({ before, now }: Replaced<PoolRecord>): boolean {
  if (before === undefined || before.info !== now.info || before.created !== now.created) return false;
  return before.seen?.workforce === now.seen?.workforce;
}

/** The same pools as they are now. */
function withPresent(last: Basket, replaced: readonly Replaced<PoolRecord>[], pools: ReadonlyMap<string, PoolRecord>): Basket {
  const names = new Set(replaced.map(({ now }) => now.pool));
  if (![...last.values()].some((records) => records.some(({ pool }) => names.has(pool)))) return last;
  return new Map([...last].map(([provider, records]) => [provider, records.map((record) => pools.get(record.pool) ?? record)]));
}

function busiest({ probes }: Config, pools: ReadonlyMap<string, PoolRecord>): Basket {
  const probed = new Set(probes.map(({ pool }) => pool));
  const first = new Map<string, Ranked[]>();
  for (const record of pools.values()) {
    if (!isProvisioned(record)) continue;
    const provider = record.info?.provider ?? '';
    const group = first.get(provider) ?? [];
    first.set(provider, group);
    enter(group, { record, rank: rankOf(record, probed) });
  }
  const groups = [...first].sort(([, [a]], [, [b]]) => (a && b && isBefore(a, b) ? -1 : 1));
  return fairShare(new Map(groups.map(([provider, group]) => [provider, group.map(({ record }) => record)])));
}

interface Ranked {
  record: PoolRecord;
  rank: number;
}

/** Among the first of its provider, of which no more are kept than are ever watched: few are, and all would have to be sorted with each sample. */
function enter(first: Ranked[], one: Ranked): void {
  let place = first.length;
  for (let above = first[place - 1]; above !== undefined && isBefore(one, above); above = first[place - 1]) place--;
  if (place === BASKET) return;
  first.splice(place, 0, one);
  if (first.length > BASKET) first.pop();
}

function isBefore(a: Ranked, b: Ranked): boolean {
  return a.rank === b.rank ? a.record.pool < b.record.pool : a.rank > b.rank;
}

/** What worker-manager gives a pool to that is to be deleted. */
const NO_PROVIDER = 'null-provider';

/** Workers of a pool without a maximum, a static one, are not made by the provisioner, and those of a pool on its way out not any more. */
function isProvisioned({ info }: PoolRecord): boolean {
  return info?.maxCapacity !== undefined && info.maxCapacity > 0 && info.provider !== NO_PROVIDER;
}

/** As long as nobody has counted, what stands there says where workers come to be; what is probed breaks a tie. */
function rankOf({ pool, created, seen }: PoolRecord, probed: ReadonlySet<string>): number {
  const standing = (seen?.workforce?.running.count ?? 0) + (seen?.workforce?.requested.count ?? 0);
  return lastDayOf(created) + standing / 1e4 + (probed.has(pool) ? 1e-5 : 0);
}

function byProvider(records: readonly PoolRecord[]): Map<string, PoolRecord[]> {
  const groups = new Map<string, PoolRecord[]>();
  for (const record of records) {
    const provider = record.info?.provider ?? '';
    const group = groups.get(provider);
    if (group === undefined) groups.set(provider, [record]);
    else group.push(record);
  }
  return groups;
}

/** The first of each provider, then the second of each, until there are enough. */
function fairShare(groups: ReadonlyMap<string, readonly PoolRecord[]>): Basket {
  const chosen = new Map<string, PoolRecord[]>();
  let left = BASKET;
  for (let round = 0; left > 0 && round < BASKET; round++) {
    for (const [provider, records] of groups) {
      const record = records[round];
      if (record === undefined || left === 0) continue;
      chosen.set(provider, [...(chosen.get(provider) ?? []), record]);
      left--;
    }
  }
  return chosen;
}

/** When a new worker was last known to come to be in one of them; undefined where none is known of. */
export function newestIn(records: readonly PoolRecord[]): number | undefined {
  const known = records.flatMap(({ seen }) => seen?.newest?.created ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}
