import type { Answer } from '../evidence/fact.ts';
import type { Reading, ReadingRequest } from '../evidence/reading.ts';
import type { Ask } from './ask.ts';
import { errorStatsOf, provisioningErrorOf } from './error-shapes.ts';
import { allPages, pageOf } from './pages.ts';
import { countsOf, poolOf, workforceOf } from './pool-shapes.ts';
import { groupTaskOf, insertedOf, taskIdOf } from './task-shapes.ts';
import { queueWorkerOf, workerCreatedOf, workerRowOf } from './worker-shapes.ts';

export type What = ReadingRequest['what'];
export type Request<W extends What> = Extract<ReadingRequest, { what: W }>;
type Result<W extends What> = Answer<Extract<Reading, { what: W }>>;

/** Errors of one pool that are read at once. */
const ERRORS = 100;

/** What the query of the error statistics takes; a pool's id may have an underscore as well. */
const COUNTABLE = /^[a-zA-Z0-9/-]+$/;

/** How each kind of reading is had from Taskcluster. */
export const READERS: { [W in What]: (ask: Ask, request: Request<W>) => Promise<Result<W>> } = {
  async pool(ask, { pool }) {
    return as(await ask(poolOf, 'workerManager', 'workerPool', [pool]), (info) => ({ what: 'pool', info }));
  },

  async pools(ask) {
    const page = pageOf('workerPools', poolOf);
    const answer = await allPages((query) => ask(page, 'workerManager', 'listWorkerPools', [], { query }));
    return as(answer, (infos) => ({ what: 'pools', infos }));
  },

  async fleet(ask) {
    const page = pageOf('workerPoolsStats', workforceOf);
    const answer = await allPages((query) => ask(page, 'workerManager', 'listWorkerPoolsStats', [], { query }));
    return as(answer, (pools) => ({ what: 'fleet', pools }));
  },

  async 'fleet-errors'(ask) {
    const answer = await ask(errorStatsOf, 'workerManager', 'workerPoolErrorStats', []);
    return as(answer, (stats) => ({ what: 'fleet-errors', stats }));
  },

  async worker(ask, { pool, workerGroup, workerId }) {
    const answer = await ask(workerCreatedOf, 'workerManager', 'worker', [pool, workerGroup, workerId]);
    return as(answer, (created) => ({ what: 'worker', created }));
  },

  async workers(ask, { pool, limit }) {
    const query = { limit: String(limit) };
    const answer = await ask(pageOf('workers', workerRowOf), 'workerManager', 'listWorkersForWorkerPool', [pool], { query });
    return as(answer, ({ items, next }) => ({ what: 'workers', workers: items, all: next === undefined }));
  },

  async counts(ask, { pool }) {
    const both = await ask(countsOf, 'queue', 'taskQueueCounts', [pool]);
    // Both counts need two scopes; Community's anonymous role has only the one for pending tasks.
    const answer = both.ok || both.why !== 'refused' ? both : await ask(countsOf, 'queue', 'pendingTasks', [pool]);
    return as(answer, (counts) => ({ what: 'counts', ...counts }));
  },

  async errors(ask, { pool }) {
    if (!COUNTABLE.test(pool)) return { ok: false, why: 'invalid', detail: `worker-manager cannot count the errors of ${pool}` };
    const query = { workerPoolId: pool };
    const answer = await ask(errorStatsOf, 'workerManager', 'workerPoolErrorStats', [], { query });
    return as(answer, (stats) => ({ what: 'errors', stats }));
  },

  async 'error-list'(ask, { pool }) {
    const page = pageOf('workerPoolErrors', provisioningErrorOf);
    const answer = await ask(page, 'workerManager', 'listWorkerPoolErrors', [pool], { query: { limit: String(ERRORS) } });
    return as(answer, ({ items }) => ({ what: 'error-list', errors: items }));
  },

  async claimed(ask, { pool }) {
    const answer = await ask(pageOf('tasks', taskIdOf), 'queue', 'listClaimedTasks', [pool]);
    return as(answer, ({ items }) => ({ what: 'claimed', taskIds: items }));
  },

  async oldest(ask, { pool }) {
    const answer = await ask(pageOf('tasks', insertedOf), 'queue', 'listPendingTasks', [pool], { query: { limit: '1' } });
    return as(answer, ({ items: [inserted] }) => ({ what: 'oldest', ...(inserted !== undefined && { inserted }) }));
  },

  async crew(ask, { pool }) {
    const page = (body: unknown, at: number) => pageOf('workers', (worker) => queueWorkerOf(worker, at))(body);
    const names = pool.split('/');
    const running = await ask(page, 'workerManager', 'listWorkers', names, { query: { workerState: 'running' } });
    // Stopped ones stay for a day and more, and may fill a page; that hardware runs, worker-manager does not know.
    const none = running.ok && running.value.items.length === 0;
    const answer = none ? await ask(page, 'workerManager', 'listWorkers', names) : running;
    return as(answer, ({ items }) => ({ what: 'crew', workers: items }));
  },

  async group(ask, { taskGroupId }) {
    const page = pageOf('tasks', groupTaskOf);
    const answer = await allPages((query) => ask(page, 'queue', 'listTaskGroup', [taskGroupId], { query }));
    // A group comes to be with its first task.
    const known: typeof answer = !answer.ok && answer.why === 'missing' ? { ...dated(answer), ok: true, value: [] } : answer;
    return as(known, (tasks) => ({ what: 'group', tasks }));
  },
};

function as<T, R extends Reading>(answer: Answer<T>, reading: (value: T) => R): Answer<R> {
  return answer.ok ? { ...answer, value: reading(answer.value) } : answer;
}

function dated({ queueNow }: Answer<unknown>): { queueNow?: number } {
  return queueNow === undefined ? {} : { queueNow };
}
