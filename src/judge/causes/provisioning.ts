import type { Stall } from '../../evidence/diagnosis.ts';
import type { Entry, FleetEvidence, Incident } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';
import type { Docket } from '../docket.ts';
import { open, resolve, revise } from '../incidents.ts';
import { JOIN_WITHIN, TOGETHER } from '../limits.ts';
import {
  audienceOf,
  type Fleet,
  fleetEvidenceOf,
  isFleet,
  levelOf,
  membersOf,
  named as namesOf,
  type Single,
  singles,
} from '../members.ts';
import { thresholdsOf } from '../probes.ts';
import { eldest, foldInto } from '../promote.ts';
import { causeOfStall, crossedAt, grown, SETTLED, stallOf, stillLacking, stillSilent } from './stall.ts';

/** An incident that tells of a stall, whether or not any canary is late yet. */
export type Stalled = Fleet & { evidence: FleetEvidence & { stall: Stall } };

export function isStalled(incident: Incident): incident is Stalled {
  return isFleet(incident) && incident.evidence.stall !== undefined;
}

/**
 * Follows the creation of workers: where none comes and some are wanted, one incident for each audience says so, be it that of the pools
 * that are bad already or one of its own. Only a new worker ends the stall.
 */
export function followProvisioning(docket: Docket): void {
  const standing = () => [...docket.incidents.values()].filter(isStalled);
  if (docket.config.provisioning.mode === 'off') {
    for (const incident of standing()) end(docket, incident, 'the watch over new workers is off');
    return;
  }
  // While the queue is silent nobody can tell what is wanted.
  if (docket.watch.trouble.look !== undefined) return;
  const before = toldIn(standing());
  for (const incident of standing()) follow(docket, incident, before);
  const told = toldIn(standing());
  const anew = stallOf(docket, (provider) => !told.has(provider));
  if (anew !== undefined) begin(docket, anew);
}

function toldIn(standing: readonly Stalled[]): Set<string> {
  return new Set(standing.flatMap(({ evidence }) => evidence.stall.providers));
}

/** Providers that become silent soon after the others are part of their stall; what breaks later is another matter. */
function joins({ now }: Docket, { anchor, evidence: { stall } }: Stalled, provider: string, told: ReadonlySet<string>): boolean {
  if (stall.providers.includes(provider) || anchor === `provider:${provider}`) return true;
  return !told.has(provider) && now - Math.max(stall.newestWorker, stall.unmetSince) <= JOIN_WITHIN;
}

function follow(docket: Docket, incident: Stalled, told: ReadonlySet<string>): void {
  const { stall, ...rest } = incident.evidence;
  // One that has fallen silent too need not have wanted workers for as long: what it joins has been told already.
  const seen = stallOf(docket, (provider) => joins(docket, incident, provider, told), SETTLED);
  const left = stillSilent(docket, stall);
  if (left.length === 0) {
    end(docket, incident, `workers come to be again, after ${spoken(docket.now - stall.newestWorker)}`);
    return;
  }
  const next = grown(docket, stall, seen, left);
  const evidence = { ...rest, stall: next };
  const cause = causeOfStall(next);
  const spread = next.providers.filter((name) => !stall.providers.includes(name));
  const at = docket.now;
  if (cause !== incident.cause) {
    revise(docket, incident, { cause, evidence }, { at, what: 'changed', text: saidOf(docket, next), loud: true });
  } else if (spread.length > 0) {
    revise(
      docket,
      incident,
      { evidence },
      { at, what: 'changed', text: `now also ${named(spread)}: ${saidOf(docket, next)}`, loud: true },
    );
  } else if (changed(stall, next)) {
    docket.putIncident({ ...incident, evidence }, []);
  }
}

/** Whether anything but ages is other than before. */
function changed(before: Stall, now: Stall): boolean {
  return JSON.stringify(before) !== JSON.stringify(now);
}

/**
 * What it tells of pools that are late goes on, and wakes nobody any more: what waited for workers is still to be worked off, so each of
 * the pools is late enough for a page once a task submitted now would be.
 */
function end(docket: Docket, incident: Stalled, text: string): void {
  const at = docket.now;
  const { stall, ...rest } = incident.evidence;
  const lacking = stillLacking(docket, stall);
  const said = lacking.length === 0 ? text : `${text}, but none yet in ${namesOf(lacking)}`;
  if (rest.members.length === 0) {
    resolve(docket, incident, at, { at, what: 'resolved', text: said, loud: true }, rest);
    return;
  }
  for (const { probe } of rest.members) ease(docket, probe, rest.eased);
  const members = membersOf(
    docket,
    rest.members.map(({ probe }) => probe),
  );
  const level = levelOf(members);
  const still = `${members.length} ${members.length === 1 ? 'pool is' : 'pools are'} still to recover`;
  const entry: Entry = { at, what: level === incident.level ? 'changed' : 'eased', text: `${said}; ${still}`, loud: false };
  const eased = { eased: rest.eased ?? at, easedAt: stall.providers };
  revise(docket, incident, { level, evidence: { ...rest, members, ...eased } }, entry);
}

