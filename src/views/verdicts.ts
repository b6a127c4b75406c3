import { spoken } from '../evidence/instant.ts';
import type { ProbeReport, Quantile, Report, Verdict } from '../evidence/report.ts';
import type { Reason } from '../evidence/state.ts';

export const MARKS: Record<Verdict, string> = { healthy: '●', slow: '▲', stuck: '■', unknown: '○' };

/** Worst first. */
export const VERDICTS: Verdict[] = ['stuck', 'slow', 'unknown', 'healthy'];

/** Why a verdict is what it is, where that does not go without saying. */
export const REASONS: Record<Reason, string> = {
  'claimed-in-time': '',
  'claimed-late': 'claimed late',
  'pending-past-warn': 'past warnAfter',
  'pending-past-page': 'past pageAfter',
  confirming: 'being confirmed',
  'not-asked-yet': 'not asked yet',
  'queue-silent': 'queue silent',
  'no-evidence': 'nothing heard',
};

/** Made once: for hundreds of names that is ten times as fast as `localeCompare`. */
const ORDER = new Intl.Collator('en');

/** By verdict, then by name: a probe stays where it is while its figures move. */
export function worstFirst(probes: readonly ProbeReport[]): ProbeReport[] {
  return probes.toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || ORDER.compare(a.name, b.name));
}

/** How many probes are what, worst first, without those that none is. */
export function countsOf({ probes }: Pick<Report, 'probes'>): [Verdict, number][] {
  const counts = VERDICTS.map((verdict): [Verdict, number] => [verdict, probes.filter((p) => p.verdict === verdict).length]);
  return counts.filter(([, count]) => count > 0);
}

/** The last claim, or a wait that has become worse: past `warnAfter`, or where there are no thresholds past the last claim. */
export function lastText({ verdict, pending, lastClaim, thresholds }: ProbeReport): string {
  if (pending !== undefined && (lastClaim === undefined || pending.ms >= (thresholds?.warnAfter ?? lastClaim.ms)))
    return `${verdict === 'unknown' ? '≥' : ''}${spoken(pending.ms)} waiting`;
  return lastClaim === undefined ? '–' : spoken(lastClaim.ms);
}

/** A percentile; `≥` where unclaimed canaries make it a lower bound. */
export function quantileText(quantile: Quantile | undefined): string {
  return quantile === undefined ? '–' : `${quantile.atLeast ? '≥' : ''}${spoken(quantile.ms)}`;
}

export function startText({ claims, p50 }: ProbeReport['cold']): string {
  return p50 === undefined ? '–' : `${claims} at ${spoken(p50.ms)}`;
}

/** Workers created in the last hour, beside what is usual. */
export function createdText({ created }: ProbeReport): string {
  if (created === undefined) return '';
  return created.usual === undefined ? String(created.lastHour) : `${created.lastHour} of ${Math.round(created.usual)}`;
}
