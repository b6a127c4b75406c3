import type { Incident, PoolEvidence } from '../evidence/incident.ts';
import { spoken } from '../evidence/instant.ts';
import type { Probe, Thresholds } from '../evidence/probe.ts';
import type { ProbeState } from '../evidence/state.ts';
import { exactQuantile } from '../stats/sketch.ts';
import { extraSlot } from './canaries.ts';
import type { Docket, SeenClaim } from './docket.ts';
import { open, revise } from './incidents.ts';
import { FRESH, WITHDRAWN_AFTER } from './limits.ts';
import { thresholdsOf } from './probes.ts';
import { pitch } from './schedule.ts';
import { pendingFrom, waitingSince } from './waiting.ts';

/** Judges every pool with evidence seen in this judgement; what was not seen now opens and escalates nothing. */
export function judgePools(docket: Docket): void {
  for (const probe of docket.probes) {
    const state = docket.states.get(probe.name);
    const thresholds = thresholdsOf(probe, state);
    if (state === undefined || thresholds === undefined) {
      end(docket, docket.incidents.get(`probe:${probe.name}`), 'the probe only observes now');
      continue;
    }
    for (const claim of docket.claimsSeen.get(probe.name) ?? []) judgeClaim(docket, probe, thresholds, claim);
    judgePending(docket, probe, thresholds);
  }
  withdraw(docket);
}

/** With fewer claims than this nobody can say what is usual. */
const USUAL_FROM = 5;

function evidenceOf(docket: Docket, probe: Probe, state: ProbeState, thresholds: Thresholds, shown: Shown): PoolEvidence {
  const before = state.recent.slice(0, shown.claimed ? -1 : undefined);
  const usual = before.length < USUAL_FROM ? undefined : exactQuantile(before, 0.95);
  const counts = docket.counts.get(probe.pool);
  return {
    kind: 'pool',
    probe: probe.name,
    pool: probe.pool,
    ...shown,
    ...thresholds,
    ...(state.lastClaim && !shown.claimed && { lastClaim: { at: state.lastClaim.at, ms: state.lastClaim.ms } }),
    ...(usual !== undefined && { usual }),
    ...(counts && { pending: counts.pending }),
    good: state.good,
    resolveAfter: probe.resolveAfter,
  };
}

type Shown = Pick<PoolEvidence, 'taskId' | 'since' | 'age' | 'claimed'>;

function judgePending(docket: Docket, probe: Probe, thresholds: Thresholds): void {
  const state = docket.states.get(probe.name);
  const seenAt = docket.pendingSeen.get(probe.name);
  const canary = state?.open;
  if (state === undefined || canary?.scheduled === undefined || seenAt === undefined || seenAt < docket.now - FRESH) return;
  const from = pendingFrom(state, docket.incidents) ?? canary.scheduled;
  const age = seenAt - waitingSince(from, docket.watch, docket.config.unreachableAfter);
  const incident = docket.incidents.get(`probe:${probe.name}`);
  if (age < thresholds.warnAfter || incident?.level === 'page') return;
  const level = age >= thresholds.pageAfter ? 'page' : 'warn';
  if (incident?.level === level) return;
  const limit = level === 'page' ? thresholds.pageAfter : thresholds.warnAfter;
  const evidence = evidenceOf(docket, probe, state, thresholds, {
    taskId: canary.taskId,
    since: canary.scheduled,
    age,
    claimed: false,
  });
  const text = `canary unclaimed for ${spoken(age)}, past the ${spoken(limit)} after which to ${level === 'page' ? 'page' : 'warn'}`;
  if (incident !== undefined) {
    revise(docket, incident, { level, evidence: { ...evidence, good: 0 } }, { at: seenAt, what: 'escalated', text, loud: true });
    return;
  }
  docket.putState({ ...state, good: 0 });
  open(docket, {
    anchor: `probe:${probe.name}`,
    class: 'pool',
    cause: 'unexplained',
    level,
    since: state.chain?.since ?? canary.scheduled,
    slot: state.chain?.slot ?? canary.slot,
    at: seenAt,
    evidence: { ...evidence, good: 0 },
    text,
  });
}

