import type { Diagnosis } from '../evidence/diagnosis.ts';
import type { Fact, Refusal } from '../evidence/fact.ts';
import type { Incident } from '../evidence/incident.ts';
import { HOUR, MINUTE } from '../evidence/instant.ts';
import type { PoolRecord } from '../evidence/pool.ts';
import type { Config, Thresholds } from '../evidence/probe.ts';
import type { ErrorStats, WorkerRow } from '../evidence/reading.ts';
import type { ObjectiveReport } from '../evidence/report.ts';
import type { Claim, State } from '../evidence/state.ts';
import { judged } from '../judge/causes/cause.ts';
import { expand, thresholdsOf } from '../judge/probes.ts';
import { sentence } from '../notify/words/diagnosis.ts';
import { remedy } from '../notify/words/remedies.ts';

/** What a cause means, and what usually helps. Untrusted text. */
interface Said {
  sentence: string;
  remedy: string;
}

/**
 * How a pool stands, in a word. `broken`: its cause says that something is. `queue`: full, or with much to do. `coming`: tasks wait, and workers
 * are on their way or claim them. `quiet`: nothing waits. `unexplained`: nothing tells why tasks wait. `unknown`: nobody tells whether any do.
 */
export type Standing = 'broken' | 'queue' | 'coming' | 'quiet' | 'unexplained' | 'unknown';

/** One pool as an inspection found it. */
export interface InspectedPool {
  pool: string;
  standing: Standing;
  diagnosis: Diagnosis;
  said?: Said;
  /** Whether worker-manager knows it; absent where it was not heard. */
  managed?: boolean;
  /** Neither does worker-manager, nor has the queue a task or worker of it. */
  unheardOf: boolean;
  record: PoolRecord;
  /** Newest first, at most a page; absent where they could not be listed. */
  workers?: readonly WorkerRow[];
  /** Errors by whole hours of the last 24. */
  errors?: ErrorStats['hourly'];
  /** What the store knows beside; absent where none was read. */
  stored?: Stored;
  unread: Unread[];
}

/** How probes stand to their objectives, by the probe's name. */
export type Objectives = ReadonlyMap<string, ObjectiveReport>;

export interface Stored {
  probes: { name: string; objective?: ObjectiveReport; thresholds?: Thresholds; lastClaim?: Claim; lastCold?: number }[];
  incidents: Incident[];
}

/** A reading that could not be had. `detail` is untrusted text. */
export interface Unread {
  what: string;
  why: Refusal;
  detail: string;
}

/** What the facts and the state say of one pool at `now`. */
export function inspectedPool(
  pool: string,
  facts: readonly Fact[],
  { config, state, stored }: { config: Config; state: State; stored: Objectives | undefined },
  now: number,
): InspectedPool {
  const own = facts.filter((fact) => subjectOf(fact) === undefined || subjectOf(fact) === pool);
  const record = state.pools.get(pool) ?? { pool, at: now };
  const diagnosis = judged(record, state.watch.fleetAt, now);
  const standing = standingOf(diagnosis);
  const managed = managedBy(pool, own);
  const { pending = 0, claimed = 0, workers = 0 } = diagnosis.figures;
  const said =
    standing === 'broken' || standing === 'queue' || standing === 'unexplained'
      ? { sentence: sentence(diagnosis), remedy: remedy(diagnosis) }
      : undefined;
  return {
    pool,
    standing,
    diagnosis,
    ...(said && { said }),
    ...(managed !== undefined && { managed }),
    unheardOf: managed === false && pending + claimed + workers === 0 && !pool.startsWith('built-in/'),
    record,
    ...readIn(own),
    ...(stored && { stored: storedOf(config, state, pool, stored) }),
    unread: unreadIn(own),
  };
}

/** The pool that a fact is about; undefined where it is about all. */
function subjectOf(fact: Fact): string | undefined {
  if (fact.kind !== 'read' && fact.kind !== 'failed') return undefined;
  return fact.request !== undefined && 'pool' in fact.request ? fact.request.pool : undefined;
}

function managedBy(pool: string, facts: readonly Fact[]): boolean | undefined {
  for (const fact of facts) {
    if (fact.kind === 'read' && fact.request.what === 'pool' && fact.request.pool === pool) return fact.reading !== undefined;
  }
  return undefined;
}

