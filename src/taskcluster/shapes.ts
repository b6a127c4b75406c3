import { instantOf } from '../evidence/instant.ts';
import type { GroupTask, PoolInfo } from '../evidence/reading.ts';
import type { Run, TaskState, TaskStatus } from '../evidence/task.ts';
import { isObject, type JsonObject, listOf, objectAt } from './json.ts';
import { payloadKindOf } from './payload-kind.ts';

/**
 * Reads the bodies of Taskcluster's answers. Each function takes whatever came and returns undefined where it is not what the official
 * schemas promise of the fields that are read.
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

export function poolOf(body: unknown): PoolInfo | undefined {
  if (!isObject(body)) return undefined;
  const { workerPoolId: pool, providerId: provider } = body;
  const currentCapacity = numberAt(body, 'currentCapacity');
  const requestedCapacity = numberAt(body, 'requestedCapacity');
  if (typeof pool !== 'string' || typeof provider !== 'string') return undefined;
  if (currentCapacity === undefined || requestedCapacity === undefined) return undefined;
  const config = objectAt(body, 'config');
  const payload = payloadKindOf(config);
  const minCapacity = numberAt(config, 'minCapacity');
  const maxCapacity = numberAt(config, 'maxCapacity');
  const regions = regionsOf(config);
  return {
    pool,
    provider,
    ...(payload !== undefined && { payload }),
    ...(regions.length > 0 && { regions }),
    ...(minCapacity !== undefined && { minCapacity }),
    ...(maxCapacity !== undefined && { maxCapacity }),
    currentCapacity,
    requestedCapacity,
  };
}

/** Amazon and Google say `region`, Azure `location`; an older Google configuration may have its zone alone. */
function regionsOf({ launchConfigs }: JsonObject): string[] {
  const places = (Array.isArray(launchConfigs) ? launchConfigs : []).flatMap((launch: unknown): string[] => {
    const { region, location, zone } = isObject(launch) ? launch : {};
    const place = region ?? location ?? zone;
    return typeof place === 'string' && place !== '' ? [place] : [];
  });
  return [...new Set(places)].sort();
}

export function workerCreatedOf(body: unknown): number | undefined {
  return isObject(body) ? instantAt(body, 'created') : undefined;
}

export function countsOf(body: unknown): { pending: number; claimed?: number } | undefined {
  if (!isObject(body)) return undefined;
  const pending = numberAt(body, 'pendingTasks');
  const claimed = numberAt(body, 'claimedTasks');
  return pending === undefined ? undefined : { pending, ...(claimed !== undefined && { claimed }) };
}

function stateOf(value: unknown): TaskState | undefined {
  return STATES.has(value) ? (value as TaskState) : undefined;
}

function instantAt(object: JsonObject, key: string): number | undefined {
  const text = object[key];
  const instant = typeof text === 'string' ? instantOf(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
