import { DAY, HOUR } from '../evidence/instant.ts';
import type { Launch } from './launch.ts';
import { Presence } from './presence.ts';
import type { Run, Task } from './task.ts';

/** How long worker-manager keeps the row of a worker, as FirefoxCI and Community have it. */
const ROW_LASTS = 7 * DAY;

export type WorkerState = 'requested' | 'running' | 'stopping' | 'stopped';

export interface Worker {
  group: string;
  id: string;
  launchConfigId?: string;
  state: WorkerState;
  capacity: number;
  created: number;
  /** When its state last changed. */
  modified: number;
  expires: number;
  /** Runs that it works on. */
  busy: { task: Task; run: Run }[];
  /** Claims that are on their way. */
  reserved: number;
  idleSince: number;
  /** Somebody will look whether it has been idle for long enough. */
  timed: boolean;
  mute: boolean;
  /** Its place among the pool's free workers, or -1. */
  seat: number;
  readonly presence: Presence;
}

interface Tally {
  count: number;
  capacity: number;
}

/** A pool's workers, oldest first, with their counts by state. */
export class Roster {
  readonly tally: Record<WorkerState, Tally> = {
    requested: { count: 0, capacity: 0 },
    running: { count: 0, capacity: 0 },
    stopping: { count: 0, capacity: 0 },
    stopped: { count: 0, capacity: 0 },
  };
  #workers: Worker[] = [];
  #purgeAt = 0;
  readonly #byId = new Map<string, Worker>();

  add(id: string, capacity: number, state: WorkerState, created: number, place: Pick<Launch, 'group'> & { id?: string }): Worker {
    const worker: Worker = {
      group: place.group,
      id,
      ...(place.id !== undefined && { launchConfigId: place.id }),
      state,
      capacity,
      created,
      modified: created,
      expires: created + ROW_LASTS,
      busy: [],
      reserved: 0,
      idleSince: created,
      timed: false,
      mute: false,
      seat: -1,
      presence: new Presence(),
    };
    this.#purge(created);
    this.#workers.push(worker);
    this.#byId.set(id, worker);
    this.#count(worker, 1);
    return worker;
  }

  move(worker: Worker, state: WorkerState, now: number): void {
    this.#count(worker, -1);
    worker.state = state;
    worker.modified = now;
    if (state !== 'stopped') worker.expires = Math.max(worker.expires, now + ROW_LASTS);
    this.#count(worker, 1);
  }

  /** Capacity requested and running: what the provisioner takes as existing. */
  get existing(): number {
    return this.tally.requested.capacity + this.tally.running.capacity;
  }

  find(group: string, id: string, now: number): Worker | undefined {
    const worker = this.#byId.get(id);
    return worker?.group === group && !gone(worker, now) ? worker : undefined;
  }

  /** All whose rows still stand, newest first. */
  *newest(now: number): Generator<Worker> {
    for (let at = this.#workers.length - 1; at >= 0; at--) {
      const worker = this.#workers[at];
      if (worker !== undefined && !gone(worker, now)) yield worker;
    }
  }

  /** Forgets the rows that have expired; at most once an hour, as worker-manager's own job does. Only the oldest may have. */
  #purge(now: number): void {
    if (now < this.#purgeAt) return;
    this.#purgeAt = now + HOUR;
    const young = this.#workers.findIndex(({ created }) => created + ROW_LASTS > now);
    if (young === 0) return;
    const old = this.#workers.splice(0, young < 0 ? this.#workers.length : young);
    for (const worker of old) {
      if (!gone(worker, now)) continue;
      this.#count(worker, -1);
      this.#byId.delete(worker.id);
    }
    this.#workers = [...old.filter((worker) => !gone(worker, now)), ...this.#workers];
  }

  #count({ state, capacity }: Worker, by: 1 | -1): void {
    this.tally[state].count += by;
    this.tally[state].capacity += by * capacity;
  }
}

function gone(worker: Worker, now: number): boolean {
  return worker.state === 'stopped' && worker.expires <= now;
}
