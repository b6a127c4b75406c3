import { type Asker, readings } from '../asking.ts';
import { evolve } from '../evidence/evolve.ts';
import type { Fact } from '../evidence/fact.ts';
import type { Config } from '../evidence/probe.ts';
import type { PlannedRead } from '../evidence/reading.ts';
import type { State } from '../evidence/state.ts';
import { Docket, type Rules } from '../judge/docket.ts';
import { takeIn } from '../judge/facts.ts';
import { followAsking } from '../judge/troubles.ts';

/** Questions in one go: they share one budget of time, and afterwards it is seen whether to go on. */
const BATCH = 40;

/** An inspection submits nothing and tells nobody. */
const RULES: Rules = {
  draft() {
    throw new Error('an inspection submits nothing');
  },
  addressees: () => [],
  groupWait: 0,
};

/** What an inspection asks, and what it knows by the answers: taken in as the service takes them in, and kept nowhere. */
export class Inquiry {
  readonly asker: Asker;
  readonly config: Config;
  readonly #stop: AbortSignal;
  readonly #facts: Fact[] = [];
  #state: State;

  constructor(asker: Asker, config: Config, state: State, stop: AbortSignal) {
    this.asker = asker;
    this.config = config;
    this.#state = state;
    this.#stop = stop;
  }

  /** All answers and refusals so far, in the order of the questions. */
  get facts(): readonly Fact[] {
    return this.#facts;
  }

  get state(): State {
    return this.#state;
  }

  /** What is known now, for the judge's questions about all pools together. */
  docket(): Docket {
    return new Docket(this.config, RULES, this.#state, this.asker.now);
  }

  /** Keeps what is read of a pool although its definition may not be had. */
  open(pools: readonly string[]): void {
    const at = this.asker.now;
    const fresh = pools.filter((pool) => !this.#state.pools.has(pool));
    this.#state = evolve(
      this.#state,
      fresh.map((pool) => ({ kind: 'pool', record: { pool, at } })),
    );
  }

  /** Asks, and takes the answers in. Ends early where nobody answers any more, or where it is interrupted. */
  async ask(reads: readonly PlannedRead[], onProgress: (done: number) => void = () => undefined): Promise<Fact[]> {
    const asked: Fact[] = [];
    for (let i = 0; i < reads.length && !this.#stop.aborted; i += BATCH) {
      onProgress(i);
      const facts = await readings(this.asker, { reads: reads.slice(i, i + BATCH), baskets: [], examines: [] });
      this.#learn(facts);
      asked.push(...facts);
      if (facts.every((fact) => fact.kind === 'failed' && fact.why === 'unreachable')) break;
    }
    return asked;
  }

  #learn(facts: readonly Fact[]): void {
    const docket = this.docket();
    followAsking(docket, facts);
    takeIn(docket, facts);
    this.#state = evolve(this.#state, docket.changes());
    this.#facts.push(...facts);
  }
}
