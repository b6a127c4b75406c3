import type { Anchor, AskEvidence, Cause, Entry, Incident, IncidentClass, Level, PoolEvidence } from '../evidence/incident.ts';
import { iso, SECOND } from '../evidence/instant.ts';
import type { Docket } from './docket.ts';

/**
 * Computed, never counted, so that a rebuilt store finds the same id: deployment, anchor and the slot or second it began in.
 * Deployment and names are short enough that PagerDuty's 255 characters always hold it.
 */
function incidentId(deployment: string, anchor: Anchor, slot: number): string {
  return `${deployment}/${anchor}/${iso(Math.floor(slot / SECOND) * SECOND).replace('.000Z', 'Z')}`;
}

export interface Opening {
  anchor: Anchor;
  class: IncidentClass;
  cause: Cause;
  level: Level;
  since: number;
  /** The opening canary's slot, or where there is none the second the trouble began in. */
  slot: number;
  at: number;
  evidence: PoolEvidence | AskEvidence;
  text: string;
}

export function open(docket: Docket, opening: Opening): void {
  const { slot, at, text, ...rest } = opening;
  const id = incidentId(docket.config.deployment, opening.anchor, slot);
  const incident: Incident = { ...rest, id, opened: at, revision: 1, timeline: [{ at, what: 'opened', text, loud: true }] };
  docket.putIncident(incident, docket.rules.routesFor(opening.level));
}

type Revision = Partial<Pick<Incident, 'level' | 'evidence' | 'ended' | 'end'>>;

/** The incident's next revision with one more line of its story. Routes that have been told of it hear of every revision. */
export function revise(docket: Docket, incident: Incident, change: Revision, entry: Entry): void {
  const next: Incident = { ...incident, ...change, revision: incident.revision + 1, timeline: [...incident.timeline, entry] };
  docket.putIncident(next, change.level === undefined ? [] : docket.rules.routesFor(change.level));
}
