import type { FleetEvidence, Incident } from '../evidence/incident.ts';
import { commonOf } from './common.ts';
import type { Docket } from './docket.ts';
import type { Extent } from './extent.ts';
import { revise } from './incidents.ts';
import { audienceOf, levelOf, membersOf, named, type Single, singles } from './members.ts';

/** Makes one incident of those of single pools that went bad together, for each audience that is paged of them. */
export function form(docket: Docket, extent: Extent): void {
  const groups = new Map<string, Single[]>();
  for (const incident of singles(docket)) {
    const { probe } = incident.evidence;
    if (!extent.probes.has(probe)) continue;
    const key = audienceOf(docket, probe);
    groups.set(key, [...(groups.get(key) ?? []), incident]);
  }
  for (const group of groups.values()) if (group.length > 1) promote(docket, group, extent);
}

/** The one that goes on: paged before unpaged, then the oldest. */
export function eldest<T extends Incident>(group: readonly T[]): T | undefined {
  const rank = (incident: T) => incident.crossed.page ?? Number.POSITIVE_INFINITY;
  return group.toSorted((a, b) => rank(a) - rank(b) || a.opened - b.opened || (a.id < b.id ? -1 : 1))[0];
}

function promote(docket: Docket, group: readonly Single[], extent: Extent): void {
  const host = eldest(group);
  if (host === undefined) return;
  const members = membersOf(
    docket,
    group.map(({ evidence }) => evidence.probe),
  );
  const since = Math.min(...members.map((member) => member.since));
  const evidence: FleetEvidence = {
    kind: 'fleet',
    since,
    members,
    recovered: 0,
    witnesses: extent.witnesses,
    ...(extent.provider !== undefined && { provider: extent.provider }),
    common: commonOf(docket, members),
  };
  for (const incident of group) if (incident !== host) foldInto(docket, incident, host);
  const at = docket.now;
  const level = levelOf(members);
  const text = `${members.length} pools went bad together, of ${extent.witnesses} that can be judged${inCommon(evidence)}: ${named(members)}`;
  revise(
    docket,
    host,
    { level, evidence, since: Math.min(since, host.since) },
    { at, what: 'promoted', text, loud: true },
    pageCrossing(group),
  );
}

function pageCrossing(group: readonly Incident[]): number {
  return Math.min(...group.map(({ crossed }) => crossed.page ?? Number.POSITIVE_INFINITY));
}

function inCommon({ common }: FleetEvidence): string {
  return common.length === 0 ? '' : ` (${common.join(', ')})`;
}

/** Of an incident that nobody can have heard of nothing needs to be told. */
export function foldInto(docket: Docket, incident: Incident, host: Incident): void {
  if (docket.isNew(incident)) {
    docket.forget(incident);
    return;
  }
  const at = docket.now;
  const entry = {
    at,
    what: 'folded' as const,
    text: `it went bad together with other pools and goes on in ${host.id}`,
    loud: false,
  };
  revise(docket, incident, { ended: at, end: 'folded', into: host.id }, entry);
}
