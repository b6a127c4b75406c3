import { createHash } from 'node:crypto';
import type { Picture } from '../../evidence/board.ts';
import { spoken } from '../../evidence/instant.ts';
import type { Report } from '../../evidence/report.ts';
import { clean } from '../../notify/text.ts';
import { mostUrgentFirst } from '../urgency.ts';
import { COLORS, SIZES } from './look.ts';
import { panel } from './panel.ts';
import { drawPng } from './png.ts';
import { element, rectangle, text } from './svg.ts';

/** More panels than this nobody can read on a phone. */
const PANELS = 6;
const HEIGHTS = { single: 330, several: 236 };
const FAMILY = 'Inter';

/** The pools that are worst, or else slowest, over the last day; undefined where there is none. */
export function chartOf(report: Report): Picture | undefined {
  if (report.probes.length === 0) return undefined;
  const svg = chartSvg(report);
  const shown = mostUrgentFirst(report.probes).slice(0, PANELS);
  const [worst] = shown;
  const p95 = worst?.p95 === undefined ? '' : `, p95 ${worst.p95.atLeast ? 'at least ' : ''}${spoken(worst.p95.ms)}`;
  return {
    digest: createHash('sha256').update(svg).digest('hex'),
    alt: `Time to claim of ${shown.length} ${shown.length === 1 ? 'pool' : 'pools'} over the last 24 h; first ${clean(worst?.name ?? '')}${p95}`,
    draw: () => drawPng(svg),
  };
}

/** As SVG: a panel a pool, worst first, each with a logarithmic scale of its own. */
export function chartSvg(report: Report): string {
  const shown = mostUrgentFirst(report.probes).slice(0, PANELS);
  const columns = shown.length <= 2 ? 1 : 2;
  const rows = Math.ceil(shown.length / columns);
  const { width, margin, gap, letters, small } = SIZES;
  const panelWidth = (width - 2 * margin - (columns - 1) * gap) / columns;
  const panelHeight = rows === 1 ? HEIGHTS.single : HEIGHTS.several;
  const above = margin + letters + 14;
  const height = above + rows * panelHeight + (rows - 1) * 14 + margin + small;
  const panels = shown.map((probe, i) =>
    panel(report, probe, {
      x: margin + (i % columns) * (panelWidth + gap),
      y: above + Math.floor(i / columns) * (panelHeight + 14),
      width: panelWidth,
      height: panelHeight,
    }),
  );
  const { page, faint } = COLORS;
  const title = text(titleOf(report, shown.length), margin, margin + small, small, { fill: faint });
  const legend = text(LEGEND, margin, height - margin + 4, small, { fill: faint });
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': FAMILY },
    [rectangle({ x: 0, y: 0, width, height }, { fill: page }), title, ...panels, legend].join(''),
  );
}

const LEGEND = 'dashed: warn and page  ·  shaded: incident  ·  hollow, arrow: nobody claimed';

function titleOf({ probes }: Report, shown: number): string {
  const which = probes.length > shown ? `${shown} of ${probes.length} pools, worst first` : 'worst pool first';
  return `Slowest time to claim of each hour, UTC  ·  ${which}`;
}
