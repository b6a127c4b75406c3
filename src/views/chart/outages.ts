import type { Incident } from '../../evidence/incident.ts';
import type { ProbeReport, Report } from '../../evidence/report.ts';

/** A stretch of time in which the pool was bad, or nobody could tell. */
export interface Outage {
  from: number;
  to: number;
  kind: 'page' | 'warn' | 'blind';
}

/** What the incidents of the report say of one probe; the future begins at the report's instant. */
export function outagesOf({ at, incidents }: Report, probe: ProbeReport): Outage[] {
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  return incidents.flatMap((incident): Outage[] => {
    const kind = kindOf(incident, probe);
    if (kind === undefined) return [];
    const on = incident.into === undefined ? incident : (byId.get(incident.into) ?? incident);
    return [{ from: incident.since, to: on.ended ?? at, kind }];
  });
}

function kindOf({ class: about, evidence, level }: Incident, { name, pool }: ProbeReport): Outage['kind'] | undefined {
  if (evidence.kind === 'pool') return evidence.probe === name ? level : undefined;
  if (evidence.kind === 'fleet') return evidence.members.some(({ probe }) => probe === name) ? level : undefined;
  if (evidence.kind === 'capacity') return evidence.pool === pool ? level : undefined;
  if (evidence.kind === 'budget') return undefined;
  // Which probes a configuration at odds with the deployment concerns, tells nothing of how they did.
  const struck = evidence.probes.length === 0 || evidence.probes.includes(name);
  return about === 'cannot-ask' && level === 'page' && struck ? 'blind' : undefined;
}
