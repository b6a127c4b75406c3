import type { Cause } from './incident.ts';

/** `sure`: the numbers prove it. `likely`: they fit it best, and something that would prove it could not be read. */
export type Confidence = 'sure' | 'likely';

/** Why a pool's canary is not claimed, with the numbers it was judged by. */
export interface Diagnosis {
  cause: Cause;
  confidence: Confidence;
  figures: PoolFigures;
}

/**
 * What was read of one pool, as it stood at `at`; what could not be read is absent. Ages and durations in milliseconds, rates per hour,
 * capacities in tasks.
 */
export interface PoolFigures {
  at: number;
  provider?: string;
  /** Tasks that wait and tasks that are worked on, ours included. */
  pending?: number;
  claimed?: number;
  /** Age of the oldest task that waits. */
  oldestPending?: number;
  /** All that wait have come after our canary, which is not among them. */
  overtaken?: true;
  /** Whether tasks are being claimed: new ids among the claimed. Counts are levels and cannot tell. */
  claims: 'move' | 'stand' | 'cannot tell';
  /** Claims that were seen, per hour: a lower bound, for what begins and ends between two looks is not seen. */
  claimRate?: number;
  /** How long the tasks that wait will take at that rate, at most. */
  eta?: number;
  requested?: number;
  running?: number;
  stopping?: number;
  minCapacity?: number;
  maxCapacity?: number;
  /** Age of the newest worker, and of the oldest that was requested and has not come up. */
  newestWorker?: number;
  oldestRequested?: number;
  /** From a worker's creation to its first claim, the slowest of the last ones: up to 50. */
  usualBoot?: number;
  /** Workers created in the last hour, and what is usual for this hour of the day. */
  created?: number;
  usuallyCreated?: number;
  /** Workers created within the last ten minutes, but for the newest, and how many of them are gone; only where that is most of them. */
  young?: number;
  youngGone?: number;
  /** Provisioning errors in the last hour, and an hour's usual count by the day before. */
  errors?: number;
  usualErrors?: number;
  /** The commonest of the newest errors: text from a cloud provider, untrusted. */
  commonError?: CommonError;
  /** Workers that the queue knows, those of them in quarantine, and the age of the newest sign of any. */
  workers?: number;
  quarantined?: number;
  lastActive?: number;
  launchConfigs?: number;
}

export interface CommonError {
  kind: string;
  title: string;
  description: string;
  code?: string;
  /** How many of the last hour's errors, as far as they were listed, are of this kind, title and code. */
  count: number;
}

/** That no worker comes to be although some are wanted. */
export interface Stall {
  /** The creation of the newest worker of those watched, and since when there has been demand that nothing would meet. */
  newestWorker: number;
  unmetSince: number;
  /** Providers without a new worker, and whether these are all there are. */
  providers: string[];
  overall: boolean;
  /** Pools that were watched for new workers, those of them with unmet demand, and the tasks that wait in them. */
  watched: number;
  unmet: { pool: string; pending: number }[];
  waiting: number;
  /** Provisioning errors of the watched pools in the last hour, and the commonest; none means that the provisioner itself has stopped. */
  errors?: number;
  commonError?: CommonError;
  /** Those of the providers that reported the errors, where others reported none. */
  failing?: string[];
}
