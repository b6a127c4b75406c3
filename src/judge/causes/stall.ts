import type { Stall } from '../../evidence/diagnosis.ts';
import { DAY, MINUTE } from '../../evidence/instant.ts';
import type { PoolRecord, PoolSeen } from '../../evidence/pool.ts';
import type { Docket } from '../docket.ts';

/** What was read of a watched pool longer ago than this says nothing of a silence that goes on. */
const LOOKED = 3 * MINUTE;
/** Worker-manager keeps the rows of workers for a week: where there is none, none came for so long. */
const ROWS = 7 * DAY;
/** A pool that has not got a worker for longer than a weekend is broken by itself, whatever waits in it. */
const DEAD = 3 * DAY;
/**
 * Where one pool alone wants workers, and other providers make some, it may be passed over by itself, for the others of its provider may just
 * want none: so many times as long a silence tells that it is the provider.
 */
const ALONE = 1.5;
/** What has just come to wait may get its worker with the provisioner's next rounds. */
export const SETTLED = 2 * MINUTE;
/** A pool that gets no worker although its provider makes some this long after it began to want them is passed over by itself. */
const PASSED_OVER = 5 * MINUTE;

/** What is known of one provider's workers. */
interface Provider {
  name: string;
  watched: readonly PoolRecord[];
  /** When its newest worker came, at the latest; undefined while some watched pool was not asked just now. */
  newest?: number;
}

/**
 * The providers, of those that `concerns` holds for, of which no worker has come for `silence` although some pool has wanted one throughout;
 * undefined where there is none. A quiet cluster is none, for nothing is wanted there.
 * Who has looked only once knows of no demand before, and asks for `wantedFor` less than that. Milliseconds.
 */
export function stallOf(
  docket: Docket,
  concerns: (provider: string) => boolean,
  wantedFor = docket.config.provisioning.silence,
): Stall | undefined {
  const { now, config, basket } = docket;
  const { silence } = config.provisioning;
  const providers = [...basket].map(([name, watched]) => ({
    name,
    watched,
    ...newestOf(docket, name, watched),
  }));
  const silent = providers.filter(({ newest }) => newest !== undefined && now - newest >= silence);
  const wanted = silent
    .filter(({ name }) => concerns(name))
    .map((provider) => ({ provider, unmet: unmetOf(docket, provider.name) }));
  const overall = wanted.length === providers.length;
  const all = wanted.flatMap(({ unmet }) => unmet);
  const tells = ({ newest = now, watched }: Provider) =>
    overall || wantedFor < silence || now >= tellingFrom(silence, newest, all, watched.length);
  const stalled = wanted.filter(({ provider, unmet }) => unmet.some(({ since }) => now - since >= wantedFor) && tells(provider));
  if (stalled.length === 0) return undefined;
  const concerned = overall ? wanted : stalled;
  return describe(
    docket,
    concerned.map(({ provider }) => provider),
    concerned.flatMap(({ unmet }) => unmet),
    overall,
  );
}

/** From when on it tells of a provider with so many watched pools that no worker has come since `newest`, where these pools want some. */
function tellingFrom(silence: number, newest: number, unmet: readonly Unmet[], watched: number): number {
  if (watched <= 1) return newest + silence;
  const [, second = Number.POSITIVE_INFINITY] = unmet.map(({ since }) => since).sort((a, b) => a - b);
  return Math.min(newest + ALONE * silence, Math.max(newest + silence, second + SETTLED));
}

/** When no worker had come for long enough, and long enough after some were wanted, for the stall to be told. */
export function crossedAt(docket: Docket, { newestWorker, unmetSince, providers, overall }: Stall): number {
  const { silence } = docket.config.provisioning;
  const least = Math.max(newestWorker, unmetSince) + silence;
  if (overall) return Math.min(docket.now, least);
  const unmet = providers.flatMap((name) => unmetOf(docket, name));
  const watched = Math.max(...providers.map((name) => docket.basket.get(name)?.length ?? 0));
  return Math.min(docket.now, Math.max(least, tellingFrom(silence, newestWorker, unmet, watched)));
}

/** Which of the stall's providers have no worker yet that came after it was known. Those that want none need none once another has one. */
export function stillSilent(docket: Docket, stall: Stall): string[] {
  const { basket } = docket;
  const { silence } = docket.config.provisioning;
  // Up to then the watched pools were seen to be silent; what came elsewhere meanwhile did not keep it from being a stall.
  const known = Math.max(stall.newestWorker, stall.unmetSince) + Math.max(0, silence - LOOKED);
  const left = stall.providers.filter((name) => basket.has(name) && newestBy(docket, name) <= known);
  return left.length === stall.providers.length ? left : left.filter((name) => unmetOf(docket, name).length > 0);
}

/** Of the stall's pools those that still want workers, and have got none since it began. */
export function stillLacking(docket: Docket, { unmet, newestWorker }: Stall): { pool: string }[] {
  return unmet.filter(({ pool }) => {
    const seen = docket.pools.get(pool)?.seen;
    if (seen?.unmet === undefined || seen.newest === undefined || docket.now - seen.unmet.at > LOOKED) return false;
    return latest(seen.newest) <= newestWorker;
  });
}

/** The pool's own provider makes workers while the stall goes on without it: whatever keeps the pool's tasks waiting is another matter. */
export function isApart(docket: Docket, { providers, newestWorker, unmetSince }: Stall, pool: string): boolean {
  const provider = docket.pools.get(pool)?.info?.provider;
  if (provider === undefined || providers.includes(provider)) return false;
  return newestBy(docket, provider) > Math.max(newestWorker, unmetSince);
}

