import type { FleetEvidence, Incident } from '../evidence/incident.ts';
import { commonOf } from './common.ts';
import type { Docket } from './docket.ts';
import type { Extent } from './extent.ts';
import { revise } from './incidents.ts';
import { audienceOf, levelOf, membersOf, named, type Single, singles } from './members.ts';
import { thresholdsOf } from './probes.ts';
import { waitingSince } from './waiting.ts';

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

/**
 * The one that goes on: a page that is out, and where there is none what would have become one by then, had somebody looked all the time. When
 * it was that somebody looked the queue does not tell, and after the loss of the store the incident must have the same name.
 */
function hostOf(docket: Docket, group: readonly Single[], extent: Extent): Single | undefined {
  const pages = group.filter((incident) => docket.wasPaged(incident));
  if (pages.length > 0) return eldest(pages);
  const late = new Map(group.map((incident) => [incident, lateFrom(docket, incident.evidence.probe)]));
  const [, second = docket.now] = [...late.values()].sort((a, b) => a - b);
  const formed = Math.max(second, enoughFrom(docket, extent));
  const rank = ({ crossed: { page = Number.POSITIVE_INFINITY } }: Single) => (page <= formed ? page : Number.POSITIVE_INFINITY);
  const begun = (incident: Single) => late.get(incident) ?? docket.now;
  return group.toSorted((a, b) => rank(a) - rank(b) || begun(a) - begun(b) || (a.id < b.id ? -1 : 1))[0];
}

/** When so many pools were late that they are told as one. */
function enoughFrom(docket: Docket, { probes }: Extent): number {
  const pools = new Set<string | undefined>();
  const late = [...probes].map((name) => ({ pool: docket.states.get(name)?.pool, at: lateFrom(docket, name) }));
  const enough = late.sort((a, b) => a.at - b.at).find(({ pool }) => pools.add(pool).size >= docket.config.incidents.fleetAt);
  return enough?.at ?? docket.now;
}

/** When the probe was late enough to be told of. */
function lateFrom(docket: Docket, name: string): number {
  const state = docket.states.get(name);
  const probe = docket.probe(name);
  const thresholds = probe && thresholdsOf(probe, state);
  if (state?.breach === undefined || thresholds === undefined) return docket.now;
  return waitingSince(state.breach.since, docket.watch, docket.config.unreachableAfter) + thresholds.warnAfter;
}

/** Pages of which somebody has heard before those that were silenced, these before what is no page, then the oldest. */
export function eldest<T extends Incident>(group: readonly T[]): T | undefined {
  const rank = (incident: T) => incident.crossed.page ?? Number.POSITIVE_INFINITY;
  const out = (incident: T) => (isOut(incident) ? 0 : 1);
  return group.toSorted((a, b) => out(a) - out(b) || rank(a) - rank(b) || a.opened - b.opened || (a.id < b.id ? -1 : 1))[0];
}

/** Who was woken for one page would be woken anew by another that takes its place. */
function isOut({ crossed: { page }, silenced, timeline }: Incident): boolean {
  return page !== undefined && (silenced === undefined || timeline.some(({ at, loud }) => loud && at >= page));
}

function promote(docket: Docket, group: readonly Single[], extent: Extent): void {
  const host = hostOf(docket, group, extent);
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
