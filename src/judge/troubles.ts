import type { Fact } from '../evidence/fact.ts';
import type { Anchor } from '../evidence/incident.ts';
import { MINUTE, SECOND, spoken } from '../evidence/instant.ts';
import type { Trouble, TroubleKind } from '../evidence/state.ts';
import { keyOf } from './causes/intake.ts';
import type { Docket } from './docket.ts';
import { ASKING_AGAIN, CLOCK_AGAIN, CLOCK_OFF, GAP, REFUSED_KEPT, UNBROKEN, UP_BREAK } from './limits.ts';

const GAPS_KEPT = 50;
/** Names of probes kept with a trouble or a finding. */
export const NAMES_KEPT = 20;

/** Follows how asking itself goes: which calls fail, since when, and whether our clock agrees with the queue's. */
export function followAsking(docket: Docket, facts: readonly Fact[]): void {
  const failed = new Set<TroubleKind>();
  for (const fact of facts) {
    if (fact.kind === 'clock') followClock(docket, failed, fact.offset, fact.at);
    else if (fact.kind === 'channels') followChannels(docket, fact.refused, fact.at);
    else if (fact.kind === 'pass') followPass(docket, fact.complete, fact.at);
    else if (fact.kind === 'looked') docket.putWatch({ lookedAt: Math.max(docket.watch.lookedAt ?? 0, fact.at) });
    else if (fact.kind === 'failed') fail(docket, failed, fact);
  }
  const looked = facts.some((fact) => fact.kind === 'status' || fact.kind === 'absent' || fact.kind === 'group');
  const created = facts.flatMap((fact) => (fact.kind === 'created' ? [docket.inFlight(fact.taskId)?.state.name] : []));
  if (looked || created.length > 0) works(docket, 'look');
  if (created.length > 0) works(docket, 'create');
  if (!failed.has('refused') && grants(docket, created)) works(docket, 'refused');
  if ((looked || created.length > 0) && !failed.has('clock')) works(docket, 'clock');
}

/** A refusal is about certain probes: that others may submit says nothing about them. */
function grants(docket: Docket, created: readonly (string | undefined)[]): boolean {
  const struck = docket.watch.trouble.refused?.probes ?? [];
  return struck.length === 0 ? created.length > 0 : created.some((probe) => probe !== undefined && struck.includes(probe));
}

function troubleKind(fact: Extract<Fact, { kind: 'failed' }>): TroubleKind | undefined {
  // Neither readings nor cancelling are needed for a verdict: without the scope to cancel, a canary just runs to its deadline.
  if (fact.ask === 'read' || fact.ask === 'cancel') return undefined;
  if (fact.why === 'refused' || fact.why === 'clock') return fact.why;
  if (fact.why === 'unreachable' || fact.why === 'invalid') return fact.ask;
  return undefined;
}

function putTrouble(docket: Docket, kind: TroubleKind, trouble: Trouble | undefined): void {
  const { [kind]: _old, ...rest } = docket.watch.trouble;
  docket.putWatch({ trouble: trouble === undefined ? rest : { ...rest, [kind]: trouble } });
}

function fail(docket: Docket, failed: Set<TroubleKind>, fact: Extract<Fact, { kind: 'failed' }>): void {
  if (fact.ask === 'read') unread(docket, fact);
  const kind = troubleKind(fact);
  if (kind === undefined) return;
  failed.add(kind);
  const old = docket.watch.trouble[kind];
  // Where asking worked in between, only an incident of its own makes this the same row of failures.
  const same = old !== undefined && (old.ok === undefined || docket.incidents.has(ANCHORS[kind]));
  const limit = brokenAfter(docket, kind === 'clock' && old?.relapsed ? CLOCK_AGAIN : UNBROKEN);
  const unbroken = same && fact.at - old.last <= limit ? old : undefined;
  const probe = docket.inFlight(fact.taskId ?? '')?.state.name;
  const names = new Set(unbroken?.probes ?? []);
  if (probe !== undefined && names.size < NAMES_KEPT) names.add(probe);
  const relapsed = unbroken?.ok === undefined ? unbroken?.relapsed : true;
  putTrouble(docket, kind, {
    ...(relapsed && { relapsed }),
    since: unbroken?.since ?? fact.at,
    last: Math.max(fact.at, unbroken?.last ?? 0),
    detail: fact.detail,
    probes: [...names],
  });
}

