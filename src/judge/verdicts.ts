import { HOUR, MINUTE } from '../evidence/instant.ts';
import type { Config, Probe, Thresholds } from '../evidence/probe.ts';
import type { Verdict } from '../evidence/report.ts';
import type { ProbeState, Reason, State } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { SILENT_SLOTS } from './limits.ts';
import { thresholdsOf } from './probes.ts';
import { pitch } from './schedule.ts';
import { waitingSince } from './waiting.ts';

interface Judged {
  is: Verdict;
  why: Reason;
}

/** What the evidence says of a probe at `now`, and the named reason. Only what was seen counts: what happened since nobody knows. */
export function verdictOf(
  config: Config,
  { watch }: Pick<State, 'watch'>,
  probe: Probe,
  known: ProbeState | undefined,
  now: number,
): Judged {
  if (known === undefined) return { is: 'unknown', why: 'not-asked-yet' };
  if (watch.trouble.look !== undefined) return { is: 'unknown', why: 'queue-silent' };
  const thresholds = thresholdsOf(probe, known);
  if (isSilent(probe, known, thresholds, now)) return { is: 'unknown', why: 'no-evidence' };
  if (known.breach !== undefined) return inBreach(known.breach);
  // What observes is not alerted on, but shown as it is.
  const limits = thresholds ?? probe.thresholds ?? known.earned ?? customary(known);
  const age = ageOf(config, watch, known);
  if (age >= limits.pageAfter) return { is: 'stuck', why: 'pending-past-page' };
  if (age >= limits.warnAfter) return { is: 'slow', why: 'pending-past-warn' };
  if (known.lastClaim === undefined) return { is: 'unknown', why: 'not-asked-yet' };
  const late = thresholds !== undefined && known.lastClaim.ms >= thresholds.warnAfter;
  return late ? { is: 'slow', why: 'claimed-late' } : { is: 'healthy', why: 'claimed-in-time' };
}

function inBreach({ level, claimed }: NonNullable<ProbeState['breach']>): Judged {
  if (claimed) return { is: level === 'page' ? 'stuck' : 'slow', why: 'confirming' };
  return level === 'page' ? { is: 'stuck', why: 'pending-past-page' } : { is: 'slow', why: 'pending-past-warn' };
}

/** How long the canary in flight had been waiting when last seen. */
function ageOf(config: Config, watch: State['watch'], { open, evidenceAt }: ProbeState): number {
  if (open?.stage !== 'pending' || open.scheduled === undefined) return 0;
  return Math.max(open.scheduled, evidenceAt ?? 0) - waitingSince(open.scheduled, watch, config.unreachableAfter);
}

/** Nothing was heard of the probe for as long as the judge takes for a hole in the watch: old claims say nothing of now. */
function isSilent(probe: Probe, known: ProbeState, thresholds: Thresholds | undefined, now: number): boolean {
  const heard = known.evidenceAt ?? Number.NEGATIVE_INFINITY;
  return now - heard > Math.max(SILENT_SLOTS * pitch(probe.schedule), thresholds?.pageAfter ?? 0);
}

/** For a probe that has no thresholds at all yet: far past whatever it has shown so far. */
function customary({ recent }: ProbeState): Thresholds {
  const slowest = Math.max(0, ...recent);
  return { warnAfter: Math.max(15 * MINUTE, 2 * slowest), pageAfter: Math.max(HOUR, 4 * slowest) };
}

/** Keeps every probe's verdict with its reason, and since when it has been that. */
export function judgeVerdicts(docket: Docket): void {
  for (const probe of docket.probes) {
    const state = docket.states.get(probe.name);
    if (state === undefined) continue;
    const { is, why } = verdictOf(docket.config, docket, probe, state, docket.now);
    const before = state.verdict;
    if (before?.is === is && before.why === why) continue;
    docket.putState({ ...state, verdict: { is, why, since: before?.is === is ? before.since : docket.now } });
  }
}
