import { MINUTE } from '../evidence/instant.ts';
import type { Priority, TaskState } from '../evidence/task.ts';

/** A claim lasts so long (the queue's `claimTimeout`), and workers renew it about three minutes before it ends. */
export const CLAIM_LASTS = 20 * MINUTE;
const RENEWED_EVERY = 17 * MINUTE;

/** A task's definition, complete, as `task` answers it. */
export interface Definition {
  provisionerId: string;
  workerType: string;
  taskQueueId: string;
  schedulerId: string;
  projectId: string;
  taskGroupId: string;
  dependencies: string[];
  requires: string;
  routes: string[];
  priority: Priority;
  retries: number;
  created: string;
  deadline: string;
  expires: string;
  scopes: string[];
  payload: Record<string, unknown>;
  metadata: { name: string; description: string; owner: string; source: string };
  tags: Record<string, string>;
  extra: Record<string, unknown>;
}

export interface Run {
  state: Exclude<TaskState, 'unscheduled'>;
  reasonCreated: 'scheduled' | 'retry' | 'exception';
  reasonResolved?: string;
  workerGroup?: string;
  workerId?: string;
  takenUntil?: number;
  /** The worker is gone, and renews its claim no more. */
  abandoned?: boolean;
  scheduled: number;
  started?: number;
  resolved?: number;
}

export interface Task {
  taskId: string;
  queueId: string;
  schedulerId: string;
  taskGroupId: string;
  projectId: string;
  priority: Priority;
  created: number;
  deadline: number;
  expires: number;
  retriesLeft: number;
  runs: Run[];
  /** Absent on tasks of the background load. */
  definition?: Definition;
  /** How long it runs, in milliseconds; absent: the pool's usual time. */
  work?: number;
  /** It waits in the pool's line. */
  offered: boolean;
}

export function lastRun(task: Task): Run | undefined {
  return task.runs[task.runs.length - 1];
}

export function stateOf(task: Task): TaskState {
  return lastRun(task)?.state ?? 'unscheduled';
}

/** When the claim was last taken or renewed. */
export function claimedAt(run: Run, now: number): number {
  const started = run.started ?? now;
  if (run.state !== 'running' || run.abandoned === true) return (run.takenUntil ?? started + CLAIM_LASTS) - CLAIM_LASTS;
  return started + Math.floor((now - started) / RENEWED_EVERY) * RENEWED_EVERY;
}
