import type { Fact } from '../../evidence/fact.ts';
import { HOUR } from '../../evidence/instant.ts';
import type { PoolRecord, PoolSeen } from '../../evidence/pool.ts';
import type { ErrorStats, PlannedRead, ProvisioningError, Reading, WorkerRow, Workforce } from '../../evidence/reading.ts';
import type { Docket } from '../docket.ts';
import { NEWBORN, YOUNG_WORKER } from '../limits.ts';
import { isGlob } from '../probes.ts';
import { compareClaims } from './claims.ts';
import { BREAK, counted, createdBetween } from './creations.ts';
import { takeInCounts } from './demand.ts';
import { isOver } from './over.ts';

type Read = Extract<Fact, { kind: 'read' }>;

/** Takes in one reading. */
export function takeInReading(docket: Docket, { request, reading, at }: Read): void {
  allow(docket, request);
  if (reading?.what === 'pools') takeInPools(docket, reading.infos, at);
  else if (reading?.what === 'fleet') takeInFleet(docket, reading.pools, at);
  else if (reading?.what === 'fleet-errors') takeInFleetErrors(docket, reading.stats, at);
  else if ('pool' in request) takeInPool(docket, request, reading, at);
}

/** A reading that came is no longer among those that are not asked for. */
function allow(docket: Docket, request: PlannedRead): void {
  const { unread } = docket.watch;
  const key = keyOf(request);
  if (unread?.[key] === undefined) return;
  const { [key]: _over, ...rest } = unread;
  docket.putWatch({ unread: rest });
}

/** What a reading is remembered by when it is refused. */
export function keyOf(request: PlannedRead): string {
  return 'pool' in request ? `${request.what} ${request.pool}` : request.what;
}

export function markExamined(docket: Docket, pools: readonly string[], at: number): void {
  for (const pool of pools) {
    const record = recordOf(docket, pool, at);
    docket.putPool({ ...record, seen: { ...record.seen, examinedAt: at } });
  }
}

/** Worker-manager knows no built-in pools and lists none; of another its definition is still to be read, or may not be. */
function recordOf(docket: Docket, pool: string, at: number): PoolRecord {
  return docket.pools.get(pool) ?? { pool, at: pool.startsWith('built-in/') ? at : 0 };
}

function takeInPools(docket: Docket, infos: Extract<Reading, { what: 'pools' }>['infos'], at: number): void {
  const listed = new Set(infos.map((info) => info.pool));
  // That all are gone at once is no news of the pools: what was known of them stands.
  const doubtful = infos.length === 0 && [...docket.pools.values()].some(({ info }) => info !== undefined);
  for (const info of infos) putDefinition(docket, info.pool, info, at);
  const named = docket.config.probes.map(({ pool }) => pool).filter((pool) => !isGlob(pool) && !pool.startsWith('built-in/'));
  for (const pool of new Set([...docket.pools.keys(), ...named]))
    if (!listed.has(pool) && !(doubtful && docket.pools.has(pool))) putDefinition(docket, pool, undefined, at);
  docket.putWatch({ poolsAt: at });
}

/** A pool that was known and is no more is gone: somebody removed or renamed it. */
function putDefinition(docket: Docket, pool: string, info: PoolRecord['info'], at: number): void {
  const { info: before, gone: wasGone, ...rest } = docket.pools.get(pool) ?? { pool };
  const gone = wasGone ?? (before && { since: at, provider: before.provider });
  if (wasGone !== undefined && info !== undefined) beginAnew(docket, pool, at);
  docket.putPool(info === undefined ? { ...rest, ...(gone && { gone }), at } : { ...rest, info, at });
}

/** Nobody could ask of it meanwhile, which is no hole in the watch. */
function beginAnew(docket: Docket, pool: string, at: number): void {
  for (const state of docket.states.values()) if (state.pool === pool) docket.putState({ ...state, knownSince: at });
}

function takeInPool(
  docket: Docket,
  request: Extract<PlannedRead, { pool: string }>,
  reading: Reading | undefined,
  at: number,
): void {
  const { pool } = request;
  if (request.what === 'pool') putDefinition(docket, pool, reading?.what === 'pool' ? reading.info : undefined, at);
  if (reading === undefined) return;
  const record = recordOf(docket, pool, at);
  const seen = seenAfter(docket, record, reading, at);
  if (seen !== record.seen) docket.putPool({ ...record, ...(seen && { seen }) });
}

