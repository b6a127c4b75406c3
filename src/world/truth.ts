import type { Fault } from './fault.ts';
import { type FaultBook, isPoolFault } from './fault-book.ts';
import { lastRun, type Task } from './task.ts';

/** What really happened to one task that was made through the API. */
export interface TaskTruth {
  taskId: string;
  pool: string;
  created: number;
  /** When its first run was scheduled, and when a worker claimed that run. */
  scheduled?: number;
  claimed?: number;
  worker?: string;
  /** When that worker was requested: after `scheduled` for a cold start. */
  workerCreated?: number;
  /** When it ended for good, and why, in the queue's words. */
  resolved?: number;
  reason?: string;
}

/** What a test may know and no API tells. */
export class Truth {
  readonly tasks = new Map<string, TaskTruth>();
  readonly #faults: FaultBook;
  readonly #workers = new Map<string, number[]>();
  readonly #provider: (pool: string) => string;

  constructor(faults: FaultBook, provider: (pool: string) => string) {
    this.#faults = faults;
    this.#provider = provider;
  }

  /** The faults of pools that held for this one at some instant from `from` up to `to`, itself included. */
  faultsOn(pool: string, from: number, to: number): Fault[] {
    const where = { id: pool, provider: this.#provider(pool) };
    return this.#faults.all.filter(
      (fault) => isPoolFault(fault) && fault.from <= to && fault.until > from && this.#faults.strikes(fault, where),
    );
  }

  /** When each of the pool's workers was created, oldest first; those it had at the start are not among them. */
  workersCreated(pool: string): readonly number[] {
    return this.#workers.get(pool) ?? [];
  }

  workerCreated(pool: string, at: number): void {
    const times = this.#workers.get(pool);
    if (times) times.push(at);
    else this.#workers.set(pool, [at]);
  }

  taskCreated(task: Task, at: number): void {
    this.tasks.set(task.taskId, { taskId: task.taskId, pool: task.queueId, created: at });
  }

  taskScheduled(task: Task, at: number): void {
    const truth = this.#of(task);
    if (truth) truth.scheduled ??= at;
  }

  taskClaimed(task: Task, at: number, worker: string, workerCreated: number): void {
    const truth = this.#of(task);
    if (truth && truth.claimed === undefined && task.runs.length === 1)
      Object.assign(truth, { claimed: at, worker, workerCreated });
  }

  taskResolved(task: Task, at: number): void {
    const truth = this.#of(task);
    if (truth) Object.assign(truth, { resolved: at, reason: lastRun(task)?.reasonResolved });
  }

  /** Of the background load's tasks, nearly all there are, nothing is kept. */
  #of({ taskId, definition }: Task): TaskTruth | undefined {
    return definition === undefined ? undefined : this.tasks.get(taskId);
  }
}
