import { SECOND, spoken } from '../../evidence/instant.ts';
import type { ProbeReport, SparkPoint } from '../../evidence/report.ts';
import { type Markup, markup } from '../markup.ts';

const PITCH = 4;
const WIDTH = 3;
const HEIGHT = 24;
/** The least that can be seen. */
const LEAST = 2;

/** What a bar tells by its colour; one that is hollow ended in no claim. */
type Tone = 'healthy' | 'slow' | 'stuck' | 'unknown';

/** By the probe's thresholds; without them nothing is late, and a wait that nobody ended is merely unknown. */
function toneOf({ ms, censored }: SparkPoint, thresholds: ProbeReport['thresholds']): Tone {
  if (thresholds !== undefined && ms >= thresholds.pageAfter) return 'stuck';
  if (thresholds !== undefined && ms >= thresholds.warnAfter) return 'slow';
  return censored ? 'unknown' : 'healthy';
}

/** The last day by the hour: a bar for the slowest observation of each, on a log scale, hollow where nobody claimed it. */
export function strip({ spark, thresholds }: ProbeReport): Markup {
  const seen = spark.filter((point) => point !== undefined);
  const low = Math.log(SECOND / 2);
  const high = Math.max(...seen.map(logOf), Math.log(thresholds?.warnAfter ?? 10 * SECOND));
  const paths = new Map<string, string>();
  for (const [i, point] of spark.entries()) {
    if (point === undefined) continue;
    const height = Math.max(LEAST, Math.round(((logOf(point) - low) / (high - low)) * (HEIGHT - 1)));
    const kind = `${toneOf(point, thresholds)}${point.censored ? ' open' : ''}`;
    paths.set(kind, `${paths.get(kind) ?? ''}M${i * PITCH} ${HEIGHT}v-${height}h${WIDTH}v${height}z`);
  }
  const slowest = seen.reduce<SparkPoint | undefined>((worst, one) => (one.ms > (worst?.ms ?? 0) ? one : worst), undefined);
  const said = slowest === undefined ? 'nothing observed' : `slowest ${slowest.censored ? 'at least ' : ''}${spoken(slowest.ms)}`;
  return markup`<svg class="strip" viewBox="0 0 ${spark.length * PITCH - 1} ${HEIGHT}" role="img" aria-label="Last 24 hours: ${said}"><path class="base" d="M0 ${HEIGHT - 0.5}H${spark.length * PITCH}"/>${[...paths].map(([kind, d]) => markup`<path class="${kind}" d="${d}"/>`)}</svg>`;
}

function logOf({ ms }: SparkPoint): number {
  return Math.log(Math.max(SECOND / 2, ms));
}
