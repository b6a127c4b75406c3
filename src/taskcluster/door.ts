import type { Answer } from '../evidence/fact.ts';
import type { TaskStatus } from '../evidence/task.ts';
import type { Clock, Taskcluster } from '../ports.ts';
import { type Ask, asker } from './ask.ts';
import type { Call } from './call.ts';
import { allPages, pageOf } from './pages.ts';
import { READERS, type Request, type What } from './readings.ts';
import { statusOf } from './task-shapes.ts';

/** Ids asked about in one `statuses` call; 200 take a v106 queue some 46 ms. */
const CHUNK = 200;

/** Taskcluster as the prober speaks to it, over HTTP or in process: whatever comes back is turned into an `Answer`, never into an exception. */
export function taskclusterDoor(call: Call, clock: Clock): Taskcluster {
  let calls = 0;
  const counted: Call = (...args) => {
    calls++;
    return call(...args);
  };
  const ask = asker(counted, clock);
  return {
    create: ({ taskId, definition }) => ask(statusOf, 'queue', 'createTask', [taskId], { payload: JSON.parse(definition) }),
    statuses: (taskIds) => statuses(ask, taskIds),
    cancel: (taskId) => ask(statusOf, 'queue', 'cancelTask', [taskId]),
    read: <W extends What>(request: Request<W>) => READERS[request.what](ask, request),
    calls: () => calls,
  };
}

/** Chunks go out together, so that all are about one moment. */
async function statuses(ask: Ask, taskIds: string[]): Promise<Answer<TaskStatus[]>> {
  const chunks: string[][] = [];
  for (let i = 0; i < taskIds.length; i += CHUNK) chunks.push(taskIds.slice(i, i + CHUNK));
  const page = pageOf('statuses', statusOf);
  const answers = await Promise.all(
    chunks.map((chunk) => allPages((query) => ask(page, 'queue', 'statuses', [], { payload: { taskIds: chunk }, query }))),
  );
  const found: TaskStatus[] = [];
  let queueNow: number | undefined;
  for (const answer of answers) {
    if (!answer.ok) return answer;
    found.push(...answer.value);
    queueNow = answer.queueNow === undefined ? queueNow : Math.max(answer.queueNow, queueNow ?? 0);
  }
  return { ok: true, value: found, ...(queueNow !== undefined && { queueNow }) };
}
