import type { Canary, Start } from '../evidence/canary.ts';
import { MINUTE, SECOND } from '../evidence/instant.ts';
import type { Probe } from '../evidence/probe.ts';
import type { ProbeState } from '../evidence/state.ts';
import type { BudgetTally } from '../evidence/tally.ts';
import type { Run, TaskStatus } from '../evidence/task.ts';
import { budgeted } from '../stats/budget.ts';
import { exactQuantile } from '../stats/sketch.ts';
import { tallied } from '../stats/tally.ts';
import type { Docket } from './docket.ts';
import { BOOTS_KEPT, CANCEL_BEFORE, EARNED_AFTER, EARNED_CLAIMS, RECENT_CLAIMS } from './limits.ts';
import { thresholdsOf } from './probes.ts';
import { offsetOf, slots } from './schedule.ts';
import { waitingSince } from './waiting.ts';

/** What one answer of the queue does to a probe whose canary it is about. */
export interface Sighting {
  canary: Canary;
  status: TaskStatus;
  /** When the queue told, by its clock. */
  at: number;
  start: Start;
  /** When the worker that claimed it was created. */
  workerCreated?: number;
}

/** Takes in what the queue said of a canary: still pending, claimed, or ended without a claim. */
export function sight(docket: Docket, probe: Probe | undefined, state: ProbeState, sighting: Sighting): void {
  const run = sighting.status.runs[0];
  const seen = { ...state, evidenceAt: Math.max(state.evidenceAt ?? 0, sighting.at) };
  if (run === undefined || sighting.status.state === 'unscheduled') docket.putState(seen);
  else if (run.started !== undefined) claimed(docket, probe, seen, sighting, run, run.started);
  else if (run.state === 'pending') pending(docket, seen, sighting, run);
  else censored(docket, probe, seen, sighting, run);
}

function pending(docket: Docket, state: ProbeState, { canary, at }: Sighting, run: Run): void {
  docket.pendingSeen.set(state.name, at);
  const known = canary.stage === 'pending' && state.open?.taskId === canary.taskId;
  const { extra: _answered, ...rest } = state;
  docket.putState({
    ...rest,
    open: known ? canary : { ...canary, stage: 'pending', scheduled: run.scheduled },
    chain: state.chain ?? { slot: canary.slot, since: run.scheduled },
  });
}

/** The slots that passed while the canary was pending; each is an observation of its own, else an hour's outage is one bad sample. */
function skipped(probe: Probe | undefined, canary: Canary, until: number): number[] {
  return probe === undefined ? [] : slots(probe.schedule, offsetOf(probe.schedule, probe.name), canary.slot, until - 1);
}

/** Its own wait and that of each slot skipped for it; gives the probe's tallies with them. */
function recordObservations(
  docket: Docket,
  probe: Probe | undefined,
  state: ProbeState,
  canary: Canary,
  end: number,
): Pick<ProbeState, 'tally' | 'budget'> {
  const warnAfter = probe && thresholdsOf(probe, state)?.warnAfter;
  const censored = canary.stage !== 'claimed';
  const start = canary.start ?? 'unknown';
  let { tally } = state;
  let budget: BudgetTally | undefined = probe === undefined ? state.budget : undefined;
  const add = (at: number, ms: number) => {
    const breach = warnAfter !== undefined && ms >= warnAfter;
    docket.record({ kind: 'observation', probe: canary.probe, at, ms, start, censored, breach });
    tally = tallied(tally, { ms, start, censored, breach });
    if (probe?.objective) budget = budgeted(budget ?? state.budget, probe.objective, { at, ms, censored }, docket.now);
  };
  add(canary.slot, end - (canary.scheduled ?? canary.slot));
  for (const slot of skipped(probe, canary, end)) add(slot, end - slot);
  docket.record({ kind: 'canary', canary });
  return { ...(tally && { tally }), ...(budget && { budget }) };
}

function claimed(
  docket: Docket,
  probe: Probe | undefined,
  state: ProbeState,
  sighting: Sighting,
  run: Run,
  started: number,
): void {
  const { definition: _sent, ...bare } = sighting.canary;
  const worker =
    run.workerGroup !== undefined && run.workerId !== undefined ? { worker: `${run.workerGroup}/${run.workerId}` } : {};
  const canary: Canary = {
    ...bare,
    stage: 'claimed',
    scheduled: run.scheduled,
    started,
    ended: started,
    start: sighting.start,
    ...worker,
  };
  const ms = Math.max(0, started - run.scheduled);
  const since = waitingSince(run.scheduled, docket.watch, docket.config.unreachableAfter);
  const waited = Math.max(0, started - since, Math.min(ms, seenWaiting(state, canary.taskId)));
  const tallies = recordObservations(docket, probe, state, canary, started);
  const claim = { taskId: canary.taskId, at: started, ms, start: sighting.start };
  const newest = state.lastClaim === undefined || state.lastClaim.at <= started;
  const warnAfter = probe && thresholdsOf(probe, state)?.warnAfter;
  const { open, chain, extra: _answered, ...rest } = state;
  const next: ProbeState = {
    ...rest,
    ...(open !== undefined && open.taskId !== canary.taskId ? { open, ...(chain && { chain }) } : {}),
    lastSlot: Math.max(state.lastSlot, canary.slot, ...skipped(probe, canary, started).slice(-1)),
    claims: state.claims + 1,
    ...tallies,
    lastEnd: Math.max(state.lastEnd ?? 0, started),
    firstClaimAt: Math.min(state.firstClaimAt ?? started, started),
    recent: (newest ? [...state.recent, waited] : [waited, ...state.recent]).slice(-RECENT_CLAIMS),
    good: warnAfter !== undefined && waited >= warnAfter ? 0 : state.good + 1,
    ...(newest ? { lastClaim: claim } : {}),
    ...(sighting.start === 'cold' && { lastCold: Math.max(state.lastCold ?? 0, started) }),
  };
  if (sighting.start === 'cold') keepBoot(docket, canary.pool, started - (sighting.workerCreated ?? started));
  docket.putState(earn(probe, next, sighting.at));
  const seen = docket.claimsSeen.get(state.name) ?? [];
  seen.push({ ...claim, slot: canary.slot, seenAt: sighting.at, waited });
  docket.claimsSeen.set(state.name, seen);
}

