import type { Stall } from '../evidence/diagnosis.ts';
import type { Fact } from '../evidence/fact.ts';
import { HOUR } from '../evidence/instant.ts';
import type { PoolRecord } from '../evidence/pool.ts';
import type { WorkerRow } from '../evidence/reading.ts';

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

/** Providers whose workers come and go; those in which something is wanted first, then by size. */
export function providersOf(
  records: readonly PoolRecord[],
  facts: readonly Fact[],
  stall: Stall | undefined,
  now: number,
): InspectedProvider[] {
  const pages = pagesIn(facts);
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
          pools.some((record) => rowsOf(record) > 0 && !pages.has(record.pool)),
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

/** Rows of workers that worker-manager has of a pool: each worker of the last week is one. */
export function rowsOf({ seen }: PoolRecord): number {
  const { requested, running, stopping, stopped } = seen?.workforce ?? {};
  return sum([requested, running, stopping, stopped].map((tally) => tally?.count ?? 0));
}

function pagesIn(facts: readonly Fact[]): ReadonlyMap<string, readonly WorkerRow[]> {
  const pages = new Map<string, readonly WorkerRow[]>();
  for (const fact of facts) {
    if (fact.kind === 'read' && fact.reading?.what === 'workers' && fact.request.what === 'workers')
      pages.set(fact.request.pool, fact.reading.workers);
  }
  return pages;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
