import type { Change } from '../evidence/change.ts';
import type { RouteId } from '../evidence/delivery.ts';
import type { DueCanary, Fact } from '../evidence/fact.ts';
import type { Anchor, Incident, Level } from '../evidence/incident.ts';
import type { Config, Probe } from '../evidence/probe.ts';
import type { Claim, PoolRecord, ProbeState, State, Watch } from '../evidence/state.ts';
import type { PayloadKind } from '../evidence/task.ts';

/** What the judge must be handed besides values: how a canary's definition is made, and which routes hear of a level. */
export interface Rules {
  draft(probe: Probe, slot: number, payload: PayloadKind | Record<string, unknown>): DueCanary;
  routesFor(level: Level): RouteId[];
}

/** A claim seen in this judgement, and when the queue told of it. */
export interface SeenClaim extends Claim {
  slot: number;
  seenAt: number;
  /** Its time to claim without the time in which the queue was silent. Milliseconds. */
  waited: number;
}

/**
 * The working copy of one judgement: the state as judged so far, and the changes that lead to it. Steps read and write it in turn; it
 * lives no longer than the call to `judge`.
 */
export class Docket {
  readonly config: Config;
  readonly rules: Rules;
  readonly now: number;
  /** The probes of the configuration, globs expanded over the pools known after this judgement's facts. */
  probes: Probe[] = [];
  /** Pending canaries seen in this judgement: probe name to the instant the queue told. */
  readonly pendingSeen = new Map<string, number>();
  readonly claimsSeen = new Map<string, SeenClaim[]>();
  readonly counts = new Map<string, Extract<Fact, { kind: 'counts' }>>();
  readonly #states: Map<string, ProbeState>;
  readonly #pools: Map<string, PoolRecord>;
  readonly #incidents: Map<Anchor, Incident>;
  #watch: Watch;
  readonly #base: State;
  readonly #history: Change[] = [];
  readonly #touched = new Map<string, { incident: Incident; routes: Set<RouteId> }>();

  constructor(config: Config, rules: Rules, state: State, now: number) {
    this.config = config;
    this.rules = rules;
    this.now = now;
    this.#base = state;
    this.#states = new Map(state.probes);
    this.#pools = new Map(state.pools);
    this.#incidents = new Map(state.incidents);
    this.#watch = state.watch;
  }

  get states(): ReadonlyMap<string, ProbeState> {
    return this.#states;
  }

  get pools(): ReadonlyMap<string, PoolRecord> {
    return this.#pools;
  }

  get incidents(): ReadonlyMap<Anchor, Incident> {
    return this.#incidents;
  }

  get watch(): Watch {
    return this.#watch;
  }

  /** True before anything was ever written to this store. */
  get firstEver(): boolean {
    return this.#base.revision === 0;
  }

  putState(state: ProbeState): void {
    this.#states.set(state.name, state);
  }

  putPool(record: PoolRecord): void {
    this.#pools.set(record.pool, record);
  }

  putWatch(change: Partial<Watch>): void {
    this.#watch = { ...this.#watch, ...change };
  }

  /** An ended canary or an observation, for the history. */
  record(change: Extract<Change, { kind: 'canary' | 'observation' }>): void {
    this.#history.push(change);
  }

  /** The incident's next revision; `routes` hear of it besides those that already have. */
  putIncident(incident: Incident, routes: RouteId[]): void {
    if (incident.ended === undefined) this.#incidents.set(incident.anchor, incident);
    else this.#incidents.delete(incident.anchor);
    const told = this.#touched.get(incident.id)?.routes ?? new Set<RouteId>();
    for (const route of routes) told.add(route);
    this.#touched.set(incident.id, { incident, routes: told });
  }

  changes(): Change[] {
    const changes: Change[] = [...this.#history];
    for (const [name, state] of this.#states) {
      if (this.#base.probes.get(name) !== state) changes.push({ kind: 'probe', state });
    }
    for (const [pool, record] of this.#pools) {
      if (this.#base.pools.get(pool) !== record) changes.push({ kind: 'pool', record });
    }
    if (this.#watch !== this.#base.watch) changes.push({ kind: 'watch', watch: this.#watch });
    for (const { incident, routes } of this.#touched.values()) changes.push({ kind: 'incident', incident, routes: [...routes] });
    return changes;
  }
}