/** How long it was seen to wait, where it was seen to be late: a silence of the queue after that makes it no better. */
function seenWaiting({ breach }: ProbeState, taskId: string): number {
  return breach?.taskId === taskId && !breach.claimed ? breach.age : 0;
}

/** From a worker's creation to its first claim, as far as a canary was what it claimed first. */
function keepBoot(docket: Docket, pool: string, ms: number): void {
  const record = docket.pools.get(pool);
  if (record === undefined || ms <= 0) return;
  docket.putPool({ ...record, boots: [...(record.boots ?? []), ms].slice(-BOOTS_KEPT) });
}

/** High, and yet an outage during the first days does not set the alarm for ever. */
const EARNED_QUANTILE = 0.95;

/** Thresholds are earned once and then stand, else a pool that slowly gets worse would move its own alarm. */
function earn(probe: Probe | undefined, state: ProbeState, at: number): ProbeState {
  if (probe === undefined || probe.thresholds !== undefined || probe.mode === 'observe' || state.earned !== undefined)
    return state;
  if (state.claims < EARNED_CLAIMS && at - (state.firstClaimAt ?? at) < EARNED_AFTER) return state;
  const slowest = exactQuantile(state.recent, EARNED_QUANTILE) ?? 0;
  const pageAfter = Math.min(Math.max(15 * MINUTE, 4 * slowest), probe.deadline - 2 * CANCEL_BEFORE);
  return { ...state, earned: { warnAfter: Math.min(Math.max(5 * MINUTE, 2 * slowest), pageAfter), pageAfter } };
}

/** By our own reckoning of the queue's clock we may have cancelled a little early. */
const CANCEL_SLACK = 5 * SECOND;

/** It ended without a claim: cancelled by us near its deadline, cancelled by a human, or past its deadline. */
function censored(docket: Docket, probe: Probe | undefined, state: ProbeState, { canary: seen, at }: Sighting, run: Run): void {
  const ended = run.resolved ?? seen.deadline;
  const ours = run.reasonResolved === 'canceled' && ended >= seen.deadline - CANCEL_BEFORE - CANCEL_SLACK;
  const { definition: _sent, ...bare } = seen;
  const reason = ours ? 'replaced' : (run.reasonResolved ?? 'unknown');
  const canary: Canary = { ...bare, stage: 'censored', scheduled: run.scheduled, ended, reason };
  const tallies = recordObservations(docket, probe, state, canary, ended);
  const { open, chain, ...rest } = state;
  const other = open !== undefined && open.taskId !== canary.taskId ? { open } : {};
  const followOn = ours || run.reasonResolved === 'deadline-exceeded' || state.breach !== undefined;
  const next = {
    ...rest,
    ...other,
    ...tallies,
    lastEnd: Math.max(state.lastEnd ?? 0, ended),
    good: 0,
    lastSlot: Math.max(state.lastSlot, canary.slot, ...skipped(probe, canary, ended).slice(-1)),
  };
  docket.putState(
    followOn ? { ...next, extra: extraSlot(next, at), chain: chain ?? { slot: canary.slot, since: run.scheduled } } : next,
  );
}

/** A slot beside the schedule: the present second, or the first one after the newest slot. */
export function extraSlot({ lastSlot }: ProbeState, now: number): number {
  return Math.max(Math.floor(now / SECOND) * SECOND, Math.floor(lastSlot / SECOND) * SECOND + SECOND);
}

/** The canary will not be heard of again: it never got into the queue, or vanished from it; what is known of its wait is kept. */
export function lose(docket: Docket, state: ProbeState, canary: Canary, reason: string): void {
  const { definition: _sent, ...bare } = canary;
  const lost: Canary = { ...bare, stage: 'lost', ended: docket.now, reason };
  const { open: _gone, ...rest } = state;
  if (canary.scheduled === undefined) {
    docket.record({ kind: 'canary', canary: lost });
    docket.putState({ ...rest, good: 0 });
    return;
  }
  const seen = Math.max(canary.scheduled, docket.watch.lookedAt ?? canary.scheduled);
  docket.putState({ ...rest, ...recordObservations(docket, undefined, state, lost, seen), good: 0 });
}
