import type { CapacityEvidence, Hush, Incident, PoolEvidence } from '../evidence/incident.ts';
import type { Docket } from './docket.ts';
import type { Subject } from './match.ts';
import { covering } from './silences.ts';

/** The silence that covers an incident now. One that names probes, or pools that want workers, is covered where every one of them is. */
export function hushFor(docket: Docket, { evidence, cause }: Pick<Incident, 'evidence' | 'cause'>): Hush | undefined {
  const hushOf = (subject: Subject) => covering(docket.forces, subject);
  if (evidence.kind === 'pool') return hushOf({ pool: evidence.pool, probe: evidence.probe, cause });
  if (evidence.kind === 'capacity') return hushOf({ pool: evidence.pool, cause });
  const byCause = hushOf({ cause });
  const probes = probesOf(evidence);
  const subjects: Subject[] = probes.map((name) => ({ pool: docket.probe(name)?.pool ?? name, probe: name }));
  if (evidence.kind === 'fleet') subjects.push(...(evidence.stall?.unmet ?? []).map(({ pool }) => ({ pool })));
  if (byCause !== undefined || subjects.length === 0) return byCause;
  const hushes = subjects.map((subject) => hushOf({ ...subject, cause }));
  return hushes.every((hush) => hush !== undefined) ? shortest(hushes) : undefined;
}

function probesOf(evidence: Exclude<Incident['evidence'], PoolEvidence | CapacityEvidence>): string[] {
  if (evidence.kind === 'ask') return evidence.probes;
  return (evidence.kind === 'fleet' ? evidence.members : evidence.burning).map(({ probe }) => probe);
}

function shortest(hushes: readonly Hush[]): Hush | undefined {
  return hushes.toSorted((a, b) => a.until - b.until)[0];
}
