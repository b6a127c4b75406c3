import type { Fact } from '../evidence/fact.ts';
import type { Anchor, AskEvidence, Cause, Incident, IncidentClass, Level } from '../evidence/incident.ts';
import { MINUTE, SECOND, spoken } from '../evidence/instant.ts';
import type { Probe } from '../evidence/probe.ts';
import type { Trouble, TroubleKind } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { open, revise } from './incidents.ts';
import { ASKING_AGAIN, CLOCK_OFF, CONFLICTS, FRESH, GAP, REFUSED_AFTER, UNBROKEN, UP_BREAK } from './limits.ts';
import { payloadFor, thresholdsOf, vainGlobs } from './probes.ts';
import { nextSlot, offsetOf, pitch } from './schedule.ts';
import { silentTime } from './waiting.ts';

const GAPS_KEPT = 50;
const NAMES_KEPT = 20;

/** Follows how asking itself goes: which calls fail, since when, and whether our clock agrees with the queue's. */
export function followAsking(docket: Docket, facts: readonly Fact[]): void {
  const failed = new Set<TroubleKind>();
  for (const fact of facts) {
    if (fact.kind === 'clock') followClock(docket, failed, fact.offset, fact.at);
    else if (fact.kind === 'pass') followPass(docket, fact.complete, fact.at);
    else if (fact.kind === 'looked') docket.putWatch({ lookedAt: Math.max(docket.watch.lookedAt ?? 0, fact.at) });
    else if (fact.kind === 'failed') fail(docket, failed, fact);
  }
  const looked = facts.some((fact) => fact.kind === 'status' || fact.kind === 'absent' || fact.kind === 'group');
  const created = facts.flatMap((fact) => (fact.kind === 'created' ? [probeOf(docket, fact.taskId)] : []));
  if (looked || created.length > 0) works(docket, 'look');
  if (created.length > 0) works(docket, 'create');
  if (!failed.has('refused') && grants(docket, created)) works(docket, 'refused');
  if ((looked || created.length > 0) && !failed.has('clock')) works(docket, 'clock');
}

function probeOf(docket: Docket, taskId: string | undefined): string | undefined {
  for (const state of docket.states.values()) if (taskId !== undefined && state.open?.taskId === taskId) return state.name;
  return undefined;
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
  if (fact.ask === 'read') docket.putWatch({ readFailedAt: fact.at });
  const kind = troubleKind(fact);
  if (kind === undefined) return;
  failed.add(kind);
  const old = docket.watch.trouble[kind];
  // Where asking worked in between, only an incident of its own makes this the same row of failures.
  const same = old !== undefined && (old.ok === undefined || docket.incidents.has(ANCHORS[kind]));
  const unbroken = same && fact.at - old.last <= brokenAfter(docket, UNBROKEN) ? old : undefined;
  const probe = probeOf(docket, fact.taskId);
  const names = new Set(unbroken?.probes ?? []);
  if (probe !== undefined && names.size < NAMES_KEPT) names.add(probe);
  putTrouble(docket, kind, {
    since: unbroken?.since ?? fact.at,
    last: Math.max(fact.at, unbroken?.last ?? 0),
    detail: fact.detail,
    probes: [...names],
  });
}

const ANCHORS: Record<TroubleKind, Anchor> = {
  look: 'ask:queue-unreachable',
  create: 'ask:cannot-submit',
  refused: 'ask:access-refused',
  clock: 'ask:clock-off',
};

/** Whoever runs a pass each ten minutes does not break a row of failures by that. */
function brokenAfter(docket: Docket, usual: number): number {
  return Math.max(usual, 2.5 * (docket.watch.pace ?? 0));
}

