import type { Stall } from '../evidence/diagnosis.ts';
import type { Fact } from '../evidence/fact.ts';
import type { Incident } from '../evidence/incident.ts';
import { HOUR, MINUTE } from '../evidence/instant.ts';
import type { PoolRecord } from '../evidence/pool.ts';
import type { Probe } from '../evidence/probe.ts';
import { judged } from '../judge/causes/cause.ts';
import { errorsRose } from '../judge/causes/diagnose.ts';
import { causeOfStall, stallOf } from '../judge/causes/stall.ts';
import type { Docket } from '../judge/docket.ts';
import { thresholdsOf } from '../judge/probes.ts';
import { incidentsOn, type Standing, standingOf, type Unread } from './inspected.ts';
import { type InspectedProvider, providersOf, sum } from './inspected-providers.ts';

/**
 * Why a pool is worth a look, worst first. `no worker`: tasks want one, and none has come for long. `stuck`: tasks have waited as long for
 * another reason, or none that is known. `old work`: they wait past the probe's `warnAfter`, and nothing is broken.
 */
export const CONCERNS = ['incident', 'no worker', 'over maximum', 'stuck', 'errors', 'old work'] as const;
export type Concern = (typeof CONCERNS)[number];

export interface Worth {
  pool: string;
  concerns: Concern[];
  standing: Standing;
  diagnosis: ReturnType<typeof judged>;
}

/** A whole deployment as an inspection found it. */
export interface InspectedFleet {
  at: number;
  /** Pools that worker-manager knows, and those of which the queue told how many tasks wait. */
  pools: number;
  counted: number;
  pending: number;
  /** Absent where nobody may know. */
  claimed?: number;
  providers: InspectedProvider[];
  worth: Worth[];
  /** `sure`: the demand was there for as long as no worker came. `oldest`: how long a task has waited, where that may be read. */
  stall?: Stall & { cause: ReturnType<typeof causeOfStall>; sure: boolean; oldest?: number };
  /** Open ones, where a store was read. */
  incidents?: Incident[];
  unread: Unread[];
}

/** Where no probe says what is late: twice as long as trees stay open while builds wait. */
const OLD = 30 * MINUTE;
/** A task that has waited for less may just not have met the provisioner's round. */
const ROUNDS = 2 * MINUTE;

/** What the answers say of all pools together. */
export function inspectedFleet(docket: Docket, facts: readonly Fact[], stored: boolean): InspectedFleet {
  const { now } = docket;
  const records = [...docket.pools.values()].filter(({ info }) => info !== undefined);
  const counts = records.flatMap(({ seen }) => (seen?.counts !== undefined && now - seen.counts.at < HOUR ? [seen.counts] : []));
  const claimed = counts.flatMap((one) => one.claimed ?? []);
  const probes = docket.probes;
  const stall = stalled(docket);
  return {
    at: now,
    pools: records.length,
    counted: counts.length,
    pending: sum(counts.map(({ pending }) => pending)),
    ...(claimed.length > 0 && { claimed: sum(claimed) }),
    providers: providersOf(records, facts, stall, now),
    worth: records.flatMap((record) => worthOf(docket, probes, record)).sort(worstFirst),
    ...(stall && { stall }),
    ...(stored && { incidents: [...docket.incidents.values()] }),
    unread: unreadTogether(facts),
  };
}

/** By one look alone nobody can tell since when workers have been wanted, except by how long a task has waited. */
function stalled(docket: Docket): InspectedFleet['stall'] {
  const told = stallOf(docket, () => true);
  if (told !== undefined) return { ...told, cause: causeOfStall(told), sure: true };
  const seen = stallOf(docket, () => true, 0);
  if (seen === undefined) return undefined;
  const waits = seen.unmet.map(({ pool }) => oldestIn(docket, pool));
  const known = waits.filter((wait) => wait !== undefined);
  const oldest = known.length === 0 ? undefined : Math.max(...known);
  if (known.length === waits.length && (oldest ?? 0) < ROUNDS) return undefined;
  const sure = (oldest ?? 0) >= docket.config.provisioning.silence;
  return { ...seen, cause: causeOfStall(seen), sure, ...(oldest !== undefined && { oldest }) };
}

function oldestIn(docket: Docket, pool: string): number | undefined {
  const record = docket.pools.get(pool);
  return record && judged(record, docket.watch.fleetAt, docket.now).figures.oldestPending;
}

function worthOf(docket: Docket, probes: readonly Probe[], record: PoolRecord): Worth[] {
  const { now, config } = docket;
  const { pool, seen } = record;
  const diagnosis = judged(record, docket.watch.fleetAt, now);
  const { oldestPending, newestWorker } = diagnosis.figures;
  const { silence } = config.provisioning;
  const probe = probes.find((one) => one.pool === pool);
  const late = (probe && thresholdsOf(probe, docket.states.get(probe.name))?.warnAfter) ?? OLD;
  const unmet = seen?.unmet !== undefined && seen.unmet.at === seen.counts?.at && !seen.unmet.own;
  // A pool of which no worker is known at all was asked for one, and has none of the last week.
  const silent = seen?.newest !== undefined && (newestWorker ?? silence) >= silence;
  const unserved = unmet && silent && (oldestPending ?? ROUNDS) >= ROUNDS;
  const standing = standingOf(diagnosis);
  const hurt = standing === 'broken' || standing === 'unexplained';
  const stuck = !unserved && hurt && (oldestPending ?? 0) >= silence;
  const is: Record<Concern, boolean> = {
    incident: incidentsOn(docket, pool).length > 0,
    'no worker': unserved,
    'over maximum': (seen?.workforce?.over ?? 0) > 0,
    stuck,
    errors: errorsRose(diagnosis.figures),
    'old work': !unserved && !stuck && (oldestPending ?? 0) >= late,
  };
  const concerns = CONCERNS.filter((concern) => is[concern]);
  return concerns.length === 0 ? [] : [{ pool, concerns, standing, diagnosis }];
}

function worstFirst(a: Worth, b: Worth): number {
  const rank = ({ concerns: [first] }: Worth) => (first === undefined ? CONCERNS.length : CONCERNS.indexOf(first));
  const { pending: x = 0, oldestPending: m = 0 } = a.diagnosis.figures;
  const { pending: y = 0, oldestPending: n = 0 } = b.diagnosis.figures;
  return rank(a) - rank(b) || n - m || y - x || (a.pool < b.pool ? -1 : 1);
}

/** What could not be read, each kind and reason once, whichever pool it was asked of. */
function unreadTogether(facts: readonly Fact[]): Unread[] {
  const unread = new Map<string, Unread>();
  for (const fact of facts) {
    if (fact.kind === 'read' && fact.reading?.what === 'counts' && fact.reading.claimed === undefined)
      unread.set('claimed-count', { what: 'claimed-count', why: 'refused', detail: 'missing scopes: queue:claimed-count:*' });
    if (fact.kind !== 'failed' || fact.request === undefined || fact.why === 'missing') continue;
    const { request, why } = fact;
    const detail = 'pool' in request ? fact.detail.replaceAll(request.pool, '*') : fact.detail;
    unread.set(`${request.what} ${detail}`, { what: request.what, why, detail });
  }
  return [...unread.values()];
}
