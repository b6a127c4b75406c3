import type { Change } from '../../src/evidence/change.ts';
import type { RouteId } from '../../src/evidence/delivery.ts';
import type { Incident } from '../../src/evidence/incident.ts';
import type { Log } from '../../src/ports.ts';

/** Midnight UTC of the day the retrospective tells of. */
export const DAY_ZERO = Date.UTC(2021, 9, 8);

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function poolIncident(over: Partial<Incident> = {}): Incident {
  return {
    id: 'test/probe:gecko-3/decision/2021-10-08T00:00:00Z',
    anchor: 'probe:gecko-3/decision',
    class: 'pool',
    cause: 'unexplained',
    level: 'page',
    since: DAY_ZERO,
    opened: DAY_ZERO + 600_000,
    revision: 1,
    evidence: {
      kind: 'pool',
      probe: 'gecko-3/decision',
      pool: 'gecko-3/decision',
      taskId: 'A'.repeat(22),
      since: DAY_ZERO,
      age: 600_000,
      claimed: false,
      warnAfter: 300_000,
      pageAfter: 600_000,
      good: 0,
      resolveAfter: 2,
    },
    timeline: [{ at: DAY_ZERO + 600_000, what: 'opened', text: 'canary unclaimed for 10m', loud: true }],
    addressed: { 'slack:C1': { severity: 'critical' }, 'pagerduty:k': { severity: 'critical' } },
    crossed: { page: DAY_ZERO + 600_000 },
    ...over,
  };
}

export function incidentChange(incident: Incident, routes: RouteId[] = ['slack:C1', 'pagerduty:k']): Change {
  return { kind: 'incident', incident, routes };
}
