import type { Fact } from '../evidence/fact.ts';
import { DAY } from '../evidence/instant.ts';
import type { Config, Probe } from '../evidence/probe.ts';
import type { ProbeState, State, Watch } from '../evidence/state.ts';
import { extraSlot } from './canaries.ts';
import type { Docket } from './docket.ts';
import { newProbeState } from './facts.ts';
import { AHEAD, CREATE_WINDOW, CREATED_WITHIN, RECOVER_DAYS } from './limits.ts';
import { expand, payloadFor } from './probes.ts';
import { offsetOf, slotAfter, slots } from './schedule.ts';

/**
 * The UTC days whose task groups may hold canaries that still live, newest first. Just before midnight the next day may be one: a clock that ran
 * ahead may have submitted for its slots.
 */
export function recoverDays(config: Config, now: number): number[] {
  const [today, newest] = [Math.floor(now / DAY), Math.floor((now + CREATED_WITHIN) / DAY)];
  const back = Math.max(RECOVER_DAYS, longestLife(config) + RECOVER_DAYS - 1);
  return Array.from({ length: newest - today + back }, (_, i) => (newest - i) * DAY);
}

/** Days that a canary of this configuration may stay in flight, counting the day it began. */
function longestLife(config: Config): number {
  return 1 + Math.ceil(Math.max(0, ...config.probes.map((probe) => probe.deadline)) / DAY);
}

/** Until the days are read in which a canary may still be in flight, a new one could be a second one. */
export function mayCreate(config: Config, watch: Watch, now: number): boolean {
  return blindDays(config, watch.recover ?? [], now).length === 0;
}

/** Of the days that are to be read, those in which a canary may still be in flight. */
export function blindDays(config: Config, days: readonly number[], now: number): number[] {
  const oldest = (Math.floor(now / DAY) + 1 - longestLife(config)) * DAY;
  return days.filter((day) => day >= oldest);
}

/** Whether some canary may be due by now, by what is known before the queue is asked. */
export function mayBeDue(config: Config, { probes, pools }: State, now: number): boolean {
  return expand(config, pools).some((probe) => {
    const known = probes.get(probe.name);
    if (known?.open !== undefined) return known.open.stage === 'due';
    if (known === undefined || (known.extra ?? now + 1) <= now) return true;
    const slot = slotAfter(probe, known.lastSlot);
    return slot !== undefined && slot <= now;
  });
}

/** Decides which canaries are due: one at most for each probe that has none in flight. */
export function decideDue(docket: Docket, facts: readonly Fact[]): void {
  if (!mayCreate(docket.config, docket.watch, docket.now)) return;
  const measured = facts.some(({ kind }) => kind === 'clock');
  for (const probe of docket.probes) {
    const state = docket.states.get(probe.name) ?? newProbeState(probe.name, probe.pool, docket.now - CREATE_WINDOW, docket.now);
    // While the queue has not told its time it may be our clock that is behind, and not the one that decided.
    const present = measured ? withoutFuture(state, docket.now) : state;
    if (present !== docket.states.get(probe.name)) docket.putState(present);
    decide(docket, probe, present);
  }
}

/**
 * What a clock that ran ahead has decided is taken back, once the queue's own clock tells better: what is due so far ahead that the queue
 * cannot have taken it.
 */
function withoutFuture(state: ProbeState, now: number): ProbeState {
  if (state.extra !== undefined && state.extra > now + AHEAD) {
    const { extra: _ahead, ...rest } = state;
    const present = withoutFuture(rest, now);
    return { ...present, extra: extraSlot(present, now) };
  }
  if (state.lastSlot <= now + AHEAD) return state;
  const { open, ...rest } = state;
  const kept = open !== undefined && (open.stage !== 'due' || open.slot <= now + CREATE_WINDOW) ? { open } : {};
  return { ...rest, lastSlot: now, ...kept };
}

/** The last slot that has passed since another one. */
function newestSlot(probe: Probe, since: number, now: number): number | undefined {
  const next = slotAfter(probe, since);
  if (next === undefined || next > now) return undefined;
  return slots(probe.schedule, offsetOf(probe.schedule, probe.name), since, now).at(-1);
}

function decide(docket: Docket, probe: Probe, state: ProbeState): void {
  const newest = newestSlot(probe, state.lastSlot, docket.now);
  if (state.open !== undefined) {
    if (newest !== undefined) docket.putState({ ...state, lastSlot: newest });
    return;
  }
  // What is due by the schedule does not wait for one that lies ahead.
  const beside = state.extra !== undefined && state.extra > state.lastSlot && state.extra <= docket.now ? state.extra : 0;
  const slot = Math.max(newest ?? 0, beside);
  if (slot === 0) return;
  const { extra: _used, ...rest } = state;
  if (slot < docket.now - CREATE_WINDOW) {
    docket.putState({ ...rest, lastSlot: Math.max(state.lastSlot, slot) });
    return;
  }
  const record = docket.pools.get(probe.pool);
  const payload = record?.gone === undefined ? payloadFor(probe, record) : undefined;
  if (payload === undefined) return;
  docket.putState({
    ...rest,
    pool: probe.pool,
    lastSlot: Math.max(state.lastSlot, slot),
    open: docket.rules.draft(probe, slot, payload),
  });
}
