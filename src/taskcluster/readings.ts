import type { Answer } from '../evidence/fact.ts';
import type { Reading, ReadingRequest } from '../evidence/reading.ts';
import type { Ask } from './ask.ts';
import { allPages, pageOf } from './pages.ts';
import { countsOf, groupTaskOf, poolOf, workerCreatedOf } from './shapes.ts';

export type What = ReadingRequest['what'];
export type Request<W extends What> = Extract<ReadingRequest, { what: W }>;
type Result<W extends What> = Answer<Extract<Reading, { what: W }>>;

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

  async worker(ask, { pool, workerGroup, workerId }) {
    const answer = await ask(workerCreatedOf, 'workerManager', 'worker', [pool, workerGroup, workerId]);
    return as(answer, (created) => ({ what: 'worker', created }));
  },

  async counts(ask, { pool }) {
    const both = await ask(countsOf, 'queue', 'taskQueueCounts', [pool]);
    // Both counts need two scopes; Community's anonymous role has only the one for pending tasks.
    const answer = both.ok || both.why !== 'refused' ? both : await ask(countsOf, 'queue', 'pendingTasks', [pool]);
    return as(answer, (counts) => ({ what: 'counts', ...counts }));
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
