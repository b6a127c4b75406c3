import { SECOND } from '../evidence/instant.ts';
import type { Crew } from './crew.ts';
import type { Launch } from './launch.ts';
import type { Nature } from './nature.ts';
import type { Pool } from './pool.ts';
import type { Queue } from './queue.ts';

const EVERY = 30 * SECOND;
/** A choice of the model: a round gives a pool up after so many failures, so that its errors can be counted. */
const FAILURES_A_ROUND = 10;

/** Asks the clouds for workers. Each pool has its own moment in every round, and quiet pools cost nothing. */
export class Provisioner {
  readonly #nature: Nature;
  readonly #queue: Queue;
  readonly #crew: Crew;
  readonly #every: number;
  /** When each pool had its moment in the first round. */
  readonly #first: Map<Pool, number>;

  /** `pools`: those that it looks after. */
  constructor(nature: Nature, queue: Queue, crew: Crew, pools: Pool[], every = EVERY) {
    this.#nature = nature;
    this.#queue = queue;
    this.#crew = crew;
    this.#every = every;
    this.#first = new Map(pools.map((pool, at) => [pool, nature.now + Math.floor((at / pools.length) * every)]));
  }

  /** Has the pool looked at in the next round, if it wants anything. */
  wake(pool: Pool): void {
    const first = this.#first.get(pool);
    if (first === undefined || pool.roundAt !== undefined || !pool.needy) return;
    const at = first + (Math.floor((this.#nature.now - first) / this.#every) + 1) * this.#every;
    pool.roundAt = at;
    this.#nature.at(at, () => {
      pool.roundAt = undefined;
      this.#round(pool);
      this.wake(pool);
    });
  }

  #round(pool: Pool): void {
    const { now, faults } = this.#nature;
    this.#queue.dropLate(pool.line);
    if (LEFT_OUT.some((kind) => faults.onPool(kind, pool, now) !== undefined)) return;
    const runaway = pool.line.pending > 0 ? faults.onPool('runaway', pool, now) : undefined;
    const wanted = runaway ? runningAway(pool, runaway, now) : Math.ceil(missing(pool) / pool.spec.capacityPerWorker);
    let failures = 0;
    for (let i = 0; i < wanted && failures < FAILURES_A_ROUND; i++) {
      if (!this.#request(pool)) failures++;
    }
  }

  #request(pool: Pool): boolean {
    const { now, faults, truth } = this.#nature;
    const launch = pool.launches[pool.random.index(pool.launches.length)];
    if (launch === undefined) return false;
    const failing = faults.onPool('creation-fails', pool, now);
    if (failing && inRegion(failing.regions, launch) && pool.random.chance(failing.rate ?? 1)) {
      pool.errors.report(failing.error, launch, now, pool.random);
      return false;
    }
    const worker = pool.newWorkerAt(launch, now);
    truth.workerCreated(pool.id, now);
    const boot = pool.random.duration(pool.spec.boot) * (faults.onPool('boot-slow', pool, now)?.factor ?? 1);
    const dying = faults.onPool('boot-fails', pool, now);
    const dies = dying !== undefined && inRegion(dying.regions, launch) && pool.random.chance(dying.rate ?? 1);
    const ends = dies
      ? boot * pool.random.between(0.1, 1)
      : boot > pool.spec.registrationTimeout
        ? pool.spec.registrationTimeout
        : undefined;
    this.#nature.at(now + (ends ?? boot), () => {
      if (ends === undefined) {
        this.#crew.comeUp(pool, worker);
        return;
      }
      if (dies && dying.error) pool.errors.report(dying.error, launch, this.#nature.now, pool.random);
      pool.roster.move(worker, 'stopped', this.#nature.now);
      this.wake(pool);
    });
    return true;
  }
}

/** How many workers the runaway asks for in this round. */
function runningAway(pool: Pool, { batch, upTo, every }: { batch: number; upTo?: number; every?: number }, now: number): number {
  if (now < pool.ranAwayAt + (every ?? 0)) return 0;
  pool.ranAwayAt = now;
  const room = (upTo ?? Number.POSITIVE_INFINITY) - pool.roster.existing;
  return Math.min(batch, Math.floor(room / pool.spec.capacityPerWorker));
}

/** What keeps it from a pool without a word. */
const LEFT_OUT = ['provisioner-stopped', 'pool-skipped', 'pool-deleted'] as const;

function inRegion(regions: string[] | undefined, { region }: Launch): boolean {
  return regions?.includes(region) ?? true;
}

/**
 * The capacity to ask for, as v106's estimator has it with a scaling ratio of 1. It takes requested workers off twice: while some
 * are on their way, further demand waits, and one that never comes up blocks its pool.
 */
function missing(pool: Pool): number {
  const { minCapacity, maxCapacity } = pool.spec;
  const { existing } = pool;
  const { tally } = pool.roster;
  const idle = Math.max(0, existing - pool.line.claimed.size);
  const unmet = Math.max(0, pool.line.pending - idle);
  const all = existing + tally.stopping.capacity;
  const desired = Math.max(minCapacity, Math.min(unmet + all, maxCapacity));
  return Math.max(0, desired - all - tally.requested.capacity);
}
