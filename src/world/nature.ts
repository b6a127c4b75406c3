import { Agenda } from './agenda.ts';
import { FaultBook } from './fault-book.ts';
import { Truth } from './truth.ts';

/** What every part of the world stands on: its time, what lies ahead, what goes wrong and what really happens. */
export class Nature {
  readonly seed: number;
  readonly faults = new FaultBook();
  readonly truth: Truth;
  readonly #agenda = new Agenda();
  #now: number;

  /** `provider` names a pool's provider; empty for a pool that nobody knows. */
  constructor(seed: number, start: number, provider: (pool: string) => string) {
    this.seed = seed;
    this.#now = start;
    this.truth = new Truth(this.faults, provider);
  }

  get now(): number {
    return this.#now;
  }

  /** Has something happen at an instant; at once where that has passed. */
  at(instant: number, run: () => void): void {
    this.#agenda.put(Math.max(Math.round(instant), this.#now), run);
  }

  advanceTo(instant: number): void {
    for (let item = this.#agenda.take(instant); item !== undefined; item = this.#agenda.take(instant)) {
      this.#now = Math.max(this.#now, item.at);
      item.run();
    }
    this.#now = Math.max(this.#now, instant);
  }

  nextEvent(): number | undefined {
    return this.#agenda.next();
  }
}
