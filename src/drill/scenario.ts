import type { ProbeFile } from '../config/schema.ts';
import type { Fault as WorldFault } from '../world/fault.ts';
import type { PoolSpec, Rhythm } from '../world/spec.ts';

/** Kinds of channels. */
export const CHANNEL_KINDS = ['slack', 'pagerduty', 'webhook'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** Which channels are struck. Default: all. */
interface Channels {
  channels?: ChannelKind[];
}

/** Which of the prober's processes is struck, from 1. Default: 1. */
interface Replica {
  replica?: number;
}

/** What a process does that changes something outside it: calls of Taskcluster, the store's transactions, and steps of a channel. */
export const EFFECTS = ['create', 'cancel', 'commit', 'lease', 'claim', 'tell', 'settle', 'retract', 'note'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Where in an effect a process dies: before the world has seen it, or after, but before the process has its answer. */
export const POINTS = ['before', 'after'] as const;
export type Point = (typeof POINTS)[number];

/** The process dies, and another is started at `until`. */
export interface Kill {
  kind: 'prober-killed';
  /** It dies at its nth effect from `from` on, by default the first, if it has so many before `until`. Absent, `effect` and `point` too: at `from`. */
  nth?: number;
  /** Which effects count. Default: all. */
  effect?: Effect;
  /** Default: `before`. */
  point?: Point;
}

/** How a channel that is down answers; `refuses` means for good, as after a token was revoked. */
export const WAYS_DOWN = ['times-out', 'unreachable', 'fails', 'refuses'] as const;
export type WayDown = (typeof WAYS_DOWN)[number];
/** Those after which what was sent may have arrived. */
export const WAYS_UNSURE: readonly WayDown[] = ['times-out', 'fails'];

interface Interval {
  from: number;
  until: number;
}

/** What goes wrong with those whom the prober tells. */
export type ChannelFault = Interval &
  Channels &
  (
    | {
        kind: 'channel-down';
        /** Default: `times-out`. */
        how?: WayDown;
        /** Share of what is sent that arrives although the answer is lost, from 0 to 1. Default: 0. */
        arrives?: number;
      }
    | { kind: 'channel-limits'; retryAfter: number }
  );

/** What goes wrong with the prober itself. */
export type ProberFault = Interval &
  Replica &
  (
    | Kill
    /** The process gets no CPU. */
    | { kind: 'prober-paused' }
    /** Its clock is off by so many milliseconds, one way or the other. */
    | { kind: 'clock-skewed'; ahead?: number; behind?: number }
  );

/** The database is emptied at `from`, and before whatever process starts until `until`: a pod that has no volume, as long as that lasts. */
export type StoreFault = Interval & { kind: 'store-lost' };

export type StageFault = ChannelFault | ProberFault | StoreFault;

export function isChannelFault(fault: Fault): fault is ChannelFault {
  return fault.kind === 'channel-down' || fault.kind === 'channel-limits';
}

export function isProberFault(fault: Fault): fault is ProberFault {
  return fault.kind === 'prober-killed' || fault.kind === 'prober-paused' || fault.kind === 'clock-skewed';
}

export function isStoreFault(fault: Fault): fault is StoreFault {
  return fault.kind === 'store-lost';
}

export type Fault = WorldFault | StageFault;

/** Pools that are alike in all but their names. */
export type PoolGroup = Omit<PoolSpec, 'pool'> & { names: string[] };

/** A simulated deployment that drills may share. */
export interface Deployment {
  rhythm?: Rhythm;
  /** Default: 30 s. */
  provisionEvery?: number;
  pools: PoolGroup[];
}

/** What the people of the real outage came to: the marks by which the prober is measured. */
export const MARKS = ['noticed', 'paged', 'mended', 'over'] as const;
export type Mark = (typeof MARKS)[number];

/** What people did, or saw. */
export interface Deed {
  at: number;
  mark?: Mark;
  text: string;
}

/** Settings as a probe file has them, but for who is told: that is said by teams. */
export type Settings = Pick<ProbeFile, 'unreachableAfter' | 'incidents' | 'provisioning' | 'silences' | 'defaults'> & {
  probes: (ProbeFile['probes'][number] & {
    /** Whose pool it is: a team has a Slack channel and a PagerDuty service of its own. Default: those of everybody. */
    team?: string;
  })[];
};

/** How the prober runs, and on what: a probe file, or settings as one has them. */
export type Prober = {
  /** `cron`: a process a minute, one pass each. Default: `service`. */
  mode?: 'service' | 'cron';
  /** Processes that share one store. Default: 1. */
  replicas?: number;
} & ({ config: string } | Settings);

/** What the prober must conclude. */
interface Expectation {
  /** Named by the first page; where nobody is paged, by the first message. */
  cause?: string;
  /** From `broke` to the first message of any kind, and to the first page. Milliseconds. */
  noticedWithin?: number;
  pagedWithin?: number;
  /** From `mended` to the end of the last page. Milliseconds. */
  resolvedWithin?: number;
  /** Pages at most. */
  pages: number;
}

/** A drill file's content: an outage as it happened, and what is expected of the prober. The same value plays the same way. */
export interface Scenario {
  title: string;
  /** Where it is told. */
  source?: string;
  seed: number;
  start: number;
  end: number;
  /** When it broke, and when it was mended: from these the prober's figures and the people's count. */
  broke: number;
  mended?: number;
  /** A file with a deployment; paths are given from the drill file's folder. */
  deployment?: string;
  /** Pools beside those of the deployment, or in the place of those with the same names. */
  pools: PoolGroup[];
  prober: Prober;
  faults: Fault[];
  people: Deed[];
  expect: Expectation;
}
