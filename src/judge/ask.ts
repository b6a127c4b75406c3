import type { Cause, Incident } from '../evidence/incident.ts';
import { MINUTE, spoken } from '../evidence/instant.ts';
import type { Docket } from './docket.ts';
import { type Finding, findingsOf, worseOf } from './findings.ts';
import { open, resolve, revise } from './incidents.ts';

/** Opens, escalates and resolves the incidents that say we could not ask, or that the configuration is at odds with the deployment. */
export function judgeAsking(docket: Docket): void {
  const findings = findingsOf(docket);
  for (const finding of findings.values()) settle(docket, finding);
  for (const [anchor, incident] of docket.incidents) {
    if (!anchor.startsWith('ask:') || findings.has(anchor)) continue;
    const at = docket.now;
    const worse = incident.cause === 'queue-degraded' ? worseOf(docket) : undefined;
    if (worse !== undefined) {
      const text = `it is worse by now, and goes on in ${worse.id}`;
      revise(docket, incident, { ended: at, end: 'folded', into: worse.id }, { at, what: 'folded', text, loud: false });
      continue;
    }
    const text = `${OVER[incident.cause] ?? 'asking works again'} after ${spoken(at - incident.since)}`;
    resolve(docket, incident, at, { at, what: 'resolved', text, loud: true });
  }
}

const OVER: Partial<Record<Cause, string>> = {
  'channel-refused': 'every channel takes what it is sent again,',
  'pool-unknown': 'every pool is known again',
  'pool-gone': 'no probed pool is missing any more,',
  'queue-degraded': 'the queue answers nearly all calls again',
  'no-evidence': 'every probe is heard of again',
};

function settle(docket: Docket, finding: Finding): void {
  const incident = docket.incidents.get(finding.anchor);
  if (!finding.fresh) return;
  const { fresh: _fresh, ...opening } = finding;
  if (incident === undefined) {
    open(docket, { ...opening, slot: finding.since, at: docket.now });
  } else if (incident.level === 'warn' && finding.level === 'page') {
    const entry = { at: docket.now, what: 'escalated' as const, text: finding.text, loud: true };
    revise(docket, incident, { level: 'page', evidence: finding.evidence }, entry, finding.crossed);
  } else if (incident.flappingSince !== undefined) {
    if (docket.now - (incident.badAt ?? 0) >= MINUTE) docket.putIncident({ ...incident, badAt: docket.now }, []);
  } else {
    const more = added(incident, finding);
    if (more.length === 0) return;
    const entry = {
      at: docket.now,
      what: 'changed' as const,
      text: `now also ${more.join(', ')}: ${finding.evidence.detail}`,
      loud: true,
    };
    revise(docket, incident, { evidence: finding.evidence }, entry);
  }
}

/** Probes that a standing incident strikes anew; where it strikes all, names mean nothing. */
function added(incident: Incident, finding: Finding): string[] {
  if (incident.evidence.kind !== 'ask' || finding.cause === 'queue-unreachable' || finding.cause === 'cannot-submit') return [];
  const known = new Set(incident.evidence.probes);
  return finding.evidence.probes.filter((probe) => !known.has(probe));
}