/** Asking worked. With an incident open the trouble stays on record until it has worked for a while, so that one success closes nothing. */
function works(docket: Docket, kind: TroubleKind): void {
  const at = docket.now;
  const trouble = docket.watch.trouble[kind];
  if (trouble === undefined) return;
  const since = trouble.ok ?? at;
  if (kind === 'look' && trouble.ok === undefined && at - trouble.since >= GAP) {
    docket.putWatch({ gaps: [...docket.watch.gaps, { from: trouble.since, to: at }].slice(-GAPS_KEPT) });
  }
  const incident = docket.incidents.has(ANCHORS[kind]);
  putTrouble(docket, kind, incident && at - since < ASKING_AGAIN ? { ...trouble, ok: since } : undefined);
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

interface Finding {
  anchor: Anchor;
  class: IncidentClass;
  cause: Cause;
  level: Level;
  since: number;
  /** It was seen just now, and may open or escalate. */
  fresh: boolean;
  evidence: AskEvidence;
  text: string;
}

/** Opens, escalates and resolves the incidents that say we could not ask, or that the configuration is at odds with the deployment. */
export function judgeAsking(docket: Docket): void {
  const findings = new Map<Anchor, Finding>();
  const add = (finding: Finding | undefined) => finding && findings.set(finding.anchor, finding);
  const { look, create, refused, clock } = docket.watch.trouble;
  const limit = docket.config.unreachableAfter;
  if (look) add(found(docket, 'queue-unreachable', look, limit, 2 * limit));
  if (create && (!look || docket.incidents.has(ANCHORS.create))) add(found(docket, 'cannot-submit', create, limit, 2 * limit));
  if (refused && stillConfigured(docket, refused)) add(found(docket, 'access-refused', refused, REFUSED_AFTER));
  if (clock) add(found(docket, 'clock-off', clock, 0));
  add(nameConflict(docket));
  add(poolUnknown(docket));
  // Silence has a better name while asking itself fails, but what stands is not closed by that: only news of the probe closes it.
  const standing = docket.incidents.get('ask:no-evidence')?.evidence;
  const named = new Set([...findings.values()].flatMap((finding) => finding.evidence.probes));
  if (standing?.kind === 'ask') for (const probe of standing.probes) named.delete(probe);
  if (standing || !(look || create || clock)) add(noEvidence(docket, named));
  for (const finding of findings.values()) settle(docket, finding);
  for (const [anchor, incident] of docket.incidents) {
    if (!anchor.startsWith('ask:') || findings.has(anchor)) continue;
    const at = docket.now;
    const text = `asking works again after ${spoken(at - incident.since)}`;
    revise(docket, incident, { ended: at, end: 'resolved' }, { at, what: 'resolved', text, loud: true });
  }
}

/** A refusal of probes that are all gone is nobody's any more. */
function stillConfigured(docket: Docket, { probes }: Trouble): boolean {
  return probes.length === 0 || docket.probes.some((probe) => probes.includes(probe.name));
}

/** An open incident is found as long as its trouble is on record; a new one only past its limit. */
function found(docket: Docket, cause: Cause, trouble: Trouble, warnAfter: number, pageAfter?: number): Finding | undefined {
  const anchor: Anchor = `ask:${cause}`;
  const lasted = trouble.last - trouble.since;
  if (!docket.incidents.has(anchor) && lasted < warnAfter) return undefined;
  const { since, detail, probes } = trouble;
  return {
    anchor,
    class: 'cannot-ask',
    cause,
    level: pageAfter !== undefined && lasted >= pageAfter ? 'page' : 'warn',
    since,
    fresh: trouble.ok === undefined && trouble.last >= docket.now - FRESH,
    evidence: { kind: 'ask', since, detail, probes },
    text: lasted < SECOND ? detail : `for ${spoken(lasted)}: ${detail}`,
  };
}

function listing(docket: Docket, cause: Cause, kind: IncidentClass, since: number, probes: string[], detail: string): Finding {
  const evidence: AskEvidence = { kind: 'ask', since, detail, probes: probes.slice(0, NAMES_KEPT) };
  return {
    anchor: `ask:${cause}`,
    class: kind,
    cause,
    level: 'warn',
    since: Math.min(since, docket.now),
    fresh: true,
    evidence,
    text: detail,
  };
}

function nameConflict(docket: Docket): Finding | undefined {
  const struck = docket.probes
    .filter((probe) => (docket.states.get(probe.name)?.conflicts ?? 0) >= CONFLICTS)
    .map((probe) => probe.name);
  if (struck.length === 0) return undefined;
  const detail = `${CONFLICTS} slots in a row were already taken by another definition: two configurations share a deployment and probe name, or task.schedulerId was changed today`;
  return listing(docket, 'name-conflict', 'cannot-ask', docket.now, struck, detail);
}

function poolUnknown(docket: Docket): Finding | undefined {
  const { config, pools, watch } = docket;
  const vain = watch.poolsAt === undefined ? [] : vainGlobs(config, pools);
  const struck = docket.probes.filter((probe) => pools.has(probe.pool) && payloadFor(probe, pools.get(probe.pool)) === undefined);
  if (struck.length === 0 && vain.length === 0) return undefined;
  const unknown = struck.filter((probe) => pools.get(probe.pool)?.info === undefined);
  const said = [
    ...vain.map((entry) => `${config.file}:${entry.line}: no pool matches ${entry.pool}`),
    ...(unknown.length > 0
      ? ['worker-manager does not know the pool, so `payload: auto` has nothing to go by: correct the name or set a payload']
      : []),
    ...(unknown.length < struck.length
      ? ['worker-manager does not tell what the workers run: set a payload instead of `auto`']
      : []),
  ];
  const names = [...vain.map((entry) => entry.pool), ...struck.map((probe) => probe.name)];
  return listing(docket, 'pool-unknown', 'configuration', docket.now, names, said.join('; '));
}

/**
 * A probe of which nothing was heard for long, though passes came and calls went well, is a hole in the watch. Judged as of the last
 * pass: the time since then is our own silence.
 */
function noEvidence(docket: Docket, named: ReadonlySet<string>): Finding | undefined {
  const { upSince, triedAt } = docket.watch;
  if (upSince === undefined || triedAt === undefined) return undefined;
  const silent = docket.probes.flatMap((probe) => {
    const state = docket.states.get(probe.name);
    if (state === undefined || named.has(probe.name)) return [];
    const since = Math.max(upSince, state.evidenceAt ?? 0, state.knownSince);
    const lasted = triedAt - since - silentTime(docket.watch, since, triedAt);
    const limit = Math.max(SILENT_SLOTS * pitch(probe.schedule), thresholdsOf(probe, state)?.pageAfter ?? 0);
    return lasted > limit && slotsPassed(probe, since, triedAt) ? [{ name: probe.name, since }] : [];
  });
  if (silent.length === 0) return undefined;
  const since = Math.min(...silent.map((probe) => probe.since));
  const names = silent.map((probe) => probe.name);
  const detail = `nothing was heard of ${silent.length === 1 ? 'this probe' : `${silent.length} probes`} for ${spoken(docket.now - since)}`;
  return listing(docket, 'no-evidence', 'cannot-ask', since, names, detail);
}

/** So many slots of a probe must have passed without a word; a schedule of office hours is silent every night. */
const SILENT_SLOTS = 3;

function slotsPassed(probe: Probe, since: number, until: number): boolean {
  const offset = offsetOf(probe.schedule, probe.name);
  let slot: number | undefined = since;
  for (let i = 0; i < SILENT_SLOTS && slot !== undefined; i++) slot = nextSlot(probe.schedule, offset, slot);
  return slot !== undefined && slot <= until;
}

function settle(docket: Docket, finding: Finding): void {
  const incident = docket.incidents.get(finding.anchor);
  if (!finding.fresh) return;
  const { fresh: _fresh, ...opening } = finding;
  if (incident === undefined) {
    open(docket, { ...opening, slot: finding.since, at: docket.now });
  } else if (incident.level === 'warn' && finding.level === 'page') {
    const entry = { at: docket.now, what: 'escalated' as const, text: finding.text, loud: true };
    revise(docket, incident, { level: 'page', evidence: finding.evidence }, entry);
  } else {
    const more = added(incident, finding);
    if (more.length === 0) return;
    const entry = {
      at: docket.now,
      what: 'changed' as const,
      text: `now also ${more.join(', ')}: ${finding.evidence.detail}`,
      loud: true,
    };
    revise(docket, incident, { evidence: finding.evidence }, entry);
  }
}

/** Probes that a standing incident strikes anew; where it strikes all, names mean nothing. */
function added(incident: Incident, finding: Finding): string[] {
  if (incident.evidence.kind !== 'ask' || finding.cause === 'queue-unreachable' || finding.cause === 'cannot-submit') return [];
  const known = new Set(incident.evidence.probes);
  return finding.evidence.probes.filter((probe) => !known.has(probe));
}
