import type { Incident } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';

/** When the incident's figures were true: the instant of its newest entry. */
export function asOf(incident: Incident): number {
  return incident.ended ?? incident.timeline.at(-1)?.at ?? incident.opened;
}

/** How long the trouble has lasted, as people say it. */
export function lasted(incident: Incident): string {
  return spoken(asOf(incident) - incident.since);
}
