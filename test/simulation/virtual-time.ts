import type { Clock } from '../../src/ports.ts';

interface Sleeper {
  at: number;
  order: number;
  wake(): void;
}

/** Time that moves only when everybody sleeps. One instance carries any number of simulated processes. */
export class VirtualTime {
  now: number;
  #order = 0;
  readonly #sleepers: Sleeper[] = [];

  constructor(start: number) {
    this.now = start;
  }

  /** The clock of a machine that is `skew` milliseconds off. */
  clock(skew = 0): Clock {
    return {
      now: () => this.now + skew,
      sleepUntil: (instant, stop) => this.#sleep(instant - skew, stop),
    };
  }

  #sleep(at: number, stop: AbortSignal): Promise<void> {
    if (at <= this.now || stop.aborted) return Promise.resolve();
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
