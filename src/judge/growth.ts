import type { RouteId } from '../evidence/delivery.ts';
import type { Entry, FleetEvidence, Happening, Incident, Member } from '../evidence/incident.ts';
import { MINUTE } from '../evidence/instant.ts';
import { commonOf } from './common.ts';
import type { Docket } from './docket.ts';
import { addressedBy, isWorse, revise } from './incidents.ts';
import { JOIN_WITHIN } from './limits.ts';
import { type Fleet, levelOf, named } from './members.ts';

/** Several hundred pools come and go within seconds of each other; who did is told at most so often. */
const TOLD_EVERY = MINUTE;

/** What the thread was last told of who is bad. */
const ROLLS = new Set<Happening>(['promoted', 'joined', 'left']);

/** Tells who joined, who left and whether it got worse, and keeps what it is too early to tell. */
export function tellChanges(
  docket: Docket,
  fleet: Fleet,
  evidence: FleetEvidence,
  joined: readonly Member[],
  left: readonly Member[],
): Fleet {
  const at = docket.now;
  const { untold, ...rest } = evidence;
  const news = {
    joined: [...(untold?.joined ?? []), ...joined.map(({ pool }) => pool)],
    left: [...(untold?.left ?? []), ...left.map(({ pool }) => pool)],
  };
  const told = fleet.timeline.findLast(({ what }) => ROLLS.has(what))?.at ?? 0;
  // Only the pool that the incident is anchored to can come so late: it has no other to be told in.
  const newest = Math.max(...fleet.evidence.members.map(({ since }) => since));
  const anew = fleet.evidence.members.length > 0 && joined.some(({ since }) => since > newest + JOIN_WITHIN);
  const speaks = anew || at - told >= TOLD_EVERY;
  const waits = !speaks && news.joined.length + news.left.length > 0;
  const counted: FleetEvidence = {
    ...rest,
    ...(waits && { untold: news }),
    witnesses: Math.max(evidence.witnesses, evidence.members.length),
    common: commonOf(docket, evidence.members),
  };
  const level = fleet.level === 'page' ? 'page' : levelOf(evidence.members);
  const of = `${evidence.members.length} ${evidence.members.length === 1 ? 'is' : 'are'} bad now`;
  let current: Incident = fleet;
  const next = (entry: Entry, crossed?: number) => {
    revise(docket, current, { level, evidence: counted }, entry, crossed);
    current = docket.incidents.get(fleet.anchor) ?? current;
  };
  const late = evidence.members.filter((member) => member.level === 'page');
  if (level !== fleet.level || reachesMore(docket, fleet, { ...counted, members: late })) {
    next({ at, what: 'escalated', text: `${named(late)} past pageAfter; ${of}`, loud: true }, crossing(docket, late));
  }
  if (speaks && news.joined.length > 0) next({ at, what: 'joined', text: `${listed(news.joined)}; ${of}`, loud: anew });
  if (speaks && news.left.length > 0) next({ at, what: 'left', text: `${listed(news.left)}; ${of}`, loud: false });
  if (current === fleet && changed(fleet.evidence, counted)) docket.putIncident({ ...fleet, evidence: counted }, []);
  return { ...current, evidence: counted };
}

/** Those past `pageAfter` may concern more people, or concern them more, than when it was last said whom it concerns. */
function reachesMore(docket: Docket, fleet: Fleet, evidence: FleetEvidence): boolean {
  if (fleet.silenced !== undefined) return false;
  return Object.entries(addressedBy(docket, { ...fleet, evidence })).some(([route, { severity }]) => {
    const before = fleet.addressed[route as RouteId];
    return before === undefined || isWorse(severity, before.severity);
  });
}

function listed(pools: readonly string[]): string {
  return named([...new Set(pools)].map((pool) => ({ pool })));
}

/** When the first of them crossed the threshold that makes it a page. */
function crossing({ turns, now }: Docket, late: readonly Member[]): number {
  const names = new Set(late.map(({ probe }) => probe));
  const began = turns.filter(({ probe, what }) => names.has(probe.name) && (what === 'began' || what === 'escalated'));
  return Math.min(now, ...began.map((turn) => turn.crossed));
}

/** Whether anything but ages is other than before. */
function changed(before: FleetEvidence, now: FleetEvidence): boolean {
  const key = ({ members, lastSince, untold }: FleetEvidence) =>
    JSON.stringify([lastSince, untold, members.map((m) => [m.probe, m.level, m.taskId, m.claimed])]);
  return key(before) !== key(now);
}
