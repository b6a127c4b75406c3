import { isObject } from '../evidence/object.ts';
import type { GroupTask } from '../evidence/reading.ts';
import type { Run, TaskState, TaskStatus } from '../evidence/task.ts';
import { instantAt, listOf, objectAt, textAt } from './json.ts';

/**
 * Here and in its sisters: reads the bodies of Taskcluster's answers. Each function takes whatever came and returns undefined where it
 * is not what the official schemas promise of the fields that are read.
 */

const STATES: ReadonlySet<unknown> = new Set<TaskState>([
  'unscheduled',
  'pending',
  'running',
  'completed',
  'failed',
  'exception',
]);

export function statusOf(body: unknown): TaskStatus | undefined {
  const status = objectAt(body, 'status');
  const { taskId, taskQueueId, schedulerId, taskGroupId } = status;
  const state = stateOf(status['state']);
  const deadline = instantAt(status, 'deadline');
  const runs = listOf(status['runs'], runOf);
  if (typeof taskId !== 'string' || typeof taskQueueId !== 'string' || state === undefined) return undefined;
  if (typeof schedulerId !== 'string' || typeof taskGroupId !== 'string') return undefined;
  if (deadline === undefined || runs === undefined) return undefined;
  return { taskId, taskQueueId, schedulerId, taskGroupId, state, deadline, runs };
}

function runOf(value: unknown): Run | undefined {
  if (!isObject(value)) return undefined;
  const state = stateOf(value['state']);
  const scheduled = instantAt(value, 'scheduled');
  const started = instantAt(value, 'started');
  const resolved = instantAt(value, 'resolved');
  const { reasonResolved, workerGroup, workerId } = value;
  if (state === undefined || state === 'unscheduled' || scheduled === undefined) return undefined;
  return {
    state,
    scheduled,
    ...(typeof reasonResolved === 'string' && { reasonResolved }),
    ...(started !== undefined && { started }),
    ...(resolved !== undefined && { resolved }),
    ...(typeof workerGroup === 'string' && { workerGroup }),
    ...(typeof workerId === 'string' && { workerId }),
  };
}

export function groupTaskOf(value: unknown): GroupTask | undefined {
  const status = statusOf(value);
  const tags = Object.entries(objectAt(objectAt(value, 'task'), 'tags')).flatMap(([key, tag]): [string, string][] =>
    typeof tag === 'string' ? [[key, tag]] : [],
  );
  return status && { status, tags: Object.fromEntries(tags) };
}

/** Of one entry of the claimed list. */
export function taskIdOf(value: unknown): string | undefined {
  return textAt(value, 'taskId');
}

/** Of one entry of the pending list, when it began to wait. */
export function insertedOf(value: unknown): number | undefined {
  return instantAt(value, 'inserted');
}

function stateOf(value: unknown): TaskState | undefined {
  return STATES.has(value) ? (value as TaskState) : undefined;
}
