import type { Diagnosis } from '../../evidence/diagnosis.ts';
import type { Cause, FleetEvidence, Incident, Member, PoolEvidence } from '../../evidence/incident.ts';
import type { Docket } from '../docket.ts';
import { revise } from '../incidents.ts';
import { diagnosisFor, isQueueing } from './cause.ts';

type Judged = Incident & { evidence: PoolEvidence | FleetEvidence };

/** Keeps the causes of open incidents in step with what their pools' readings say, and tells the thread when one changes. */
export function followCauses(docket: Docket): void {
  for (const incident of docket.incidents.values()) {
    const { evidence } = incident;
    if (evidence.kind !== 'pool' && evidence.kind !== 'fleet') continue;
    if (isOfStall({ ...incident, evidence })) continue;
    const diagnosis = evidence.kind === 'pool' ? ofPool(docket, evidence) : ofFleet(docket, evidence);
    if (diagnosis !== undefined && isNewer(diagnosis, { ...incident, evidence }))
      take(docket, { ...incident, evidence }, diagnosis);
  }
}

/** Of a stall no single pool tells, nor of what is worked off behind it; what is paged again after its end has a reason of its own. */
function isOfStall({ cause, level, evidence }: Judged): boolean {
  if (evidence.kind === 'fleet' && evidence.stall !== undefined) return true;
  const again = evidence.kind === 'fleet' && evidence.eased !== undefined && level === 'page';
  return cause === 'provisioning-stalled' && !again;
}

/** The figures are those of one examination, however often they are judged. */
function isNewer({ figures }: Diagnosis, { examined, evidence }: Judged): boolean {
  return figures.at > (examined?.at ?? evidence.diagnosis?.figures.at ?? 0);
}

function ofPool(
  docket: Docket,
  { probe, pool, claimed }: Pick<PoolEvidence, 'probe' | 'pool' | 'claimed'>,
): Diagnosis | undefined {
  if (claimed) return undefined;
  const record = docket.pools.get(pool);
  // What is left of a pool that is gone says nothing of why it was bad.
  if (record?.gone !== undefined) return undefined;
  const diagnosis = diagnosisFor(record, docket.states.get(probe)?.open?.scheduled, docket.watch, docket.now);
  // Where half of the workers have no task it may be no mere queue, which is not said before that has shown.
  const doubtful = diagnosis !== undefined && isQueueing(diagnosis.cause) && record?.seen?.idle?.most !== undefined;
  return doubtful ? undefined : diagnosis;
}

/**
 * The cause that at least half of those examined share, with the figures of the one that waits longest; where some are late enough for a page,
 * of those, and of a break where any of them shows one: that others queue is not what anybody was woken for.
 */
function ofFleet(docket: Docket, { members }: FleetEvidence): Diagnosis | undefined {
  const diagnosed = (some: readonly Member[]) => some.flatMap((member) => ofPool(docket, member) ?? []);
  const paged = diagnosed(members.filter(({ level }) => level === 'page'));
  const broken = paged.filter(({ cause }) => !isQueueing(cause));
  const known = [broken, paged].find(({ length }) => length > 0) ?? diagnosed(members);
  for (const first of known) {
    const alike = known.filter(({ cause }) => cause === first.cause).length;
    if (first.cause !== 'unexplained' && 2 * alike >= known.length) return first;
  }
  return known[0] && { ...known[0], cause: 'unexplained', confidence: 'likely' };
}

function take(docket: Docket, incident: Judged, diagnosis: Diagnosis): void {
  const { cause, evidence } = incident;
  const found = diagnosis.cause;
  const { at } = diagnosis.figures;
  const noQueue = incident.examined?.noQueue === true;
  const examined = { at, ...(noQueue && { noQueue }) };
  const settled = { ...incident, examined };
  if (noQueue && isQueueing(found) && diagnosis.confidence === 'likely') {
    // A guess that was proved wrong is not made again with every task that somebody claims.
    docket.putIncident(settled, []);
  } else if (found === cause) {
    docket.putIncident({ ...settled, evidence: { ...evidence, diagnosis } }, []);
  } else if (found === 'unexplained' && !isNoQueue(cause, diagnosis)) {
    // That nothing stands out any more does not unsay what did.
    docket.putIncident(settled, []);
  } else if (cause !== 'unexplained' && cause !== 'provisioning-stalled' && incident.examined?.suspected !== found) {
    // A pool that recovers shows this and that for a moment; what two examinations show is so.
    docket.putIncident({ ...settled, examined: { ...examined, suspected: found } }, []);
  } else if (isQueueing(cause) && isQueueing(found)) {
    // A queue is at its maximum now and a little below it then: no news.
    docket.putIncident({ ...settled, cause: found, evidence: { ...evidence, diagnosis } }, []);
  } else {
    const entry = { at: docket.now, what: 'changed' as const, text: changeOf(cause, diagnosis), loud: false };
    const none = found === 'unexplained' && isQueueing(cause);
    const next = none ? { ...settled, examined: { ...examined, noQueue: none } } : settled;
    revise(docket, next, { cause: found, evidence: { ...evidence, diagnosis } }, entry);
  }
}

/** A queue in which nobody claims, or that ours is not in, is no reason, whatever else is. */
function isNoQueue(cause: Cause, { figures }: Diagnosis): boolean {
  return isQueueing(cause) && (figures.claims === 'stand' || figures.overtaken === true);
}

function changeOf(before: Cause, { cause, figures }: Diagnosis): string {
  if (before === 'unexplained') return `the cause seems to be ${cause}`;
  if (cause !== 'unexplained') return `the cause is ${cause} now, it was ${before}`;
  return `no mere queue, as it seemed (${before}): ${figures.overtaken ? 'all that wait have come after ours' : 'claims stand still'}`;
}
