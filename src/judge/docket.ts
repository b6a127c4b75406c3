import type { Canary } from '../evidence/canary.ts';
import type { Change } from '../evidence/change.ts';
import type { RouteId } from '../evidence/delivery.ts';
import { evolveWith } from '../evidence/evolve.ts';
import type { DueCanary } from '../evidence/fact.ts';
import type { Address, Anchor, Incident, Level, PoolEvidence } from '../evidence/incident.ts';
import { Layer } from '../evidence/layer.ts';
import type { PoolRecord } from '../evidence/pool.ts';
import type { Config, Probe } from '../evidence/probe.ts';
import type { Claim, ProbeState, State, Watch } from '../evidence/state.ts';
import type { PayloadKind } from '../evidence/task.ts';
import { type Basket, basketOf } from './causes/basket.ts';
import { type Standouts, standoutsOf } from './causes/standouts.ts';
import { type Expansion, expansionOf } from './probes.ts';
import { type Force, inForce } from './silences.ts';

/** What the judge must be handed besides values: how a canary's definition is made, and which routes hear of a level. */
export interface Rules {
  draft(probe: Probe, slot: number, payload: PayloadKind | Record<string, unknown>): DueCanary;
  /** Who hears of an incident of this probe, or of none in particular, that reaches a level. */
  addressees(probe: Pick<Probe, 'alerts'> | undefined, level: Level): Address[];
  /** How long a first notice waits for other pools that go bad with it; 0 where one pass judges them all. Milliseconds. */
  groupWait: number;
}

/** A claim seen in this judgement, and when the queue told of it. */
export interface SeenClaim extends Claim {
  slot: number;
  seenAt: number;
  /** Its time to claim without the time in which the queue was silent. Milliseconds. */
  waited: number;
}

/** What a judgement made of one probe's breach, for the incidents to tell of. */
export interface Turn {
  probe: Probe;
  what: 'began' | 'escalated' | 'claimed' | 'relapsed' | 'ended';
  at: number;
  text: string;
  /** When the threshold was crossed that makes it one, or the claim came that ends it, by the queue's clock. */
  crossed: number;
  evidence: PoolEvidence;
}

/**
 * The working copy of one judgement: the state as judged so far, and the changes that lead to it. Steps read and write it in turn; it
 * lives no longer than the call to `judge`.
 */
export class Docket {
  readonly config: Config;
  readonly rules: Rules;
  readonly now: number;
  /** Pending canaries seen in this judgement: probe name to the instant the queue told. */
  readonly pendingSeen = new Map<string, number>();
  readonly claimsSeen = new Map<string, SeenClaim[]>();
  /** In the order in which they happened. */
  readonly turns: Turn[] = [];
  readonly #states: Layer<ProbeState>;
  readonly #pools: Layer<PoolRecord>;
  readonly #incidents: Map<Anchor, Incident>;
  readonly #ended: Map<Anchor, Incident>;
  readonly #closed: Incident[] = [];
  #expansion: Expansion | undefined;
  #probeOf: Map<string, string> | undefined;
  #forces: readonly Force[] | undefined;
  #watch: Watch;
  readonly #base: State;
  readonly #history: Change[] = [];
  readonly #touched = new Map<string, { incident: Incident; routes: Set<RouteId>; hold: number | undefined }>();

  constructor(config: Config, rules: Rules, state: State, now: number) {
    this.config = config;
    this.rules = rules;
    this.now = now;
    this.#base = state;
    this.#states = new Layer(state.probes);
    this.#pools = new Layer(state.pools);
    this.#incidents = new Map(state.incidents);
    this.#ended = new Map(state.ended);
    this.#watch = state.watch;
  }

  get states(): ReadonlyMap<string, ProbeState> {
    return this.#states.values;
  }

  get pools(): ReadonlyMap<string, PoolRecord> {
    return this.#pools.values;
  }

  /** The probes of the configuration, globs expanded over the pools known by now. */
  get probes(): readonly Probe[] {
    return this.expansion.probes;
  }

  /** The configured probe of a name. */
  probe(name: string): Probe | undefined {
    return this.expansion.byName.get(name);
  }

  get expansion(): Expansion {
    this.#expansion ??= expansionOf(this.config, this.#pools.sealed);
    return this.#expansion;
  }

