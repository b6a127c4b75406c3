import { MINUTE, SECOND } from '../evidence/instant.ts';
import { type Launch, launchesOf, providerOf } from './launch.ts';
import type { Line } from './line.ts';
import { PoolErrors } from './pool-errors.ts';
import { Random } from './random.ts';
import { Roster, type Worker } from './roster.ts';
import type { PoolSpec } from './spec.ts';

const DEFAULTS = {
  minCapacity: 0,
  capacityPerWorker: 1,
  registrationTimeout: Number.POSITIVE_INFINITY,
  idleTimeout: 5 * MINUTE,
  claim: { min: 100, max: 5 * SECOND },
  run: { p50: 2 * SECOND, p95: 5 * SECOND },
};

type Defaults = typeof DEFAULTS;

/** One worker pool: what it is, its workers, its line of tasks and its errors. */
export class Pool {
  readonly id: string;
  readonly provider: string;
  /** Whether worker-manager knows it. */
  readonly known: boolean;
  readonly spec: PoolSpec & Defaults;
  readonly launches: Launch[];
  readonly line: Line;
  readonly random: Random;
  readonly roster = new Roster();
  readonly errors = new PoolErrors();
  /** Claims that are on their way from free workers. */
  reserved = 0;
  /** Workers that are given no tasks for now. */
  readonly quarantined = new Set<Worker>();
  /** Its next round of provisioning, where one is due. Never deleted: V8 is slow with objects that have lost a key. */
  roundAt: number | undefined;
  /** When it last got a batch of a runaway. */
  ranAwayAt = Number.NEGATIVE_INFINITY;
  readonly #free: Worker[] = [];
  #named = 0;

  constructor(spec: PoolSpec, line: Line, seed: number) {
    this.id = spec.pool;
    this.provider = providerOf(spec);
    this.known = spec.known !== false;
    const { pool, ...rest } = spec;
    // One that began with a spread would have a shape of its own, and slow looks (see `named` in judge/probes.ts).
    this.spec = { pool, ...DEFAULTS, ...rest };
    this.launches = launchesOf(spec);
    this.line = line;
    this.random = new Random(seed, `pool ${spec.pool}`);
  }

  /** It has less than it wants. */
  get needy(): boolean {
    return this.known && (this.line.pending > 0 || this.existing < this.spec.minCapacity);
  }

  newWorker(state: Worker['state'], created: number): Worker {
    const launch = this.launches[this.random.index(this.launches.length)];
    const place = launch !== undefined && this.known ? launch : { group: this.spec.runs === 'built-in' ? 'built-in' : 'mdc1' };
    return this.roster.add(this.#name(), this.spec.capacityPerWorker, state, created, place);
  }

  newWorkerAt(launch: Launch, now: number): Worker {
    return this.roster.add(this.#name(), this.spec.capacityPerWorker, 'requested', now, launch);
  }

  /** Names are unlike those of clouds, but as unique and as long as Google's. */
  #name(): string {
    this.#named++;
    const [, type = ''] = this.id.split('/');
    if (this.spec.runs === 'built-in') return type;
    if (!this.known) return `${type.slice(0, 30)}-${String(this.#named).padStart(3, '0')}`;
    return `${1_000_000_000 + this.random.index(8_000_000_000)}${String(this.#named).padStart(9, '0')}`;
  }

  /** A free worker at random: all of them poll. */
  anyFree(): Worker | undefined {
    return this.#free[this.#free.length <= 1 ? 0 : this.random.index(this.#free.length)];
  }

  /** Capacity that the provisioner takes as existing: requested and running, without what is quarantined. */
  get existing(): number {
    let { existing } = this.roster;
    for (const { state, capacity } of this.quarantined) if (state === 'running') existing -= capacity;
    return existing;
  }

  /** Whether the worker asks for work, and would be given some. */
  works(worker: Worker): boolean {
    return worker.state === 'running' && !worker.mute && !this.quarantined.has(worker);
  }

  /** Puts the worker among the free ones, or takes it out, as it now stands. */
  seat(worker: Worker): void {
    const free = this.works(worker) && worker.busy.length + worker.reserved < worker.capacity;
    if (free === worker.seat >= 0) return;
    if (free) {
      worker.seat = this.#free.push(worker) - 1;
      return;
    }
    const last = this.#free.pop();
    if (last !== undefined && last !== worker) {
      this.#free[worker.seat] = last;
      last.seat = worker.seat;
    }
    worker.seat = -1;
  }
}
