import { Asker, cancel, create, creationsIn, look, readings, rebuildFrom, standingIn } from './asking.ts';
import type { Change } from './evidence/change.ts';
import type { Undelivered } from './evidence/delivery.ts';
import type { DueCanary, Fact } from './evidence/fact.ts';
import { SECOND } from './evidence/instant.ts';
import type { Config } from './evidence/probe.ts';
import type { State } from './evidence/state.ts';
import { type Coverage, coverageOf, coverageWords } from './health/coverage.ts';
import { OWED_FOR } from './health/owed.ts';
import { inTime } from './in-time.ts';
import type { Rules } from './judge/docket.ts';
import { mayCreate, recoverDays } from './judge/due.ts';
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

/** `committed` is called when there may be something to deliver. Looks, judges, commits, then creates what has become due, judges and commits again. */
export async function pass(
  ports: Ports,
  config: Config,
  rules: Rules,
  committed: () => void = () => {},
  until: Until = WHENEVER,
): Promise<Passed> {
  const asker = new Asker(ports);
  asker.until = until.looks;
  const began = ports.clock.now();
  const calls = ports.taskcluster.calls();
  const undelivered = await ports.store.undelivered(began, OWED_FOR);
  const within = () => ports.clock.now() + BUDGET;
  const looked = await round(ports, config, rules, asker, await ports.store.load(), async (state) => {
    const todo = plan(config, state, asker.now);
    return [
      ...(await readAndLook(asker, todo, await mayRead(ports, todo))),
      ...(await rebuild(ports, config, asker, todo, within())),
      refusals(undelivered, asker.now - (ports.clock.now() - began)),
    ];
  });
  committed();
  asker.until = until.creates;
  let complete = true;
  let created: { due: DueCanary[]; facts: Fact[] } = { due: [], facts: [] };
  const state = await round(ports, config, rules, asker, looked, async (known) => {
    const due = dueCreates(known, asker.now);
    const facts = await create(asker, due, within());
    created = { due, facts };
    complete =
      due.every((canary) => facts.some((fact) => 'taskId' in fact && fact.taskId === canary.taskId)) &&
      mayCreate(config, known.watch, asker.now);
    return [...facts, { kind: 'pass', complete, at: asker.now }];
  });
  const now = ports.clock.now();
  const effort = { took: now - began, calls: ports.taskcluster.calls() - calls };
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
async function rebuild({ channels, clock }: Ports, config: Config, asker: Asker, todo: Plan, until: number): Promise<Fact[]> {
  const at = asker.now;
  const oldest = Math.min(...recoverDays(config, at));
  const standing = todo.asksChannels ? standingIn(channels.values(), config.deployment, oldest, at) : [];
  const facts = await rebuildFrom(asker, { ...todo, deployment: config.deployment }, until, (read) => tellsPresent(config, read));
  // A channel that hangs can no more tell than one that is down.
  const deaf: Fact = { kind: 'standing', incidents: [], deaf: true, at };
  return [...facts, ...(await inTime(clock, asker.until, Promise.resolve(standing), [deaf]))];
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

/** Ask the world by what is known, judge, commit; where somebody else committed meanwhile, judge the same facts against what is known now. */
async function round(
  ports: Ports,
  config: Config,
  rules: Rules,
  asker: Asker,
  known: State,
  ask: (state: State) => Promise<Fact[]>,
): Promise<State> {
  let state = known;
  asker.assume(state.watch.offset);
  const facts = await ask(state);
  facts.push(...asker.clockFacts());
  for (;;) {
    const changes: Change[] = judgeAll(config, rules, state, facts, asker.now);
    const done = changes.length === 0 || (await ports.store.commit(state.revision, changes)) === 'committed';
    if (done) narrate(ports.log, state, changes, facts);
    state = await ports.store.load();
    if (done) return state;
  }
}
