/** Time that passes faster than the machine's, the same for this process and for those it starts. */
export class FastTime {
  readonly #start = Date.now();
  readonly #rate: number;

  constructor(rate: number) {
    this.#rate = rate;
  }

  now(): number {
    return this.#start + (Date.now() - this.#start) * this.#rate;
  }

  /** How long so much of the fast time takes, in milliseconds of the machine's. */
  real(ms: number): number {
    return ms / this.#rate;
  }

  /** A module that makes time pass so in a process; `node --import` takes it. */
  get preload(): string {
    const code = `import { syncBuiltinESMExports } from 'node:module';
      import promises from 'node:timers/promises';
      const [start, rate, Real] = [${this.#start}, ${this.#rate}, Date];
      const now = () => Math.floor(start + (Real.now() - start) * rate);
      globalThis.Date = class Date extends Real {
        constructor(...args) { if (args.length === 0) super(now()); else super(...args); }
        static now() { return now(); }
      };
      const { setTimeout: later } = globalThis;
      globalThis.setTimeout = (f, ms = 0, ...rest) => later(f, ms / rate, ...rest);
      const { setTimeout: wait } = promises;
      promises.setTimeout = (ms, ...rest) => wait(ms / rate, ...rest);
      syncBuiltinESMExports();`;
    return `data:text/javascript,${encodeURIComponent(code)}`;
  }
}
