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

/**
 * The queue's clock, worked out from the `Date` of its answers, whose own clock is kept in step with the database's. Offsets are kept from
 * what has elapsed, so that our clock may be set at any moment, in the middle of a call as well.
 */
export class QueueClock {
  readonly #clock: Clock;
  #samples: number[] = [];
  /** How far our clock was ahead of what had elapsed at the last sample. */
  #ahead = 0;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * What the queue's clock shows now, given the `Date` of an answer just had, which was asked for when `sent` had elapsed. Never earlier than
   * it said before; undefined as long as no answer was quick enough to measure by.
   */
  heard(date: number, sent: number): number | undefined {
    const elapsed = this.#clock.elapsed();
    const own = this.#clock.now();
    const took = elapsed - sent;
    const sample = date + MIDDLE - (sent + elapsed) / 2;
    const measured = took <= SLOWEST;
    if (measured) this.#take(sample, own - elapsed);
    const median = this.#median();
    if (median === undefined) return undefined;
    // With one odd `Date` the earlier reading is the safe one: it makes no canary look older than it is.
    const offset = measured && apart(sample, median) ? Math.min(sample, median) : median;
    const now = Math.round(elapsed + offset);
    this.#latest = Math.max(this.#latest, Math.abs(now - own) < ALIKE ? own : now);
    return this.#latest;
  }

  #take(sample: number, ahead: number): void {
    const believed = this.#median();
    const before = this.#samples.at(-1);
    const leap = ahead - this.#ahead;
    this.#ahead = ahead;
    let past = this.#samples;
    if (believed !== undefined && before !== undefined && apart(sample, believed)) {
      // Both clocks went on by as much while nothing elapsed: the machine was asleep.
      if (!apart(sample, believed + leap)) past = past.map((each) => each + leap);
      // Two in a row that agree with each other and not with what was believed mean that the queue's clock has jumped: the past is forgotten.
      else if (!apart(sample, before)) past = [before];
    }
    this.#samples = [...past, sample].slice(-KEPT);
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
