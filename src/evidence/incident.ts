import type { RouteId } from './delivery.ts';
import type { Diagnosis, Stall } from './diagnosis.ts';
import type { Objective } from './probe.ts';

/** From the lesser to the graver. */
export const LEVELS = ['warn', 'page'] as const;

export type Level = (typeof LEVELS)[number];

/** Why no worker claims: the causes that are judged by what was read of a pool. */
export const POOL_CAUSES = [
  'provisioning-stalled',
  'provisioning-errors',
  'provisioning-slow',
  'boot-stalled',
  'workers-not-claiming',
  'not-provisioned',
  'over-provisioned',
  'at-capacity',
  'backlog',
  'unexplained',
] as const;

/** The named reasons behind an incident; design and README list the evidence each one needs. */
export const CAUSES = [
  'queue-unreachable',
  'cannot-submit',
  'queue-degraded',
  'access-refused',
  'clock-off',
  'name-conflict',
  'no-evidence',
  'pool-unknown',
  'pool-gone',
  'channel-refused',
  'store-failing',
  'budget-burning',
  ...POOL_CAUSES,
] as const;
export type Cause = (typeof CAUSES)[number];

/** `pool`: a worker pool is broken. `cannot-ask`: we could not ask. `configuration`: the probe file is at odds with the deployment. */
export type IncidentClass = 'pool' | 'cannot-ask' | 'configuration';

/**
 * What an incident hangs on, whatever its cause turns out to be: a probe, what kept us from asking, a provider of which the provisioning
 * watch tells, a pool of which no canary tells, or the error budgets that burn.
 */
export type Anchor = `probe:${string}` | `ask:${string}` | `provider:${string}` | `pool:${string}` | `objective:${string}`;

/**
 * What a line of an incident's story tells. `promoted`: it became the one incident of several pools. `joined`, `left`: pools went bad with
 * it, or recovered, while others stay bad. `reopened`: bad again soon after its end. `flapping`: it comes and goes, and is said no more.
 * `eased`: what woke people is over, and what it kept waiting is still to be worked off.
 * `silenced`: from here on nobody new is told; `unsilenced`: the silence is over and the trouble is not. `folded`: it goes on in another.
 */
export type Happening =
  | 'opened'
  | 'escalated'
  | 'changed'
  | 'claimed'
  | 'promoted'
  | 'joined'
  | 'left'
  | 'eased'
  | 'reminder'
  | 'reopened'
  | 'flapping'
  | 'silenced'
  | 'unsilenced'
  | 'resolved'
  | 'withdrawn'
  | 'folded';

/** One line of an incident's story. */
export interface Entry {
  at: number;
  what: Happening;
  text: string;
  /** Worth a notification: sent to the channel too, and not only to the thread. */
  loud: boolean;
}

/** The numbers behind a pool's incident, as they stood at its last revision. */
export interface PoolEvidence {
  kind: 'pool';
  probe: string;
  pool: string;
  /** The canary that shows it, and since when that one has been unclaimed. */
  taskId: string;
  since: number;
  /** Pending age at this revision or, once claimed, the time to claim. Milliseconds. */
  age: number;
  claimed: boolean;
  warnAfter: number;
  pageAfter: number;
  lastClaim?: { at: number; ms: number };
  /** p95 of the last claims before this, up to 50 of them. Milliseconds. */
  usual?: number;
  /** Claims under `warnAfter` in a row, of `resolveAfter` needed. */
  good: number;
  resolveAfter: number;
  /** What the readings of the pool say; absent while there are none. */
  diagnosis?: Diagnosis;
  /** Share of the probe's error budget that is left, as in an `ObjectiveReport`; absent without an objective. */
  budgetLeft?: number;
}

export interface AskEvidence {
  kind: 'ask';
  /** First failure of the unbroken row of failures. */
  since: number;
  /** What the last failure said, without secrets, as untrusted text. */
  detail: string;
  /** Probes that cannot be judged for it; empty means all. */
  probes: string[];
  /** The routes that refuse what they are sent. */
  routes?: RouteId[];
}

/** One pool of several that went bad together. */
export interface Member {
  probe: string;
  pool: string;
  level: Level;
  taskId: string;
  /** Since when nobody claimed. */
  since: number;
  /** Pending age when last seen or, once claimed, the time to claim. Milliseconds. */
  age: number;
  claimed: boolean;
}

