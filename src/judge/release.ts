import type { Member } from '../evidence/incident.ts';
import { spoken } from '../evidence/instant.ts';
import type { Docket } from './docket.ts';
import { revise } from './incidents.ts';
import { countOf, type Fleet, unwatchedText } from './members.ts';
import { evidenceAlone, openOwn } from './own.ts';
import { thresholdsOf } from './probes.ts';
import { waitingSince } from './waiting.ts';

/**
 * The last one left is late in its own right once a task submitted when the others had recovered would be: having stayed unclaimed so long, or
 * being still claimed late, it becomes an incident of its own. Where it is the pool the incident is anchored to, it stays the incident's.
 */
export function release(docket: Docket, fleet: Fleet): void {
  const { members, lastSince, recovered, unwatched = 0 } = fleet.evidence;
  const [last] = members;
  if (lastSince === undefined || last === undefined || !isLate(docket, last, lastSince)) return;
  const at = docket.now;
  const others = [...(recovered > 0 ? ['have recovered'] : []), ...(unwatched > 0 ? ['are watched no more'] : [])].join(' or ');
  const text = `the other pools ${others}, this one is still bad after ${spoken(at - last.since)}`;
  if (fleet.anchor === `probe:${last.probe}`) {
    const evidence = evidenceAlone(docket, last);
    if (evidence !== undefined) revise(docket, fleet, { evidence }, { at, what: 'changed', text, loud: true });
    return;
  }
  const left = [
    ...(recovered > 0 ? [`${countOf(recovered)} ${recovered === 1 ? 'has' : 'have'} recovered`] : []),
    ...(unwatched > 0 ? [unwatchedText(unwatched)] : []),
  ];
  const ended = `${left.join(', ')}; ${last.pool} goes on alone`;
  revise(docket, fleet, { ended: at, end: 'resolved' }, { at, what: 'resolved', text: ended, loud: true });
  goOnAlone(docket, last, text);
}

/** One that was claimed in time a moment ago only lacks its confirmation. */
function isLate(docket: Docket, { probe, claimed, age }: Member, lastSince: number): boolean {
  const thresholds = thresholdsFor(docket, probe);
  if (thresholds === undefined || docket.now - lastSince < thresholds.pageAfter) return false;
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

function goOnAlone(docket: Docket, member: Member, text: string): void {
  const probe = docket.probe(member.probe);
  const evidence = evidenceAlone(docket, member);
  const state = docket.states.get(member.probe);
  if (probe === undefined || evidence === undefined || state?.breach === undefined) return;
  // What was claimed late is slow, whatever it was while the others were bad.
  if (member.claimed) docket.putState({ ...state, breach: { ...state.breach, level: 'warn' } });
  openOwn(docket, { probe, at: docket.now, text, crossed: docket.now, evidence });
}
