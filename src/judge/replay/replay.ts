import type { LivedCanary } from '../../evidence/canary.ts';
import type { Change } from '../../evidence/change.ts';
import { emptyState, evolve } from '../../evidence/evolve.ts';
import type { Fact } from '../../evidence/fact.ts';
import type { Config, Probe, ProbeEntry } from '../../evidence/probe.ts';
import type { ProbeState, State } from '../../evidence/state.ts';
import type { Rules } from '../docket.ts';
import { newProbeState } from '../facts.ts';
import { judge } from '../judge.ts';
import { CANCEL_BEFORE } from '../limits.ts';
import { isFleet } from '../members.ts';
import { expand } from '../probes.ts';
import { pendingFrom } from '../waiting.ts';
import { grainOf } from '../wake.ts';
import { concerned } from './concern.ts';
import { type Beat, tellingOf } from './lived.ts';
import { QuietClaims } from './quiet.ts';
import { Stalls } from './stalls.ts';
import type { Stretch, Surroundings } from './surroundings.ts';
import { nextByTime, nextCrossing } from './wakes.ts';

/** An incident as the judge left it at an instant; nobody was to be told before `hold`. */
export type Revised = Extract<Change, { kind: 'incident' }> & { at: number };

/** Until the history of every day is read the judge decides on no canary of its own. */
const NEVER_READ = [Number.MAX_SAFE_INTEGER];

/**
 * Puts canaries of the past before the judge once more, at the instants at which something could be known that matters: a threshold is
 * crossed, a canary that was late or is needed for a recovery comes to its end, time alone changes an incident. Pure: the same beats in
 * give the same incidents out, with the ids that the judge gave or would have given, and the more of the configuration is as it was the
 * more they are the same. Thresholds must stand in the configuration: none are earned.
 */
export class Replay {
  readonly #config: Config;
  readonly #rules: Rules;
  readonly #probes: ReadonlyMap<string, Probe>;
  readonly #gaps: readonly Stretch[];
  readonly #queues: Surroundings['queues'];
  readonly #stalls: Stalls;
  readonly #tell: (revised: Revised) => void;
  readonly #quiet = new QuietClaims();
  /** Canaries in flight that the judge knows of, by probe, and when each is to be looked at. */
  readonly #open = new Map<string, LivedCanary>();
  readonly #looks = new Map<string, number>();
  /** Probes in breach. */
  readonly #bad = new Set<string>();
  /** Canaries that have come to their end, of which the judge does not know yet. */
  readonly #over = new Map<string, number>();
  readonly #grain: number;
  #wake = Number.POSITIVE_INFINITY;
  #state: State;

  /** `from`: before the first beat. `tell` hears of every revision of an incident. */
  constructor(
    config: Config,
    rules: Pick<Rules, 'addressees' | 'groupWait'>,
    { pools, silences, gaps, queues, stalls }: Surroundings,
    from: number,
    tell: (revised: Revised) => void,
  ) {
    const { remindEvery: _told, ...incidents } = config.incidents;
    const defined = [...pools.values()].map(({ pool, info, at }) => [pool, { pool, at, ...(info && { info }) }] as const);
    this.#probes = new Map(expand(config, pools).map((probe) => [probe.name, { ...probe, payload: 'empty' as const }]));
    this.#config = {
      ...config,
      incidents,
      provisioning: { ...config.provisioning, mode: 'off' },
      probes: [...this.#probes.values()],
    };
    this.#grain = grainOf(this.#probes.size);
    this.#rules = { ...rules, draft: none };
    this.#gaps = gaps;
    this.#queues = queues;
    this.#stalls = new Stalls(stalls);
    this.#tell = tell;
    const states = [...this.#probes.values()].map((probe) => newProbeState(probe.name, probe.pool, from, from));
    this.#state = {
      ...emptyState(),
      probes: new Map(states.map((state) => [state.name, state])),
      pools: new Map(defined),
      silences: new Map([...silences].map(([id, { ended, ...silence }]) => [id, cutAt(silence, ended)])),
      watch: { trouble: {}, gaps: [], offset: 0, recover: NEVER_READ },
    };
  }

