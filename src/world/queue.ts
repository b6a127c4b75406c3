import { instantOf, MINUTE, SECOND } from '../evidence/instant.ts';
import type { Priority } from '../evidence/task.ts';
import { Groups } from './groups.ts';
import { Line } from './line.ts';
import type { Nature } from './nature.ts';
import { Random } from './random.ts';
import { CLAIM_LASTS, claimedAt, type Definition, lastRun, type Run, stateOf, type Task } from './task.ts';

/** The deadline resolver looks at a task this long after its deadline (`deadlineDelay`), and both resolvers poll this often. */
const DEADLINE_DELAY = MINUTE;
const RESOLVER_POLL = 5 * SECOND;
/** Tasks of the background load are given up after a day. */
const LOAD_DEADLINE = 24 * 60 * MINUTE;

export interface Claimer {
  group: string;
  id: string;
  created: number;
}

interface Hooks {
  /** A task has come to a pool's line. */
  pended(queueId: string): void;
  /** Whether the task never reaches the line. */
  orphaned(queueId: string): boolean;
}

/** The queue's record. It knows nothing of pools and takes tasks for any name, as the real one does. */
export class Queue {
  readonly tasks = new Map<string, Task>();
  readonly groups = new Groups();
  readonly #lines = new Map<string, Line>();
  readonly #nature: Nature;
  readonly #hooks: Hooks;
  readonly #random: Random;

  constructor(nature: Nature, hooks: Hooks) {
    this.#nature = nature;
    this.#hooks = hooks;
    this.#random = new Random(nature.seed, 'queue');
  }

  line(queueId: string): Line {
    const known = this.#lines.get(queueId);
    if (known !== undefined) return known;
    const line = new Line();
    this.#lines.set(queueId, line);
    return line;
  }

  /** Takes a new task. One with dependencies is never scheduled here: the model resolves none. */
  create(taskId: string, definition: Definition): Task {
    const task: Task = {
      taskId,
      queueId: definition.taskQueueId,
      schedulerId: definition.schedulerId,
      taskGroupId: definition.taskGroupId,
      projectId: definition.projectId,
      priority: definition.priority,
      created: instantOf(definition.created),
      deadline: instantOf(definition.deadline),
      expires: instantOf(definition.expires),
      retriesLeft: definition.retries,
      runs: [],
      definition,
      offered: false,
    };
    this.tasks.set(taskId, task);
    this.groups.find(task.taskGroupId, this.#nature.now)?.taskIds.add(taskId);
    this.#nature.truth.taskCreated(task, this.#nature.now);
    this.#nature.at(task.deadline, () => this.#deadline(task));
    this.#nature.at(task.expires, () => this.#expire(task));
    if (definition.dependencies.length === 0) this.#pend(task, 'scheduled');
    return task;
  }

  /** Takes a task of the background load, which is forgotten once it is resolved. */
  load(taskId: string, queueId: string, priority: Priority, work: number): void {
    const { now } = this.#nature;
    const deadline = now + LOAD_DEADLINE;
    const names = { schedulerId: 'gecko-level-1', taskGroupId: taskId, projectId: 'none' };
    const times = { created: now, deadline, expires: deadline };
    const task: Task = { taskId, queueId, ...names, priority, ...times, retriesLeft: 5, runs: [], work, offered: false };
    this.tasks.set(taskId, task);
    this.#pend(task, 'scheduled');
  }

  /** Gives the first task in line to a worker. */
  claim(queueId: string, worker: Claimer): Task | undefined {
    const line = this.line(queueId);
    this.dropLate(line);
    const task = line.take();
    const run = task && lastRun(task);
    if (task === undefined || run === undefined) return undefined;
    const { now, truth } = this.#nature;
    run.state = 'running';
    run.workerGroup = worker.group;
    run.workerId = worker.id;
    run.started = now;
    run.takenUntil = now + CLAIM_LASTS;
    line.claimed.add(task);
    truth.taskClaimed(task, now, `${worker.group}/${worker.id}`, worker.created);
    return task;
  }

  /** Ends the run as its worker says, unless it has ended by itself. */
  report(task: Task, run: Run, state: 'completed' | 'failed' | 'exception', reason: string): void {
    if (run.state === 'running') this.#resolve(task, run, state, reason);
  }

  /** The worker has vanished: nobody renews the claim, and it runs out. */
  abandon(task: Task, run: Run): void {
    if (run.state !== 'running') return;
    run.takenUntil = claimedAt(run, this.#nature.now) + CLAIM_LASTS;
    run.abandoned = true;
    this.#nature.at(run.takenUntil + this.#random.between(0, RESOLVER_POLL), () => {
      if (run.state !== 'running' || task.deadline < this.#nature.now) return;
      const again = task.retriesLeft > 0;
      this.#resolve(task, run, 'exception', 'claim-expired', again);
      if (!again) return;
      task.retriesLeft--;
      this.#pend(task, 'retry');
    });
  }

  /** Ends a task that has not ended, run or no run. */
  cancel(task: Task, reason: 'canceled' | 'deadline-exceeded'): void {
    const { now } = this.#nature;
    const run = lastRun(task);
    if (run === undefined) {
      task.runs.push({ state: 'pending', reasonCreated: 'exception', scheduled: now });
      this.cancel(task, reason);
    } else if (run.state === 'pending' || run.state === 'running') {
      this.#resolve(task, run, 'exception', reason);
    }
  }

  /** The definition changes with it: the one it was made with is another task's now. */
  reprioritize(task: Task, priority: Priority): void {
    const { offered } = task;
    const line = this.line(task.queueId);
    line.withdraw(task);
    task.priority = priority;
    if (task.definition !== undefined) task.definition.priority = priority;
    if (offered) line.add(task);
  }

  /** Has the background load's tasks give up in a line where nobody claims. */
  dropLate(line: Line): void {
    if (line.pending === 0) return;
    line.dropLate(this.#nature.now, (task) => {
      if (task.definition === undefined) this.tasks.delete(task.taskId);
    });
  }

  #pend(task: Task, reasonCreated: 'scheduled' | 'retry'): void {
    const { now, truth } = this.#nature;
    task.runs.push({ state: 'pending', reasonCreated, scheduled: now });
    truth.taskScheduled(task, now);
    if (this.#hooks.orphaned(task.queueId)) return;
    this.line(task.queueId).add(task);
    this.#hooks.pended(task.queueId);
  }

  #resolve(task: Task, run: Run, state: 'completed' | 'failed' | 'exception', reason: string, again = false): void {
    const { now, truth } = this.#nature;
    const line = this.line(task.queueId);
    line.withdraw(task);
    line.claimed.delete(task);
    if (run.takenUntil !== undefined) run.takenUntil = claimedAt(run, now) + CLAIM_LASTS;
    run.state = state;
    run.reasonResolved = reason;
    run.resolved = now;
    if (again) return;
    truth.taskResolved(task, now);
    if (task.definition === undefined) this.tasks.delete(task.taskId);
  }

  #deadline(task: Task): void {
    this.line(task.queueId).withdraw(task);
    const state = stateOf(task);
    if (state !== 'unscheduled' && state !== 'pending' && state !== 'running') return;
    const late = DEADLINE_DELAY + this.#random.between(0, RESOLVER_POLL);
    this.#nature.at(task.deadline + late, () => this.cancel(task, 'deadline-exceeded'));
  }

  #expire(task: Task): void {
    this.tasks.delete(task.taskId);
    this.groups.find(task.taskGroupId, this.#nature.now)?.taskIds.delete(task.taskId);
  }
}