function seenAfter(docket: Docket, record: PoolRecord, reading: Reading, at: number): PoolSeen | undefined {
  const { seen } = record;
  if (reading.what === 'counts') {
    const { pending, claimed } = reading;
    const counts = { at, pending, ...(claimed !== undefined && { claimed }) };
    return takeInCounts(record, counts, ownPending(docket, record.pool), docket.watch.fleetAt);
  }
  if (reading.what === 'workers') return { ...seen, ...workersOf(reading.workers, reading.all, at) };
  if (reading.what === 'claimed') return { ...seen, claims: compareClaims(seen?.claims, 'claimed', reading.taskIds, at) };
  if (reading.what === 'oldest')
    return { ...seen, oldestPending: { at, ...(reading.inserted !== undefined && { since: reading.inserted }) } };
  if (reading.what === 'errors') return { ...seen, errors: errorsOf(reading.stats, at) };
  if (reading.what === 'error-list') return withCommonError(seen, reading.errors, at);
  return reading.what === 'crew' ? crewOf(docket, record, reading, at) : seen;
}

function ownPending(docket: Docket, pool: string): number {
  return [...docket.states.values()].filter((state) => state.pool === pool && state.open?.stage === 'pending').length;
}

function workersOf(workers: readonly WorkerRow[], all: boolean, at: number): Pick<PoolSeen, 'newest' | 'workers'> {
  const [first] = workers;
  const requested = workers.filter(({ state }) => state === 'requested').map(({ created }) => created);
  const recent = workers.filter(({ created }) => created > at - HOUR).length;
  const newest = { at, ...(first !== undefined && { created: first.created }) };
  // A single row is asked for to see when the newest came, and tells nothing of the others.
  if (workers.length < 2 && !all) return { newest };
  const whole = all || recent < workers.length;
  return {
    newest,
    workers: {
      at,
      ...(requested.length > 0 && { oldestRequested: Math.min(...requested) }),
      ...(whole && { lastHour: recent }),
      young: youngOf(workers, at),
    },
  };
}

function youngOf(workers: readonly WorkerRow[], at: number): { count: number; gone: number } {
  const young = workers.filter(({ created }) => created > at - YOUNG_WORKER && created <= at - NEWBORN);
  const gone = young.filter(({ state }) => state === 'stopping' || state === 'stopped');
  return { count: young.length, gone: gone.length };
}

/** The hour up to now, the present one and the rest from the one before, against the usual one of those before. */
function errorsOf({ hourly }: ErrorStats, at: number): NonNullable<PoolSeen['errors']> {
  const hours = hourly.toSorted((a, b) => a.at - b.at);
  const share = Math.min(1, (at - Math.floor(at / HOUR) * HOUR) / HOUR);
  const present = hours.at(-1)?.count ?? 0;
  const before = hours.at(-2)?.count ?? 0;
  const past = hours.slice(0, -2).map(({ count }) => count);
  const usual = past.length === 0 ? 0 : past.reduce((sum, count) => sum + count, 0) / past.length;
  return { at, lastHour: Math.round(present + before * (1 - share)), usual };
}

function withCommonError(seen: PoolSeen | undefined, errors: readonly ProvisioningError[], at: number): PoolSeen {
  const { commonError: _before, ...rest } = seen ?? {};
  const groups = new Map<string, { first: ProvisioningError; count: number }>();
  for (const error of errors) {
    if (error.at <= at - HOUR) continue;
    const key = JSON.stringify([error.kind, error.title, error.code]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: error, count: 1 });
    else group.count++;
  }
  const [common] = [...groups.values()].sort((a, b) => b.count - a.count);
  if (common === undefined) return rest;
  const { kind, title, description, code } = common.first;
  const words = { kind: kind.slice(0, 100), title: title.slice(0, 200), description: description.slice(0, 1000) };
  return { ...rest, commonError: { at, ...words, ...(code !== undefined && { code: code.slice(0, 100) }), count: common.count } };
}

