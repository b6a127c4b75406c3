import type { Docket, Turn } from './docket.ts';
import { open } from './incidents.ts';

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
