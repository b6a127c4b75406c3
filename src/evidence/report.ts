import type { Undelivered } from './delivery.ts';
import type { Hush, Incident, Level } from './incident.ts';
import type { Objective, Thresholds } from './probe.ts';
import type { Claim, Reason } from './state.ts';
import type { Tally } from './tally.ts';

/** `healthy`, `slow` past `warnAfter`, `stuck` past `pageAfter`, `unknown` where we could not ask or have not yet. */
export type Verdict = 'healthy' | 'slow' | 'stuck' | 'unknown';

/** A percentile in milliseconds; `atLeast` where unclaimed canaries make it a lower bound. */
export interface Quantile {
  ms: number;
  atLeast: boolean;
}

/** One stretch of time in a sparkline: its slowest observation in milliseconds, and whether that one was unclaimed. */
export interface SparkPoint {
  ms: number;
  censored: boolean;
}

/** How many times faster than it may the error budget is being spent, over a long and a short time, and from where on both are too fast. */
export interface BurnReport {
  /** Milliseconds. */
  long: number;
  short: number;
  /** 1 spends the whole budget in exactly the objective's time; absent without observations. */
  rates: { long?: number; short?: number };
  limit: number;
  /** Observations over the long time that were claimed in time, and those that were not. */
  kept: number;
  missed: number;
  burning: boolean;
}

/** How a probe stands to its objective. */
export interface ObjectiveReport extends Objective {
  /** Observations that were claimed in time. */
  kept: number;
  /** Those that were claimed later, or had waited for longer when last seen. One that ended sooner without a claim is neither. */
  missed: number;
  /** Share that was kept; absent without observations. */
  compliance?: number;
  /** Share of the error budget that is left: 1 is all, below 0 it is overspent. Absent without observations. */
  budgetLeft?: number;
  fast: BurnReport;
  slow: BurnReport;
}

export interface ProbeReport {
  name: string;
  pool: string;
  verdict: Verdict;
  /** The named reason of the verdict, and since when it has been that; absent where it was another when last judged. */
  why: Reason;
  verdictSince?: number;
  /** Why nobody is told of it now. */
  silenced?: Hush;
  /** Absent while the probe observes. */
  thresholds?: Thresholds;
  lastClaim?: Claim;
  pending?: { taskId: string; since: number; ms: number };
  p50?: Quantile;
  p95?: Quantile;
  p99?: Quantile;
  /** Observations that ended in a claim, skipped slots included. */
  claims: number;
  /** Observations that ended without one, pending ones included. */
  unclaimed: number;
  /** Observations past `warnAfter`. */
  breaches: number;
  cold: { claims: number; p50?: Quantile };
  warm: { claims: number; p50?: Quantile };
  /** When a cold worker last claimed; absent where none ever did. */
  coldAt?: number;
  /** Workers created in its pool; absent where nobody counts them. */
  created?: CreatedReport;
  /** Oldest first; undefined where nothing was observed. */
  spark: (SparkPoint | undefined)[];
  objective?: ObjectiveReport;
  /** What it has observed since the store began; absent where that is nothing. */
  tally?: Tally;
  /** The open incident that tells of it, alone or with other pools. */
  incident?: Incident;
}

/** Workers created in a pool, at least so many. */
export interface CreatedReport {
  lastHour: number;
  /** What is usual for this hour of the day; absent while too few days are known. */
  usual?: number;
  /** By hours of the last 24, oldest first, the present one last. */
  hours: number[];
  /** Since they were first counted. */
  total: number;
}

/** Where the watch over new workers sees nothing, for want of rights or of answers. */
export interface Blind {
  providers: string[];
  /** Everywhere. */
  overall: boolean;
  /** What was refused, with the scopes that are missing, or since when nothing is told; each once, untrusted text. */
  why: string[];
}

/** A silence or maintenance window that is in force, and the probes whose pools or names it is about. */
interface SilenceReport extends Hush {
  match: string;
  probes: string[];
}

/** How long routes took to be told, from when they were due to be. Milliseconds. */
export interface DwellReport {
  count: number;
  p50: number;
  p99: number;
}

export interface Report {
  deployment: string;
  rootUrl: string;
  /** The instant it was made and the instant it looks back to, by the queue's clock. */
  at: number;
  since: number;
  probes: ProbeReport[];
  /** Open ones first, then those that ended since `since`, newest first. */
  incidents: Incident[];
  /** The queue's clock minus ours, in milliseconds. */
  skew: number;
  /** When the last complete pass ended, and how far apart the last two of any kind were, in milliseconds. */
  passAt?: number;
  pace?: number;
  blind?: Blind;
  /** Those that end last come first. */
  silences: SilenceReport[];
  /** First notices of each level that were told within the report's time; absent where there were none. */
  dwell: Partial<Record<Level, DwellReport>>;
  /** Deliveries that a channel refuses for good, or that have waited for long; here since when by the queue's clock, as all else. */
  undelivered: Undelivered[];
}
