import type { Notice } from '../../../src/drill/notices.ts';
import type { RouteId } from '../../../src/evidence/delivery.ts';
import type { Incident } from '../../../src/evidence/incident.ts';
import type { Probe } from '../../../src/evidence/probe.ts';
import { pagerdutyRoute } from '../../../src/notify/routes.ts';
import type { Night } from '../stage.ts';

/** One alert of a service of PagerDuty: what opened it, what was told of its incident in any channel while it was open, and what resolved it. */
export interface Alert {
  id: string;
  to: RouteId;
  opened: Notice;
  told: Notice[];
  resolved?: Notice;
}

export function alertsOf({ notices }: Pick<Night, 'notices'>): Alert[] {
  const alerts: Alert[] = [];
  const open = new Set<Alert>();
  for (const notice of notices) {
    const { to, via, what, incident } = notice;
    const same = [...open].filter(({ id }) => id === incident.id);
    const own = same.find((alert) => alert.to === to);
    if (via === 'pagerduty' && what === 'resolved' && own !== undefined) {
      own.resolved = notice;
      open.delete(own);
      continue;
    }
    for (const alert of same) alert.told.push(notice);
    if (via !== 'pagerduty' || what !== 'opened') continue;
    const anew = { id: incident.id, to, opened: notice, told: [notice] };
    open.add(anew);
    alerts.push(anew);
  }
  return alerts;
}

/** Where a probe's pages go, or those of none in particular. */
export function serviceOf({ config }: Pick<Night, 'config'>, probe?: Probe): RouteId | undefined {
  const { pagerduty } = (probe ?? config).alerts.page;
  return pagerduty && pagerdutyRoute(pagerduty.routingKey);
}

/** The probes that an incident tells of. */
export function probesIn({ anchor, evidence }: Incident): string[] {
  if (evidence.kind === 'pool') return [evidence.probe];
  if (evidence.kind !== 'fleet') return [];
  const own = anchor.startsWith('probe:') ? [anchor.slice('probe:'.length)] : [];
  return [...new Set([...own, ...evidence.members.map(({ probe }) => probe)])];
}

/** A stall that only a new worker ends, while its providers have had no use for one. */
export function waitsForWorkers({ world }: Pick<Night, 'world'>, { evidence }: Incident): boolean {
  if (evidence.kind !== 'fleet' || evidence.stall === undefined) return false;
  const { providers, newestWorker } = evidence.stall;
  const pools = [...world.pools.values()].filter(({ provider }) => providers.includes(provider));
  return !pools.some(({ id }) => world.truth.workersCreated(id).some((at) => at > newestWorker));
}
