import { iso } from '../../evidence/instant.ts';
import type { Priority } from '../../evidence/task.ts';
import { stateOf, type Task } from '../task.ts';
import type { World } from '../world.ts';
import { createTask } from './create-task.ts';
import { ApiError } from './error.ts';
import { createTaskInput, priorityInput, tasksInput } from './inputs.ts';
import { type Method, param, type Request } from './method.ts';
import { PAGED, page } from './page.ts';
import { definitionOf, statusOf } from './status.ts';

/** The queue's methods about single tasks and task groups. */
export const queueTaskMethods = {
  ping: { params: [], run: ping },
  createTask: { params: ['taskId'], input: createTaskInput, run: createTask },
  task: {
    params: ['taskId'],
    scopes: ({ taskId }) => `queue:get-task:${taskId}`,
    run: (world, request) => definitionOf(taskOf(world, request, 'Are you sure this task has already been submitted?')),
  },
  status: {
    params: ['taskId'],
    scopes: ({ taskId }) => `queue:status:${taskId}`,
    run: (world, request) => ({ status: statusOf(taskOf(world, request, 'Are you sure this task exists?'), world.now) }),
  },
  statuses: { params: [], query: PAGED, input: tasksInput, run: statuses },
  cancelTask: { params: ['taskId'], run: cancelTask },
  changeTaskPriority: { params: ['taskId'], input: priorityInput, run: changeTaskPriority },
  listTaskGroup: {
    params: ['taskGroupId'],
    query: PAGED,
    scopes: ({ taskGroupId }) => `queue:list-task-group:${taskGroupId}`,
    run: listTaskGroup,
  },
  sealTaskGroup: { params: ['taskGroupId'], run: sealTaskGroup },
} satisfies Record<string, Method>;

/** Both services answer it the same, whatever else is broken. */
export function ping(world: World): unknown {
  return { alive: true, uptime: (world.now - world.start) / 1000 };
}

function taskOf(world: World, request: Request, doubt: string): Task {
  const taskId = param(request, 'taskId');
  const task = world.queue.tasks.get(taskId);
  if (task === undefined) {
    throw new ApiError('ResourceNotFound', `\`${taskId}\` does not correspond to a task that exists.\n${doubt}`);
  }
  return task;
}

/** Unknown and malformed ids are left out, repeated ones collapsed, and the order is the queue's own. */
function statuses(world: World, request: Request): unknown {
  const { taskIds } = request.payload as { taskIds: string[] };
  request.authorize({ AllOf: taskIds.map((taskId) => `queue:status:${taskId}`) });
  const found = [...new Set(taskIds)].sort().flatMap((taskId) => world.queue.tasks.get(taskId) ?? []);
  const { rows, token } = page(found, request.query);
  return { statuses: rows.map((task) => ({ taskId: task.taskId, status: statusOf(task, world.now) })), ...token };
}

function createdTask(world: World, taskId: string): Task {
  const task = world.queue.tasks.get(taskId);
  if (task === undefined) throw new ApiError('ResourceNotFound', `Task \`${taskId}\` not found. Are you sure it was created?`);
  return task;
}

function changeTaskPriority(world: World, request: Request): unknown {
  const task = createdTask(world, param(request, 'taskId'));
  request.authorize({
    AnyOf: [`queue:change-task-priority:${task.taskId}`, `queue:change-task-priority-in-queue:${task.queueId}`],
  });
  if (task.deadline <= world.now) {
    const deadline = iso(task.deadline);
    throw new ApiError('RequestConflict', `Task \`${task.taskId}\` can't be reprioritized past its deadline of ${deadline}.`);
  }
  if (!['unscheduled', 'pending', 'running'].includes(stateOf(task))) {
    throw new ApiError('RequestConflict', `Task \`${task.taskId}\` is already resolved and cannot be reprioritized.`);
  }
  world.queue.reprioritize(task, (request.payload as { newPriority: Priority }).newPriority);
  return { status: statusOf(task, world.now) };
}

/** A task that has ended answers as it is; past its deadline none can be cancelled. */
function cancelTask(world: World, request: Request): unknown {
  const taskId = param(request, 'taskId');
  const task = createdTask(world, taskId);
  const group = `${task.schedulerId}/${task.taskGroupId}`;
  request.authorize({
    AnyOf: [
      `queue:cancel-task:${group}/${taskId}`,
      `queue:cancel-task-in-project:${task.projectId}`,
      { AllOf: ['queue:cancel-task', `assume:scheduler-id:${group}`] },
    ],
  });
  if (task.deadline < world.now) {
    throw new ApiError('RequestConflict', `Task \`${taskId}\` can't be canceled past its deadline of ${iso(task.deadline)}.`);
  }
  world.queue.cancel(task, 'canceled');
  return { status: statusOf(task, world.now) };
}

function groupOf(world: World, request: Request) {
  const taskGroupId = param(request, 'taskGroupId');
  const group = world.queue.groups.find(taskGroupId, world.now);
  if (group === undefined) throw new ApiError('ResourceNotFound', `No task-group with taskGroupId: \`${taskGroupId}\``);
  return group;
}

function listTaskGroup(world: World, request: Request): unknown {
  const taskGroupId = param(request, 'taskGroupId');
  const known = world.queue.groups.find(taskGroupId, world.now)?.taskIds ?? [];
  const { rows, token } = page([...known].sort(), request.query);
  const tasks = rows.flatMap((taskId) => world.queue.tasks.get(taskId) ?? []);
  return {
    ...headOf(groupOf(world, request)),
    tasks: tasks.map((task) => ({ status: statusOf(task, world.now), task: definitionOf(task) })),
    ...token,
  };
}

function sealTaskGroup(world: World, request: Request): unknown {
  const group = groupOf(world, request);
  request.authorize(`queue:seal-task-group:${group.schedulerId}/${group.taskGroupId}`);
  group.sealed ??= world.now;
  return headOf(group);
}

function headOf({ taskGroupId, schedulerId, expires, sealed }: ReturnType<typeof groupOf>): Record<string, unknown> {
  return { taskGroupId, schedulerId, expires: iso(expires), ...(sealed !== undefined && { sealed: iso(sealed) }) };
}
