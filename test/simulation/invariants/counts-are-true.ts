import type { Sketch } from '../../../src/evidence/history.ts';
import type { Probe } from '../../../src/evidence/probe.ts';
import { offsetOf, slots } from '../../../src/judge/schedule.ts';
import { emptySketch, merge, observe, quantile } from '../../../src/stats/sketch.ts';
import type { Night } from '../stage.ts';

const QUANTILES = [0.5, 0.95, 0.99];

/** What the history counts of each probe is what its canaries went through, slots that were skipped for them included. */
export function countsAreTrue(night: Night): string[] {
  return night.probes.flatMap((probe) => {
    const stored = emptySketch();
    for (const row of night.history.rows) if (row.probe === probe.name) merge(stored, row.sketch);
    const real = truthOf(night, probe);
    return (['claimed', 'unclaimed'] as const).flatMap((kind) => {
      const [has, should] = [countsOf(stored[kind]), countsOf(real[kind])];
      if (has === should) return [];
      const off = QUANTILES.filter((q) => quantile(stored, q)?.ms !== quantile(real, q)?.ms).map((q) => `p${100 * q}`);
      return [`${probe.name}: ${kind} are ${has}, and were ${should}${off.length > 0 ? `; ${off.join(', ')} differ` : ''}`];
    });
  });
}

function truthOf({ canaries, state }: Night, probe: Probe): Sketch {
  const sketch = emptySketch();
  const open = state.probes.get(probe.name)?.open?.taskId;
  for (const { taskId, slot, scheduled = slot, claimed, over } of canaries.get(probe.name) ?? []) {
    if (taskId === open) continue;
    const censored = claimed === undefined;
    observe(sketch, Math.max(0, over - scheduled), censored);
    for (const skipped of slots(probe.schedule, offsetOf(probe.schedule, probe.name), slot, over - 1))
      observe(sketch, over - skipped, censored);
  }
  return sketch;
}

/** Bucket by bucket. */
function countsOf(counts: ReadonlyMap<number, number>): string {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return sorted.length === 0 ? 'none' : sorted.map(([bucket, count]) => `${bucket}x${count}`).join(' ');
}
