import { isObject } from '../evidence/object.ts';
import type { QueueWorker, WorkerRow } from '../evidence/reading.ts';
import { instantAt, numberAt, objectAt, textAt } from './json.ts';

const STATES: ReadonlySet<unknown> = new Set<WorkerRow['state']>(['requested', 'running', 'stopping', 'stopped', 'standalone']);

export function workerCreatedOf(body: unknown): number | undefined {
  return instantAt(body, 'created');
}

/** Of one worker as worker-manager lists a pool's. */
export function workerRowOf(value: unknown): WorkerRow | undefined {
  const worker = nameOf(value);
  const created = instantAt(value, 'created');
  const state = stateOf(textAt(value, 'state'));
  const capacity = numberAt(value, 'capacity');
  if (worker === undefined || created === undefined || state === undefined || capacity === undefined) return undefined;
  return { worker, created, state, capacity };
}

/** Of one worker as the queue knows it, at an instant of the queue's. A quarantine of long ago stands on every one that never had any. */
export function queueWorkerOf(value: unknown, at: number): QueueWorker | undefined {
  const worker = nameOf(value);
  const state = stateOf(textAt(value, 'state') ?? 'standalone');
  const lastActive = instantAt(value, 'lastDateActive');
  const latestTask = textAt(objectAt(value, 'latestTask'), 'taskId');
  if (worker === undefined || state === undefined) return undefined;
  return {
    worker,
    state,
    quarantined: (instantAt(value, 'quarantineUntil') ?? at) > at,
    ...(lastActive !== undefined && { lastActive }),
    ...(latestTask !== undefined && { latestTask }),
  };
}

function nameOf(value: unknown): string | undefined {
  const { workerGroup, workerId } = isObject(value) ? value : {};
  return typeof workerGroup === 'string' && typeof workerId === 'string' ? `${workerGroup}/${workerId}` : undefined;
}

function stateOf(value: unknown): WorkerRow['state'] | undefined {
  return STATES.has(value) ? (value as WorkerRow['state']) : undefined;
}
