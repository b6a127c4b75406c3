import type { Answer, Ask, DueCanary, Fact } from './evidence/fact.ts';
import { SECOND } from './evidence/instant.ts';
import type { PlannedRead } from './evidence/reading.ts';
import type { TaskStatus } from './evidence/task.ts';
import { inTime } from './in-time.ts';
import type { BasketRead, PlannedReads } from './judge/causes/reads.ts';
import { FRESH } from './judge/limits.ts';
import type { Plan } from './judge/plan.ts';
import type { Channel, Clock, Taskcluster } from './ports.ts';
import { taskGroupIdOf } from './taskcluster/identity.ts';

/** Questions under way at once. */
const WIDTH = 10;
/** How long readings may take: a slow worker-manager must not make the queue's answers too old to judge by, nor fill a CronJob's minute. */
const READINGS_BUDGET = 10 * SECOND;
/** After this many creates in a row that the queue did not answer, the rest wait for the next pass. */
const GIVE_UP_AFTER = 5;

export interface AskPorts {
  clock: Clock;
  taskcluster: Taskcluster;
}

type Failed = Extract<Fact, { kind: 'failed' }>;

const LATE = { ok: false, why: 'unreachable', detail: 'no answer in time' } as const;

/** Asks Taskcluster and dates the answers by the queue's clock. */
export class Asker {
  readonly ports: AskPorts;
  /** After this, by our clock, nothing is asked and no answer is waited for: a process that is to end must not hang with the queue. */
  until = Number.POSITIVE_INFINITY;
  /** How far the queue's clock is ahead of what has elapsed. */
  #ahead: number;
  #measured = false;
  /** How far our clock was ahead of what had elapsed, when it was made. */
  readonly #gap: number;

  constructor(ports: AskPorts) {
    this.ports = ports;
    this.#gap = ports.clock.now() - ports.clock.elapsed();
    this.#ahead = this.#gap;
  }

