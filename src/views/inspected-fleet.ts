import type { Stall } from '../evidence/diagnosis.ts';
import type { Fact } from '../evidence/fact.ts';
import type { Incident } from '../evidence/incident.ts';
import { HOUR, MINUTE } from '../evidence/instant.ts';
import type { PoolRecord } from '../evidence/pool.ts';
import type { Probe } from '../evidence/probe.ts';
import type { WorkerRow } from '../evidence/reading.ts';
import { judged } from '../judge/causes/cause.ts';
import { errorsRose } from '../judge/causes/diagnose.ts';
import { causeOfStall, stallOf } from '../judge/causes/stall.ts';
import type { Docket } from '../judge/docket.ts';
import { expand, thresholdsOf } from '../judge/probes.ts';
import { incidentsOn, type Standing, standingOf, type Unread } from './inspected.ts';

/**
 * Why a pool is worth a look, worst first. `no worker`: tasks have wanted one for as long as none came. `stuck`: tasks have waited as long for
 * another reason. `old work`: they wait past the probe's `warnAfter`, and nothing is broken.
 */
export const CONCERNS = ['incident', 'no worker', 'over maximum', 'stuck', 'errors', 'old work'] as const;
export type Concern = (typeof CONCERNS)[number];

export interface Worth {
  pool: string;
  concerns: Concern[];
  standing: Standing;
  diagnosis: ReturnType<typeof judged>;
}

export interface InspectedProvider {
  provider: string;
  pools: number;
  /** Age of the newest worker of the pools that were asked, in milliseconds. */
  newestWorker?: number;
  /** Workers of those pools created in the last hour; `atLeast` where a page did not go back so far. */
  created: number;
  atLeast: boolean;
  running: number;
  requested: number;
  /** Pools with demand that nothing on its way would meet, and the tasks that wait in them. */
  unmet: number;
  waiting: number;
  stalled: boolean;
}

/** A whole deployment as an inspection found it. */
export interface InspectedFleet {
  at: number;
  /** Pools that worker-manager knows, and those of which the queue told how many tasks wait. */
  pools: number;
  counted: number;
  pending: number;
  /** Absent where nobody may know. */
  claimed?: number;
  providers: InspectedProvider[];
  worth: Worth[];
  /** `sure`: the demand was there for as long as no worker came. */
  stall?: Stall & { cause: ReturnType<typeof causeOfStall>; sure: boolean };
  /** Open ones, where a store was read. */
  incidents?: Incident[];
  unread: Unread[];
}

/** Where no probe says what is late: twice as long as trees stay open while builds wait. */
const OLD = 30 * MINUTE;

/** What the answers say of all pools together. */
export function inspectedFleet(docket: Docket, facts: readonly Fact[], stored: boolean): InspectedFleet {
  const { now } = docket;
  const records = [...docket.pools.values()].filter(({ info }) => info !== undefined);
  const counts = records.flatMap(({ seen }) => (seen?.counts !== undefined && now - seen.counts.at < HOUR ? [seen.counts] : []));
  const claimed = counts.flatMap((one) => one.claimed ?? []);
  const probes = expand(docket.config, docket.pools);
  const stall = stalled(docket);
  const pages = pagesIn(facts);
  return {
    at: now,
    pools: records.length,
    counted: counts.length,
    pending: sum(counts.map(({ pending }) => pending)),
    ...(claimed.length > 0 && { claimed: sum(claimed) }),
    providers: providersOf(records, pages, stall, now),
    worth: records.flatMap((record) => worthOf(docket, probes, record)).sort(worstFirst),
    ...(stall && { stall }),
    ...(stored && { incidents: [...docket.incidents.values()] }),
    unread: unreadTogether(facts),
  };
}

/** By one look alone nobody can tell since when workers have been wanted, except where a task has waited for so long. */
function stalled(docket: Docket): InspectedFleet['stall'] {
  const known = stallOf(docket);
  if (known !== undefined) return { ...known, cause: causeOfStall(known), sure: true };
  const seen = stallOf(docket, 0);
  if (seen === undefined) return undefined;
  const waits = seen.unmet.map(({ pool }) => {
    const record = docket.pools.get(pool);
    return record === undefined ? undefined : judged(record, docket.now).figures.oldestPending;
  });
  const { silence } = docket.config.provisioning;
  const old = waits.some((wait) => wait !== undefined && wait >= silence);
  if (!old && waits.every((wait) => wait !== undefined)) return undefined;
  return { ...seen, cause: causeOfStall(seen), sure: old };
}

