import type { ProbeReport } from '../evidence/report.ts';
import { isWaiting } from './doubt.ts';
import { VERDICTS } from './verdicts.ts';

/** By verdict, worst first, those that nobody is told of after the others, then by how slow they were. */
export function mostUrgentFirst(probes: readonly ProbeReport[]): ProbeReport[] {
  const rank = (probe: ProbeReport) => VERDICTS.indexOf(probe.verdict) + (isWaiting(probe) ? VERDICTS.length : 0);
  return probes.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      Number(isQuiet(a)) - Number(isQuiet(b)) ||
      slowness(b) - slowness(a) ||
      (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
}

/** Whatever it does, nobody is told: it is silenced, or only observed. */
export function isQuiet({ silenced, thresholds }: ProbeReport): boolean {
  return silenced !== undefined || thresholds === undefined;
}

/** In milliseconds: the canary that waits now, or else what is slow for the pool. */
function slowness({ verdict, pending, p95, lastClaim }: ProbeReport): number {
  return Math.max(verdict === 'healthy' ? 0 : (pending?.ms ?? 0), p95?.ms ?? lastClaim?.ms ?? 0);
}
