import { SECOND } from '../../src/evidence/instant.ts';
import { slackOf } from './form.ts';
import type { Trouble } from './ledger.ts';
import type { Soaked } from './soak.ts';

/** A pass that begins when a process is ready is over within this. */
const FIRST_PASS = 10 * SECOND;
/** After a process without a processor has got one again, its connections may be gone. */
const AWAKE = 10 * SECOND;
/** While the queue fails, it is asked no more often than this. */
const AFTER_QUEUE = 35 * SECOND;
/** How finely time is looked at. */
const GRAIN = 250;

/** When somebody could have done what is to be done: a replica ran, and neither PostgreSQL nor the queue nor a stopped process was in its way. */
export class Able {
  readonly #start: number;
  /** Whether it was so, for each grain of time. */
  readonly #was: boolean[];

  constructor(soaked: Soaked) {
    const { form, start, end, processes, ledger, faults } = soaked;
    const slack = slackOf(form);
    this.#start = start;
    const queue = faults.filter(({ kind, ...fault }) => kind === 'api-down' && !('rate' in fault));
    const away = queue.map(({ from, until }): Trouble => ({ what: 'queue down', from, until, after: AFTER_QUEUE }));
    const troubles = [...ledger.troubles, ...away].map(({ from, until = end, after }) => ({
      from,
      until: until + after + slack,
    }));
    const replicas = processes.filter(({ ready }) => ready !== undefined);
    const working = (at: number) =>
      replicas.some(
        ({ ready = end, end: last, stopped, starved }) =>
          ready + FIRST_PASS + slack <= at &&
          at < (last?.at ?? end) &&
          !stopped.some(({ from, until = end }) => from <= at && at < until + AWAKE + slack) &&
          !starved.some(({ from, until }) => from <= at && at < until),
      );
    this.#was = Array.from({ length: Math.ceil((end - start) / GRAIN) }, (_, i) => {
      const at = start + i * GRAIN;
      return !troubles.some(({ from, until }) => from <= at && at < until) && working(at);
    });
  }

  /** For how much of the time it was so, in milliseconds. */
  within(from: number, until: number): number {
    const index = (at: number) => Math.max(0, Math.floor((at - this.#start) / GRAIN));
    return this.#was.slice(index(from), index(until)).filter(Boolean).length * GRAIN;
  }

  get share(): number {
    return this.#was.filter(Boolean).length / this.#was.length;
  }
}
