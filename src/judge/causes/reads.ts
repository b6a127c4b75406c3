import { MINUTE } from '../../evidence/instant.ts';
import type { PoolRecord } from '../../evidence/pool.ts';
import type { Config, Probe } from '../../evidence/probe.ts';
import type { PlannedRead } from '../../evidence/reading.ts';
import type { State } from '../../evidence/state.ts';
import { BASKET_EVERY, DEMAND_EVERY, FLEET_AGAIN, FLEET_EVERY, POOLS_EVERY, READ_AGAIN, REFUSED_AGAIN } from '../limits.ts';
import { isGlob } from '../probes.ts';
import { type Basket, basketOf, newestIn } from './basket.ts';
import { keyOf } from './intake.ts';
import { examined } from './suspects.ts';

/** Singly while few pools are named, all at once where a glob or the provisioning watch needs the list anyway or many are named. */
const LIST_FROM = 20;

/** What a pass reads beside the canaries themselves, each thing once: definitions, the fleet, the watched pools and the suspects. */
export function readsFor(
  config: Config,
  probes: readonly Probe[],
  state: State,
  now: number,
): { reads: PlannedRead[]; examines: string[] } {
  if (now - (state.watch.readFailedAt ?? Number.NEGATIVE_INFINITY) < READ_AGAIN) return { reads: [], examines: [] };
  const basket = basketOf(config, state.pools);
  const watched = basketReads(basket, now);
  const suspects = examined(config, probes, state, now);
  const alarmed = suspects.length > 0 || watched.some(({ what }) => what === 'counts');
  const reads = [
    ...definitions(config, probes, state, now),
    ...fleetReads(config, state, now, alarmed),
    ...watched,
    ...suspects.flatMap((pool) => suspectReads(state.pools.get(pool), pool, now)),
  ];
  const unique = new Map(reads.map((request) => [keyOf(request), request]));
  return { reads: [...unique.values()].filter((request) => mayRead(state, request, now)), examines: suspects };
}

/** One that was refused, or for a pool that worker-manager does not know, is not asked for again for a while. */
function mayRead({ watch }: State, request: PlannedRead, now: number): boolean {
  const known = watch.unread?.[keyOf(request)];
  return known === undefined || now - known.at >= REFUSED_AGAIN;
}

function definitions(config: Config, probes: readonly Probe[], state: State, now: number): PlannedRead[] {
  const stale = (at: number | undefined) => at === undefined || now - at >= POOLS_EVERY;
  const pools = [...new Set(probes.filter((probe) => !probe.pool.startsWith('built-in/')).map((probe) => probe.pool))];
  const globs = config.probes.some((entry) => isGlob(entry.pool));
  const all = globs || pools.length > LIST_FROM || config.provisioning.mode !== 'off';
  if (all && (globs || mayRead(state, { what: 'pools' }, now))) return stale(state.watch.poolsAt) ? [{ what: 'pools' }] : [];
  return pools.filter((pool) => stale(state.pools.get(pool)?.at)).map((pool) => ({ what: 'pool', pool }));
}

/** Statistics of pools whose definitions are not known yet would say nothing. */
function fleetReads({ provisioning }: Config, { watch, pools }: State, now: number, alarmed: boolean): PlannedRead[] {
  if ((provisioning.mode === 'off' && !alarmed) || pools.size === 0) return [];
  const every = alarmed ? FLEET_AGAIN : FLEET_EVERY;
  const due = (at: number | undefined) => at === undefined || now - at >= every;
  return [
    ...(due(watch.fleetAt) ? [{ what: 'fleet' } as const] : []),
    ...(due(watch.fleetErrorsAt) ? [{ what: 'fleet-errors' } as const] : []),
  ];
}

/**
 * As long as a provider has shown a new worker lately, nothing. Then its busiest pool is asked; where that has none either, all its watched
 * pools are, and how many tasks wait in them: each minute while some are unmet, else now and then, for a quiet cluster is no outage.
 */
function basketReads(basket: Basket, now: number): PlannedRead[] {
  return [...basket.values()].flatMap((records) => {
    const newest = newestIn(records) ?? Number.NEGATIVE_INFINITY;
    if (now - newest < BASKET_EVERY) return [];
    const [leader, ...rest] = records;
    if (leader === undefined) return [];
    const asked = leader.seen?.newest;
    if (asked === undefined || asked.atLeast || now - asked.at >= BASKET_EVERY) return [newestRead(leader)];
    return [
      ...rest.filter((record) => isDue(record.seen?.newest?.at, BASKET_EVERY, now)).map(newestRead),
      ...demandReads(records, now),
    ];
  });
}

function newestRead({ pool }: PoolRecord): PlannedRead {
  return { what: 'workers', pool, limit: 1 };
}

function demandReads(records: readonly PoolRecord[], now: number): PlannedRead[] {
  const every = records.some(({ seen }) => seen?.unmet !== undefined) ? FLEET_AGAIN : DEMAND_EVERY;
  return records.filter(({ seen }) => isDue(seen?.counts?.at, every, now)).map(({ pool }) => ({ what: 'counts', pool }));
}

function isDue(at: number | undefined, every: number, now: number): boolean {
  return at === undefined || now - at >= every;
}

/** Workers asked for of a suspect: a page that shows the newest, the hour's, and most often the oldest that has not come up. */
const PAGE = 100;
/** A definition older than this may have been changed by whoever mends the pool. */
const DEFINITION = 10 * MINUTE;

function suspectReads(record: PoolRecord | undefined, pool: string, now: number): PlannedRead[] {
  if (pool.startsWith('built-in/')) return [{ what: 'counts', pool }];
  const known = record?.info !== undefined || record?.gone !== undefined || record === undefined;
  // Where the fleet's statistics show no error of the pool in a week there is none to list.
  const errors = known && (record?.seen?.errorCount?.count ?? 0) > 0;
  return [
    { what: 'counts', pool },
    { what: 'claimed', pool },
    { what: 'oldest', pool },
    { what: 'crew', pool },
    ...(known ? [{ what: 'workers', pool, limit: PAGE } as const] : []),
    ...(known && isDue(record?.at, DEFINITION, now) ? [{ what: 'pool', pool } as const] : []),
    ...(errors ? [{ what: 'errors', pool } as const, { what: 'error-list', pool } as const] : []),
  ];
}
