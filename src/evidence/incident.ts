export type Level = 'warn' | 'page';

/** The named reason behind an incident; design and README list the evidence each one needs. */
export type Cause =
  | 'queue-unreachable'
  | 'cannot-submit'
  | 'access-refused'
  | 'clock-off'
  | 'name-conflict'
  | 'no-evidence'
  | 'pool-unknown'
  | 'unexplained';

/** `pool`: a worker pool is broken. `cannot-ask`: we could not ask. `configuration`: the probe file is at odds with the deployment. */
export type IncidentClass = 'pool' | 'cannot-ask' | 'configuration';

/** What an incident hangs on, whatever its cause turns out to be: `probe:<name>` or `ask:<cannot-ask class>`. */
export type Anchor = `probe:${string}` | `ask:${string}`;

/** One line of an incident's story. */
export interface Entry {
  at: number;
  what: 'opened' | 'escalated' | 'changed' | 'claimed' | 'resolved' | 'withdrawn';
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
  pending?: number;
  /** Claims under `warnAfter` in a row, of `resolveAfter` needed. */
  good: number;
  resolveAfter: number;
}

export interface AskEvidence {
  kind: 'ask';
  /** First failure of the unbroken row of failures. */
  since: number;
  /** What the last failure said, without secrets, as untrusted text. */
  detail: string;
  /** Probes that cannot be judged for it; empty means all. */
  probes: string[];
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
  end?: 'resolved' | 'withdrawn';
  /** Rises by one with every change that somebody should see. */
  revision: number;
  evidence: PoolEvidence | AskEvidence;
  timeline: Entry[];
}
