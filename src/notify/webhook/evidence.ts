import { burningJson } from '../../evidence/budget-json.ts';
import { diagnosisJson, stallJson } from '../../evidence/diagnosis-json.ts';
import type { AskEvidence, CapacityEvidence, FleetEvidence, Incident, PoolEvidence } from '../../evidence/incident.ts';
import { iso } from '../../evidence/instant.ts';
import { seconds } from '../../evidence/json-values.ts';
import { clean, clip } from '../text.ts';

type Evidence = Incident['evidence'];

/** Enough of what a cloud provider said; what it is about comes first. */
const TEXT = 2_000;

/** The pools that are bad now, longest first; none where we could not ask. */
export function poolsOf(evidence: Evidence): string[] {
  if (evidence.kind === 'ask') return [];
  return [...new Set(poolNames(evidence).map(clean))];
}

function poolNames(evidence: Exclude<Evidence, AskEvidence>): string[] {
  if (evidence.kind === 'fleet') return evidence.members.map(({ pool }) => pool);
  return evidence.kind === 'budget' ? evidence.burning.map(({ pool }) => pool) : [evidence.pool];
}

/** The evidence with instants as ISO 8601 and durations in seconds. What failed asks said stands beside it, as the detail. */
export function evidenceOf(evidence: Evidence) {
  if (evidence.kind === 'pool') return poolEvidence(evidence);
  if (evidence.kind === 'fleet') return fleetEvidence(evidence);
  if (evidence.kind === 'capacity') return capacityEvidence(evidence);
  if (evidence.kind === 'budget')
    return { kind: 'budget', since: iso(evidence.since), burning: evidence.burning.map(burningJson) };
  const { since, probes, routes } = evidence;
  return { kind: 'ask', since: iso(since), probes: probes.map(clean), routes: (routes ?? []).map(clean) };
}

function poolEvidence(evidence: PoolEvidence) {
  const { warnAfter, pageAfter, lastClaim, usual, good, resolveAfter, diagnosis } = evidence;
  return {
    kind: 'pool',
    ...canary(evidence),
    warnAfter: seconds(warnAfter),
    pageAfter: seconds(pageAfter),
    lastClaim: lastClaim === undefined ? null : { at: iso(lastClaim.at), took: seconds(lastClaim.ms) },
    usual: seconds(usual),
    pending: diagnosis?.figures.pending ?? null,
    good,
    resolveAfter,
    budgetLeft: evidence.budgetLeft ?? null,
    diagnosis: diagnosisJson(diagnosis, shown),
  };
}

function fleetEvidence({ since, members, recovered, witnesses, common, diagnosis, stall }: FleetEvidence) {
  return {
    kind: 'fleet',
    since: iso(since),
    members: members.map((member) => ({ ...canary(member), level: member.level })),
    recovered,
    witnesses,
    common: common.map(clean),
    diagnosis: diagnosisJson(diagnosis, shown),
    stall: stallJson(stall, shown),
  };
}

function capacityEvidence({ pool, since, diagnosis }: CapacityEvidence) {
  return { kind: 'capacity', pool: clean(pool), since: iso(since), diagnosis: diagnosisJson(diagnosis, shown) };
}

function shown(text: string): string {
  return clip(clean(text), TEXT);
}

type Canary = Pick<PoolEvidence, 'probe' | 'pool' | 'taskId' | 'since' | 'age' | 'claimed'>;

function canary({ probe, pool, taskId, since, age, claimed }: Canary) {
  return { probe: clean(probe), pool: clean(pool), taskId: clean(taskId), since: iso(since), age: seconds(age), claimed };
}