function worthOf(docket: Docket, probes: readonly Probe[], record: PoolRecord): Worth[] {
  const { now, config } = docket;
  const { pool, seen } = record;
  const diagnosis = judged(record, now);
  const { oldestPending, newestWorker } = diagnosis.figures;
  const { silence } = config.provisioning;
  const probe = probes.find((one) => one.pool === pool);
  const late = (probe && thresholdsOf(probe, docket.states.get(probe.name))?.warnAfter) ?? OLD;
  const unmet = seen?.unmet !== undefined && seen.unmet.at === seen.counts?.at && !seen.unmet.own;
  // A pool of which no worker is known at all was asked for one, and has none of the last week.
  const silent = seen?.newest !== undefined && (newestWorker ?? silence) >= silence;
  const unserved = unmet && silent && (oldestPending ?? silence) >= silence;
  const standing = standingOf(diagnosis);
  const stuck = !unserved && standing === 'broken' && (oldestPending ?? 0) >= silence;
  const is: Record<Concern, boolean> = {
    incident: incidentsOn(docket, pool).length > 0,
    'no worker': unserved,
    'over maximum': (seen?.workforce?.over ?? 0) > 0,
    stuck,
    errors: errorsRose(diagnosis.figures),
    'old work': !unserved && !stuck && (oldestPending ?? 0) >= late,
  };
  const concerns = CONCERNS.filter((concern) => is[concern]);
  return concerns.length === 0 ? [] : [{ pool, concerns, standing, diagnosis }];
}

function worstFirst(a: Worth, b: Worth): number {
  const rank = ({ concerns: [first] }: Worth) => (first === undefined ? CONCERNS.length : CONCERNS.indexOf(first));
  const { pending: x = 0, oldestPending: m = 0 } = a.diagnosis.figures;
  const { pending: y = 0, oldestPending: n = 0 } = b.diagnosis.figures;
  return rank(a) - rank(b) || n - m || y - x || (a.pool < b.pool ? -1 : 1);
}

function pagesIn(facts: readonly Fact[]): ReadonlyMap<string, readonly WorkerRow[]> {
  const pages = new Map<string, readonly WorkerRow[]>();
  for (const fact of facts) {
    if (fact.kind === 'read' && fact.reading?.what === 'workers' && fact.request.what === 'workers')
      pages.set(fact.request.pool, fact.reading.workers);
  }
  return pages;
}

/** Providers whose workers come and go; those in which something is wanted first, then by size. */
function providersOf(
  records: readonly PoolRecord[],
  pages: ReadonlyMap<string, readonly WorkerRow[]>,
  stall: Stall | undefined,
  now: number,
): InspectedProvider[] {
  const groups = new Map<string, PoolRecord[]>();
  for (const record of records) {
    if ((record.info?.maxCapacity ?? 0) === 0) continue;
    const provider = record.info?.provider ?? '';
    groups.set(provider, [...(groups.get(provider) ?? []), record]);
  }
  return [...groups]
    .map(([provider, pools]) => {
      const newest = pools.flatMap(({ seen }) => seen?.newest?.created ?? []);
      const recent = pools.flatMap(({ pool }) => {
        const page = pages.get(pool) ?? [];
        return [{ count: page.filter(({ created }) => created > now - HOUR).length, page }];
      });
      const unmet = pools.filter(({ seen }) => seen?.unmet !== undefined && seen.unmet.at === seen.counts?.at);
      return {
        provider,
        pools: pools.length,
        ...(newest.length > 0 && { newestWorker: Math.max(0, now - Math.max(...newest)) }),
        created: sum(recent.map(({ count }) => count)),
        atLeast:
          recent.some(({ count, page }) => count > 1 && count === page.length) ||
          pools.some(({ pool, seen }) => isUnasked(seen, pages.has(pool))),
        running: sum(pools.map(({ seen }) => seen?.workforce?.running.capacity ?? 0)),
        requested: sum(pools.map(({ seen }) => seen?.workforce?.requested.capacity ?? 0)),
        unmet: unmet.length,
        waiting: sum(unmet.map(({ seen }) => seen?.counts?.pending ?? 0)),
        stalled: stall?.providers.includes(provider) === true,
      };
    })
    .sort(
      (a, b) =>
        Number(b.stalled) - Number(a.stalled) || b.unmet - a.unmet || b.running - a.running || (a.provider < b.provider ? -1 : 1),
    );
}

/** A pool that has or had workers within a week, of which nobody asked when they came. */
function isUnasked(seen: PoolRecord['seen'], asked: boolean): boolean {
  const { requested, running, stopping, stopped } = seen?.workforce ?? {};
  const rows = [requested, running, stopping, stopped].reduce((total, tally) => total + (tally?.count ?? 0), 0);
  return rows > 0 && !asked;
}

/** What could not be read, each kind and reason once, whichever pool it was asked of. */
function unreadTogether(facts: readonly Fact[]): Unread[] {
  const unread = new Map<string, Unread>();
  for (const fact of facts) {
    if (fact.kind === 'read' && fact.reading?.what === 'counts' && fact.reading.claimed === undefined)
      unread.set('claimed-count', { what: 'claimed-count', why: 'refused', detail: 'missing scopes: queue:claimed-count:*' });
    if (fact.kind !== 'failed' || fact.request === undefined || fact.why === 'missing') continue;
    const { request, why } = fact;
    const detail = 'pool' in request ? fact.detail.replaceAll(request.pool, '*') : fact.detail;
    unread.set(`${request.what} ${detail}`, { what: request.what, why, detail });
  }
  return [...unread.values()];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