/** Pools that went bad together. */
export interface FleetEvidence {
  kind: 'fleet';
  /** Since when: the earliest `since` of all that ever were members. */
  since: number;
  /** Those that are bad now, longest first. */
  members: Member[];
  /** How many have recovered while others stayed bad. */
  recovered: number;
  /** How many are watched no more, such as one whose pool is gone: of those nobody knows. */
  unwatched?: number;
  /** Probes of which anything is known since the onset, members included; those that were bad before are counted out. */
  witnesses: number;
  /** Set where only pools of one provider are concerned: others that go bad are not of it. */
  provider?: string;
  /** What all members share and not all probes do, such as `provider gcp-fxci`; most telling first. */
  common: string[];
  /** Pools that joined and left since the thread was last told of any. */
  untold?: { joined: string[]; left: string[] };
  /** Since when a single one is left; if it stays bad long enough it becomes an incident of its own. */
  lastSince?: number;
  /** What the readings of those members say of which there are any: the cause that most of them share. */
  diagnosis?: Diagnosis;
  /** Set while no worker comes to be: only a new one ends that, whatever becomes of the members. */
  stall?: Stall;
  /** When the stall ended that kept the members waiting: from then on each has its `pageAfter` anew. */
  eased?: number;
  /** The providers at which it ended then: what goes bad at another, which made workers, is another matter. */
  easedAt?: string[];
}

/** What the provisioning watch tells of one pool by itself, without a canary. */
export interface CapacityEvidence {
  kind: 'capacity';
  pool: string;
  since: number;
  diagnosis: Diagnosis;
}

/** A probe that spends its error budget too fast, with the figures of the pair of times that shows it. */
export interface Burning {
  probe: string;
  pool: string;
  objective: Objective;
  pair: 'fast' | 'slow';
  /** The two times, in milliseconds, and how many times as fast as it may the budget is spent over each. */
  long: number;
  short: number;
  rates: { long: number; short: number };
  /** Observations over the long time, and those of them that were not claimed in time. */
  observed: number;
  missed: number;
  budgetLeft: number;
}

/** Probes that spend their error budgets too fast, of which no other incident tells. */
export interface BudgetEvidence {
  kind: 'budget';
  since: number;
  /** Fastest first. */
  burning: Burning[];
}

/** PagerDuty's severities, worst first. */
export type Severity = 'critical' | 'error' | 'warning' | 'info';

/** How one route is told of an incident at its present level. */
export interface Manner {
  severity: Severity;
  /** Whom Slack notifies when the level is reached, in its own notation: `<!here>`, `<!subteam^S0123456789>`. */
  mention?: string;
}

export interface Address extends Manner {
  route: RouteId;
}

/** Why an incident is not spoken of: the silence's id, or the line of the probe file it stands on. */
export interface Hush {
  by: string;
  until: number;
  reason: string;
}

export interface Incident {
  /** Computed from deployment, anchor and opening slot; PagerDuty's dedup key. At most 255 characters. */
  id: string;
  anchor: Anchor;
  class: IncidentClass;
  cause: Cause;
  level: Level;
  /** When the trouble began, as far as the evidence tells; before `opened`. */
  since: number;
  opened: number;
  ended?: number;
  end?: 'resolved' | 'withdrawn' | 'folded';
  /** Rises by one with every change that somebody should see. */
  revision: number;
  evidence: PoolEvidence | FleetEvidence | AskEvidence | CapacityEvidence | BudgetEvidence;
  timeline: Entry[];
  /** The routes that its present level addresses; empty while it is silenced. Others that were told earlier hear how it goes on. */
  addressed: Record<RouteId, Manner>;
  /** When each level was due by the evidence: the crossing of its threshold. By the queue's clock. */
  crossed: Partial<Record<Level, number>>;
  /** The next reminder, and how many were sent since the last change of level. */
  remind?: { at: number; sent: number };
  silenced?: Hush;
  /** When it was reopened, newest last, and since when it is known to come and go. */
  reopened?: number[];
  flappingSince?: number;
  /** When a flapping one was last seen bad; it ends when that is long enough ago. */
  badAt?: number;
  /** The incident in which a folded one goes on. */
  into?: string;
  /**
   * When the last examination was taken in, and another cause that it showed; it takes its place when the next one shows it too. `noQueue`: it
   * was taken for a queue, and is none.
   */
  examined?: { at: number; suspected?: Cause; noQueue?: true };
  /** It ended while its first notice was still held back: who has heard of nothing need not hear of its end. */
  unheard?: true;
  /** When it was worked out anew, after the store was lost: what was told of it before that nobody knows. */
  relived?: number;
  /** Instructions for whoever is woken. */
  runbook?: string;
}