  /** The pools watched for new workers. */
  get basket(): Basket {
    return basketOf(this.config, this.#pools.sealed);
  }

  get standouts(): Standouts {
    return standoutsOf(this.#pools.sealed);
  }

  /** The probe whose canary in flight this is, as it is known by now. */
  inFlight(taskId: string): { state: ProbeState; canary: Canary } | undefined {
    this.#probeOf ??= new Map(
      [...this.states.values()].flatMap(({ name, open }) => (open === undefined ? [] : [[open.taskId, name]])),
    );
    const state = this.states.get(this.#probeOf.get(taskId) ?? '');
    return state?.open?.taskId === taskId ? { state, canary: state.open } : undefined;
  }

  get incidents(): ReadonlyMap<Anchor, Incident> {
    return this.#incidents;
  }

  /** Ended incidents that may be reopened. */
  get ended(): ReadonlyMap<Anchor, Incident> {
    return this.#ended;
  }

  /** What is silenced now. */
  get forces(): readonly Force[] {
    this.#forces ??= inForce(this.config, this.#base.silences, this.now);
    return this.#forces;
  }

  get watch(): Watch {
    return this.#watch;
  }

  putState(state: ProbeState): void {
    this.#states.put(state.name, state);
    if (state.open !== undefined) this.#probeOf?.set(state.open.taskId, state.name);
  }

  putPool(record: PoolRecord): void {
    if ((this.pools.get(record.pool)?.info === undefined) !== (record.info === undefined)) this.#expansion = undefined;
    this.#pools.put(record.pool, record);
  }

  putWatch(change: Partial<Watch>): void {
    this.#watch = { ...this.#watch, ...change };
  }

  /** An ended canary, an observation or a count of new workers, for the history. */
  record(change: Extract<Change, { kind: 'canary' | 'observation' | 'created' }>): void {
    this.#history.push(change);
  }

  /**
   * The incident as it is now; `routes` hear of it besides those that already have, new ones not before `hold`, an instant of our own
   * clock. The same revision again is kept and told to nobody.
   */
  putIncident(incident: Incident, routes: RouteId[], hold?: number): void {
    const [home, other] = incident.ended === undefined ? [this.#incidents, this.#ended] : [this.#ended, this.#incidents];
    home.set(incident.anchor, incident);
    if (other.get(incident.anchor)?.id === incident.id) other.delete(incident.anchor);
    const before = this.#touched.get(incident.id);
    this.#touched.set(incident.id, {
      incident,
      routes: new Set([...(before?.routes ?? []), ...routes]),
      hold: hold ?? before?.hold,
    });
  }

  /** True for an incident that this judgement opened, and of which nobody can have heard. */
  isNew(incident: Incident): boolean {
    return incident.revision === 1 && this.#base.incidents.get(incident.anchor)?.id !== incident.id;
  }

  /** True for an incident that was a page before this judgement: somebody may have been woken for it. */
  wasPaged({ id, anchor }: Incident): boolean {
    const before = this.#base.incidents.get(anchor);
    return before?.id === id && before.level === 'page';
  }

  /** Takes back an incident that this judgement opened. */
  forget(incident: Incident): void {
    this.#incidents.delete(incident.anchor);
    this.#touched.delete(incident.id);
  }

  /** From now on it is history: nothing reopens it. */
  close(incident: Incident): void {
    this.#ended.delete(incident.anchor);
    this.#closed.push(incident);
  }

  /** What leads to the state as it is now; whoever follows them finds it made already. */
  changes(): Change[] {
    const changes: Change[] = [...this.#history];
    for (const state of this.#states.changed()) changes.push({ kind: 'probe', state });
    for (const record of this.#pools.changed()) changes.push({ kind: 'pool', record });
    if (this.#watch !== this.#base.watch) changes.push({ kind: 'watch', watch: this.#watch });
    for (const { incident, routes, hold } of this.#touched.values()) {
      changes.push({ kind: 'incident', incident, routes: [...routes], ...(hold !== undefined && { hold }) });
    }
    for (const incident of this.#closed) changes.push({ kind: 'closed', incident });
    evolveWith(this.#base, changes, { probes: this.#states.sealed, pools: this.#pools.sealed });
    return changes;
  }
}
