import type { Canary, Start } from './canary.ts';
import type { Refusal } from './fact.ts';
import type { Anchor, Incident, Level } from './incident.ts';
import type { PoolRecord } from './pool.ts';
import type { Thresholds } from './probe.ts';
import type { Verdict } from './report.ts';
import type { Silence } from './silence.ts';
import type { BudgetTally, Tally } from './tally.ts';

/**
 * A stretch of evidence past a threshold, from the first canary that was late to `resolveAfter` claims in time in a row. What is said of
 * it, alone or together with other pools, is the incidents' business.
 */
export interface Breach {
  /** Since when nobody claimed: the instant its first late canary was scheduled, and that one's slot. */
  since: number;
  slot: number;
  level: Level;
  /** The canary that shows it, as last seen: its pending age or, once claimed, its time to claim. Milliseconds. */
  taskId: string;
  age: number;
  claimed: boolean;
  /** Its newest claim was late: the pool is slow, and its story is not told again with every canary. */
  slow?: boolean;
}

/** Why a probe's verdict is what it is. */
export type Reason =
  | 'claimed-in-time'
  | 'claimed-late'
  | 'pending-past-warn'
  | 'pending-past-page'
  | 'confirming'
  | 'not-asked-yet'
  | 'queue-silent'
  | 'no-evidence';

export interface Claim {
  taskId: string;
  /** `started`, by the queue's clock. */
  at: number;
  /** Time to claim in milliseconds. */
  ms: number;
  start: Start;
}

/** What is known of one probe; one row of the store. */
export interface ProbeState {
  name: string;
  pool: string;
  /** The newest slot accounted for: submitted, skipped for a canary in flight, or missed. */
  lastSlot: number;
  /** When this probe was first seen in the configuration, or its pool came back. */
  knownSince: number;
  /** The one canary in flight. */
  open?: Canary;
  /** The first unclaimed canary of the present chain: its slot, and when the queue scheduled it. */
  chain?: { slot: number; since: number };
  /** A slot beside the schedule: a confirmation after a stuck canary was claimed, or the replacement of one near its deadline. */
  extra?: number;
  lastClaim?: Claim;
  /** When the wait of the newest canary ended, claimed or not, by the queue's record. */
  lastEnd?: number;
  /** When a worker that was created for it last claimed a canary: since then provisioning was not seen to work here. */
  lastCold?: number;
  /** The newest times to claim, newest last, at most `RECENT_CLAIMS`. Milliseconds. */
  recent: number[];
  claims: number;
  tally?: Tally;
  /** Absent without an objective. */
  budget?: BudgetTally;
  firstClaimAt?: number;
  /** Thresholds earned from history by a probe that has none of its own. */
  earned?: Thresholds;
  breach?: Breach;
  /** Claims in a row under `warnAfter`; begins anew with a breach. */
  good: number;
  /** Slots in a row answered with a conflict. */
  conflicts: number;
  /** When the queue last told us anything about a canary of this probe. */
  evidenceAt?: number;
  /** What the evidence said when last judged, since when, and the named reason. */
  verdict?: { is: Verdict; since: number; why: Reason };
}

/** An unbroken row of failures of one kind. */
export interface Trouble {
  since: number;
  last: number;
  detail: string;
  /** Probes it struck, at most 20 names; empty means all. */
  probes: string[];
  /** Set while an incident is open and asking works again: since when. */
  ok?: number;
  /** While it lasted asking worked in between. */
  relapsed?: true;
}

/** `look`, `create`: the queue did not answer. `refused`: 401 or 403. `clock`: our clock is off. */
export type TroubleKind = 'look' | 'create' | 'refused' | 'clock';

/** Calls of which there are many: to follow canaries, and to submit them. */
export type AskedOften = 'look' | 'create';

/** Calls of one kind since one of them failed, of the stretch that is being counted. */
export interface Calls {
  since: number;
  failed: number;
  answered: number;
  /** How often one failed that was answered the last time. */
  turns: number;
  /** When the first of those did; absent where there is none. */
  turned?: number;
  /** How many were answered since one last failed. */
  row: number;
  /** When one last failed, and how. */
  last: number;
  detail: string;
  /** Since when stretches show a queue that answers some calls and others not, when the last one did, and what. */
  degraded?: { since: number; at: number; detail: string };
}

/** What the prober knows of itself; one row of the store. */
export interface Watch {
  trouble: Partial<Record<TroubleKind, Trouble>>;
  /** Of each kind that is not always answered. */
  calls?: Partial<Record<AskedOften, Calls>>;
  /** Stretches in which the queue did not answer, of the last days; at most 50, oldest first. */
  gaps: { from: number; to: number }[];
  /** When all canaries in flight were last looked at, by the queue's clock. */
  lookedAt?: number;
  /** Queue's clock minus ours, in milliseconds. */
  offset: number;
  /** Routes whose channels refuse for good what they are sent. */
  refused?: { route: string; why: string }[];
  /** As of when the store said so when that last changed: what a slow pass learned before is no news. */
  refusedAt?: number;
  /** UTC days whose task groups are still to be read after the store was found empty, newest first; absent before the first judgement. */
  recover?: number[];
  /** Since when the queue has refused to tell of those days, and when it last did. */
  daysRefused?: { since: number; last: number };
  /** Incidents that a channel showed as open after the store was lost, and of which the queue cannot tell; and when that was seen. */
  standing?: { id: string; anchor: Anchor; slot: number; at: number }[];
  /** When channels were first and last asked for those, and whether one of them could not tell. */
  channelsAsked?: { since: number; at: number; deaf: boolean };
  /** When all pools were last listed. */
  poolsAt?: number;
  /** When the whole fleet's workforce and errors were last read. */
  fleetAt?: number;
  fleetErrorsAt?: number;
  /** When a reading last got no answer; readings wait a while after that. */
  readFailedAt?: number;
  /** Readings that were refused, or that there are not, by what was asked; not asked again for a while. */
  unread?: Record<string, { at: number; why: Refusal; detail: string }>;
  /**
   * When the last complete pass ended, when the last pass of any kind did, and since when they have come without a long break, and without an
   * incident of tasks that could not be submitted.
   */
  passAt?: number;
  triedAt?: number;
  upSince?: number;
  /** How far apart the last two passes were, in milliseconds. */
  pace?: number;
}

/** What the judge knows, at a revision of the store. Immutable: `evolve` makes the next one. */
export interface State {
  revision: number;
  probes: ReadonlyMap<string, ProbeState>;
  pools: ReadonlyMap<string, PoolRecord>;
  /** Open incidents by anchor. */
  incidents: ReadonlyMap<Anchor, Incident>;
  /** Ended ones that may still be reopened, by anchor. */
  ended: ReadonlyMap<Anchor, Incident>;
  silences: ReadonlyMap<string, Silence>;
  watch: Watch;
}
