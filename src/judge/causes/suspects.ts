import { MINUTE } from '../../evidence/instant.ts';
import type { Config, Probe, Thresholds } from '../../evidence/probe.ts';
import type { ProbeState, State } from '../../evidence/state.ts';
import { EXAMINE_AT_LEAST, EXAMINE_EVERY, EXAMINED_A_MINUTE, EXAMINED_AT_ONCE } from '../limits.ts';
import { thresholdsOf } from '../probes.ts';
import { pendingFrom, waitingSince } from '../waiting.ts';
import { standoutsOf } from './standouts.ts';

/** From this share of `warnAfter` on a pending canary makes its pool a suspect: what is read then is compared with what is read at the threshold. */
const SUSPECT_AT = 0.8;

/** The pools that this pass examines: those whose canaries have become late, most urgent first, and no more than the services should be asked about. */
export function examined(config: Config, probes: readonly Probe[], state: State, now: number): string[] {
  const suspects = new Map<string, number>();
  const add = (pool: string, urgency: number) => suspects.set(pool, Math.max(urgency, suspects.get(pool) ?? 0));
  for (const probe of probes) {
    const known = state.probes.get(probe.name);
    const thresholds = thresholdsOf(probe, known);
    if (known === undefined || thresholds === undefined) continue;
    const urgency = urgencyOf(config, state, known, thresholds, now);
    if (urgency > 0) add(probe.pool, urgency);
  }
  for (const pool of ofCapacity(config, state)) if (isDue(state, pool, EXAMINE_EVERY, now)) add(pool, 1);
  const lately = standoutsOf(state.pools).examined.filter(({ seen }) => now - (seen?.examinedAt ?? 0) < MINUTE).length;
  const room = Math.min(EXAMINED_AT_ONCE, EXAMINED_A_MINUTE - lately);
  return [...suspects]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, Math.max(0, room))
    .map(([pool]) => pool);
}

/** Why a pool is examined now: 3 a threshold is crossed by this look, 2 it was never examined, 1 it is time again; 0 it is not. */
function urgencyOf(config: Config, state: State, known: ProbeState, { warnAfter, pageAfter }: Thresholds, now: number): number {
  const from = pendingFrom(known);
  if (from === undefined) return 0;
  const since = waitingSince(from, state.watch, config.unreachableAfter);
  const age = now - since;
  if (age < SUSPECT_AT * warnAfter) return 0;
  const before = state.watch.lookedAt ?? 0;
  if ([warnAfter, pageAfter].some((limit) => since + limit > before && since + limit <= now)) return 3;
  const examinedAt = state.pools.get(known.pool)?.seen?.examinedAt ?? 0;
  if (examinedAt < from) return 2;
  return isDue(state, known.pool, Math.min(EXAMINE_AT_LEAST, Math.max(EXAMINE_EVERY, age / 10)), now) ? 1 : 0;
}

function isDue({ pools }: State, pool: string, every: number, now: number): boolean {
  return now - (pools.get(pool)?.seen?.examinedAt ?? Number.NEGATIVE_INFINITY) >= every;
}

/** Pools whose capacity is wrong, or seems to be, whatever their canaries do. */
function ofCapacity({ provisioning }: Config, { pools, incidents }: State): string[] {
  if (provisioning.mode === 'off') return [];
  const over = standoutsOf(pools).over.map(({ pool }) => pool);
  const told = [...incidents.values()].flatMap(({ evidence }) => (evidence.kind === 'capacity' ? [evidence.pool] : []));
  return [...over, ...told];
}
