import type { Dwell } from '../evidence/delivery.ts';
import type { Level } from '../evidence/incident.ts';
import type { DwellReport, Report } from '../evidence/report.ts';
import { exactQuantile } from '../stats/sketch.ts';

/** How long first notices took from when they were due to the channel that took them, by level. */
export function dwellOf(dwells: readonly Dwell[]): Report['dwell'] {
  const [page, warn] = (['page', 'warn'] as const).map((level) => ofLevel(dwells, level));
  return { ...(page && { page }), ...(warn && { warn }) };
}

function ofLevel(dwells: readonly Dwell[], level: Level): DwellReport | undefined {
  // A corrected clock may make one negative.
  const waits = dwells.flatMap((dwell) => (dwell.level === level ? [Math.max(0, dwell.told - dwell.due)] : []));
  if (waits.length === 0) return undefined;
  const quantile = (share: number) => exactQuantile(waits, share) ?? 0;
  return { count: waits.length, p50: quantile(0.5), p99: quantile(0.99) };
}
