import type { Priority } from '../evidence/task.ts';
import type { Service } from '../taskcluster/call.ts';
import type { Spread } from './spec.ts';

/** Which pools are struck: an id, or a glob with `*`. Without `pools` and `providers`: all but hardware and the built-in ones. */
export interface Where {
  pools?: string[];
  providers?: string[];
}

/** Which calls are struck. Without `services`, both; without `methods`, all of theirs. */
interface Calls {
  services?: Service[];
  methods?: string[];
  /** Share of the calls, from 0 to 1. Default: 1. */
  rate?: number;
}

/** What worker-manager reports of a worker that a provider would not make. */
export interface ProviderError {
  /** Such as `creation-error` or `operation-error`. */
  kind: string;
  title: string;
  description: string;
  /** The cloud's own code, such as `ZONE_RESOURCE_POOL_EXHAUSTED`. */
  code?: string;
}

/** What goes wrong with pools. `rate` is a share from 0 to 1, by default 1. */
export type PoolFault = Where &
  (
    | { kind: 'provisioner-stopped' }
    | { kind: 'pool-skipped' }
    /** Worker-manager does not know the pool, as if somebody had deleted it; its workers carry on and idle out. */
    | { kind: 'pool-deleted' }
    /** Requests in the given regions (default: all) fail at the provider. */
    | { kind: 'creation-fails'; error: ProviderError; rate?: number; regions?: string[] }
    /** Workers requested meanwhile take `factor` times as long to come up. */
    | { kind: 'boot-slow'; factor: number }
    /** Workers requested meanwhile die before they come up. */
    | { kind: 'boot-fails'; rate?: number; regions?: string[]; error?: ProviderError }
    /** Workers that come up meanwhile never claim, nor stop for want of work; with `all`, those already up fall silent too. */
    | { kind: 'workers-mute'; all?: boolean }
    /**
     * While tasks pend, every round requests `batch` more workers, up to the capacity `upTo` where there is one, and no sooner than `every`
     * milliseconds after the last batch.
     */
    | { kind: 'runaway'; batch: number; upTo?: number; every?: number }
    /** Tasks made meanwhile pend for good by their status, and no worker is offered them. */
    | { kind: 'orphaned'; rate?: number }
    /** So many tasks in each pool, spread evenly over the interval. */
    | { kind: 'backlog'; tasks: number; priority?: Priority; duration: Spread }
    /** A worker that claims meanwhile vanishes with its tasks, which stay `running` until the claim runs out. */
    | { kind: 'claims-expire'; rate?: number }
  );

/** What goes wrong with calls. */
export type CallFault = Calls &
  /** A 5xx, by default 503. With `applied` the call takes effect all the same. */
  (
    | { kind: 'api-down'; status?: 500 | 502 | 503 | 504; applied?: boolean }
    /** The call takes effect at once, and its answer comes so many milliseconds later. */
    | { kind: 'api-slow'; delay: number }
    | { kind: 'api-refuses'; status: 401 | 403 }
    | { kind: 'unresolvable' }
  );

/** Something that goes wrong from an instant until another. */
export type Fault = { from: number; until: number } & (PoolFault | CallFault);

export type FaultKind = Fault['kind'];
