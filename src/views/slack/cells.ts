import { spoken } from '../../evidence/instant.ts';
import type { ProbeReport, SparkPoint } from '../../evidence/report.ts';
import { clean } from '../../notify/text.ts';
import { budgetText, burnOf } from '../objective.ts';
import { sparkline } from '../terminal/sparkline.ts';
import { NO_COLORS, shorten } from '../terminal/text.ts';
import { createdText, lastText, quantileText } from '../verdicts.ts';

/** One column of the pools' table; `cell` is plain text, cleaned. */
export interface PoolColumn {
  title: string;
  cell: (probe: ProbeReport) => string;
  right?: true;
}

/** Longer than most names; those of 77 characters, the longest that Taskcluster allows, differ at both ends. */
const NAME = 40;
/** On a phone a bar for each two hours is enough, and for each hour too wide. */
const BAR_HOURS = 2;
const STATES = { stuck: 'stuck', slow: 'slow', unknown: 'not known', healthy: 'fine' };

/** From left to right by what a narrow screen has to show. */
export function poolColumns(probes: readonly ProbeReport[], now: number): PoolColumn[] {
  return [
    { title: 'State', cell: stateOf },
    { title: 'Last', cell: lastText, right: true },
    { title: 'p50', cell: ({ p50 }) => quantileText(p50), right: true },
    { title: 'p95', cell: ({ p95 }) => quantileText(p95), right: true },
    { title: 'Last 24 h', cell: ({ spark }) => sparkline(coarser(spark), NO_COLORS) },
    ...(probes.some(({ created }) => created !== undefined)
      ? [{ title: 'New workers/h', cell: (probe: ProbeReport) => createdText(probe) || '–', right: true } as const]
      : []),
    ...(probes.some(({ objective }) => objective !== undefined)
      ? [{ title: 'Budget', cell: budgetOf, right: true } as const]
      : []),
    {
      title: 'For',
      cell: ({ verdictSince }) => (verdictSince === undefined ? '' : spoken(now - verdictSince)),
      right: true,
    },
  ];
}

export function nameOf({ name }: ProbeReport): string {
  return shorten(clean(name), NAME);
}

function stateOf({ verdict, why, silenced, thresholds }: ProbeReport): string {
  const state = why === 'not-asked-yet' ? 'new' : why === 'confirming' ? 'recovering' : STATES[verdict];
  if (silenced !== undefined) return `${state}, silenced`;
  return thresholds === undefined && verdict !== 'unknown' ? `${state}, observed` : state;
}

/** What is left of the error budget. */
function budgetOf({ objective }: ProbeReport): string {
  if (objective === undefined) return '–';
  return `${budgetText(objective)}${burnOf(objective) === undefined ? '' : ', burning'}`;
}

/** The slower of the points that fall into one bar. */
function coarser(points: readonly (SparkPoint | undefined)[]): (SparkPoint | undefined)[] {
  return Array.from({ length: Math.ceil(points.length / BAR_HOURS) }, (_, i) =>
    points
      .slice(i * BAR_HOURS, (i + 1) * BAR_HOURS)
      .reduce(
        (slower, point) => (slower === undefined || (point !== undefined && point.ms > slower.ms) ? point : slower),
        undefined,
      ),
  );
}
