import { SECOND } from '../evidence/instant.ts';
import type { Nature } from './nature.ts';
import { wellFormed } from './payload.ts';
import type { Pool } from './pool.ts';
import type { Queue } from './queue.ts';
import type { Worker } from './roster.ts';
import { lastRun, type Run, type Task } from './task.ts';

/** From a worker's decision to stop until its machine is gone. */
const STOPPING = { min: 20 * SECOND, max: 60 * SECOND };
/** How long a worker takes to find a payload malformed. */
const GLANCE = 50;

/** What workers do from their boot to their end: claim, run, wait, stop. */
export class Crew {
  readonly #nature: Nature;
  readonly #queue: Queue;
  readonly #wanting: (pool: Pool) => void;

  /** `wanting` is told of a pool that may want more workers. */
  constructor(nature: Nature, queue: Queue, wanting: (pool: Pool) => void) {
    this.#nature = nature;
    this.#queue = queue;
    this.#wanting = wanting;
  }

  /** The worker's first call for work. */
  comeUp(pool: Pool, worker: Worker): void {
    const { now, faults } = this.#nature;
    pool.roster.move(worker, 'running', now);
    worker.idleSince = now;
    worker.mute = faults.onPool('workers-mute', pool, now) !== undefined;
    if (!worker.mute) worker.presence.begins(now);
    this.#freed(pool, worker);
  }

  /** Sends free workers for the tasks in line; a worker meets its task when its next poll comes round. */
  offer(pool: Pool): void {
    while (pool.line.pending > pool.reserved) {
      const worker = pool.anyFree();
      if (worker === undefined) return;
      worker.reserved++;
      pool.reserved++;
      pool.seat(worker);
      const { min, max } = pool.spec.claim;
      this.#nature.at(this.#nature.now + pool.random.between(min, max), () => this.#claim(pool, worker));
    }
  }

  silence(pool: Pool): void {
    for (const worker of pool.roster.newest(this.#nature.now)) {
      if (worker.state !== 'running') continue;
      worker.mute = true;
      worker.presence.ends(this.#nature.now);
      pool.seat(worker);
    }
  }

  /** Somebody mended the pool: silent workers in a cloud are ended, for the provisioner to replace; the rest work again. */
  unmute(pool: Pool): void {
    const { now } = this.#nature;
    for (const worker of pool.roster.newest(now)) {
      if (!worker.mute) continue;
      worker.mute = false;
      const up = worker.state === 'running';
      if (pool.known && up && worker.busy.length === 0) {
        this.stop(pool, worker);
      } else {
        if (up) worker.presence.begins(now);
        this.#freed(pool, worker);
      }
    }
  }

  /** It goes on asking for work and is given none until the instant; one that has passed lifts it. */
  quarantine(pool: Pool, worker: Worker, until: number): void {
    worker.presence.quarantine(until, this.#nature.now);
    pool.quarantined.add(worker);
    pool.seat(worker);
    this.#wanting(pool);
    this.#nature.at(until, () => {
      if (worker.presence.quarantineUntil > this.#nature.now) return;
      pool.quarantined.delete(worker);
      this.#freed(pool, worker);
    });
  }

  stop(pool: Pool, worker: Worker): void {
    pool.roster.move(worker, 'stopping', this.#nature.now);
    worker.presence.ends(this.#nature.now);
    pool.seat(worker);
    const gone = this.#nature.now + pool.random.between(STOPPING.min, STOPPING.max);
    this.#nature.at(gone, () => pool.roster.move(worker, 'stopped', this.#nature.now));
    this.#wanting(pool);
  }

  #claim(pool: Pool, worker: Worker): void {
    worker.reserved--;
    pool.reserved--;
    if (pool.works(worker)) {
      const task = this.#queue.claim(pool.id, worker);
      const run = task && lastRun(task);
      if (task !== undefined && run !== undefined) this.#start(pool, worker, task, run);
    }
    this.#freed(pool, worker);
  }

  #start(pool: Pool, worker: Worker, task: Task, run: Run): void {
    const { now, faults } = this.#nature;
    const work = { task, run };
    worker.busy.push(work);
    worker.presence.latest = { taskId: task.taskId, runId: task.runs.length - 1 };
    const vanishing = faults.onPool('claims-expire', pool, now);
    if (vanishing !== undefined && pool.random.chance(vanishing.rate ?? 1)) {
      this.#vanish(pool, worker);
      return;
    }
    const malformed = task.definition !== undefined && !wellFormed(pool.spec.runs, task.definition.payload);
    const takes = malformed ? GLANCE : (task.work ?? pool.random.duration(pool.spec.run));
    this.#nature.at(now + takes, () => {
      const at = worker.busy.indexOf(work);
      if (at < 0) return;
      worker.busy.splice(at, 1);
      if (malformed) this.#queue.report(task, run, 'exception', 'malformed-payload');
      else if (pool.id === 'built-in/fail') this.#queue.report(task, run, 'failed', 'failed');
      else this.#queue.report(task, run, 'completed', 'completed');
      if (worker.busy.length === 0) worker.idleSince = this.#nature.now;
      this.#freed(pool, worker);
    });
  }

  /** The machine is gone, and nobody was told. Hardware comes back after a boot. */
  #vanish(pool: Pool, worker: Worker): void {
    const { now } = this.#nature;
    for (const { task, run } of worker.busy) this.#queue.abandon(task, run);
    worker.busy.length = 0;
    pool.roster.move(worker, 'stopped', now);
    worker.presence.ends(now);
    pool.seat(worker);
    if (pool.known) this.#wanting(pool);
    else this.#nature.at(now + pool.random.duration(pool.spec.boot), () => this.comeUp(pool, worker));
  }

  #freed(pool: Pool, worker: Worker): void {
    if (!worker.timed && worker.state === 'running' && isIdle(worker))
      this.#waitForWork(pool, worker, worker.idleSince + pool.spec.idleTimeout);
    pool.seat(worker);
    this.offer(pool);
  }

  /** One timer for each idle worker: it looks when the worker could have waited long enough, and looks again later where it has not. */
  #waitForWork(pool: Pool, worker: Worker, look: number): void {
    if (!pool.known) return;
    worker.timed = true;
    this.#nature.at(look, () => {
      worker.timed = false;
      if (worker.state !== 'running' || !isIdle(worker)) return;
      const { now } = this.#nature;
      const end = worker.idleSince + pool.spec.idleTimeout;
      const spare = pool.roster.existing - worker.capacity >= pool.spec.minCapacity;
      if (end <= now && spare) this.stop(pool, worker);
      else this.#waitForWork(pool, worker, end > now ? end : now + pool.spec.idleTimeout);
    });
  }
}

function isIdle({ busy, reserved, mute }: Worker): boolean {
  return busy.length === 0 && reserved === 0 && !mute;
}
