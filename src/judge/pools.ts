import type { Level, PoolEvidence } from '../evidence/incident.ts';
import { spoken } from '../evidence/instant.ts';
import type { Probe, Thresholds } from '../evidence/probe.ts';
import type { Breach, ProbeState } from '../evidence/state.ts';
import { exactQuantile } from '../stats/sketch.ts';
import { standingOf } from './budgets.ts';
import { extraSlot } from './canaries.ts';
import { diagnosisFor, diagnosisOf, isQueue } from './causes/cause.ts';
import type { Docket, SeenClaim, Turn } from './docket.ts';
import { FRESH } from './limits.ts';
import { fleetOf } from './members.ts';
import { thresholdsOf } from './probes.ts';
import { pitch } from './schedule.ts';
import { pendingFrom, waitingSince } from './waiting.ts';

/**
 * Judges every pool with evidence seen in this judgement; what was not seen now begins and escalates nothing. What it finds are turns of a
 * probe's breach; incidents are made of them afterwards.
 */
export function judgePools(docket: Docket): void {
  const { claimsSeen, pendingSeen } = docket;
  for (const probe of docket.probes) {
    if (!claimsSeen.has(probe.name) && !pendingSeen.has(probe.name)) continue;
    const thresholds = thresholdsOf(probe, docket.states.get(probe.name));
    if (thresholds === undefined || docket.pools.get(probe.pool)?.gone !== undefined) continue;
    for (const claim of claimsSeen.get(probe.name) ?? []) judgeClaim(docket, probe, thresholds, claim);
    judgePending(docket, probe, thresholds);
  }
}

/** With fewer claims than this nobody can say what is usual. */
const USUAL_FROM = 5;

function evidenceOf(docket: Docket, probe: Probe, state: ProbeState, thresholds: Thresholds, shown: Shown): PoolEvidence {
  const before = state.recent.slice(0, shown.claimed ? -1 : undefined);
  const usual = before.length < USUAL_FROM ? undefined : exactQuantile(before, 0.95);
  const diagnosis = diagnosisFor(docket.pools.get(probe.pool), state.open?.scheduled, docket.watch, docket.now);
  const budgetLeft = standingOf(docket, probe, state)?.budgetLeft;
  return {
    kind: 'pool',
    probe: probe.name,
    pool: probe.pool,
    ...shown,
    ...thresholds,
    ...(state.lastClaim && !shown.claimed && { lastClaim: { at: state.lastClaim.at, ms: state.lastClaim.ms } }),
    ...(usual !== undefined && { usual }),
    ...(diagnosis && !shown.claimed && { diagnosis }),
    ...(budgetLeft !== undefined && { budgetLeft }),
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
  const since = waitingSince(pendingFrom(state) ?? canary.scheduled, docket.watch, docket.config.unreachableAfter);
  const age = seenAt - since;
  const { breach } = state;
  if (age < thresholds.warnAfter) return;
  const from = pageableFrom(docket, probe, since);
  const late = seenAt - from >= thresholds.pageAfter;
  const past = late && !isQueued(docket, probe, canary.scheduled) ? 'page' : 'warn';
  const level = breach?.level === 'page' ? 'page' : past;
  const known = isKnown(breach, level) && !(past === 'page' && isLateAnew(breach, thresholds));
  if (known && !breach.claimed) return;
  const limit = past === 'page' ? thresholds.pageAfter : thresholds.warnAfter;
  const shown = { taskId: canary.taskId, since: canary.scheduled, age, claimed: false };
  const begun = { since: state.chain?.since ?? canary.scheduled, slot: state.chain?.slot ?? canary.slot };
  const next: Breach = { ...(breach ?? begun), level, taskId: canary.taskId, age, claimed: false };
  docket.putState({ ...state, good: 0, breach: next });
  if (known && breach.slow) return;
  const evidence = evidenceOf(docket, probe, { ...state, good: 0 }, thresholds, shown);
  const text = `canary unclaimed for ${spoken(age)}, past the ${spoken(limit)} after which to ${past}`;
  docket.turns.push({
    probe,
    what: turnOf(breach, level),
    at: seenAt,
    text,
    crossed: (past === 'page' ? from : since) + limit,
    evidence,
  });
}

/** A queue is no break: who waits his turn is not paged for, as long as it is seen to move. */
function isQueued({ pools, watch, now }: Docket, { pool, pageOnBacklog }: Probe, scheduled: number): boolean {
  return !pageOnBacklog && isQueue(diagnosisOf(pools.get(pool), watch, now), scheduled, now);
}

function turnOf(breach: Breach | undefined, level: Level): Turn['what'] {
  if (breach === undefined) return 'began';
  return breach.level === level ? 'relapsed' : 'escalated';
}

function isKnown(breach: Breach | undefined, level: Level): breach is Breach {
  return breach?.level === level;
}

/** A pool that stays slow is told of again only where it comes to be late enough for a page. */
function isLateAnew(breach: Breach, { pageAfter }: Thresholds): boolean {
  return breach.slow === true && (breach.claimed || breach.age < pageAfter);
}

/** What a stall kept waiting is late enough for a page once a task submitted at its end would be. */
function pageableFrom({ incidents }: Docket, { name }: Probe, since: number): number {
  return Math.max(since, fleetOf(incidents, name)?.evidence.eased ?? since);
}

function judgeClaim(docket: Docket, probe: Probe, thresholds: Thresholds, claim: SeenClaim): void {
  const state = docket.states.get(probe.name);
  if (state === undefined) return;
  const { breach } = state;
  const slow = claim.waited >= thresholds.warnAfter;
  const shown = { taskId: claim.taskId, since: claim.at - claim.ms, age: claim.waited, claimed: true };
  const evidence = evidenceOf(docket, probe, state, thresholds, shown);
  const turn = (what: Turn['what'], text: string, crossed = claim.at) =>
    docket.turns.push({ probe, what, at: claim.seenAt, text, crossed, evidence });
  if (breach === undefined) {
    // An old claim, read after a long sleep, is news of the past.
    if (!slow || claim.at < docket.now - Math.max(FRESH, pitch(probe.schedule))) return;
    const begun: Breach = { ...shown, slot: claim.slot, level: 'warn', slow: true };
    docket.putState({ ...state, good: 0, breach: begun, extra: extraSlot(state, claim.seenAt) });
    evidence.good = 0;
    const late = `canary claimed only after ${spoken(claim.ms)}, past the ${spoken(thresholds.warnAfter)} after which to warn`;
    turn('began', late, shown.since + thresholds.warnAfter);
    return;
  }
  const text = `after ${spoken(claim.ms)}, ${claim.start === 'unknown' ? 'by a worker' : `by a ${claim.start} worker`}`;
  if (state.good >= probe.resolveAfter) {
    const { breach: _over, ...rest } = state;
    docket.putState(rest);
    turn('ended', `${state.good} in time in a row, the last ${text}`);
    return;
  }
  const next = { ...state, breach: { ...breach, taskId: claim.taskId, age: claim.waited, claimed: true, slow } };
  // A pool that stays slow goes back to its schedule, and its story is not told again with every canary.
  if (slow && (breach.claimed || breach.slow)) {
    docket.putState(next);
    return;
  }
  // A confirmation follows at once, so that recovery takes claims and not intervals.
  docket.putState(state.open === undefined ? { ...next, extra: extraSlot(state, claim.seenAt) } : next);
  const left = probe.resolveAfter - state.good;
  turn('claimed', `${text}; ${left} more under ${spoken(thresholds.warnAfter)} ${left === 1 ? 'closes' : 'close'} this`);
}
