import { DAY, MINUTE } from '../../evidence/instant.ts';
import type { PoolRecord } from '../../evidence/pool.ts';
import type { Config, Probe } from '../../evidence/probe.ts';
import type { PlannedRead } from '../../evidence/reading.ts';
import type { State, Watch } from '../../evidence/state.ts';
import {
  ANSWERED_WITHIN,
  BASKET_EVERY,
  DEMAND_EVERY,
  FLEET_AGAIN,
  FLEET_EVERY,
  GONE_AGAIN,
  POOLS_EVERY,
  READ_AGAIN,
  REFUSED_AGAIN,
} from '../limits.ts';
import { globOf } from '../match.ts';
import { isGlob } from '../probes.ts';
import { type Basket, basketOf, newestIn } from './basket.ts';
import { keyOf } from './intake.ts';
import { isRateLow } from './slow.ts';
import { standoutsOf } from './standouts.ts';
import { examined } from './suspects.ts';

/** Singly while few pools are named, all at once where a glob or the provisioning watch needs the list anyway or many are named. */
const LIST_FROM = 20;

/** What is read of the watched pools of one provider, one after another: how much, the answers decide. */
export interface BasketRead {
  /** Asked for their newest worker, busiest first, until one shows a worker created at `since` or later. */
  pools: string[];
  since: number;
  /** Asked how many tasks wait: after the workers where none is new enough, before them where it has been quiet, and then only they may go on. */
  counts: string[];
  countsFirst: boolean;
}

export interface PlannedReads {
  reads: PlannedRead[];
  baskets: BasketRead[];
  /** The pools that are read because their canaries are late. */
  examines: string[];
}

/** What a pass reads beside the canaries themselves, each thing once: definitions, the fleet, the watched pools and the suspects. */
export function readsFor(config: Config, probes: readonly Probe[], state: State, now: number): PlannedReads {
  if (now - (state.watch.readFailedAt ?? Number.NEGATIVE_INFINITY) < READ_AGAIN) return { reads: [], baskets: [], examines: [] };
  const basket = basketOf(config, state.pools);
  const examines = examined(config, probes, state, now);
  const wanting = providersWanting(state, now);
  const alarmed = examines.length > 0 || [...basket.keys()].some((provider) => wanting.has(provider));
  const reads = [
    ...definitions(config, probes, state, now),
    ...fleetReads(config, state, now, alarmed),
    ...demandReads(basket, state.watch, now),
    ...examines.flatMap((pool) => suspectReads(state.pools.get(pool), pool, now)),
  ];
  const unique = new Map(reads.map((request) => [keyOf(request), request]));
  return {
    reads: [...unique.values()].filter((request) => mayRead(state, request, now)),
    baskets: [...basket].flatMap(([provider, records]) => basketReads(state, records, wanting.has(provider), now)),
    examines,
  };
}

/** One that was refused, or for a pool that worker-manager does not know, is not asked for again for a while. */
function mayRead({ watch }: State, request: PlannedRead, now: number): boolean {
  const known = watch.unread?.[keyOf(request)];
  return known === undefined || now - known.at >= REFUSED_AGAIN;
}

function definitions(config: Config, probes: readonly Probe[], state: State, now: number): PlannedRead[] {
  const missed = missedPools(config, state, now);
  const pools = [...new Set(probes.filter((probe) => !probe.pool.startsWith('built-in/')).map((probe) => probe.pool))];
  const globs = config.probes.some((entry) => isGlob(entry.pool));
  const all = globs || pools.length > LIST_FROM || config.provisioning.mode !== 'off';
  // One that a new configuration names is in no list that was read before.
  const anew = pools.some((pool) => (state.pools.get(pool)?.at ?? 0) === 0);
  if (all && (globs || mayRead(state, { what: 'pools' }, now)))
    return anew || isDue(state.watch.poolsAt, missed.size > 0 ? GONE_AGAIN : POOLS_EVERY, now) ? [{ what: 'pools' }] : [];
  const every = (pool: string) => (missed.has(pool) ? GONE_AGAIN : POOLS_EVERY);
  return pools.filter((pool) => isDue(state.pools.get(pool)?.at, every(pool), now)).map((pool) => ({ what: 'pool', pool }));
}

/** Probed pools that went within the last day, and may have been made anew. */
function missedPools({ probes }: Config, { pools }: State, now: number): ReadonlySet<string> {
  const recent = standoutsOf(pools).gone.filter(({ gone }) => gone !== undefined && now - gone.since < DAY);
  const isProbed = (pool: string) =>
    probes.some((entry) => (isGlob(entry.pool) ? globOf(entry.pool).test(pool) : entry.pool === pool));
  return new Set(recent.map(({ pool }) => pool).filter(isProbed));
}

