import type { Anchor } from '../evidence/incident.ts';
import { instantOf, iso, SECOND } from '../evidence/instant.ts';

/**
 * Computed, never counted, so that a rebuilt store finds the same id: deployment, anchor and the slot or second it began in.
 * Deployment and names are short enough that PagerDuty's 255 characters always hold it.
 */
export function incidentId(deployment: string, anchor: Anchor, slot: number): string {
  return `${deployment}/${anchor}/${iso(Math.floor(slot / SECOND) * SECOND).replace('.000Z', 'Z')}`;
}

/** What an incident's id was computed from; undefined where it is none of the deployment. */
export function readIncidentId(deployment: string, id: string): { anchor: Anchor; slot: number } | undefined {
  const [, anchor, second] = /^((?:probe|ask|provider|pool|objective):.+)\/([^/]+)$/.exec(id.slice(deployment.length + 1)) ?? [];
  const slot = instantOf(second ?? '');
  if (!id.startsWith(`${deployment}/`) || anchor === undefined || Number.isNaN(slot)) return undefined;
  return { anchor: anchor as Anchor, slot };
}
