import type { Notice } from '../../../src/drill/notices.ts';
import type { Incident } from '../../../src/evidence/incident.ts';
import type { Night } from '../stage.ts';

/** One alert of PagerDuty: what opened it, what was told of its incident in any channel while it was open, and what resolved it. */
export interface Alert {
  id: string;
  opened: Notice;
  told: Notice[];
  resolved?: Notice;
}

export function alertsOf({ notices }: Pick<Night, 'notices'>): Alert[] {
  const alerts: Alert[] = [];
  const open = new Map<string, Alert>();
  for (const notice of notices) {
    const { id } = notice.incident;
    const alert = open.get(id);
    if (notice.via === 'pagerduty' && notice.what === 'opened') {
      const anew = { id, opened: notice, told: [notice] };
      open.set(id, anew);
      alerts.push(anew);
    } else if (alert !== undefined && notice.via === 'pagerduty' && notice.what === 'resolved') {
      alert.resolved = notice;
      open.delete(id);
    } else {
      alert?.told.push(notice);
    }
  }
  return alerts;
}

/** The probes that an incident tells of. */
export function probesIn({ anchor, evidence }: Incident): string[] {
  if (evidence.kind === 'pool') return [evidence.probe];
  if (evidence.kind !== 'fleet') return [];
  const own = anchor.startsWith('probe:') ? [anchor.slice('probe:'.length)] : [];
  return [...new Set([...own, ...evidence.members.map(({ probe }) => probe)])];
}
