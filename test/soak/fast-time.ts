import { once } from 'node:events';

/** Time that passes faster than the machine's, by a whole number, the same for this process and for those it starts. */
export class FastTime {
  readonly #start = Date.now();
  readonly #rate: number;

  constructor(rate: number) {
    this.#rate = rate;
  }

  now(): number {
    return this.#start + (Date.now() - this.#start) * this.#rate;
  }

  /** Resolves after so much of the fast time. */
  async pass(ms: number): Promise<void> {
    await once(AbortSignal.timeout(Math.ceil(ms / this.#rate)), 'abort');
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
      const { timeout } = AbortSignal;
      AbortSignal.timeout = (ms) => timeout.call(AbortSignal, Math.ceil(ms / rate));
      const { setTimeout: wait } = promises;
      promises.setTimeout = (ms, ...rest) => wait(ms / rate, ...rest);
      syncBuiltinESMExports();`;
    return `data:text/javascript,${encodeURIComponent(code)}`;
  }
}