/** One that an earlier end of the stall did not help is late in its own right. */
function ease(docket: Docket, name: string, before: number | undefined): void {
  const state = docket.states.get(name);
  const probe = docket.probe(name);
  const pageAfter = probe && thresholdsOf(probe, state)?.pageAfter;
  if (state?.breach === undefined || pageAfter === undefined) return;
  if (before === undefined || docket.now - before < pageAfter)
    docket.putState({ ...state, breach: { ...state.breach, level: 'warn' } });
}

/** What is open already of the pools concerned goes on as the incident of the stall, for each audience; who heard of nothing yet hears of it anew. */
function begin(docket: Docket, stall: Stall): void {
  const everybody = audienceOf(docket, undefined);
  const groups = new Map<string, (Single | Fleet)[]>();
  for (const incident of concerned(docket, stall)) {
    const key = audienceIn(docket, incident);
    groups.set(key, [...(groups.get(key) ?? []), incident]);
  }
  for (const group of groups.values()) adopt(docket, group, stall);
  if (!groups.has(everybody) && docket.config.provisioning.mode === 'alert') announce(docket, stall);
}

/** What stalls is everybody's. */
function audienceIn(docket: Docket, incident: Single | Fleet): string {
  return audienceOf(docket, incident.anchor.startsWith('provider:') ? undefined : probesIn(incident)[0]);
}

function announce(docket: Docket, stall: Stall): void {
  const [first = ''] = stall.providers;
  const since = stall.newestWorker;
  open(docket, {
    anchor: `provider:${first}`,
    class: 'pool',
    cause: causeOfStall(stall),
    level: 'page',
    since,
    slot: since,
    at: docket.now,
    crossed: crossedAt(docket, stall),
    evidence: { kind: 'fleet', since, members: [], recovered: 0, witnesses: 0, common: [], stall },
    text: saidOf(docket, stall),
  });
}

/** The one that was paged first goes on and becomes a page, the others are folded into it. */
function adopt(docket: Docket, group: readonly (Single | Fleet)[], stall: Stall): void {
  const host = eldest(group);
  if (host === undefined) return;
  const members = membersOf(docket, group.flatMap(probesIn));
  const since = Math.min(stall.newestWorker, host.since);
  const level = docket.config.provisioning.mode === 'alert' ? 'page' : host.level;
  const evidence = { ...fleetEvidenceOf(host, since, members), stall };
  const entry: Entry = {
    at: docket.now,
    what: host.level === level ? 'changed' : 'escalated',
    text: saidOf(docket, stall),
    loud: true,
  };
  for (const incident of group) if (incident !== host) foldInto(docket, incident, host);
  revise(docket, host, { cause: causeOfStall(stall), level, evidence, since }, entry, crossedAt(docket, stall));
}

/** Pools that have been bad since long before are another matter: who was told of them then would hear of no stall now. */
function concerned(docket: Docket, stall: Stall): (Single | Fleet)[] {
  const fleets = [...docket.incidents.values()].filter(isFleet).filter((incident) => !isStalled(incident));
  return [...singles(docket), ...fleets].filter((incident) => {
    if (stall.providers.some((provider) => incident.anchor === `provider:${provider}`)) return true;
    const probes = probesIn(incident);
    const most = probes.length > 0 && 2 * probes.filter((probe) => isOf(docket, probe, stall)).length > probes.length;
    return most && incident.since >= stall.newestWorker - TOGETHER;
  });
}

function probesIn({ evidence }: Single | Fleet): string[] {
  return evidence.kind === 'pool' ? [evidence.probe] : evidence.members.map(({ probe }) => probe);
}

function isOf(docket: Docket, probe: string, { providers }: Stall): boolean {
  const pool = docket.states.get(probe)?.pool ?? '';
  const provider = docket.pools.get(pool)?.info?.provider;
  return provider !== undefined && providers.includes(provider);
}

/** Whether a pool that has gone bad is told of with the stall: in the incident of its own audience, where there is one. */
export function takesIn(docket: Docket, fleet: Stalled, { since, evidence: { probe } }: Single): boolean {
  const { stall } = fleet.evidence;
  if (!isOf(docket, probe, stall) || since < stall.newestWorker - TOGETHER) return false;
  const key = audienceOf(docket, probe);
  const others = [...docket.incidents.values()].filter(isStalled).filter((other) => isOf(docket, probe, other.evidence.stall));
  return audienceIn(docket, fleet) === key || !others.some((other) => audienceIn(docket, other) === key);
}

function saidOf({ now }: Docket, { newestWorker, watched, waiting, overall, providers }: Stall): string {
  const pools = watched === 1 ? 'the one watched pool' : `any of ${watched} watched pools`;
  const where = overall ? pools : `${pools} of ${named(providers)}`;
  return `no worker was created in ${where} for ${spoken(now - newestWorker)}, while ${waiting} ${waiting === 1 ? 'task waits' : 'tasks wait'}`;
}

function named(providers: readonly string[]): string {
  return providers.length === 1 ? `provider ${providers[0]}` : `providers ${providers.join(', ')}`;
}