function judgeClaim(docket: Docket, probe: Probe, thresholds: Thresholds, claim: SeenClaim): void {
  const state = docket.states.get(probe.name);
  if (state === undefined) return;
  const incident = docket.incidents.get(`probe:${probe.name}`);
  const slow = claim.waited >= thresholds.warnAfter;
  const shown = { taskId: claim.taskId, since: claim.at - claim.ms, age: claim.waited, claimed: true };
  const evidence = evidenceOf(docket, probe, state, thresholds, shown);
  if (incident === undefined) {
    if (slow && claim.at >= docket.now - Math.max(FRESH, pitch(probe.schedule)))
      openForClaim(docket, probe, state, evidence, claim);
    return;
  }
  const text = `after ${spoken(claim.ms)}, ${claim.start === 'unknown' ? 'by a worker' : `by a ${claim.start} worker`}`;
  const at = claim.seenAt;
  if (state.good >= probe.resolveAfter) {
    const lasted = spoken(claim.at - incident.since);
    const loud = {
      at,
      what: 'resolved' as const,
      text: `over after ${lasted}; ${state.good} in time in a row, the last ${text}`,
      loud: true,
    };
    revise(docket, incident, { ended: claim.at, end: 'resolved', evidence }, loud);
    return;
  }
  // A pool that stays slow goes back to its schedule, and its story is not told again with every canary.
  if (slow && incident.timeline.some((entry) => entry.what === 'claimed')) return;
  confirm(docket, state, claim);
  const left = probe.resolveAfter - state.good;
  const more = `${text}; ${left} more under ${spoken(thresholds.warnAfter)} ${left === 1 ? 'closes' : 'close'} this`;
  revise(docket, incident, { evidence }, { at, what: 'claimed', text: more, loud: false });
}

function openForClaim(docket: Docket, probe: Probe, state: ProbeState, evidence: PoolEvidence, claim: SeenClaim): void {
  docket.putState({ ...state, good: 0, extra: extraSlot(state, claim.seenAt) });
  open(docket, {
    anchor: `probe:${probe.name}`,
    class: 'pool',
    cause: 'unexplained',
    level: 'warn',
    since: evidence.since,
    slot: claim.slot,
    at: claim.seenAt,
    evidence: { ...evidence, good: 0 },
    text: `canary claimed only after ${spoken(claim.ms)}, past the ${spoken(evidence.warnAfter)} after which to warn`,
  });
}

/** A confirmation follows at once, so that recovery takes claims and not intervals. */
function confirm(docket: Docket, state: ProbeState, claim: SeenClaim): void {
  if (state.open === undefined) docket.putState({ ...state, extra: extraSlot(state, claim.seenAt) });
}

/** A probe that left the configuration takes its incident along, once no replica with an older configuration moves it on any more. */
function withdraw(docket: Docket): void {
  const names = new Set(docket.probes.map((probe) => `probe:${probe.name}`));
  for (const incident of docket.incidents.values()) {
    if (!incident.anchor.startsWith('probe:') || names.has(incident.anchor)) continue;
    const state = docket.states.get(incident.anchor.slice('probe:'.length));
    if (state === undefined || state.lastSlot <= docket.now - WITHDRAWN_AFTER)
      end(docket, incident, 'the probe is no longer configured');
  }
}

/** Ends an incident that nobody will judge any more; should the probe come back, its story begins anew. */
function end(docket: Docket, incident: Incident | undefined, text: string): void {
  if (incident === undefined) return;
  const state = docket.states.get(incident.anchor.slice('probe:'.length));
  if (state !== undefined) {
    const { chain: _chain, extra: _extra, ...rest } = state;
    docket.putState(rest);
  }
  revise(docket, incident, { ended: docket.now, end: 'withdrawn' }, { at: docket.now, what: 'withdrawn', text, loud: true });
}