  /** What the judge knows at the end of what was played. */
  get state(): State {
    return this.#state;
  }

  /** Plays beats, in order and all of them before `until`, and then time up to it. */
  play(beats: Iterable<Beat>, until: number): void {
    for (const beat of beats) {
      this.#passTime(beat.at);
      if (!this.#probes.has(beat.canary.probe)) continue;
      if (beat.what === 'scheduled') this.#begin(beat);
      else this.#end(beat);
    }
    this.#passTime(until);
    this.#learn(until);
  }

  /** Whatever is to be looked at before `until`, in order. */
  #passTime(until: number): void {
    while (this.#wake < until) this.#learn(this.#wake);
  }

  #begin({ at, canary }: Beat): void {
    const { taskId, pool, probe: name, slot, scheduled = slot } = canary;
    // Whoever submitted it knew that the one before was over.
    if (this.#over.has(name)) this.#learn(at);
    const probe = this.#probes.get(name);
    const state = this.#state.probes.get(name);
    if (probe === undefined || state === undefined || !matters(probe, state, canary)) return;
    const known = { taskId, probe: name, pool, slot, scheduled, stage: 'pending' as const };
    this.#open.set(name, canary);
    const next = { ...state, open: { ...known, ...this.#frame(probe, canary) } };
    this.#put([next]);
    // One that goes on in a chain may be past a threshold as soon as it is there.
    if ((pendingFrom(next) ?? scheduled) < scheduled) this.#looks.set(name, this.#knownAt(at));
    else this.#lookAgain(name, at - 1);
    this.#setWake(at - 1);
  }

  #end({ at, canary }: Beat): void {
    if (this.#open.get(canary.probe)?.taskId === canary.taskId) {
      this.#over.set(canary.probe, at);
      this.#setWake(at - 1);
    } else if (canary.stage === 'claimed') this.#quiet.add(canary);
  }

  /** What the queue tells of canaries that are over at `now`, and of those that are to be looked at. */
  #facts(now: number): Fact[] {
    const over = [...this.#over].filter(([, at]) => at <= now).map(([name]) => name);
    const looked = [...this.#looks].filter(([, at]) => at <= now).map(([name]) => name);
    const facts = [...new Set([...over, ...looked])].flatMap((name): Fact[] => {
      const canary = this.#open.get(name);
      const probe = this.#probes.get(name);
      return canary && probe ? [tellingOf(canary, this.#frame(probe, canary), now, over.includes(name))] : [];
    });
    for (const name of looked) this.#looks.delete(name);
    for (const name of over) for (const map of [this.#over, this.#open, this.#looks]) map.delete(name);
    return facts;
  }

  /** Its deadline is such that the judge sees who cancelled it as it did then. */
  #frame(probe: Probe, { slot, ended, reason }: LivedCanary) {
    const usual = slot + probe.deadline;
    const ours = ended !== undefined && reason === 'replaced';
    const deadline = ours
      ? ended + CANCEL_BEFORE
      : reason === 'canceled'
        ? Math.max(usual, (ended ?? 0) + 2 * CANCEL_BEFORE)
        : usual;
    return { schedulerId: this.#config.task.schedulerId, taskGroupId: '', deadline };
  }

  /** Puts before the judge what can be known at an instant. */
  #learn(now: number): void {
    const about = [...this.#over.keys(), ...this.#looks.keys()];
    const facts = this.#facts(now);
    this.#put(this.#quiet.drain(this.#state.probes));
    this.#surround(now);
    const { config, state } = concerned({ config: this.#config, state: this.#state }, this.#probes, this.#bad, about);
    const changes = judge(this.#asOf(config, now), this.#rules, state, facts, now);
    this.#state = evolve(this.#state, changes);
    for (const change of changes) {
      if (change.kind === 'incident') this.#tell({ ...change, at: now });
      else if (change.kind === 'probe' && change.state.breach === undefined) this.#bad.delete(change.state.name);
      else if (change.kind === 'probe') this.#bad.add(change.state.name);
    }
    for (const name of this.#open.keys()) if (!this.#looks.has(name)) this.#lookAgain(name, now);
    this.#setWake(now);
  }

  /** What is known by `now` besides canaries. */
  #surround(now: number): void {
    const over = this.#gaps.filter(({ until }) => until <= now);
    const known = this.#state.watch.gaps.length === over.length;
    const gaps = over.map(({ from, until }) => ({ from, to: until }));
    const begun = this.#stalls.begin(now);
    if (known && begun.length === 0) return;
    this.#state = evolve(this.#state, [...begun, { kind: 'watch', watch: { ...this.#state.watch, gaps } }]);
  }

  /** The configuration as it works at `now`: who has a mere queue is not paged, and a stall is followed while it lasts. */
  #asOf(config: Config, now: number): Config {
    const queued = new Set(this.#queues.filter(({ from, until }) => from <= now && now < until).map(({ probe }) => probe));
    const mode = this.#stalls.last(now) ? 'alert' : 'off';
    if (mode === 'off' && queued.size === 0) return config;
    const probes = config.probes.map((probe) =>
      queued.has(probe.name ?? probe.pool) && !probe.pageOnBacklog ? unpaged(probe) : probe,
    );
    return { ...config, probes, provisioning: { ...config.provisioning, mode } };
  }

  #put(states: readonly ProbeState[]): void {
    if (states.length > 0)
      this.#state = evolve(
        this.#state,
        states.map((state) => ({ kind: 'probe', state })),
      );
  }

  #lookAgain(name: string, after: number): void {
    const probe = this.#probes.get(name);
    const state = this.#state.probes.get(name);
    const next = probe && state && nextCrossing(this.#config, probe, state, this.#state.watch, after);
    if (next === undefined) return;
    // Who joins pools that went bad together is told of with them, in whatever order they come.
    const many = [...this.#state.incidents.values()].some(isFleet);
    this.#looks.set(name, many ? this.#onGrid(this.#knownAt(next)) : this.#knownAt(next));
  }

  /** What happens while the queue is silent is known at the end of that. */
  #knownAt(at: number): number {
    return this.#gaps.find(({ from, until }) => from <= at && at < until)?.until ?? at;
  }

  /** Many claims are looked up at once, as the service does. */
  #onGrid(at: number): number {
    return Math.ceil(at / this.#grain) * this.#grain;
  }

  #setWake(now: number): void {
    const byTime = nextByTime(this.#config, this.#state, (name) => this.#probes.get(name), now);
    const ends = [...this.#over.values()].map((at) => this.#onGrid(this.#knownAt(at)));
    this.#wake = Math.min(this.#knownAt(byTime), this.#stalls.next(now), ...this.#looks.values(), ...ends);
  }
}

function unpaged({ thresholds, ...probe }: ProbeEntry): ProbeEntry {
  return thresholds === undefined ? probe : { ...probe, thresholds: { ...thresholds, pageAfter: Number.POSITIVE_INFINITY } };
}

function none(): never {
  throw new Error('a replay submits nothing');
}

/** One that somebody ended before its time ended then, and was in force until then. */
function cutAt<T extends { until: number }>(silence: T, ended: number | undefined): T {
  return ended === undefined ? silence : { ...silence, until: Math.min(silence.until, ended) };
}

/** All but those that are claimed in time while nothing is wrong with their probe. */
function matters({ thresholds, mode }: Probe, { breach, chain }: ProbeState, canary: LivedCanary): boolean {
  if (thresholds === undefined || mode === 'observe') return false;
  if (breach !== undefined || chain !== undefined || canary.stage !== 'claimed') return true;
  const { scheduled = canary.slot, started = scheduled } = canary;
  return started - scheduled >= thresholds.warnAfter;
}
