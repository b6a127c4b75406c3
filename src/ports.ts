import type { Composed, Sight } from './evidence/board.ts';
import type { LivedCanary, PastCanary } from './evidence/canary.ts';
import type { Change } from './evidence/change.ts';
import type { Delivery, Message, RouteId, Told, Undelivered } from './evidence/delivery.ts';
import type { Answer, DueCanary, Standing } from './evidence/fact.ts';
import type { History, HistoryQuery } from './evidence/history.ts';
import type { Incident } from './evidence/incident.ts';
import type { Reading, ReadingRequest } from './evidence/reading.ts';
import type { State } from './evidence/state.ts';
import type { TaskStatus } from './evidence/task.ts';

/** The only way to the time. */
export interface Clock {
  /** Our own clock, milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some instant: goes on evenly however our clock is set, and at most stands still while the machine sleeps. */
  elapsed(): number;
  /** Resolves at the instant, at once where it has passed, and early when `stop`, if given, is aborted. Never rejects. */
  sleepUntil(instant: number, stop?: AbortSignal): Promise<void>;
}

/** The queue and worker-manager; one call, one effect, no retries of its own. Never rejects for a fault of the world. */
export interface Taskcluster {
  create(canary: DueCanary): Promise<Answer<TaskStatus>>;
  /** Unknown ids are left out of the answer without a word, as the queue does. Any number of ids. */
  statuses(taskIds: string[]): Promise<Answer<TaskStatus[]>>;
  cancel(taskId: string): Promise<Answer<TaskStatus>>;
  read<W extends ReadingRequest['what']>(
    request: Extract<ReadingRequest, { what: W }>,
  ): Promise<Answer<Extract<Reading, { what: W }>>>;
  /** How many calls it has made so far: each page of an answer is one, and so is each chunk of ids. */
  calls(): number;
}

/** State, history and deliveries; one call, one transaction. Rejects with a `StoreError` where the store itself fails. */
export interface Store {
  /**
   * Cached by revision: costs one small query while nobody else has written, and none where this process itself knows the state at revision
   * `least` or a later one.
   */
  load(least?: number): Promise<State>;
  /** Writes all changes if the store is still at revision `base`, else none. */
  commit(base: number, changes: Change[]): Promise<'committed' | 'stale'>;
  /**
   * Claims the most urgent delivery that is due, of a route not in `busy`, until it is settled or a minute has passed.
   * Pages come first, then what has waited longest.
   */
  claimDelivery(now: number, busy: ReadonlySet<RouteId>): Promise<Delivery | undefined>;
  /** `overtaken`: the claim had run out, and the delivery is due again. */
  settleDelivery(delivery: Delivery, told: Told, now: number): Promise<'settled' | 'overtaken'>;
  /** The instant at which the next delivery becomes due; undefined when everything is told. */
  nextDelivery(now: number): Promise<number | undefined>;
  /** True for one caller until `until`, by our own clock, and for that one again as often as it asks: who has it does something for all. */
  lease(name: string, now: number, until: number): Promise<boolean>;
  history(query: HistoryQuery): Promise<History>;
  /** The newest canaries of a probe that have come to their end, newest first. */
  canaries(probe: string, limit: number): Promise<PastCanary[]>;
  /** Canaries of these probes that have come to their end, with slots from `from` to before `until`, in no particular order. */
  lived(probes: readonly string[], from: number, until: number): Promise<LivedCanary[]>;
  /** Those that are open or ended since then, newest first. */
  incidents(since: number): Promise<Incident[]>;
  /** Of the ids those of incidents that it holds, open or over. */
  knows(incidents: readonly string[]): Promise<Set<string>>;
  /** Deliveries that a channel refuses for good, and pages that are owed for longer than `owedFor` milliseconds. */
  undelivered(now: number, owedFor: number): Promise<Undelivered[]>;
  /** What was last noted under the key. */
  recall(key: string): Promise<string | undefined>;
  /** Notes it where what was noted before is still `before`, so that of several processes one succeeds; false for the others. */
  note(key: string, before: string | undefined, after: string): Promise<boolean>;
  /** Forgets a little of what is kept no longer, and that at most once an hour; canaries are kept for `retain` milliseconds. */
  forget(now: number, retain: number): Promise<void>;
  close(): Promise<void>;
}

/** One destination of one kind; one call, one effect on it. Never rejects for a fault of the world. */
export interface Channel {
  /** Takes the next step towards showing the incident as the message has it. `doubt`: an earlier step may have been taken. */
  tell(message: Message, ref: string | undefined, doubt: boolean): Promise<Told>;
  /**
   * The deployment's incidents that it shows as open, of those posted since `since`, as far as it can be read; undefined where it
   * cannot. A channel that only takes has no such thing.
   */
  standing?(deployment: string, since: number): Promise<Standing[] | undefined>;
  /** Takes back a first post that lost a race against another courier's. */
  retract?(ref: string): Promise<void>;
}

/** The one message that a channel keeps in view, and others beside it. Never rejects for a fault of the world. */
export interface Board {
  /**
   * Puts the sight into the message that `ref` remembers, else into our own where it is found, else into a new one. `keep` is called with a
   * ref that must not be forgotten should the process die before this resolves.
   */
  show(sight: Sight, ref: string | undefined, keep: (ref: string) => Promise<void>): Promise<Told>;
  /** Posts a message of its own, which `id` tells from all others. `doubt`: it may have been posted before. */
  post(id: string, compose: (look: { table: boolean }) => Composed, doubt: boolean): Promise<Told>;
}

/** Structured log lines, as pino writes them: an object first, then the sentence. */
export interface Log {
  debug(context: object, sentence: string): void;
  info(context: object, sentence: string): void;
  warn(context: object, sentence: string): void;
  error(context: object, sentence: string): void;
}

export interface Ports {
  clock: Clock;
  taskcluster: Taskcluster;
  store: Store;
  channels: ReadonlyMap<RouteId, Channel>;
  /** Absent where the configuration has no dashboard. */
  board?: Board;
  log: Log;
}
