import { HOUR } from '../evidence/instant.ts';
import type { Priority } from '../evidence/task.ts';
import type { Nature } from './nature.ts';
import type { Pool } from './pool.ts';
import type { Queue } from './queue.ts';
import { Random } from './random.ts';
import { greatest, tempo } from './rhythm.ts';
import type { Rhythm, Spread } from './spec.ts';

const STEADY: Rhythm = { hours: [1], days: [1] };

/** Other people's tasks in one pool, from streams of their own: what the prober does changes none of them. */
export class Crowd {
  readonly #nature: Nature;
  readonly #queue: Queue;
  readonly #pool: Pool;
  readonly #random: Random;
  readonly #rhythm: Rhythm;

  constructor(nature: Nature, queue: Queue, pool: Pool, rhythm = STEADY) {
    this.#nature = nature;
    this.#queue = queue;
    this.#pool = pool;
    this.#random = new Random(nature.seed, `load ${pool.id}`);
    this.#rhythm = rhythm;
  }

  /** Starts the pool's background load, which never ends. */
  begin(): void {
    const { load } = this.#pool.spec;
    // Arrivals at the greatest rate, of which as many come as the hour has.
    const most = greatest(this.#rhythm);
    if (load === undefined || load.perHour * most <= 0) return;
    const { batch = 1 } = load;
    this.#nature.at(this.#nature.now + this.#random.exponential((HOUR * batch) / (load.perHour * most)), () => {
      const comes = this.#random.chance(tempo(this.#rhythm, this.#nature.now) / most);
      if (comes) for (let i = 0; i < batch; i++) this.#submit(load.priority, load.duration);
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
