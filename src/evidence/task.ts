/** Taskcluster's queue as a prober sees it: only the fields that are read, instants in milliseconds of the queue's clock. */

export type TaskState = 'unscheduled' | 'pending' | 'running' | 'completed' | 'failed' | 'exception';

export interface Run {
  state: Exclude<TaskState, 'unscheduled'>;
  /** Why the run ended, in the queue's words: `completed`, `canceled`, `deadline-exceeded`, `malformed-payload`, ... */
  reasonResolved?: string;
  scheduled: number;
  /** When a worker claimed it; absent where nobody did. */
  started?: number;
  resolved?: number;
  workerGroup?: string;
  workerId?: string;
}

export interface TaskStatus {
  taskId: string;
  /** `<provisionerId>/<workerType>`: the worker pool or queue. */
  taskQueueId: string;
  schedulerId: string;
  taskGroupId: string;
  state: TaskState;
  deadline: number;
  /** Run 0 first. With `retries: 0`, as every canary has, there is at most one. */
  runs: Run[];
}

export const PRIORITIES = ['highest', 'very-high', 'high', 'medium', 'low', 'very-low', 'lowest'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What `createTask` is sent. Dates are ISO strings here, for these are the bytes on the wire. */
export interface TaskDefinition {
  taskQueueId: string;
  schedulerId: string;
  taskGroupId: string;
  priority: Priority;
  retries: 0;
  created: string;
  deadline: string;
  expires: string;
  payload: Record<string, unknown>;
  metadata: { name: string; description: string; owner: string; source: string };
  tags: Record<string, string>;
}

/** The shapes of payload that make a worker do next to nothing; see `taskcluster/payload.ts` for each. */
export const PAYLOAD_KINDS = ['generic-worker', 'generic-worker-windows', 'docker-worker', 'claim-only', 'empty'] as const;
export type PayloadKind = (typeof PAYLOAD_KINDS)[number];
