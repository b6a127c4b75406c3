import { isDeepStrictEqual } from 'node:util';
import { DAY, instantOf, iso, MINUTE } from '../../evidence/instant.ts';
import { PRIORITIES, type Priority } from '../../evidence/task.ts';
import type { Definition } from '../task.ts';
import type { World } from '../world.ts';
import { ApiError } from './error.ts';
import { param, type Request } from './method.ts';
import { statusOf } from './status.ts';

/** How far `created` may be off, and how far away the deadline (plus this drift) may be. */
const DRIFT = 15 * MINUTE;
const FARTHEST_DEADLINE = 5 * DAY;

/** A definition as it comes in: checked by its schema, its defaults filled in. */
type Asked = Omit<Definition, 'provisionerId' | 'workerType' | 'taskQueueId' | 'taskGroupId' | 'expires'> &
  Partial<Pick<Definition, 'provisionerId' | 'workerType' | 'taskQueueId' | 'taskGroupId' | 'expires'>>;

/** Idempotent: the same id with the same definition answers the task's present status. */
export function createTask(world: World, request: Request): unknown {
  const taskId = param(request, 'taskId');
  const asked = named(request.payload as Asked);
  request.payload = asked;
  const { provisionerId, workerType, schedulerId, priority } = asked;
  request.authorize({
    AllOf: [
      ...asked.scopes,
      ...asked.routes.map((route) => `queue:route:${route}`),
      `queue:create-task:project:${asked.projectId}`,
      `queue:scheduler-id:${schedulerId}`,
      { AnyOf: atLeast(priority).map((level) => `queue:create-task:${level}:${provisionerId}/${workerType}`) },
    ],
  });
  const definition = dated(asked, taskId, world.now);
  if (definition.scopes.some((scope) => scope.endsWith('**'))) throw new ApiError('InputError', 'scopes must not end with `**`');
  join(world, definition);
  const existing = world.queue.tasks.get(taskId);
  if (existing === undefined) {
    checkDependencies(world, definition.dependencies);
    return { status: statusOf(world.queue.create(taskId, structuredClone(definition)), world.now) };
  }
  if (isDeepStrictEqual(existing.definition, definition)) return { status: statusOf(existing, world.now) };
  throw new ApiError(
    'RequestConflict',
    `taskId \`${taskId}\` already used by another task.\nThis could be the result of faulty idempotency!`,
  );
}

/** The pool may be named in one way, in the other, or in both if they agree. */
function named(asked: Asked): Asked & Pick<Definition, 'provisionerId' | 'workerType' | 'taskQueueId'> {
  const { provisionerId, workerType, taskQueueId } = asked;
  if (provisionerId !== undefined && workerType !== undefined) {
    const joined = `${provisionerId}/${workerType}`;
    if (taskQueueId !== undefined && taskQueueId !== joined) {
      throw new ApiError('InputError', 'taskQueueId must match "provisionerId/workerType"');
    }
    return { ...asked, provisionerId, workerType, taskQueueId: joined };
  }
  if (taskQueueId === undefined) {
    throw new ApiError('InputError', 'at least a provisionerId and a workerType or a taskQueueId must be provided"');
  }
  const [first = '', second = ''] = taskQueueId.split('/');
  return { ...asked, provisionerId: first, workerType: second, taskQueueId };
}

/** The levels that allow this one: itself and all above it. */
function atLeast(priority: Priority): readonly Priority[] {
  return PRIORITIES.slice(0, PRIORITIES.indexOf(priority) + 1);
}

/** Checks the task's times in the queue's order, and writes them as it stores them. */
function dated(asked: ReturnType<typeof named>, taskId: string, now: number): Definition {
  const created = instantOf(asked.created);
  const deadline = instantOf(asked.deadline);
  const refuse = (message: string) => new ApiError('InputError', message);
  if (created < now - DRIFT) throw refuse('`created` cannot be in the past (max 15min drift)');
  if (created > now + DRIFT) throw refuse('`created` cannot be in the future (max 15min drift)');
  if (created > deadline) throw refuse('`deadline` cannot be later than `created`');
  if (deadline < now) throw refuse('`deadline` cannot be in the past');
  if (deadline - now > FARTHEST_DEADLINE + DRIFT) throw refuse('`deadline` cannot be more than 5 days into the future');
  const expires = asked.expires === undefined ? yearAfter(deadline) : instantOf(asked.expires);
  if (deadline > expires) throw refuse('`expires` cannot be before `deadline`');
  const { taskGroupId = taskId } = asked;
  return { ...asked, taskGroupId, created: iso(created), deadline: iso(deadline), expires: iso(expires) };
}

/** The same date a year later; 29 February has none and becomes 1 March. */
function yearAfter(instant: number): number {
  const text = iso(instant);
  const year = Number(text.slice(0, 4)) + 1;
  return text.slice(4, 10) === '-02-29' ? instantOf(`${year}-03-01${text.slice(10)}`) : instantOf(`${year}${text.slice(4)}`);
}

function join(world: World, { taskGroupId, schedulerId, expires }: Definition): void {
  const group = world.queue.groups.ensure(taskGroupId, schedulerId, instantOf(expires), world.now);
  if (group === undefined) {
    throw new ApiError(
      'RequestConflict',
      `Task group \`${taskGroupId}\` contains tasks with a schedulerId other\nthan \`${schedulerId}\`. All tasks in the same task-group must have\nthe same schedulerId.`,
    );
  }
  if (group.sealed !== undefined) {
    throw new ApiError('RequestConflict', `Task group \`${taskGroupId}\` is sealed and does not accept new tasks.`);
  }
}

function checkDependencies(world: World, dependencies: string[]): void {
  const missing = dependencies.filter((taskId) => !world.queue.tasks.has(taskId));
  if (missing.length === 0) return;
  const list = missing.map((taskId) => ` * ${taskId}`).join('\n');
  throw new ApiError(
    'InputError',
    `\`task.dependencies\` references non-existing tasks: \n${list}\nAll taskIds in \`task.dependencies\` **must** exist\nbefore the task is created.\n`,
  );
}
