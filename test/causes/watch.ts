import type { Change } from '../../src/evidence/change.ts';
import type { Fact } from '../../src/evidence/fact.ts';
import type { Incident } from '../../src/evidence/incident.ts';
import type { Config, ProbeEntry } from '../../src/evidence/probe.ts';
import type { Workforce } from '../../src/evidence/reading.ts';
import { type Basket, basketOf } from '../../src/judge/causes/basket.ts';
import { Bench, configOf, entry } from '../support/judging.ts';
import { counted, infoOf, listed, MINUTE, NOW, newest, read, SECOND, sampled, workforceOf } from './makers.ts';

/** How one pool stands. */
export interface Standing {
  provider?: string;
  max?: number;
  pending?: number;
  claimed?: number;
  /** Creation of its newest worker. */
  newest?: number;
  workers?: Parameters<typeof workforceOf>[0];
}

/** A judge that is told each half minute how all pools stand, as the readings of an alarmed prober would have it, and how all canaries do. */
export class Watched extends Bench {
  readonly pools = new Map<string, Standing>();
  /** Pools in which canaries are claimed. */
  readonly claiming = new Set<string>();
  /** Nothing but canaries may be read. */
  refused = false;

  constructor(probes: ProbeEntry[], pools: Record<string, Standing>, config: Partial<Config> = {}) {
    super(configOf(probes, { provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [] }, ...config }), NOW);
    for (const [pool, standing] of Object.entries(pools)) this.pools.set(pool, standing);
    this.judge([
      listed(
        [...this.pools].map(([pool, { provider, max }]) => infoOf(pool, { provider: provider ?? 'gcp', maxCapacity: max ?? 50 })),
        NOW,
      ),
    ]);
  }

  set(pool: string, change: Partial<Standing>): void {
    this.pools.set(pool, { ...this.pools.get(pool), ...change });
  }

  pass(minutes: number): Change[] {
    const until = this.now + minutes * MINUTE;
    const changes: Change[] = [];
    for (let now = this.now + 30 * SECOND; now <= until; now += 30 * SECOND) changes.push(...this.judge(this.facts(now), now));
    return changes;
  }

  facts(now: number): Fact[] {
    if (this.refused) return this.canaries(now);
    const workforces: Record<string, Workforce> = {};
    for (const [pool, { workers }] of this.pools) workforces[pool] = workforceOf(workers);
    const readings = [...this.pools].flatMap(([pool, { pending = 0, claimed = 0, newest: created }]) => [
      newest(pool, created, now),
      counted(pool, pending, claimed, now),
    ]);
    const errors = read({ what: 'fleet-errors' }, { what: 'fleet-errors', stats: { hourly: [], byPool: {} } }, now);
    return [sampled(workforces, now), errors, ...readings, ...this.canaries(now)];
  }

  get basket(): Basket {
    return basketOf(this.config, this.state.pools);
  }

  get told(): Incident[] {
    return [...this.state.incidents.values()];
  }

  /** Ids that reached a page, and which routes of PagerDuty heard of each. */
  get paged(): Record<string, string[]> {
    const pages = this.revisions().filter(({ level, silenced }) => level === 'page' && silenced === undefined);
    return Object.fromEntries(
      [...new Set(pages.map(({ id }) => id))].map((id) => [
        id,
        [...new Set(pages.filter((page) => page.id === id).flatMap(({ addressed }) => Object.keys(addressed)))]
          .filter((route) => route.startsWith('pagerduty:'))
          .sort(),
      ]),
    );
  }

  /** What the queue says of those in flight. */
  canaries(now: number): Fact[] {
    return [...this.state.probes.values()].flatMap((state): Fact[] => {
      if (state.open === undefined) return [];
      const scheduled = state.open.scheduled ?? state.open.slot + SECOND;
      const claimed = this.claiming.has(state.pool) && now > scheduled;
      const run = { scheduled, ...(claimed && { state: 'running' as const, started: Math.max(scheduled, now - 5 * SECOND) }) };
      return [{ kind: 'status', taskId: state.open.taskId, status: this.status(state.name, run), at: now, start: 'warm' }];
    });
  }
}

export function probe(pool: string, over: Partial<ProbeEntry> = {}): ProbeEntry {
  return entry(pool, { thresholds: { warnAfter: 5 * MINUTE, pageAfter: 10 * MINUTE }, ...over });
}