  /** The queue's clock as far as we know it. It goes on evenly, also where ours is set meanwhile. */
  get now(): number {
    return Math.round(this.ports.clock.elapsed() + this.#ahead);
  }

  /** Goes by our clock and an earlier measurement, until an answer brings a new one. */
  assume(offset: number): void {
    const { clock } = this.ports;
    if (!this.#measured) this.#ahead = clock.now() + offset - clock.elapsed();
  }

  /** Our clock went on further than has elapsed: the machine was asleep, or somebody set the clock. */
  get mayHaveSlept(): boolean {
    return this.ports.clock.now() - this.ports.clock.elapsed() - this.#gap > FRESH;
  }

  /** Some answer has told the queue's time. */
  get isMeasured(): boolean {
    return this.#measured;
  }

  clockFacts(): Fact[] {
    return this.#measured ? [{ kind: 'clock', offset: this.now - this.ports.clock.now(), at: this.now }] : [];
  }

  /** Asks, and waits until the instant at the most; whatever is not answered by then counts as out of reach. */
  async ask<T>(call: () => Promise<Answer<T>>, until = Number.POSITIVE_INFINITY): Promise<Answer<T>> {
    const answer = await this.#within(call, Math.min(until, this.until));
    if (answer.queueNow !== undefined) {
      this.#ahead = answer.queueNow - this.ports.clock.elapsed();
      this.#measured = true;
    }
    return answer;
  }

  async #within<T>(call: () => Promise<Answer<T>>, until: number): Promise<Answer<T>> {
    const { clock } = this.ports;
    if (until === Number.POSITIVE_INFINITY) return call();
    return clock.now() >= until ? LATE : inTime<Answer<T>>(clock, until, call(), LATE);
  }

  failed(
    ask: Ask,
    answer: Extract<Answer<unknown>, { ok: false }>,
    about: Pick<Failed, 'taskId' | 'request' | 'day'> = {},
  ): Fact {
    return { kind: 'failed', ask, why: answer.why, detail: answer.detail, at: this.now, ...about };
  }
}

/** When workers were created, as far as this pass has read; asked of once more only where it has not. */
export type Creations = ReadonlyMap<string, number>;

/** What lists of workers have told of each, by pool and name. */
export function creationsIn(facts: readonly Fact[]): Creations {
  const known = new Map<string, number>();
  for (const fact of facts) {
    if (fact.kind !== 'read' || fact.reading?.what !== 'workers' || fact.request.what !== 'workers') continue;
    for (const { worker, created } of fact.reading.workers) known.set(`${fact.request.pool}/${worker}`, created);
  }
  return known;
}

/**
 * Asks about canaries in one bulk call. With `all`, these are all that are in flight, and of those just claimed it asks whether a new
 * worker took them.
 */
export async function look(asker: Asker, taskIds: string[], all: boolean, listed: Creations = new Map()): Promise<Fact[]> {
  if (taskIds.length === 0) return [];
  const { clock, taskcluster } = asker.ports;
  const began = clock.elapsed();
  const answer = await asker.ask(() => taskcluster.statuses(taskIds));
  if (!answer.ok) return taskIds.map((taskId) => asker.failed('look', answer, { taskId }));
  const at = asker.now;
  const asked = Math.round(at - (clock.elapsed() - began));
  const until = clock.now() + READINGS_BUDGET;
  const known = new Set(answer.value.map((status) => status.taskId));
  const absent = taskIds.filter((taskId) => !known.has(taskId)).map((taskId): Fact => ({ kind: 'absent', taskId, at: asked }));
  const seen = await inParallel(answer.value, async (status): Promise<Fact> => {
    const created = all ? await createdOf(asker, status, until, listed) : undefined;
    const { scheduled = 0 } = status.runs[0] ?? {};
    const start = created === undefined ? 'unknown' : created >= scheduled ? 'cold' : 'warm';
    return { kind: 'status', taskId: status.taskId, status, at, start, ...(created !== undefined && { workerCreated: created }) };
  });
  return [...seen, ...absent, ...(all ? [{ kind: 'looked', at } as const] : [])];
}

/** When the worker that claimed it was created; undefined where nobody did, or nobody can tell. */
async function createdOf(asker: Asker, status: TaskStatus, until: number, listed: Creations): Promise<number | undefined> {
  const run = status.runs[0];
  const { taskQueueId: pool } = status;
  if (run?.started === undefined || run.workerGroup === undefined || run.workerId === undefined) return undefined;
  const { workerGroup, workerId } = run;
  const known = listed.get(`${pool}/${workerGroup}/${workerId}`);
  if (known !== undefined) return known;
  if (pool.startsWith('built-in/') || asker.ports.clock.now() >= until) return undefined;
  const answer = await asker.ask(() => asker.ports.taskcluster.read({ what: 'worker', pool, workerGroup, workerId }), until);
  return answer.ok ? answer.value.created : undefined;
}

export async function cancel(asker: Asker, taskIds: string[]): Promise<Fact[]> {
  return inParallel(taskIds, async (taskId) => {
    const answer = await asker.ask(() => asker.ports.taskcluster.cancel(taskId));
    return answer.ok
      ? { kind: 'cancelled', taskId, status: answer.value, at: asker.now }
      : asker.failed('cancel', answer, { taskId });
  });
}

/** Reads what was planned while the budget lasts; `examines` are the pools about which all of it was asked. */
export async function readings(asker: Asker, { reads, baskets, examines }: PlannedReads): Promise<Fact[]> {
  const until = asker.ports.clock.now() + READINGS_BUDGET;
  const read = (request: PlannedRead) => readOne(asker, request, until);
  const planned = await inParallel(reads, read);
  const watched = await inParallel(baskets, (basket) => readBasket(basket, read));
  const facts = [...planned, ...watched.flat()];
  return examines.length === 0 ? facts : [...facts, { kind: 'examined', pools: [...examines], at: asker.now }];
}

/** Asks the queue something cheap, for its time alone, where nothing else was asked that told it. */
export async function timed(asker: Asker, pool: string | undefined): Promise<Fact[]> {
  if (asker.isMeasured || pool === undefined) return [];
  return [await readOne(asker, { what: 'counts', pool }, asker.ports.clock.now() + READINGS_BUDGET)];
}

async function readOne(asker: Asker, request: PlannedRead, until: number): Promise<Fact> {
  const answer = await asker.ask(() => asker.ports.taskcluster.read(request), until);
  if (answer.ok) return { kind: 'read', request, reading: answer.value, at: asker.now };
  if (answer.why === 'missing' && request.what === 'pool') return { kind: 'read', request, at: asker.now };
  return asker.failed('read', answer, { request });
}

/** Goes on only as long as the answers leave it open whether workers come: most often one call is enough. */
async function readBasket(
  { pools, since, counts, countsFirst }: BasketRead,
  read: (request: PlannedRead) => Promise<Fact>,
): Promise<Fact[]> {
  const facts: Fact[] = [];
  const askCounts = async () => facts.push(...(await inParallel(counts, (pool) => read({ what: 'counts', pool }))));
  if (countsFirst) {
    await askCounts();
    if (counts.length > 0 && !facts.some(waits)) return facts;
  }
  for (const pool of pools) {
    const fact = await read({ what: 'workers', pool, limit: 1 });
    facts.push(fact);
    if (isNewer(fact, since)) return facts;
  }
  if (!countsFirst) await askCounts();
  return facts;
}

function waits(fact: Fact): boolean {
  return fact.kind === 'read' && fact.reading?.what === 'counts' && fact.reading.pending > 0;
}

function isNewer(fact: Fact, since: number): boolean {
  return fact.kind === 'read' && fact.reading?.what === 'workers' && (fact.reading.workers[0]?.created ?? 0) >= since;
}

/**
 * Reads the task groups of past days. All of `blind` or none of them, for without any one of these the present cannot be told; then, while
 * what was read is not `enough` to tell it, the days before. Once those are read, the rest while the budget lasts.
 */
export async function rebuildFrom(
  asker: Asker,
  { deployment, recover, blind }: { deployment: string } & Pick<Plan, 'recover' | 'blind'>,
  until: number,
  enough: (facts: readonly Fact[]) => boolean,
): Promise<Fact[]> {
  const first = await inParallel(blind, (day) => readDay(asker, deployment, day));
  const facts = first.flatMap((day) => day.facts);
  if (first.some(({ answered }) => !answered)) return facts.filter(({ kind }) => kind === 'failed');
  for (const day of recover.filter((each) => !blind.includes(each))) {
    if (asker.ports.clock.now() >= until || (blind.length > 0 && enough(facts))) break;
    const read = await readDay(asker, deployment, day);
    facts.push(...read.facts);
    if (!read.answered) break;
  }
  return facts;
}

/** What will not be answered another time either is taken for empty, or nothing would ever be created. */
async function readDay(asker: Asker, deployment: string, day: number): Promise<{ facts: Fact[]; answered: boolean }> {
  const taskGroupId = taskGroupIdOf(deployment, day);
  const answer = await asker.ask(() => asker.ports.taskcluster.read({ what: 'group', taskGroupId }));
  if (answer.ok) return { facts: [{ kind: 'group', day, tasks: answer.value.tasks, at: asker.now }], answered: true };
  const failed = asker.failed('look', answer, { day });
  if (answer.why === 'unreachable' || answer.why === 'refused' || answer.why === 'clock')
    return { facts: [failed], answered: false };
  return { facts: [failed, { kind: 'group', day, tasks: [], at: asker.now }], answered: true };
}

/** What the channels show as open that were told of the deployment since an instant, where they can tell. */
export async function standingIn(channels: Iterable<Channel>, deployment: string, since: number, at: number): Promise<Fact[]> {
  const asked = [...channels].flatMap((channel) => channel.standing?.(deployment, since) ?? []);
  if (asked.length === 0) return [];
  const shown = await Promise.all(asked);
  // Of several messages of one incident the newest counts, which a channel gives first.
  const all = shown.flatMap((some) => some ?? []).reverse();
  const incidents = [...new Map(all.map((one) => [one.id, one])).values()];
  return [{ kind: 'standing', incidents, deaf: shown.includes(undefined), at }];
}

/** Creates what is due. An answer that was lost, or a conflict, is followed by a look: the task may be there all the same. */
export async function create(asker: Asker, canaries: DueCanary[], until: number): Promise<Fact[]> {
  let unanswered = 0;
  const facts = await inParallel(canaries, async (canary): Promise<Fact | undefined> => {
    if (unanswered >= GIVE_UP_AFTER) {
      return {
        kind: 'failed',
        ask: 'create',
        why: 'unreachable',
        detail: 'not tried: the queue did not answer',
        taskId: canary.taskId,
        untried: true,
        at: asker.now,
      };
    }
    if (asker.ports.clock.now() >= until) return undefined;
    const answer = await asker.ask(() => asker.ports.taskcluster.create(canary));
    unanswered = !answer.ok && answer.why === 'unreachable' ? unanswered + 1 : 0;
    if (answer.ok) return { kind: 'created', taskId: canary.taskId, status: answer.value, at: asker.now };
    return asker.failed('create', answer, { taskId: canary.taskId });
  });
  const done = facts.filter((fact) => fact !== undefined);
  const doubtful = done.flatMap((fact) =>
    fact.kind === 'failed' && fact.why !== 'refused' && fact.taskId !== undefined ? [fact.taskId] : [],
  );
  return [...done, ...(await look(asker, doubtful, false))];
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i];
      if (item !== undefined) results[i] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, items.length) }, worker));
  return results;
}
