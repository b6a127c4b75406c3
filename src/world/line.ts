import { PRIORITIES } from '../evidence/task.ts';
import { lastRun, type Task } from './task.ts';

/** The tasks of one pool that pend or are claimed: handed out by priority, then age. */
export class Line {
  /** As `PRIORITIES` has them. */
  readonly #levels = PRIORITIES.map(() => new Level());
  /** Tasks that a worker may be given. */
  pending = 0;
  readonly claimed = new Set<Task>();

  add(task: Task): void {
    task.offered = true;
    this.pending++;
    this.#levelOf(task)?.tasks.push(task);
  }

  withdraw(task: Task): void {
    if (!task.offered) return;
    this.#levelOf(task)?.remove(task);
    this.#left(task);
  }

  #levelOf({ priority }: Task): Level | undefined {
    return this.#levels[PRIORITIES.indexOf(priority)];
  }

  #left(task: Task): void {
    task.offered = false;
    this.pending--;
  }

  /** Takes the first in line. */
  take(): Task | undefined {
    for (const level of this.#levels) {
      const task = level.head();
      if (task === undefined) continue;
      level.drop();
      this.#left(task);
      return task;
    }
    return undefined;
  }

  /** Takes out those at the heads of the line whose deadlines have passed. */
  dropLate(now: number, dropped: (task: Task) => void): void {
    for (const level of this.#levels) {
      for (let task = level.head(); task !== undefined && task.deadline <= now; task = level.head()) {
        level.drop();
        this.#left(task);
        dropped(task);
      }
    }
  }

  /** All that pend, the oldest first whatever its priority. */
  waiting(): Task[] {
    return this.#levels.flatMap((level) => level.waiting()).sort((a, b) => since(a) - since(b));
  }
}

/** First in, first out. Those at the front that have left are cut off in bulk. */
class Level {
  tasks: Task[] = [];
  #first = 0;

  head(): Task | undefined {
    return this.tasks[this.#first];
  }

  drop(): void {
    this.#first++;
    if (this.#first < 64 || this.#first * 2 < this.tasks.length) return;
    this.tasks = this.waiting();
    this.#first = 0;
  }

  remove(task: Task): void {
    const at = this.tasks.indexOf(task, this.#first);
    if (at >= 0) this.tasks.splice(at, 1);
  }

  waiting(): Task[] {
    return this.tasks.slice(this.#first);
  }
}

function since(task: Task): number {
  return lastRun(task)?.scheduled ?? 0;
}
