import { Asker, cancel, create, creationsIn, look, readings, rebuildFrom, standingIn, timed } from './asking.ts';
import type { Change } from './evidence/change.ts';
import type { Undelivered } from './evidence/delivery.ts';
import { evolve } from './evidence/evolve.ts';
import type { DueCanary, Fact } from './evidence/fact.ts';
import { SECOND } from './evidence/instant.ts';
import type { Config } from './evidence/probe.ts';
import type { State } from './evidence/state.ts';
import { type Coverage, coverageOf, coverageWords } from './health/coverage.ts';
import { OWED_FOR } from './health/owed.ts';
import { inTime } from './in-time.ts';
import { blindOf } from './judge/causes/blind.ts';
import type { Rules } from './judge/docket.ts';
import { mayBeDue, mayCreate, recoverDays } from './judge/due.ts';
import { CLOCK_OFF } from './judge/limits.ts';
import { dueCreates, type Plan, plan } from './judge/plan.ts';
import { expand } from './judge/probes.ts';
import { judgeAll } from './judge/rebuild/judge-all.ts';
import { tellsPresent } from './judge/rebuild/present.ts';
import { nextWake } from './judge/wake.ts';
import { narrate } from './narrate.ts';
import type { Ports } from './ports.ts';

/** How long a pass may go on starting to rebuild, and then to create; what is left stays due for the next. Below a CronJob's minute. */
const BUDGET = 15 * SECOND;

/** How long a replica may take over its readings before another may read the same, in milliseconds; one that has died leaves it so long. */
const LEASE = 12 * SECOND;

/** Until when a pass may look, and then create, by our clock; what has no answer by then counts as out of reach. */
export interface Until {
  looks: number;
  creates: number;
}

const WHENEVER: Until = { looks: Number.POSITIVE_INFINITY, creates: Number.POSITIVE_INFINITY };

/** A pass that came to its end. It has written what it found, so the store can be written. */
export interface Passed {
  /** Every due probe was submitted or accounted for. */
  complete: boolean;
  /** When the next pass has something to do, by our clock. */
  nextWake: number;
  covered: Coverage;
  /** What was owed for long, or refused for good, when the pass began. */
  undelivered: readonly Undelivered[];
}

/**
 * Looks, judges and commits; then creates what has become due, if anything has, and judges and commits that. `owed` is called when there is
 * something to deliver.
 */
export async function pass(
  ports: Ports,
  config: Config,
  rules: Rules,
  owed: () => void = () => {},
  until: Until = WHENEVER,
): Promise<Passed> {
  const asker = new Asker(ports);
  asker.until = until.looks;
  const began = ports.clock.elapsed();
  const calls = ports.taskcluster.calls();
  const undelivered = await ports.store.undelivered(ports.clock.now(), OWED_FOR);
  const elapsed = () => Math.round(ports.clock.elapsed() - began);
  const within = () => ports.clock.now() + BUDGET;
  const judging: Judging = { ports, config, rules, asker, owed };
  const known = await ports.store.load();
  asker.assume(known.watch.offset);
  const seen = await round(judging, known, async (state) => {
    const todo = plan(config, state, asker.now);
    return [
      ...(await readAndLook(asker, todo, await mayRead(ports, todo))),
      // A clock that was off when last measured may have been put right since: by that nothing might be due for long.
      ...(Math.abs(state.watch.offset) >= CLOCK_OFF ? await timed(asker, [...expand(config, state.pools)][0]?.pool) : []),
      ...(await rebuild(ports, config, asker, todo, within())),
      refusals(undelivered, asker.now - elapsed()),
    ];
  });
  asker.until = until.creates;
  const { state, complete, created } = seen.over
    ? { state: seen.state, complete: true, created: { due: [], facts: [] } }
    : await submit(judging, seen.state, within);
  const now = ports.clock.now();
  const blind = blindOf(config, state);
  const effort = { took: elapsed(), calls: ports.taskcluster.calls() - calls, ...(blind && { blind }) };
  const covered = coverageOf(expand(config, state.pools), state, created.due, created.facts, effort);
  ports.log.debug({ ...covered, complete }, `pass over ${coverageWords(covered)}`);
  return {
    complete,
    nextWake: nextWake(config, state, asker.now) - (asker.now - now),
    undelivered,
    covered,
  };
}

/** What the queue and the channels still tell, after the store was found empty. */
async function rebuild(
  { channels, clock, store }: Ports,
  config: Config,
  asker: Asker,
  todo: Plan,
  until: number,
): Promise<Fact[]> {
  const at = asker.now;
  const oldest = Math.min(...recoverDays(config, at));
  const standing = todo.asksChannels ? standingIn(channels.values(), config.deployment, oldest, at) : Promise.resolve([]);
  const facts = await rebuildFrom(asker, { ...todo, deployment: config.deployment }, until, (read) => tellsPresent(config, read));
  // A channel that hangs can no more tell than one that is down.
  const deaf: Fact = { kind: 'standing', incidents: [], deaf: true, at };
  const shown = await inTime(clock, asker.until, standing, [deaf]);
  const ids = shown.flatMap((fact) => (fact.kind === 'standing' ? fact.incidents.map(({ id }) => id) : []));
  const known = ids.length === 0 ? new Set<string>() : await store.knows(ids);
  return [...facts, ...shown.map((fact) => withoutKnown(fact, known))];
}

