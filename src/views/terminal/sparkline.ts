import { SECOND } from '../../evidence/instant.ts';
import type { SparkPoint } from '../../evidence/report.ts';
import type { Colors } from './text.ts';

const BARS = '▁▂▃▄▅▆▇█';

/**
 * One bar a point on a log scale, a dot where nothing was observed. Where a canary was not claimed the bar is red, or without colours a
 * cross: it may have been far higher.
 */
export function sparkline(points: readonly (SparkPoint | undefined)[], colors: Colors): string {
  const logs = points.flatMap((point) => (point === undefined ? [] : [logOf(point)]));
  const low = Math.min(...logs, Math.log(SECOND));
  const high = Math.max(...logs, low + Math.log(10));
  const paints = { none: colors.dim, claimed: (text: string) => text, censored: colors.red };
  const runs: { kind: keyof typeof paints; text: string }[] = [];
  for (const point of points) {
    const kind = point === undefined ? 'none' : point.censored ? 'censored' : 'claimed';
    const bar = point === undefined ? '·' : barOf((logOf(point) - low) / (high - low));
    const text = kind === 'censored' && !colors.isColorSupported ? '×' : bar;
    const run = runs.at(-1);
    if (run?.kind === kind) run.text += text;
    else runs.push({ kind, text });
  }
  return runs.map(({ kind, text }) => paints[kind](text)).join('');
}

/** One bar a count on a log scale, which shows one beside a thousand; a dot for none. */
export function countline(counts: readonly number[], colors: Colors): string {
  const high = Math.log1p(Math.max(1, ...counts));
  const runs = counts.map((count) => (count === 0 ? '·' : barOf(Math.log1p(count) / high))).join('');
  return runs.replace(/·+/g, colors.dim);
}

function logOf(point: SparkPoint): number {
  return Math.log(Math.max(1, point.ms));
}

function barOf(share: number): string {
  return BARS[Math.round(share * (BARS.length - 1))] ?? '';
}
