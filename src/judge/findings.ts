import type { RouteId } from '../evidence/delivery.ts';
import {
  type Anchor,
  type AskEvidence,
  type Cause,
  type Incident,
  type IncidentClass,
  LEVELS,
  type Level,
} from '../evidence/incident.ts';
import { DAY, SECOND, spoken } from '../evidence/instant.ts';
import type { PoolRecord } from '../evidence/pool.ts';
import type { Probe } from '../evidence/probe.ts';
import type { Trouble } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { CONFLICTS, FRESH, REFUSED_AFTER, SILENT_SLOTS } from './limits.ts';
import { globOf } from './match.ts';
import { named as namesOf } from './members.ts';
import { isGlob, payloadFor, thresholdsOf } from './probes.ts';
import { nextSlot, offsetOf, pitch } from './schedule.ts';
import { ANCHORS, NAMES_KEPT } from './troubles.ts';
import { silentTime } from './waiting.ts';

/** Something that keeps us from asking, or that is at odds between the configuration and the deployment. */
export interface Finding {
  anchor: Anchor;
  class: IncidentClass;
  cause: Cause;
  level: Level;
  since: number;
  /** When it became one of this level. */
  crossed: number;
  /** It was seen just now, and may open or escalate. */
  fresh: boolean;
  evidence: AskEvidence;
  text: string;
}

/** Everything that is found now, each under its anchor. */
export function findingsOf(docket: Docket): Map<Anchor, Finding> {
  const findings = new Map<Anchor, Finding>();
  const add = (finding: Finding | undefined) => finding && findings.set(finding.anchor, finding);
  const { look, create, refused, clock } = docket.watch.trouble;
  const limit = docket.config.unreachableAfter;
  if (look) add(found(docket, 'queue-unreachable', look, limit, 2 * limit));
  if (create && (!look || docket.incidents.has(ANCHORS.create))) add(found(docket, 'cannot-submit', create, limit, 2 * limit));
  add(degraded(docket));
  if (refused && stillConfigured(docket, refused)) add(found(docket, 'access-refused', refused, REFUSED_AFTER));
  if (clock) add(found(docket, 'clock-off', clock, 0));
  add(nameConflict(docket));
  add(poolUnknown(docket));
  add(poolGone(docket));
  add(channelRefused(docket));
  // Silence has a better name while asking itself fails, but what stands is not closed by that: only news of the probe closes it.
  const standing = docket.incidents.get('ask:no-evidence')?.evidence;
  const named = new Set([...findings.values()].flatMap((finding) => finding.evidence.probes));
  if (standing?.kind === 'ask') for (const probe of standing.probes) named.delete(probe);
  if (standing || !(look || create || clock)) add(noEvidence(docket, named));
  return findings;
}

/** Where it does not answer at all, or takes no task at all, that is told, and not this beside it. */
function degraded(docket: Docket): Finding | undefined {
  const { look, create } = docket.watch.calls ?? {};
  const shown = [look, create].flatMap((calls) => calls?.degraded ?? []);
  if (shown.length === 0 || worseOf(docket) !== undefined) return undefined;
  const since = Math.min(...shown.map((one) => one.since));
  const at = Math.max(...shown.map((one) => one.at));
  const finding = listing(docket, 'queue-degraded', 'cannot-ask', since, [], shown.map(({ detail }) => detail).join('; '));
  return { ...finding, crossed: at, fresh: at >= docket.now - FRESH };
}