/** What the store knows to be over may be shown as open until its end is told. */
function withoutKnown(fact: Fact, known: ReadonlySet<string>): Fact {
  return fact.kind === 'standing' ? { ...fact, incidents: fact.incidents.filter(({ id }) => !known.has(id)) } : fact;
}

/** Of several replicas one reads at a time, which saves calls and is no more than that: the others judge by what it has stored. */
async function mayRead({ store, clock }: Ports, { reads, baskets }: Plan): Promise<boolean> {
  const now = clock.now();
  return reads.length + baskets.length > 0 && (await store.lease('readings', now, now + LEASE));
}

/** Readings come first, so that what they tell of workers need not be asked again; the looks come last, to be as young as may be. */
async function readAndLook(asker: Asker, todo: Plan, reading: boolean): Promise<Fact[]> {
  const read = reading ? await readings(asker, todo) : [];
  const cancelled = await cancel(asker, todo.cancels);
  return [...read, ...cancelled, ...(await look(asker, todo.looks, true, creationsIn(read)))];
}

/** What the channels have refused is learned from the store, where the courier has put it. */
function refusals(undelivered: readonly Undelivered[], at: number): Fact {
  const refused = new Map(undelivered.flatMap(({ route, refused, why }) => (refused ? [[route, why] as const] : [])));
  return { kind: 'channels', refused: [...refused].map(([route, why]) => ({ route, why })), at };
}

/** What every judgement of a pass is made with. */
interface Judging {
  ports: Ports;
  config: Config;
  rules: Rules;
  asker: Asker;
  owed: () => void;
}

/** Creates what has become due, judges and commits that. */
async function submit(judging: Judging, seen: State, within: () => number) {
  const { config, asker } = judging;
  let complete = true;
  let created: { due: DueCanary[]; facts: Fact[] } = { due: [], facts: [] };
  const { state } = await round(judging, seen, async (known) => {
    const due = dueCreates(known, asker.now);
    const facts = await create(asker, due, within());
    created = { due, facts };
    complete =
      due.every((canary) => facts.some((fact) => 'taskId' in fact && fact.taskId === canary.taskId)) &&
      mayCreate(config, known.watch, asker.now);
    return [...facts, { kind: 'pass', complete, at: asker.now }];
  });
  return { state, complete, created };
}

/** Ask the world by what is known, judge, commit; where somebody else committed meanwhile, judge the same facts against what is known now. */
async function round(
  judging: Judging,
  known: State,
  ask: (state: State) => Promise<Fact[]>,
): Promise<{ state: State; over: boolean }> {
  const { store, log } = judging.ports;
  const { asker } = judging;
  let state = known;
  const facts = sound(asker, [...(await ask(state)), ...asker.clockFacts()]);
  for (;;) {
    const { changes, over } = judgementOf(judging, state, facts);
    if (changes.length === 0) return { state, over };
    const done = (await store.commit(state.revision, changes)) === 'committed';
    if (done) {
      if (changes.some(({ kind }) => kind === 'incident')) judging.owed();
      narrate(log, state, changes, facts);
    }
    state = await store.load(done ? state.revision + 1 : undefined);
    if (done) return { state, over };
  }
}

const OF_THE_MOMENT = new Set<Fact['kind']>(['status', 'absent', 'looked', 'clock']);

/** Where the machine was asleep, what was seen of canaries may be old although nothing has elapsed since: the next pass looks again. */
function sound(asker: Asker, facts: Fact[]): Fact[] {
  return asker.mayHaveSlept ? facts.filter(({ kind }) => !OF_THE_MOMENT.has(kind)) : facts;
}

/**
 * What the facts change. Most passes look and have nothing to create: those are `over` with the one judgement, which is committed at once and
 * not in two steps.
 */
function judgementOf(
  { config, rules, asker }: Judging,
  state: State,
  facts: readonly Fact[],
): { changes: Change[]; over: boolean } {
  const { now } = asker;
  const judge = (all: readonly Fact[]) => judgeAll(config, rules, state, all, now);
  const ended = facts.some(({ kind }) => kind === 'pass');
  const sees = state.watch.recover !== undefined && mayCreate(config, state.watch, now);
  if (!ended && sees && !mayBeDue(config, state, now)) {
    const changes = judge([...facts, { kind: 'pass', complete: true, at: now }]);
    if (dueCreates(evolve(state, changes), now).length === 0) return { changes, over: true };
  }
  return { changes: judge(facts), over: false };
}
