import type { RouteId } from '../evidence/delivery.ts';
import type { Entry, FleetEvidence, Happening, Incident, Member } from '../evidence/incident.ts';
import { MINUTE } from '../evidence/instant.ts';
import { commonOf } from './common.ts';
import type { Docket } from './docket.ts';
import { addressedBy, revise } from './incidents.ts';
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
  const speaks = at - told >= TOLD_EVERY;
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
  if (level !== fleet.level || reachesMore(docket, fleet, counted)) {
    const late = evidence.members.filter((member) => member.level === 'page');
    next({ at, what: 'escalated', text: `${named(late)} past pageAfter; ${of}`, loud: true }, crossing(docket, late));
  }
  if (speaks && news.joined.length > 0) next({ at, what: 'joined', text: `${listed(news.joined)}; ${of}`, loud: false });
  if (speaks && news.left.length > 0) next({ at, what: 'left', text: `${listed(news.left)}; ${of}`, loud: false });
  if (current === fleet && changed(fleet.evidence, counted)) docket.putIncident({ ...fleet, evidence: counted }, []);
  return { ...current, evidence: counted };
}

/** A pool that has become worse may concern more people, or concern them more, than those that were bad before it. */
function reachesMore(docket: Docket, fleet: Fleet, evidence: FleetEvidence): boolean {
  if (fleet.silenced !== undefined || fleet.level !== 'page') return false;
  const reached = addressedBy(docket, { ...fleet, evidence });
  return Object.entries(reached).some(([route, manner]) => {
    const before = fleet.addressed[route as RouteId];
    return manner.severity === 'critical' && before?.severity !== 'critical';
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
  const key = ({ members, fewSince, untold }: FleetEvidence) =>
    JSON.stringify([fewSince, untold, members.map((m) => [m.probe, m.level, m.taskId, m.claimed])]);
  return key(before) !== key(now);
}
