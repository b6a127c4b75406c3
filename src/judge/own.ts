import type { Member, PoolEvidence } from '../evidence/incident.ts';
import type { Docket, Turn } from './docket.ts';
import { open } from './incidents.ts';
import { thresholdsOf } from './probes.ts';

/** Opens the incident of a probe in breach. */
export function openOwn(docket: Docket, { probe, at, text, crossed, evidence }: Omit<Turn, 'what'>): void {
  const breach = docket.states.get(probe.name)?.breach;
  if (breach === undefined) return;
  const { level, since, slot } = breach;
  open(docket, {
    anchor: `probe:${probe.name}`,
    class: 'pool',
    cause: evidence.diagnosis?.cause ?? 'unexplained',
    level,
    since,
    slot,
    at,
    crossed,
    evidence,
    text,
  });
}

/** What shows the trouble of a probe that was told of with others; undefined where it is configured no more, or alerts no more. */
export function evidenceAlone(
  docket: Docket,
  { probe: name, pool, taskId, since, age, claimed }: Member,
): PoolEvidence | undefined {
  const probe = docket.probe(name);
  const state = docket.states.get(name);
  const thresholds = probe && thresholdsOf(probe, state);
  if (probe === undefined || thresholds === undefined || state === undefined) return undefined;
  const { good, lastClaim } = state;
  const last = lastClaim && !claimed ? { lastClaim: { at: lastClaim.at, ms: lastClaim.ms } } : {};
  const { resolveAfter } = probe;
  return { kind: 'pool', probe: name, pool, taskId, since, age, claimed, ...thresholds, good, resolveAfter, ...last };
}
