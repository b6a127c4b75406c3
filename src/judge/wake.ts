import type { Canary } from '../evidence/canary.ts';
import { MINUTE, SECOND } from '../evidence/instant.ts';
import type { Config, Probe } from '../evidence/probe.ts';
import type { ProbeState, State, Trouble } from '../evidence/state.ts';
import { mayCreate } from './due.ts';
import { CANCEL_BEFORE } from './limits.ts';
import { expand, payloadFor, thresholdsOf } from './probes.ts';
import { slotAfter } from './schedule.ts';
import { pendingFrom, waitingSince } from './waiting.ts';

/** The younger a canary, the closer it is followed; its time to claim is exact either way, for it is read off the queue's record. */
function lookPause(age: number): number {
  return Math.min(MINUTE, Math.max(2 * SECOND, age / 5));
}

/** From one pass to the next look. */
const SOONEST = 2 * SECOND;
/** Between two passes, in milliseconds. */
const LEAST_PAUSE = 200;

/** While calls fail, asking slows down with the time it has failed, so that an ailing queue meets no storm. */
function patience(state: State, now: number): number {
  const { look, create, refused } = state.watch.trouble;
  const since = [look, create, refused, clockOff(state)].flatMap((trouble) => (trouble === undefined ? [] : [trouble.since]));
  return since.length === 0 ? LEAST_PAUSE : Math.min(30 * SECOND, Math.max(5 * SECOND, (now - Math.min(...since)) / 10));
}

/** A clock that is right again, of this process or of another, keeps nobody from asking. */
function clockOff({ watch }: State): Trouble | undefined {
  const { clock } = watch.trouble;
  return clock?.ok === undefined ? clock : undefined;
}

/** What a minute divides into, so that what is due on the minute is not late. Seconds. */
const GRAINS = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30];

/**
 * Many probes share wakes on a coarser grid, so that one pass and one bulk look serve several canaries. It puts off when a canary is submitted
 * and when a claim is noticed; thresholds are judged at their own instants whatever it is. Milliseconds.
 */
export function grainOf(probes: number): number {
  return SECOND * (GRAINS.find((grain) => grain >= probes / 2) ?? 30);
}

/** When the next pass has something to do, by the queue's clock. Pure. */
export function nextWake(config: Config, state: State, now: number): number {
  const probes = expand(config, state.pools);
  const grain = grainOf(probes.length);
  const onGrid = (instant: number) => Math.ceil(instant / grain) * grain;
  const creating = mayCreate(config, state.watch, now);
  const retry = now + patience(state, now);
  const { refused } = state.watch.trouble;
  const lookAgain = (state.watch.triedAt ?? 0) + ((refused ?? clockOff(state)) ? retry - now : SOONEST);
  let wake = now + MINUTE;
  for (const probe of probes) {
    const known = state.probes.get(probe.name);
    if (known?.open?.scheduled !== undefined)
      wake = Math.min(wake, ...wakesFor(config, probe, known, known.open, known.open.scheduled));
    if (known?.open !== undefined || !creating || payloadFor(probe, state.pools.get(probe.pool)) === undefined) continue;
    const slot = slotAfter(probe, known?.lastSlot ?? now);
    wake = Math.min(wake, onGrid(slot ?? wake), known?.extra ?? wake);
  }
  // Until the past is told of nothing is done, so that is asked for again as soon as may be.
  if (!creating) wake = Math.min(wake, retry);
  // One that is overdue waits for something else than time, such as the end of a silence.
  for (const { remind } of state.incidents.values())
    if (remind !== undefined && remind.at > now) wake = Math.min(wake, remind.at);
  if (state.watch.trouble.look !== undefined) wake = Math.max(wake, retry);
  if ([...state.probes.values()].some((probe) => probe.open?.stage === 'due')) wake = Math.min(wake, retry);
  return Math.max(wake, now + LEAST_PAUSE);

  function wakesFor(settings: Config, probe: Probe, known: ProbeState, canary: Canary, scheduled: number): number[] {
    const lookedAt = Math.max(scheduled, state.watch.lookedAt ?? 0);
    const since = waitingSince(pendingFrom(known) ?? scheduled, state.watch, settings.unreachableAfter);
    const thresholds = thresholdsOf(probe, known);
    const exact = thresholds ? [since + thresholds.warnAfter, since + thresholds.pageAfter] : [];
    return [
      // A look that was answered with something else than an answer is repeated no faster than one that was.
      onGrid(Math.max(lookedAt + lookPause(lookedAt - scheduled), lookAgain)),
      ...[...exact, canary.deadline - CANCEL_BEFORE]
        .filter((at) => at > lookedAt)
        .map((at) => (at > now ? at : Math.max(at, lookAgain))),
    ];
  }
}
