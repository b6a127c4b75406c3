import type { FleetEvidence, Incident, PoolEvidence } from '../../evidence/incident.ts';
import { iso, SECOND } from '../../evidence/instant.ts';
import { clean } from '../text.ts';

type Evidence = Incident['evidence'];

/** The pools that are bad now, longest first; none where we could not ask. */
export function poolsOf(evidence: Evidence): string[] {
  if (evidence.kind === 'ask') return [];
  const pools = evidence.kind === 'pool' ? [evidence.pool] : evidence.members.map((member) => member.pool);
  return [...new Set(pools.map(clean))];
}

/** The evidence with instants as ISO 8601 and durations in seconds. What failed asks said stands beside it, as the detail. */
export function evidenceOf(evidence: Evidence) {
  if (evidence.kind === 'pool') return poolEvidence(evidence);
  if (evidence.kind === 'fleet') return fleetEvidence(evidence);
  const { since, probes, routes } = evidence;
  return { kind: 'ask', since: iso(since), probes: probes.map(clean), routes: (routes ?? []).map(clean) };
}

function poolEvidence(evidence: PoolEvidence) {
  const { warnAfter, pageAfter, lastClaim, usual, pending, good, resolveAfter } = evidence;
  return {
    kind: 'pool',
    ...canary(evidence),
    warnAfter: seconds(warnAfter),
    pageAfter: seconds(pageAfter),
    lastClaim: lastClaim === undefined ? null : { at: iso(lastClaim.at), took: seconds(lastClaim.ms) },
    usual: usual === undefined ? null : seconds(usual),
    pending: pending ?? null,
    good,
    resolveAfter,
  };
}

function fleetEvidence({ since, members, recovered, witnesses, common }: FleetEvidence) {
  return {
    kind: 'fleet',
    since: iso(since),
    members: members.map((member) => ({ ...canary(member), level: member.level })),
    recovered,
    witnesses,
    common: common.map(clean),
  };
}

type Canary = Pick<PoolEvidence, 'probe' | 'pool' | 'taskId' | 'since' | 'age' | 'claimed'>;

function canary({ probe, pool, taskId, since, age, claimed }: Canary) {
  return { probe: clean(probe), pool: clean(pool), taskId: clean(taskId), since: iso(since), age: seconds(age), claimed };
}

function seconds(ms: number): number {
  return ms / SECOND;
}
