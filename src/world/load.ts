import { HOUR } from '../evidence/instant.ts';
import type { Priority } from '../evidence/task.ts';
import type { Nature } from './nature.ts';
import type { Pool } from './pool.ts';
import type { Queue } from './queue.ts';
import { Random } from './random.ts';
import type { Spread } from './spec.ts';

/** Other people's tasks in one pool, from streams of their own: what the prober does changes none of them. */
export class Crowd {
  readonly #nature: Nature;
  readonly #queue: Queue;
  readonly #pool: Pool;
  readonly #random: Random;

  constructor(nature: Nature, queue: Queue, pool: Pool) {
    this.#nature = nature;
    this.#queue = queue;
    this.#pool = pool;
    this.#random = new Random(nature.seed, `load ${pool.id}`);
  }

  /** Starts the pool's background load, which never ends. */
  begin(): void {
    const { load } = this.#pool.spec;
    if (load === undefined || load.perHour <= 0) return;
    this.#nature.at(this.#nature.now + this.#random.exponential(HOUR / load.perHour), () => {
      this.#submit(load.priority, load.duration);
      this.begin();
    });
  }

  /** A burst of tasks, evenly from one instant to another. */
  burst(fault: { from: number; until: number; tasks: number; priority?: Priority; duration: Spread }): void {
    const gap = (fault.until - fault.from) / fault.tasks;
    for (let i = 0; i < fault.tasks; i++) {
      this.#nature.at(fault.from + i * gap, () => this.#submit(fault.priority, fault.duration));
    }
  }

  #submit(priority: Priority = 'lowest', duration: Spread): void {
    this.#queue.load(this.#random.slug(), this.#pool.id, priority, this.#random.duration(duration));
  }
}
