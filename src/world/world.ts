import { HOUR, MINUTE, SECOND } from '../evidence/instant.ts';
import type { Reply, Service } from '../taskcluster/call.ts';
import { answer, type More } from './api/answer.ts';
import { Crew } from './crew.ts';
import type { Fault } from './fault.ts';
import { Crowd } from './load.ts';
import { Nature } from './nature.ts';
import { Pool } from './pool.ts';
import { Provisioner } from './provisioner.ts';
import { Queue } from './queue.ts';
import { Random } from './random.ts';
import type { Worker } from './roster.ts';
import type { PoolSpec, Rhythm, WorldSpec } from './spec.ts';
import type { Truth } from './truth.ts';
import { type Weather, weatherOn } from './weather.ts';

/** Every deployment has these two: one worker each, which polls each second and answers within milliseconds. */
const BUILT_IN: PoolSpec[] = ['built-in/succeed', 'built-in/fail'].map((pool) => ({
  pool,
  runs: 'built-in',
  known: false,
  maxCapacity: 100,
  capacityPerWorker: 100,
  boot: { p50: MINUTE, p95: 2 * MINUTE },
  claim: { min: 50, max: 1100 },
  run: { p50: 12, p95: 30 },
}));

/** A simulated Taskcluster deployment in virtual time: the same spec, calls and instants make the same history. */
export class World {
  readonly rootUrl: string;
  readonly start: number;
  readonly queue: Queue;
  /** By id, worker-manager's and the hardware's alike. */
  readonly pools: ReadonlyMap<string, Pool>;
  /** In the order in which they are listed. */
  readonly poolsById: readonly Pool[];
  readonly truth: Truth;
  readonly #nature: Nature;
  readonly #crew: Crew;
  readonly #provisioner: Provisioner;
  readonly #crowds = new Map<Pool, Crowd>();
  readonly #weather: Random;
  readonly #ids: Random;

  constructor(spec: WorldSpec) {
    this.start = spec.start;
    this.rootUrl = spec.rootUrl ?? 'http://localhost';
    this.#weather = new Random(spec.seed, 'weather');
    this.#ids = new Random(spec.seed, 'ids');
    const nature = new Nature(spec.seed, spec.start, (id) => this.pools.get(id)?.provider ?? '');
    this.#nature = nature;
    this.truth = nature.truth;
    const lost = new Random(spec.seed, 'orphans');
    this.queue = new Queue(nature, {
      pended: (id) => this.#pended(id),
      orphaned: (id) => this.#orphaned(id, lost),
    });
    const specs = [...spec.pools, ...BUILT_IN.filter(({ pool }) => !spec.pools.some((own) => own.pool === pool))];
    this.pools = new Map(specs.map((one) => [one.pool, new Pool(one, this.queue.line(one.pool), spec.seed)]));
    this.poolsById = [...this.pools.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    this.#crew = new Crew(nature, this.queue, (pool) => this.#provisioner.wake(pool));
    const known = [...this.pools.values()].filter((pool) => pool.known);
    this.#provisioner = new Provisioner(nature, this.queue, this.#crew, known, spec.provisionEvery);
    for (const pool of this.pools.values()) this.#settle(pool, spec.rhythm);
    for (const fault of spec.faults ?? []) this.addFault(fault);
  }

  get now(): number {
    return this.#nature.now;
  }

  /** Has everything happen that is due by the instant. An earlier one changes nothing. */
  advanceTo(instant: number): void {
    this.#nature.advanceTo(instant);
  }

  /** When something next happens by itself. */
  nextEvent(): number | undefined {
    return this.#nature.nextEvent();
  }

  /** Adds a fault, also while the world runs; what of it lies in the past begins now. */
  addFault(fault: Fault): void {
    this.#nature.faults.add(fault);
    if (fault.kind === 'backlog') this.#onStruck(fault, (pool) => this.#crowds.get(pool)?.burst(fault));
    if (fault.kind !== 'workers-mute') return;
    if (fault.all === true) this.#nature.at(fault.from, () => this.#onStruck(fault, (pool) => this.#crew.silence(pool)));
    this.#nature.at(fault.until, () =>
      this.#onStruck(fault, (pool) => {
        if (!this.#nature.faults.onPool('workers-mute', pool, this.now)) this.#crew.unmute(pool);
      }),
    );
  }

  /** What a call would meet now; the caller enacts it. `call` itself knows no bad weather. */
  weather(service: Service, method: string): Weather {
    return weatherOn(this.#nature.faults, this.#weather, service, method, this.now);
  }

  /** Answers a call by its name in the official references, with effect now. */
  call(service: Service, method: string, args: string[], more: More = {}): Reply {
    return { ...answer(this, service, method, args, more), date: Math.floor(this.now / SECOND) * SECOND };
  }

  /** Whether worker-manager knows the pool now. */
  knows(pool: Pool): boolean {
    return pool.known && this.#nature.faults.onPool('pool-deleted', pool, this.now) === undefined;
  }

  /** Keeps tasks from a worker until an instant. */
  quarantine(pool: Pool, worker: Worker, until: number): void {
    this.#crew.quarantine(pool, worker, until);
  }

  /** An id for something that the deployment itself names. */
  newId(): string {
    return this.#ids.slug();
  }

  /** The workers that stand there from the start, and the load. */
  #settle(pool: Pool, rhythm: Rhythm | undefined): void {
    const { minCapacity, maxCapacity, capacityPerWorker } = pool.spec;
    const standing = (pool.known ? minCapacity : maxCapacity) / capacityPerWorker;
    const ages = Array.from({ length: Math.ceil(standing) }, () => Math.round(pool.random.between(5 * MINUTE, 2 * HOUR)));
    for (const age of ages.sort((a, b) => b - a)) this.#crew.comeUp(pool, pool.newWorker('requested', this.now - age));
    const crowd = new Crowd(this.#nature, this.queue, pool, rhythm);
    crowd.begin();
    this.#crowds.set(pool, crowd);
  }

  #pended(id: string): void {
    const pool = this.pools.get(id);
    if (pool === undefined) return;
    this.#crew.offer(pool);
    this.#provisioner.wake(pool);
  }

  #orphaned(id: string, random: Random): boolean {
    const fault = this.#nature.faults.onPool('orphaned', { id, provider: this.pools.get(id)?.provider ?? '' }, this.now);
    return fault !== undefined && random.chance(fault.rate ?? 1);
  }

  #onStruck(fault: Fault, strike: (pool: Pool) => void): void {
    for (const pool of this.pools.values()) if (this.#nature.faults.strikes(fault, pool)) strike(pool);
  }
}