function crewOf(
  docket: Docket,
  { pool, seen }: PoolRecord,
  { workers }: Extract<Reading, { what: 'crew' }>,
  at: number,
): PoolSeen {
  const active = workers.flatMap(({ lastActive }) => lastActive ?? []);
  const crew = {
    at,
    workers: workers.filter(({ state }) => state !== 'stopped' && state !== 'stopping').length,
    quarantined: workers.filter(({ quarantined }) => quarantined).length,
    ...(active.length > 0 && { lastActive: Math.max(...active) }),
  };
  const latest = workers.flatMap(({ latestTask }) => latestTask ?? []);
  // The list of what is claimed tells it better, where that may be read.
  const better = docket.watch.unread?.[`claimed ${pool}`] === undefined;
  return { ...seen, crew, ...(!better && { claims: compareClaims(seen?.claims, 'latest', latest, at) }) };
}

/** A sample of the whole fleet: who grew, by how much, and who has far more than it may. Most pools are as they were in the one before. */
function takeInFleet(docket: Docket, pools: readonly { pool: string; workforce: Workforce }[], at: number): void {
  const before = docket.watch.fleetAt;
  if (before !== undefined && at <= before) return;
  for (const { pool, workforce } of pools) {
    const record = docket.pools.get(pool);
    if (record === undefined) continue;
    const born = bornIn(record, workforce);
    const created = counted(record.created, born, before, at);
    const seen = seenIn(record, workforce, born, before, at);
    if (created === record.created && seen === record.seen) continue;
    docket.putPool({ ...record, created, seen });
    const count = created.counts.at(-1) ?? 0;
    const told = created.hour === record.created?.hour ? record.created.counts.at(-1) : 0;
    if (count > 0 && count !== told) docket.record({ kind: 'created', pool, at: created.hour, count });
  }
  dropUnsampled(docket, new Set(pools.map(({ pool }) => pool)));
  docket.putWatch({ fleetAt: at });
}

/** What an earlier sample told of a pool that this one does not know is over. */
function dropUnsampled(docket: Docket, sampled: ReadonlySet<string>): void {
  for (const record of docket.pools.values()) {
    if (record.seen?.workforce === undefined || sampled.has(record.pool)) continue;
    const { workforce: _over, ...seen } = record.seen;
    docket.putPool({ ...record, seen });
  }
}

function bornIn({ seen }: PoolRecord, workforce: Workforce): number {
  return seen?.workforce === undefined ? 0 : createdBetween(seen.workforce, workforce);
}

function seenIn(record: PoolRecord, workforce: Workforce, born: number, before: number | undefined, at: number): PoolSeen {
  const { workforce: last, newest: known } = record.seen ?? {};
  const over = isOver(record, workforce) ? overBefore(last, before, at) + 1 : 0;
  if (record.seen !== undefined && last !== undefined && over === 0 && isAlike(last, workforce)) return record.seen;
  const newest = last !== undefined && born > 0 ? newestAfter(known, before ?? at, at) : known;
  return { ...record.seen, workforce: { ...workforce, ...(over > 0 && { over }) }, ...(newest && { newest }) };
}

/** In how many samples in a row up to the last one it was. */
function overBefore(last: PoolSeen['workforce'], before: number | undefined, at: number): number {
  return before !== undefined && at - before <= BREAK ? (last?.over ?? 0) : 0;
}

const STATES = ['requested', 'running', 'stopping', 'stopped'] as const;

function isAlike(last: NonNullable<PoolSeen['workforce']>, now: Workforce): boolean {
  if (last.over !== undefined) return false;
  return STATES.every((state) => last[state].count === now[state].count && last[state].capacity === now[state].capacity);
}

/** A new row says that a worker came since the sample before, and not when: as early as it can have been, it makes no silence shorter than it is. */
function newestAfter(known: PoolSeen['newest'], before: number, at: number): PoolSeen['newest'] {
  return { at, created: Math.max(known?.created ?? 0, before), atLeast: true };
}

function takeInFleetErrors(docket: Docket, { byPool }: ErrorStats, at: number): void {
  const from = docket.watch.fleetErrorsAt;
  for (const record of docket.pools.values()) {
    const count = byPool[record.pool] ?? 0;
    const before = record.seen?.errorCount;
    if (before?.count === count) continue;
    const rises = (before?.rises ?? []).filter((rise) => rise.at > at - HOUR);
    // What was there when we first looked is no rise.
    if (from !== undefined && before !== undefined && count > before.count) rises.push({ from, at, by: count - before.count });
    docket.putPool({ ...record, seen: { ...record.seen, errorCount: { at, count, rises } } });
  }
  docket.putWatch({ fleetErrorsAt: at });
}