/** The stall with today's numbers, and with the providers that have become silent since. */
export function grown(docket: Docket, stall: Stall, anew: Stall | undefined, providers: readonly string[]): Stall {
  const all = [...new Set([...providers, ...(anew?.providers ?? [])])];
  const watched = [...docket.basket].filter(([name]) => all.includes(name));
  // Who joins may have got its last worker a little later, and nobody may be told of a longer silence than that of all.
  const joins = anew?.providers.some((name) => !stall.providers.includes(name)) === true;
  const newestWorker = joins ? Math.max(stall.newestWorker, anew.newestWorker) : stall.newestWorker;
  const unmet = all.flatMap((name) => unmetOf(docket, name));
  const fresh = describe(
    docket,
    watched.map(([name, pools]) => ({ name, watched: pools, newest: newestWorker })),
    unmet,
    anew?.overall ?? (stall.overall && providers.length === stall.providers.length),
  );
  return {
    ...fresh,
    newestWorker,
    unmetSince: stall.unmetSince,
    ...(unmet.length === 0 && { unmet: stall.unmet, waiting: stall.waiting }),
  };
}

function newestOf(docket: Docket, provider: string, watched: readonly PoolRecord[]): { newest?: number } {
  const stale = watched.some(({ seen }) => seen?.newest === undefined || docket.now - seen.newest.at > LOOKED);
  if (stale) return {};
  const newest = watched.flatMap(({ seen }) => (seen?.newest === undefined ? [] : latest(seen.newest)));
  return { newest: Math.max(newestBy(docket, provider), ...newest) };
}

/** Where only the statistics have shown a new worker, it may have come as late as they were read. */
function latest({ at, created, atLeast }: NonNullable<PoolSeen['newest']>): number {
  return atLeast ? at : (created ?? Number.NEGATIVE_INFINITY);
}

/** When the newest worker came in any pool of the provider, at the earliest: the statistics tell of those too that nobody watches. */
function newestBy({ standouts, now }: Docket, provider: string): number {
  return Math.max(now - ROWS, standouts.newest.get(provider) ?? Number.NEGATIVE_INFINITY);
}

interface Unmet {
  pool: string;
  pending: number;
  since: number;
  own: boolean;
}

/** Pools of the provider that want workers now; where nothing but our own canaries do, it takes those of several pools. */
function unmetOf(docket: Docket, provider: string): Unmet[] {
  const { standouts, now } = docket;
  const newest = newestBy(docket, provider);
  const all = standouts.unmet.flatMap((record): Unmet[] => {
    const { pool, info, seen } = record;
    if (info?.provider !== provider || seen?.unmet === undefined || now - seen.unmet.at > LOOKED) return [];
    if (isDead(record, now) || isPassedOver(record, newest)) return [];
    return [{ pool, pending: seen.counts?.pending ?? 0, since: seen.unmet.since, own: seen.unmet.own }];
  });
  return all.length === 1 && all[0]?.own === true ? [] : all;
}

function isDead({ seen }: PoolRecord, now: number): boolean {
  return seen?.newest !== undefined && now - (seen.newest.created ?? 0) > DEAD;
}

/** What keeps it from workers is its own, for its provider, whose newest worker came at `newest`, went on making them for others. */
function isPassedOver({ seen }: PoolRecord, newest: number): boolean {
  if (seen?.unmet === undefined || seen.newest === undefined) return false;
  const { since } = seen.unmet;
  return newest >= since + PASSED_OVER && seen.newest.at >= since + PASSED_OVER && latest(seen.newest) < since;
}

function describe(docket: Docket, providers: readonly Provider[], unmet: readonly Unmet[], overall: boolean): Stall {
  const { now } = docket;
  const watched = providers.flatMap((provider) => provider.watched);
  const newestWorker = Math.max(now - ROWS, ...providers.flatMap(({ newest }) => newest ?? []));
  const failing = watched
    .map((record) => ({ record, errors: errorsSince(record, newestWorker) }))
    .filter(({ errors }) => errors > 0);
  const at = new Set(failing.flatMap(({ record }) => record.info?.provider ?? []));
  const errors = failing.reduce((sum, pool) => sum + pool.errors, 0);
  const common = failing.flatMap(({ record }) => record.seen?.commonError ?? []).sort((a, b) => b.count - a.count)[0];
  const { at: _read, ...commonError } = common ?? {};
  const counted = docket.watch.fleetErrorsAt !== undefined;
  const largest = unmet.toSorted((a, b) => b.pending - a.pending);
  return {
    newestWorker,
    unmetSince: Math.min(now, ...unmet.map(({ since }) => since)),
    providers: providers.map(({ name }) => name),
    overall,
    watched: watched.length,
    unmet: largest.slice(0, UNMET_KEPT).map(({ pool, pending }) => ({ pool, pending })),
    waiting: unmet.reduce((sum, { pending }) => sum + pending, 0),
    ...(counted && { errors }),
    ...(at.size > 0 && at.size < providers.length && { failing: [...at] }),
    ...(common !== undefined && { commonError: commonError as NonNullable<Stall['commonError']> }),
  };
}

const UNMET_KEPT = 12;

/** Errors reported since the newest worker came. A provisioner that has stopped reports none, whatever was usual before. */
function errorsSince({ seen }: PoolRecord, newestWorker: number): number {
  const rises = (seen?.errorCount?.rises ?? []).filter(({ from }) => from >= newestWorker);
  return rises.reduce((sum, { by }) => sum + by, 0);
}

/** Errors since the newest worker that are no accident. */
const STALL_ERRORS = 3;

/** Of a stall with errors, the errors are the reason; without, it is the provisioner itself. */
export function causeOfStall({ errors = 0 }: Stall): 'provisioning-stalled' | 'provisioning-errors' {
  return errors >= STALL_ERRORS ? 'provisioning-errors' : 'provisioning-stalled';
}
