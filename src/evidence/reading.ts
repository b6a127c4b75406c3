import type { PayloadKind, TaskStatus } from './task.ts';

/** What worker-manager says of one pool. */
export interface PoolInfo {
  pool: string;
  provider: string;
  /** The cheapest payload its workers run, by its launch configuration; absent where it does not tell. */
  payload?: PayloadKind;
  /** Regions, locations or zones that its launch configurations name, sorted. */
  regions?: string[];
  minCapacity?: number;
  maxCapacity?: number;
  currentCapacity: number;
  requestedCapacity: number;
}

/** One page of a task group: the canaries of one UTC day. */
export interface GroupTask {
  status: TaskStatus;
  tags: Record<string, string>;
}

export type ReadingRequest =
  | { what: 'pool'; pool: string }
  | { what: 'pools' }
  | { what: 'worker'; pool: string; workerGroup: string; workerId: string }
  | { what: 'counts'; pool: string }
  | { what: 'group'; taskGroupId: string };

export type Reading =
  | { what: 'pool'; info: PoolInfo }
  | { what: 'pools'; infos: PoolInfo[] }
  | { what: 'worker'; created: number }
  | { what: 'counts'; pending: number; claimed?: number }
  | { what: 'group'; tasks: GroupTask[] };
