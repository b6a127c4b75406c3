import { iso } from '../../evidence/instant.ts';
import { CLAIM_LASTS, claimedAt, type Definition, type Run, stateOf, type Task } from '../task.ts';

/** A task's status as the queue answers it. */
export function statusOf(task: Task, now: number): Record<string, unknown> {
  const [provisionerId, workerType] = task.queueId.split('/');
  return {
    taskId: task.taskId,
    provisionerId,
    workerType,
    taskQueueId: task.queueId,
    schedulerId: task.schedulerId,
    projectId: task.projectId,
    taskGroupId: task.taskGroupId,
    priority: task.priority,
    deadline: iso(task.deadline),
    expires: iso(task.expires),
    retriesLeft: task.retriesLeft,
    state: stateOf(task),
    runs: task.runs.map((run, runId) => runOf(run, runId, now)),
  };
}

function runOf(run: Run, runId: number, now: number): Record<string, unknown> {
  return {
    runId,
    state: run.state,
    reasonCreated: run.reasonCreated,
    ...(run.reasonResolved !== undefined && { reasonResolved: run.reasonResolved }),
    ...(run.workerGroup !== undefined && { workerGroup: run.workerGroup }),
    ...(run.workerId !== undefined && { workerId: run.workerId }),
    ...(run.takenUntil !== undefined && { takenUntil: iso(claimedAt(run, now) + CLAIM_LASTS) }),
    scheduled: iso(run.scheduled),
    ...(run.started !== undefined && { started: iso(run.started) }),
    ...(run.resolved !== undefined && { resolved: iso(run.resolved) }),
  };
}

/** A task's definition, as a copy; the background load's tasks have one made up. */
export function definitionOf(task: Task): Definition {
  if (task.definition !== undefined) return structuredClone(task.definition);
  const [provisionerId = '', workerType = ''] = task.queueId.split('/');
  return {
    provisionerId,
    workerType,
    taskQueueId: task.queueId,
    schedulerId: task.schedulerId,
    projectId: task.projectId,
    taskGroupId: task.taskGroupId,
    dependencies: [],
    requires: 'all-completed',
    routes: [],
    priority: task.priority,
    retries: 5,
    created: iso(task.created),
    deadline: iso(task.deadline),
    expires: iso(task.expires),
    scopes: [],
    payload: {},
    metadata: {
      name: `${workerType} task`,
      description: "Somebody else's work",
      owner: 'somebody@example.com',
      source: 'https://example.com/somebody',
    },
    tags: {},
    extra: {},
  };
}
