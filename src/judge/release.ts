import type { Member, PoolEvidence } from '../evidence/incident.ts';
import { spoken } from '../evidence/instant.ts';
import type { Docket } from './docket.ts';
import { revise } from './incidents.ts';
import { type Fleet, named } from './members.ts';
import { openOwn } from './own.ts';
import { thresholdsOf } from './probes.ts';
import { waitingSince } from './waiting.ts';

/**
 * After most have recovered, a pool is late in its own right once a task submitted then would be: what has stayed unclaimed so long, or is
 * still claimed late, becomes an incident of its own. Where that is the pool the incident is anchored to, it stays the incident's.
 */
export function release(docket: Docket, fleet: Fleet): void {
  const { members, fewSince } = fleet.evidence;
  if (fewSince === undefined) return;
  if (!members.every((member) => isLate(docket, member, fewSince))) return;
  const at = docket.now;
  const host = members.find(({ probe }) => fleet.anchor === `probe:${probe}`);
  const textOf = ({ since }: Member) => `the other pools have recovered, this one is still bad after ${spoken(at - since)}`;
  if (host === undefined) {
    const ended = `${fleet.evidence.recovered} pools have recovered; ${named(members)} ${members.length === 1 ? 'goes' : 'go'} on alone`;
    revise(docket, fleet, { ended: at, end: 'resolved' }, { at, what: 'resolved', text: ended, loud: true });
  } else {
    const evidence = aloneAgain(docket, host);
    if (evidence !== undefined) revise(docket, fleet, { evidence }, { at, what: 'changed', text: textOf(host), loud: true });
  }
  for (const member of members) if (member !== host) goOnAlone(docket, member, textOf(member));
}

/** One that was claimed in time a moment ago only lacks its confirmation. */
function isLate(docket: Docket, { probe, claimed, age }: Member, fewSince: number): boolean {
  const thresholds = thresholdsFor(docket, probe);
  if (thresholds === undefined || docket.now - fewSince < thresholds.pageAfter) return false;
  return claimed ? age >= thresholds.warnAfter : pendingFor(docket, probe) >= thresholds.pageAfter;
}

/** How long the canary in flight had been waiting when last seen. */
function pendingFor(docket: Docket, probe: string): number {
  const { open, evidenceAt = 0 } = docket.states.get(probe) ?? {};
  return open?.scheduled === undefined
    ? 0
    : evidenceAt - waitingSince(open.scheduled, docket.watch, docket.config.unreachableAfter);
}

function thresholdsFor(docket: Docket, name: string) {
  const probe = docket.probe(name);
  return probe && thresholdsOf(probe, docket.states.get(name));
}

function aloneAgain(docket: Docket, { probe: name, pool, taskId, since, age, claimed }: Member): PoolEvidence | undefined {
  const probe = docket.probe(name);
  const thresholds = thresholdsFor(docket, name);
  const state = docket.states.get(name);
  if (probe === undefined || thresholds === undefined || state === undefined) return undefined;
  const { good, lastClaim } = state;
  const last = lastClaim && !claimed ? { lastClaim: { at: lastClaim.at, ms: lastClaim.ms } } : {};
  return {
    kind: 'pool',
    probe: name,
    pool,
    taskId,
    since,
    age,
    claimed,
    ...thresholds,
    good,
    resolveAfter: probe.resolveAfter,
    ...last,
  };
}

function goOnAlone(docket: Docket, member: Member, text: string): void {
  const probe = docket.probe(member.probe);
  const evidence = aloneAgain(docket, member);
  const state = docket.states.get(member.probe);
  if (probe === undefined || evidence === undefined || state?.breach === undefined) return;
  // What was claimed late is slow, whatever it was while the others were bad.
  if (member.claimed) docket.putState({ ...state, breach: { ...state.breach, level: 'warn' } });
  openOwn(docket, { probe, at: docket.now, text, crossed: docket.now, evidence });
}
