import type { Fact } from '../../src/evidence/fact.ts';
import type { Incident } from '../../src/evidence/incident.ts';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Config, ProbeEntry } from '../../src/evidence/probe.ts';
import { Bench, configOf, entry, everyMinutes } from './judging.ts';
import { DAY_ZERO } from './values.ts';

export const START = DAY_ZERO + 23 * HOUR;
export const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `gecko-3/${name}`);

/** A night in which some pools go bad at an instant: each half minute the queue tells of every canary. */
export class Night extends Bench {
  readonly dead = new Set<string>();
  /** Pools whose canaries are claimed only after so long. */
  readonly slow = new Map<string, number>();

  constructor(
    names: readonly string[],
    over: Partial<ProbeEntry> = {},
    each: (name: string) => Partial<ProbeEntry> = () => ({}),
    config: Partial<Config> = {},
  ) {
    super(
      configOf(
        names.map((name) =>
          entry(name, {
            schedule: everyMinutes(5),
            thresholds: { warnAfter: 5 * MINUTE, pageAfter: 10 * MINUTE },
            ...over,
            ...each(name),
          }),
        ),
        config,
      ),
      START,
    );
  }

  until(end: number, step = 30 * SECOND): void {
    for (let now = this.now + step; now <= end; now += step) this.tick(now);
  }

  tick(now: number): void {
    const facts = [...this.state.probes.values()].flatMap((state): Fact[] => {
      if (state.open === undefined) return [];
      const stuck = this.dead.has(state.name);
      const scheduled = state.open.scheduled ?? state.open.slot + SECOND;
      const claimed =
        stuck || now < scheduled + (this.slow.get(state.name) ?? 3 * SECOND)
          ? {}
          : { state: 'running' as const, started: Math.max(scheduled + 2 * SECOND, now - 5 * SECOND), scheduled };
      return [{ kind: 'status', taskId: state.open.taskId, status: this.status(state.name, claimed), at: now, start: 'warm' }];
    });
    this.judge(facts, now);
  }

  current(): Incident[] {
    return [...this.state.incidents.values()];
  }

  /** Ids that reached a page, in the order in which they did. */
  get paged(): string[] {
    return [...new Set(this.revisions().flatMap(({ id, level }) => (level === 'page' ? [id] : [])))];
  }
}
