import { SECOND } from '../evidence/instant.ts';
import type { Clock } from '../ports.ts';

/** How many of the last answers the offset is the median of. */
const KEPT = 9;
/** A `Date` header counts whole seconds: on average it was written half a second into the one it names. */
const MIDDLE = SECOND / 2;
/** An answer that took longer than this says too little about when its `Date` was written. */
const SLOWEST = 4 * SECOND;
/** Below what a `Date` can tell: clocks this close count as agreeing. */
const ALIKE = SECOND;

/** The queue's clock, worked out from the `Date` of its answers, whose own clock is kept in step with the database's. */
export class QueueClock {
  readonly #clock: Clock;
  #samples: number[] = [];
  #latest = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * What the queue's clock shows now, given the `Date` of an answer asked for at `sent` and had at `received`, both by our clock.
   * Never earlier than it said before; undefined as long as no answer was quick enough to measure by.
   */
  heard(date: number, sent: number, received: number): number | undefined {
    const took = received - sent;
    const sample = date + MIDDLE - (sent + received) / 2;
    const measured = took >= 0 && took <= SLOWEST;
    const believed = this.#median();
    if (measured) this.#take(sample, believed);
    const median = this.#median();
    if (median === undefined) return undefined;
    // After a jump of our clock, or with one odd `Date`, the earlier reading is the safe one: it makes no canary look older than it is.
    const offset = measured && apart(sample, median) ? Math.min(sample, median) : median;
    const now = this.#clock.now() + (Math.abs(offset) < ALIKE ? 0 : Math.round(offset));
    this.#latest = Math.max(this.#latest, now);
    return this.#latest;
  }

  /** Two in a row that agree with each other and not with what was believed mean that a clock has jumped: the past is forgotten. */
  #take(sample: number, believed: number | undefined): void {
    const before = this.#samples.at(-1);
    const jumped = believed !== undefined && before !== undefined && apart(sample, believed) && !apart(sample, before);
    this.#samples = jumped ? [before, sample] : [...this.#samples, sample].slice(-KEPT);
  }

  #median(): number | undefined {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)];
  }
}

/** Further apart than the error of two measurements explains. */
function apart(a: number, b: number): boolean {
  return Math.abs(a - b) > SLOWEST + SECOND;
}