/** What got no answer may get one soon; what was refused, or is not there, is not asked for again and again. */
function unread(docket: Docket, { request, why, detail, at }: Extract<Fact, { kind: 'failed' }>): void {
  if (request === undefined || why === 'unreachable' || why === 'clock') {
    docket.putWatch({ readFailedAt: at });
    return;
  }
  const key = keyOf(request);
  const others = Object.entries(docket.watch.unread ?? {}).filter(
    ([other, known]) => other !== key && at - known.at < REFUSED_KEPT,
  );
  const entry = { at, why, detail: detail.slice(0, DETAIL_KEPT) };
  docket.putWatch({ unread: Object.fromEntries([...others.slice(1 - UNREAD_KEPT), [key, entry]]) });
}

/** Where a scope is missing that all pools need, each of them has refusals of its own. */
const UNREAD_KEPT = 200;
const DETAIL_KEPT = 200;

/** The incident that each kind of trouble becomes. */
export const ANCHORS: Record<TroubleKind, Anchor> = {
  look: 'ask:queue-unreachable',
  create: 'ask:cannot-submit',
  refused: 'ask:access-refused',
  clock: 'ask:clock-off',
};

/** Whoever runs a pass each ten minutes does not break a row of failures by that. */
export function brokenAfter(docket: Docket, usual: number): number {
  return Math.max(usual, 2.5 * (docket.watch.pace ?? 0));
}

/** Asking worked. With an incident open the trouble stays on record until it has worked for a while, so that one success closes nothing. */
function works(docket: Docket, kind: TroubleKind): void {
  const at = docket.now;
  const trouble = docket.watch.trouble[kind];
  if (trouble === undefined) return;
  const since = trouble.ok ?? at;
  // A single failure between passes that are far apart shows no silence.
  if (kind === 'look' && trouble.ok === undefined && trouble.last - trouble.since >= GAP) {
    // Asking may have worked for a moment since then, and the silence before that is on record already.
    const from = Math.max(trouble.since, docket.watch.gaps.at(-1)?.to ?? 0);
    docket.putWatch({ gaps: [...docket.watch.gaps, { from, to: at }].slice(-GAPS_KEPT) });
  }
  const incident = docket.incidents.has(ANCHORS[kind]);
  const going = incident && at - since < (kind === 'clock' && trouble.relapsed ? CLOCK_AGAIN : ASKING_AGAIN);
  putTrouble(docket, kind, going ? { ...trouble, ok: since } : undefined);
  // What could not be submitted meanwhile was told, and each probe has its slots anew; that of one nothing was heard for longer stays said.
  const submits = kind === 'create' || kind === 'refused';
  if (incident && !going && submits && !docket.incidents.has('ask:no-evidence')) docket.putWatch({ upSince: at });
}

function followClock(docket: Docket, failed: Set<TroubleKind>, offset: number, at: number): void {
  if (Math.abs(offset - docket.watch.offset) >= SECOND) docket.putWatch({ offset });
  if (Math.abs(offset) < CLOCK_OFF) return;
  const detail = `our clock is ${spoken(Math.abs(offset))} ${offset > 0 ? 'behind' : 'ahead of'} the queue's`;
  fail(docket, failed, { kind: 'failed', ask: 'look', why: 'clock', detail, at });
}

/** The greatest distance of passes that counts as a habit and not as an absence. */
const SLOWEST_PACE = 20 * MINUTE;

function followPass(docket: Docket, complete: boolean, at: number): void {
  const { triedAt, upSince } = docket.watch;
  const distance = triedAt === undefined ? undefined : at - triedAt;
  const steady = distance !== undefined && distance < brokenAfter(docket, UP_BREAK);
  docket.putWatch({
    triedAt: at,
    upSince: steady ? (upSince ?? at) : at,
    ...(distance !== undefined && { pace: Math.min(SLOWEST_PACE, distance) }),
    ...(complete && { passAt: at }),
  });
}

function followChannels(docket: Docket, refused: { route: string; why: string }[], at: number): void {
  const routes = (list: { route: string }[] = []) => list.map(({ route }) => route).join();
  if (at >= (docket.watch.refusedAt ?? 0) && routes(docket.watch.refused) !== routes(refused))
    docket.putWatch({ refused, refusedAt: at });
}
