import type { Reply } from '../../src/taskcluster/call.ts';
import type { PoolSpec, WorldSpec } from '../../src/world/spec.ts';
import { World } from '../../src/world/world.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.UTC(2026, 9, 8, 21);

export const iso = (instant: number) => new Date(instant).toISOString();

/** A pool of generic-workers that takes a minute or two to bring one up. */
export function pool(id: string, spec: Partial<PoolSpec> = {}): PoolSpec {
  return { pool: id, runs: 'generic-worker', maxCapacity: 10, boot: { p50: MINUTE, p95: 2 * MINUTE }, ...spec };
}

export function worldOf(pools: PoolSpec[], spec: Partial<WorldSpec> = {}): World {
  return new World({ seed: 1, start: START, pools, ...spec });
}

export function pass(world: World, duration: number): void {
  world.advanceTo(world.now + duration);
}

/** A canary's definition as generic-worker takes it, for six hours. */
export function draft(world: World, taskQueueId: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    taskQueueId,
    schedulerId: 'tc-canary',
    taskGroupId: 'H2BVVOABS3-0sL0Zzlz7Xw',
    priority: 'lowest',
    retries: 0,
    created: iso(world.now),
    deadline: iso(world.now + 6 * HOUR),
    expires: iso(world.now + 7 * DAY),
    payload: { command: [['/bin/true']], maxRunTime: 60 },
    metadata: { name: 'canary', description: 'x', owner: 'a@example.com', source: 'https://example.com/' },
    ...more,
  };
}

/** Creates a task and gives its id; a refusal is an error. */
export function create(world: World, taskQueueId: string, more: Record<string, unknown> = {}): string {
  const taskId = world.newId();
  const reply = world.call('queue', 'createTask', [taskId], { payload: draft(world, taskQueueId, more) });
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
  return taskId;
}

export interface StatusBody {
  taskId: string;
  state: string;
  retriesLeft: number;
  expires: string;
  priority: string;
  runs: {
    state: string;
    reasonCreated: string;
    reasonResolved?: string;
    workerGroup?: string;
    workerId?: string;
    scheduled: string;
    started?: string;
    resolved?: string;
  }[];
}

export function bodyOf<T>(reply: Reply): T {
  return reply.body as T;
}

export function statusOf(world: World, taskId: string): StatusBody {
  return bodyOf<{ status: StatusBody }>(world.call('queue', 'status', [taskId])).status;
}

/** Milliseconds from the first run's scheduling to its claim; undefined while nobody has claimed it. */
export function timeToClaim(world: World, taskId: string): number | undefined {
  const [run] = statusOf(world, taskId).runs;
  return run?.started === undefined ? undefined : Date.parse(run.started) - Date.parse(run.scheduled);
}

export interface WorkerBody {
  workerId: string;
  workerGroup: string;
  created: string;
  state: string;
}

export function workersOf(world: World, id: string, query: Record<string, string> = {}): WorkerBody[] {
  return bodyOf<{ workers: WorkerBody[] }>(world.call('workerManager', 'listWorkersForWorkerPool', [id], { query })).workers;
}

export interface CountsBody {
  pendingTasks: number;
  claimedTasks: number;
}

export function countsOf(world: World, id: string): CountsBody {
  return bodyOf<CountsBody>(world.call('queue', 'taskQueueCounts', [id]));
}

export interface PoolBody {
  currentCapacity: number;
  requestedCapacity: number;
  runningCapacity: number;
  stoppedCount: number;
  config: { minCapacity: number; maxCapacity: number; launchConfigs: Record<string, unknown>[] };
}

export function poolOf(world: World, id: string): PoolBody {
  return bodyOf<PoolBody>(world.call('workerManager', 'workerPool', [id]));
}