/** Statistics of pools whose definitions are not known yet would say nothing. */
function fleetReads({ provisioning }: Config, { watch, pools }: State, now: number, alarmed: boolean): PlannedRead[] {
  if ((provisioning.mode === 'off' && !alarmed) || pools.size === 0) return [];
  const every = alarmed ? FLEET_AGAIN : FLEET_EVERY;
  return [
    ...(isDue(watch.fleetAt, every, now) ? [{ what: 'fleet' } as const] : []),
    ...(isDue(watch.fleetErrorsAt, every, now) ? [{ what: 'fleet-errors' } as const] : []),
  ];
}

/** A provider of which no worker was heard for so long is quiet: who asks it first asks whether anything is wanted. */
const QUIET = 15 * MINUTE;

/**
 * As long as a provider has shown a new worker lately, nothing. Then its watched pools are asked for a newer one, and where there is none how
 * many tasks wait in them: each minute while some are unmet, else now and then, for a quiet cluster is no outage.
 */
function basketReads(state: State, records: readonly PoolRecord[], unmet: boolean, now: number): BasketRead[] {
  const newest = newestIn(records) ?? Number.NEGATIVE_INFINITY;
  const every = unmet ? FLEET_AGAIN : DEMAND_EVERY;
  const askedAt = Math.max(...records.map(({ seen }) => Math.max(seen?.newest?.at ?? 0, seen?.counts?.at ?? 0)));
  if (!isDue(newest, BASKET_EVERY, now) || !isDue(askedAt, unmet ? FLEET_AGAIN : BASKET_EVERY, now)) return [];
  const readable = (what: 'workers' | 'counts') =>
    records.filter(({ pool }) => mayRead(state, what === 'workers' ? { what, pool, limit: 1 } : { what, pool }, now));
  const counts = readable('counts').filter(({ seen }) => isDue(seen?.counts?.at, every, now));
  const countsFirst = !unmet && now - newest >= QUIET;
  if (countsFirst && counts.length === 0) return [];
  const names = (pools: readonly PoolRecord[]) => pools.map(({ pool }) => pool);
  return [{ pools: names(readable('workers')), since: now - BASKET_EVERY, counts: names(counts), countsFirst }];
}

/** Providers of which some pool, watched or suspect, was just seen to want workers. */
function providersWanting({ pools }: State, now: number): Set<string> {
  const unmet = standoutsOf(pools).unmet.filter((record) => isUnmet(record, now));
  return new Set(unmet.flatMap(({ info }) => info?.provider ?? []));
}

/**
 * Where workers come, and far fewer than usual, the question is whether more are wanted; where a pool was seen to want some and others got
 * them, whether it still does: one that goes on wanting is passed over, which only an unbroken line of looks shows.
 */
function demandReads(basket: Basket, { fleetAt }: Watch, now: number): PlannedRead[] {
  const asked = [...basket.values()].flat().filter((record) => isRateLow(record, fleetAt, now) || isUnmet(record, now));
  const due = asked.filter((record) => isDue(record.seen?.counts?.at, isUnmet(record, now) ? DEMAND_EVERY : FLEET_EVERY, now));
  return due.map(({ pool }) => ({ what: 'counts', pool }));
}

/** Its last look showed demand that nothing would meet; one that was long ago says nothing. */
function isUnmet({ seen }: PoolRecord, now: number): boolean {
  return seen?.unmet !== undefined && now - seen.unmet.at < 2 * BASKET_EVERY;
}

/** Passes come on a grid, and an answer is dated when it comes: what is due a moment later would come a whole grid later. */
function isDue(at: number | undefined, every: number, now: number): boolean {
  return at === undefined || now - at >= every - ANSWERED_WITHIN;
}

/** Workers asked for of a suspect: a page that shows the newest, the hour's, and most often the oldest that has not come up. */
const PAGE = 100;
/** A definition older than this may have been changed by whoever mends the pool. */
const DEFINITION = 10 * MINUTE;

function suspectReads(record: PoolRecord | undefined, pool: string, now: number): PlannedRead[] {
  if (pool.startsWith('built-in/')) return [{ what: 'counts', pool }];
  const known = record?.info !== undefined || record?.gone !== undefined || (record?.at ?? 0) === 0;
  return [
    { what: 'counts', pool },
    { what: 'claimed', pool },
    { what: 'oldest', pool },
    { what: 'crew', pool },
    ...(known ? [{ what: 'workers', pool, limit: PAGE } as const] : []),
    ...(known && isDue(record?.at, DEFINITION, now) ? [{ what: 'pool', pool } as const] : []),
    // The fleet's statistics may be older than what goes wrong.
    ...(known ? [{ what: 'errors', pool } as const, { what: 'error-list', pool } as const] : []),
  ];
}
