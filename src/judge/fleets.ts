import type { FleetEvidence } from '../evidence/incident.ts';
import { spoken } from '../evidence/instant.ts';
import { isStalled, takesIn } from './causes/provisioning.ts';
import { isApart } from './causes/stall.ts';
import type { Docket } from './docket.ts';
import { type Extent, extentOf } from './extent.ts';
import { tellChanges } from './growth.ts';
import { resolve, revise } from './incidents.ts';
import { JOIN_WITHIN, TOGETHER } from './limits.ts';
import {
  audienceOf,
  countOf,
  type Fleet,
  isFleet,
  isWatched,
  membersOf,
  type Single,
  singles,
  unwatchedText,
} from './members.ts';
import { foldInto, form } from './promote.ts';
import { release } from './release.ts';

/**
 * Pools that go bad together are told as one: the oldest paged incident becomes theirs and keeps its id, the others go on in it. It grows and
 * shrinks with them, and the last one left becomes an incident of its own when it stays bad.
 */
export function followFleets(docket: Docket): void {
  // While the queue is silent nothing is said of pools.
  if (docket.watch.trouble.look !== undefined) return;
  const fleets = [...docket.incidents.values()].filter(isFleet);
  const bad = [
    ...singles(docket).map(({ evidence }) => evidence.probe),
    ...fleets.flatMap(({ evidence }) => evidence.members.map(({ probe }) => probe)),
  ];
  const extent = extentOf(docket, bad);
  for (const fleet of fleets) follow(docket, fleet, extent, bad.length);
  if (extent !== undefined) form(docket, extent);
}

/** Takes in who joined, who left and who got worse since the last judgement. */
function follow(docket: Docket, fleet: Fleet, extent: Extent | undefined, bad: number): void {
  const evidence = widened(fleet, extent);
  const joining = singles(docket).filter((single) => belongs(docket, single, fleet, evidence));
  const before = new Map(evidence.members.map((member) => [member.probe, member]));
  const host = anchored(docket, fleet);
  const names = [...before.keys(), ...joining.map((incident) => incident.evidence.probe), ...(host === undefined ? [] : [host])];
  const members = membersOf(docket, names);
  for (const incident of joining) foldInto(docket, incident, fleet);
  const joined = members.filter(({ probe }) => !before.has(probe));
  const left = [...before.values()].filter(({ probe }) => !members.some((member) => member.probe === probe));
  const recovered = left.filter(({ probe }) => isWatched(docket, probe));
  const unwatched = (evidence.unwatched ?? 0) + left.length - recovered.length;
  const count = { recovered: evidence.recovered + recovered.length, ...(unwatched > 0 && { unwatched }) };
  const next = withLast(docket, { ...evidence, members, ...count }, bad);
  // A stall ends with a new worker, whoever is late and whoever is not.
  if (evidence.stall !== undefined) tellChanges(docket, fleet, next, joined, recovered);
  else if (members.length === 0) over(docket, fleet, next);
  else release(docket, tellChanges(docket, fleet, next, joined, recovered));
}

/** Where pools of other providers go bad with it, it is no matter of one provider any more. */
function widened({ evidence }: Fleet, extent: Extent | undefined): FleetEvidence {
  const { provider, ...wide } = evidence;
  const covered = extent !== undefined && evidence.members.every(({ probe }) => extent.probes.has(probe));
  return provider !== undefined && covered && extent.provider === undefined ? wide : evidence;
}

/**
 * It went bad with the others or soon after the last of them: what breaks days later is another matter, however long some stay bad. One whose
 * threshold is longer is seen later, and may have begun a little before.
 */
function belongs(docket: Docket, single: Single, incident: Fleet, fleet: FleetEvidence): boolean {
  if (isStalled(incident) && takesIn(docket, incident, single)) return true;
  const {
    since,
    evidence: { probe, pool },
  } = single;
  if (fleet.stall !== undefined && isApart(docket, fleet.stall, pool)) return false;
  const [member] = fleet.members;
  const newest = Math.max(...fleet.members.map((each) => each.since));
  if (member === undefined || since < fleet.since - TOGETHER || since > newest + JOIN_WITHIN) return false;
  const provider = docket.pools.get(pool)?.info?.provider;
  if (fleet.provider !== undefined && provider !== fleet.provider) return false;
  if (fleet.easedAt !== undefined && provider !== undefined && !fleet.easedAt.includes(provider)) return false;
  return audienceOf(docket, probe) === audienceOf(docket, member.probe);
}

/** The pool that the incident is anchored to and that is bad again, having left it, unless that is told with its capacity. */
function anchored(docket: Docket, { anchor }: Fleet): string | undefined {
  const probe = anchor.startsWith('probe:') ? anchor.slice('probe:'.length) : '';
  const state = docket.states.get(probe);
  return state?.breach === undefined || docket.incidents.has(`pool:${state.pool}`) ? undefined : probe;
}

/** While pools of another team are bad too it is not the last one. */
function withLast(docket: Docket, evidence: FleetEvidence, bad: number): FleetEvidence {
  const { lastSince, ...rest } = evidence;
  if (rest.stall !== undefined) return rest;
  const last = rest.recovered + (rest.unwatched ?? 0) > 0 && rest.members.length === 1 && bad < docket.config.incidents.fleetAt;
  return last ? { ...rest, lastSince: lastSince ?? docket.now } : rest;
}

function over(docket: Docket, fleet: Fleet, evidence: FleetEvidence): void {
  const at = docket.now;
  const { recovered, unwatched = 0 } = evidence;
  if (recovered === 0 && unwatched > 0) {
    const gone = { at, what: 'withdrawn' as const, text: 'none of its pools is watched any more', loud: true };
    revise(docket, fleet, { ended: at, end: 'withdrawn', evidence }, gone);
    return;
  }
  const all = recovered === 1 ? 'its one pool' : `all ${recovered} pools`;
  const where = unwatched === 0 ? all : `${countOf(recovered)}; ${unwatchedText(unwatched)}`;
  const text = `over after ${spoken(at - fleet.since)}; canaries are claimed in time in ${where}`;
  resolve(docket, fleet, at, { at, what: 'resolved', text, loud: true }, evidence);
  // One that comes and goes stays a while, of nobody.
  if (docket.incidents.get(fleet.anchor) === fleet && fleet.evidence.members.length > 0)
    docket.putIncident({ ...fleet, evidence, badAt: at }, []);
}