/** The newest page of workers and the hourly errors, which the judge keeps only in short. */
function readIn(facts: readonly Fact[]): Pick<InspectedPool, 'workers' | 'errors'> {
  const read: Pick<InspectedPool, 'workers' | 'errors'> = {};
  for (const fact of facts) {
    if (fact.kind !== 'read') continue;
    if (fact.reading?.what === 'workers') read.workers = fact.reading.workers;
    else if (fact.reading?.what === 'errors') read.errors = fact.reading.stats.hourly;
  }
  return read;
}

/** A task that has waited for less than this may just not have had its turn yet. */
const PATIENCE = 2 * MINUTE;
/** Workers that are on their way excuse a longer wait, and where booting takes long, twice that. */
const COMING = 10 * MINUTE;

export function standingOf({ cause, figures }: Diagnosis): Standing {
  const { pending, claims, requested = 0, oldestPending, usualBoot = 0 } = figures;
  if (cause === 'at-capacity' || cause === 'backlog') return 'queue';
  if (cause !== 'unexplained') return 'broken';
  if (pending === undefined) return 'unknown';
  if (pending === 0) return 'quiet';
  if (claims === 'move') return 'coming';
  const excused = requested > 0 ? Math.max(COMING, 2 * usualBoot) : PATIENCE;
  return (oldestPending ?? (requested > 0 ? 0 : PATIENCE)) < excused ? 'coming' : 'unexplained';
}

function storedOf(config: Config, state: State, pool: string, objectives: Objectives): Stored {
  const probes = expand(config, state.pools).filter((probe) => probe.pool === pool);
  return {
    probes: probes.map((probe) => {
      const known = state.probes.get(probe.name);
      const thresholds = thresholdsOf(probe, known);
      const objective = objectives.get(probe.name);
      return {
        name: probe.name,
        ...(objective && { objective }),
        ...(thresholds && { thresholds }),
        ...(known?.lastClaim && { lastClaim: known.lastClaim }),
        ...(known?.lastCold !== undefined && { lastCold: known.lastCold }),
      };
    }),
    incidents: incidentsOn(state, pool),
  };
}

/** The open incidents that tell of a pool. */
export function incidentsOn({ incidents }: Pick<State, 'incidents'>, pool: string): Incident[] {
  return [...incidents.values()].filter(({ evidence }) => {
    if (evidence.kind === 'budget') return evidence.burning.some((one) => one.pool === pool);
    if (evidence.kind !== 'fleet') return 'pool' in evidence && evidence.pool === pool;
    return (
      evidence.members.some((member) => member.pool === pool) || evidence.stall?.unmet.some((one) => one.pool === pool) === true
    );
  });
}

/** What could not be read in the end, each thing once; that there is no such pool is no refusal. */
function unreadIn(facts: readonly Fact[]): Unread[] {
  const unread = new Map<string, Unread>();
  for (const fact of facts) {
    if (fact.kind === 'read') {
      unread.delete(fact.request.what);
      if (fact.reading?.what !== 'counts' || fact.reading.claimed !== undefined || !('pool' in fact.request)) continue;
      const detail = `missing scopes: queue:claimed-count:${fact.request.pool}`;
      unread.set('claimed-count', { what: 'claimed-count', why: 'refused', detail });
    } else if (fact.kind === 'failed' && fact.request !== undefined && fact.why !== 'missing') {
      unread.set(fact.request.what, { what: fact.request.what, why: fact.why, detail: fact.detail });
    }
  }
  return [...unread.values()];
}

/** Workers by the hour, as far as a page of them tells: how many came in how long. Undefined of fewer than two. */
export function creationsOf(workers: readonly WorkerRow[] | undefined, now: number): { count: number; over: number } | undefined {
  const oldest = workers?.at(-1);
  if (workers === undefined || oldest === undefined || workers.length < 2) return undefined;
  const recent = workers.filter(({ created }) => created > now - HOUR).length;
  return recent < workers.length ? { count: recent, over: HOUR } : { count: recent, over: Math.max(1, now - oldest.created) };
}
