import type { FleetEvidence, Incident, Member, PoolEvidence } from '../evidence/incident.ts';
import type { State } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { hushFor } from './hush.ts';
import { thresholdsOf } from './probes.ts';
import { waitingSince } from './waiting.ts';

/** An incident of several pools. */
export type Fleet = Incident & { evidence: FleetEvidence };

/** An incident of one pool. */
export type Single = Incident & { evidence: PoolEvidence };

export function isFleet(incident: Incident): incident is Fleet {
  return incident.evidence.kind === 'fleet';
}

const membership = new WeakMap<FleetEvidence, Set<string>>();

/** The open incident of several pools that a probe is told in. */
export function fleetOf(incidents: State['incidents'], probe: string): Fleet | undefined {
  for (const incident of incidents.values()) {
    if (!isFleet(incident)) continue;
    let names = membership.get(incident.evidence);
    if (names === undefined) {
      names = new Set(incident.evidence.members.map((member) => member.probe));
      membership.set(incident.evidence, names);
    }
    if (names.has(probe)) return incident;
  }
  return undefined;
}

function memberOf(docket: Docket, probe: string): Member | undefined {
  const state = docket.states.get(probe);
  if (state?.breach === undefined) return undefined;
  const { level, taskId, since, claimed } = state.breach;
  const waited = (state.evidenceAt ?? since) - waitingSince(since, docket.watch, docket.config.unreachableAfter);
  const age = claimed ? state.breach.age : Math.max(state.breach.age, waited);
  return { probe, pool: state.pool, level, taskId, since, age, claimed };
}

/** Whether it is still asked about, and alerts: one that is not leaves without having recovered. */
export function isWatched(docket: Docket, name: string): boolean {
  const probe = docket.probe(name);
  if (probe === undefined || docket.pools.get(probe.pool)?.gone !== undefined) return false;
  return thresholdsOf(probe, docket.states.get(name)) !== undefined;
}

/** The probes that are in breach, as members, longest first. */
export function membersOf(docket: Docket, probes: Iterable<string>): Member[] {
  const members = [...new Set(probes)].flatMap((probe) => memberOf(docket, probe) ?? []);
  return members.sort((a, b) => a.since - b.since || (a.probe < b.probe ? -1 : 1));
}

/** What is told of an incident that goes on as one of these members; of one pool's anew. */
export function fleetEvidenceOf({ evidence }: Incident, since: number, members: Member[]): FleetEvidence {
  const before: Partial<FleetEvidence> = evidence.kind === 'fleet' ? evidence : {};
  return { common: [], recovered: 0, witnesses: members.length, ...before, kind: 'fleet', since, members };
}

/** The level of the worst. */
export function levelOf(members: readonly Member[]): Member['level'] {
  return members.some(({ level }) => level === 'page') ? 'page' : 'warn';
}

const NAMED = 5;

/** Their pools by name, as many as a line takes. */
export function named(members: readonly Pick<Member, 'pool'>[]): string {
  const pools = [...new Set(members.map(({ pool }) => pool))];
  const names = pools.slice(0, NAMED).join(', ');
  return pools.length > NAMED ? `${names} and ${pools.length - NAMED} more` : names;
}

export function countOf(pools: number): string {
  return `${pools} ${pools === 1 ? 'pool' : 'pools'}`;
}

export function unwatchedText(pools: number): string {
  return `${countOf(pools)} ${pools === 1 ? 'is' : 'are'} watched no more`;
}

/** Who hears of a probe's pages, or of those of none in particular, Slack aside: pools of one team are told together, whichever channels show them. */
export function audienceOf(docket: Docket, probe: string | undefined): string {
  const routes = docket.rules
    .addressees(probe === undefined ? undefined : docket.probe(probe), 'page')
    .map(({ route }) => route as string);
  return [...new Set(routes.filter((route) => !route.startsWith('slack:')))].sort().join(' ');
}

/** Incidents of single pools that may go on in one of several; silenced ones are expected, and say nothing of the others. */
export function singles(docket: Docket): Single[] {
  return [...docket.incidents.values()].filter((incident): incident is Single => {
    if (incident.evidence.kind !== 'pool' || hushFor(docket, incident) !== undefined) return false;
    return docket.states.get(incident.evidence.probe)?.breach !== undefined;
  });
}
