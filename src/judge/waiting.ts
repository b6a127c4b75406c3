import type { Probe } from '../evidence/probe.ts';
import type { ProbeState, Watch } from '../evidence/state.ts';
import type { Wait } from '../stats/objective.ts';
import { GAP } from './limits.ts';
import { offsetOf, slots } from './schedule.ts';

/**
 * Since when a canary counts as waiting: time in which the queue could not be reached is taken off, and after a long silence (one
 * that was an incident) waiting begins anew, for then nobody could claim.
 */
export function waitingSince(scheduled: number, watch: Watch, unreachableAfter: number): number {
  let since = scheduled;
  for (const { from, to } of watch.gaps) {
    if (to <= since || to - from < GAP) continue;
    since = to - from >= unreachableAfter ? to : since + (to - Math.max(from, since));
  }
  return since;
}

/** Where the canary in flight is not the first of a breach, the outage's age runs from the first one that nobody claimed. */
export function pendingFrom({ open, breach, chain }: ProbeState): number | undefined {
  if (open?.scheduled === undefined) return undefined;
  return breach === undefined ? open.scheduled : Math.min(open.scheduled, chain?.since ?? open.scheduled);
}

/** How much of the time from one instant to another the queue was silent, in milliseconds. */
export function silentTime(watch: Watch, from: number, to: number): number {
  return watch.gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)), 0);
}

/** The canary in flight, as far as the queue has told that nobody claimed it: what happened since we last looked is not known. */
export interface InFlight {
  taskId: string;
  slot: number;
  scheduled: number;
  seenAt: number;
}

export function inFlight(known: ProbeState | undefined, now: number): InFlight | undefined {
  const canary = known?.open;
  if (canary?.stage !== 'pending' || canary.scheduled === undefined) return undefined;
  const { taskId, slot, scheduled } = canary;
  return { taskId, slot, scheduled, seenAt: Math.max(scheduled, Math.min(now, known?.evidenceAt ?? scheduled)) };
}

/** The waits that are still going on: the canary's own, and that of every slot that was skipped for it. */
export function waitsOf(probe: Probe, flying: InFlight | undefined): Wait[] {
  if (flying === undefined) return [];
  const { slot, scheduled, seenAt } = flying;
  const skipped = slots(probe.schedule, offsetOf(probe.schedule, probe.name), slot, seenAt);
  return [{ at: slot, ms: seenAt - scheduled }, ...skipped.map((at) => ({ at, ms: seenAt - at }))];
}
