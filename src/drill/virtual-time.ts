import { setMaxListeners } from 'node:events';
import { MINUTE } from '../evidence/instant.ts';
import type { Clock } from '../ports.ts';

interface Sleeper {
  at: number;
  order: number;
  wake(): void;
}

/** A machine's clock may be set while somebody sleeps: who sleeps looks at it again after this long. */
const LONGEST_SLEEP = MINUTE;

/** Time that moves only when everybody sleeps. One instance carries any number of simulated processes. */
export class VirtualTime {
  now: number;
  #order = 0;
  readonly #sleepers: Sleeper[] = [];

  constructor(start: number) {
    this.now = start;
  }

  /** A clock that is right. */
  clock(): Clock {
    return { now: () => this.now, elapsed: () => this.now, sleepUntil: (instant, stop) => this.#sleep(instant, stop) };
  }

  /** The clock of a machine that is off by so many milliseconds at a true instant. */
  skewedClock(skewAt: (instant: number) => number): Clock {
    const now = () => this.now + skewAt(this.now);
    return {
      now,
      elapsed: () => this.now,
      sleepUntil: async (instant, stop) => {
        const until = this.now + instant - now();
        const left = () => (stop?.aborted ? 0 : Math.min(instant - now(), until - this.now));
        for (let piece = left(); piece > 0; piece = left()) await this.#sleep(this.now + Math.min(piece, LONGEST_SLEEP), stop);
      },
    };
  }

  #sleep(instant: number, stop?: AbortSignal): Promise<void> {
    // Clocks tell whole milliseconds.
    const at = Math.ceil(instant);
    if (at <= this.now || stop?.aborted) return Promise.resolve();
    if (stop === undefined) return new Promise((wake) => this.#insert({ at, order: this.#order++, wake }));
    // Any number of simulated calls may sleep on one signal.
    setMaxListeners(0, stop);
    return new Promise((resolve) => {
      const wake = () => {
        stop.removeEventListener('abort', interrupted);
        resolve();
      };
      const sleeper = { at, order: this.#order++, wake };
      const interrupted = () => {
        const i = this.#sleepers.indexOf(sleeper);
        if (i >= 0) this.#sleepers.splice(i, 1);
        resolve();
      };
      stop.addEventListener('abort', interrupted, { once: true });
      this.#insert(sleeper);
    });
  }

  #insert(sleeper: Sleeper): void {
    let i = this.#sleepers.length;
    while (i > 0 && later(this.#sleepers[i - 1], sleeper)) i--;
    this.#sleepers.splice(i, 0, sleeper);
  }

  /** Lets everybody run until the instant. Our ports settle in microtasks, so one turn of the event loop finishes all there is to do. */
  async runUntil(instant: number): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers[0];
      if (next === undefined || next.at > instant) break;
      this.#sleepers.shift();
      this.now = Math.max(this.now, next.at);
      next.wake();
    }
    this.now = Math.max(this.now, instant);
  }
}

function later(a: Sleeper | undefined, b: Sleeper): boolean {
  return a !== undefined && (a.at > b.at || (a.at === b.at && a.order > b.order));
}