/** Where a queue that failed many calls fails all of them, or all of one kind, the incident that says so; one that is silenced tells nobody. */
export function worseOf({ incidents }: Docket): Incident | undefined {
  const found = [incidents.get(ANCHORS.look), incidents.get(ANCHORS.create)];
  return found.find((incident) => incident !== undefined && incident.silenced === undefined);
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
  const pages = pageAfter !== undefined && lasted >= pageAfter;
  return {
    anchor,
    class: 'cannot-ask',
    cause,
    level: pages ? 'page' : 'warn',
    since,
    crossed: since + (pages ? pageAfter : warnAfter),
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
    crossed: docket.now,
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
  const vain = watch.poolsAt === undefined ? [] : docket.expansion.vain;
  const struck = docket.probes.filter((probe) => {
    const record = pools.get(probe.pool);
    return isKept(record) && payloadFor(probe, record) === undefined;
  });
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

function isKept(record: PoolRecord | undefined): boolean {
  return record !== undefined && record.at > 0 && record.gone === undefined;
}

/** Pools that somebody removed or renamed while we watched: those that are named, and globs that lost many within a day. */
function poolGone(docket: Docket): Finding | undefined {
  const { config, pools, now } = docket;
  if (docket.standouts.gone.length === 0) return undefined;
  const named = docket.probes.filter(({ pool }) => pools.get(pool)?.gone !== undefined);
  const shrunk = config.probes.flatMap((entry) => {
    if (!isGlob(entry.pool)) return [];
    const fitting = [...pools.values()].filter(({ pool }) => globOf(entry.pool).test(pool));
    const lost = fitting.filter(({ gone }) => gone !== undefined && now - gone.since < DAY);
    const before = lost.length + fitting.filter(({ info }) => info !== undefined).length;
    return lost.length > SHRUNK * before ? [{ entry, lost, before }] : [];
  });
  if (named.length === 0 && shrunk.length === 0) return undefined;
  const gone = named.map(({ pool }) => pools.get(pool)?.gone?.since ?? now);
  const said = [
    ...(named.length > 0
      ? [`worker-manager knew ${namesOf(named)} and does not any more: remove the probe, or correct its pool`]
      : []),
    ...shrunk.map(
      ({ entry, lost, before }) =>
        `${config.file}:${entry.line}: ${lost.length} of ${before} pools that match ${entry.pool} are gone: ${namesOf(lost)}`,
    ),
  ];
  const names = [...named.map(({ name }) => name), ...shrunk.map(({ entry }) => entry.pool)];
  return listing(docket, 'pool-gone', 'configuration', Math.min(now, ...gone), names, said.join('; '));
}

/** A glob that loses more than this share of its pools within a day has probably lost them by mistake. */
const SHRUNK = 0.1;

/**
 * A probe of which nothing was heard for long, though passes came and calls went well, is a hole in the watch. Judged as of the last
 * pass: the time since then is our own silence.
 */
function noEvidence(docket: Docket, named: ReadonlySet<string>): Finding | undefined {
  const { upSince, triedAt } = docket.watch;
  if (upSince === undefined || triedAt === undefined) return undefined;
  const silent = docket.probes.flatMap((probe) => {
    const state = docket.states.get(probe.name);
    if (state === undefined || named.has(probe.name) || docket.pools.get(probe.pool)?.gone !== undefined) return [];
    const since = Math.max(upSince, state.evidenceAt ?? 0, state.knownSince);
    if (triedAt - since <= SILENT_SLOTS * pitch(probe.schedule)) return [];
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

function slotsPassed(probe: Probe, since: number, until: number): boolean {
  const offset = offsetOf(probe.schedule, probe.name);
  let slot: number | undefined = since;
  for (let i = 0; i < SILENT_SLOTS && slot !== undefined; i++) slot = nextSlot(probe.schedule, offset, slot);
  return slot !== undefined && slot <= until;
}

/** Until somebody mends it the other channels have to do. One that is configured no more has been mended. */
function channelRefused(docket: Docket): Finding | undefined {
  if (docket.watch.refused === undefined || docket.watch.refused.length === 0) return undefined;
  const configured = new Set<string>(everyRoute(docket));
  const refused = docket.watch.refused.filter(({ route }) => configured.has(route));
  if (refused.length === 0) return undefined;
  const detail = refused.map(({ route, why }) => `${route}: ${why}`).join('; ');
  const finding = listing(docket, 'channel-refused', 'cannot-ask', docket.now, [], detail);
  const routes = refused.map(({ route }) => route as RouteId);
  return { ...finding, evidence: { ...finding.evidence, routes } };
}

function everyRoute({ rules, probes }: Docket): RouteId[] {
  return [undefined, ...probes].flatMap((probe) =>
    LEVELS.flatMap((level) => rules.addressees(probe, level).map(({ route }) => route)),
  );
}
