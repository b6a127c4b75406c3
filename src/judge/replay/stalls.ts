import type { Change } from '../../evidence/change.ts';
import type { Incident } from '../../evidence/incident.ts';
import type { Stretch, Surroundings } from './surroundings.ts';

/** Stalls of the past, which no canary shows, put into what the judge knows while they last. */
export class Stalls {
  readonly #all: Surroundings['stalls'];
  readonly #begun = new Set<Stretch>();

  constructor(all: Surroundings['stalls']) {
    this.#all = all;
  }

  /** Whether one lasts at `now`. */
  last(now: number): boolean {
    return this.#all.some(({ from, until }) => from <= now && now < until);
  }

  /** Those that have begun by `now` and not yet been put. */
  begin(now: number): Change[] {
    const begun = this.#all.filter((stall) => stall.from <= now && now < stall.until && !this.#begun.has(stall));
    for (const stall of begun) this.#begun.add(stall);
    return begun.map(({ incident, from }) => ({ kind: 'incident', incident: standing(incident, from), routes: [] }));
  }

  /** When the next one begins or ends, after `now`. */
  next(now: number): number {
    return Math.min(...this.#all.flatMap(({ from, until }) => [from, until]).filter((at) => at > now));
  }
}

/** As it stood when it was opened, as far as is kept. */
function standing({ id, anchor, class: kind, cause, since, addressed, crossed }: Incident, opened: number): Incident {
  const stall = {
    newestWorker: since,
    unmetSince: since,
    providers: [anchor.slice('provider:'.length)],
    ...{ overall: false, watched: 0, unmet: [], waiting: 0 },
  };
  return {
    ...{ id, anchor, class: kind, cause, since, opened, addressed, crossed },
    ...{ level: 'page', revision: 1, timeline: [] },
    evidence: { kind: 'fleet', since, members: [], recovered: 0, witnesses: 0, common: [], stall },
  };
}
