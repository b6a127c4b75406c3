import { iso } from '../../evidence/instant.ts';
import { claimedAt, lastRun, type Run, type Task } from '../task.ts';
import type { World } from '../world.ts';
import { type Method, param, type Request } from './method.ts';
import { PAGED, pageByTime } from './page.ts';
import { definitionOf } from './status.ts';

/** The queue's methods about the line of one pool; a pool that nobody ever named has an empty one. */
export const queueCountMethods = {
  pendingTasks: {
    params: ['taskQueueId'],
    scopes: ({ taskQueueId }) => `queue:pending-count:${taskQueueId}`,
    run: (world, request) => ({ ...nameOf(request), pendingTasks: lineOf(world, request).pending }),
  },
  taskQueueCounts: {
    params: ['taskQueueId'],
    scopes: ({ taskQueueId }) => ({ AllOf: [`queue:pending-count:${taskQueueId}`, `queue:claimed-count:${taskQueueId}`] }),
    run: (world, request) => {
      const { pending, claimed } = lineOf(world, request);
      return { ...nameOf(request), pendingTasks: pending, claimedTasks: claimed.size };
    },
  },
  listPendingTasks: {
    params: ['taskQueueId'],
    query: PAGED,
    scopes: ({ taskQueueId }) => `queue:pending-list:${taskQueueId}`,
    run: listPendingTasks,
  },
  listClaimedTasks: {
    params: ['taskQueueId'],
    query: PAGED,
    scopes: ({ taskQueueId }) => `queue:claimed-list:${taskQueueId}`,
    run: listClaimedTasks,
  },
} satisfies Record<string, Method>;

function lineOf(world: World, request: Request) {
  const line = world.queue.line(param(request, 'taskQueueId'));
  world.queue.dropLate(line);
  return line;
}

function nameOf(request: Request): Record<string, unknown> {
  const taskQueueId = param(request, 'taskQueueId');
  const [provisionerId, workerType] = taskQueueId.split('/');
  return { provisionerId, workerType, taskQueueId };
}

interface Row {
  task: Task;
  run: Run;
  at: string;
}

function rowsOf(tasks: Iterable<Task>, when: (run: Run) => number): Row[] {
  return [...tasks].flatMap((task) => {
    const run = lastRun(task);
    return run === undefined ? [] : [{ task, run, at: iso(when(run)) }];
  });
}

const keyOf = ({ at, task: { taskId } }: Row) => ({ at, taskId });

/** Oldest first, whatever the priorities. */
function listPendingTasks(world: World, request: Request): unknown {
  const { rows, token } = pageByTime(
    rowsOf(lineOf(world, request).waiting(), (run) => run.scheduled),
    request.query,
    keyOf,
  );
  const tasks = rows.map(({ task, at }) => ({
    taskId: task.taskId,
    runId: task.runs.length - 1,
    task: definitionOf(task),
    inserted: at,
  }));
  return { tasks, ...token };
}

/** By the instant of the claim, which a renewal sets anew. */
function listClaimedTasks(world: World, request: Request): unknown {
  const claimed = rowsOf(lineOf(world, request).claimed, (run) => claimedAt(run, world.now));
  const { rows, token } = pageByTime(
    claimed.sort((a, b) => (a.at < b.at ? -1 : 1)),
    request.query,
    keyOf,
  );
  const tasks = rows.map(({ task, run, at }) => ({
    taskId: task.taskId,
    runId: task.runs.length - 1,
    workerGroup: run.workerGroup,
    workerId: run.workerId,
    claimed: at,
    task: definitionOf(task),
  }));
  return { tasks, ...token };
}
