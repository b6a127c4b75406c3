import { HOUR, spoken } from '../../evidence/instant.ts';
import type { ProbeReport, Report, SparkPoint } from '../../evidence/report.ts';
import { clean } from '../../notify/text.ts';
import { shorten } from '../terminal/text.ts';
import { COLORS, SIZES, STATE_COLORS } from './look.ts';
import { type Outage, outagesOf } from './outages.ts';
import { type Scale, scaleOf } from './scale.ts';
import { type Box, element, line, rectangle, text } from './svg.ts';

/** One pool: its name and how it is now, and below that a bar for each hour of the last day. */
export function panel(report: Report, probe: ProbeReport, box: Box): string {
  const plot: Box = {
    x: box.x + SIZES.axis,
    y: box.y + SIZES.title,
    width: box.width - SIZES.axis,
    height: box.height - SIZES.title - SIZES.hours,
  };
  const { thresholds, spark } = probe;
  const values = spark.flatMap((point) => (point === undefined ? [] : [point.ms]));
  const limits = thresholds === undefined ? [] : [thresholds.warnAfter, thresholds.pageAfter];
  const scale = scaleOf([...values, ...limits]);
  return [
    ...titleOf(probe, box),
    rectangle(plot, { fill: COLORS.plot }),
    ...outagesOf(report, probe).map((outage) => shade(outage, report.at, plot)),
    ...scale.ticks.flatMap(({ share, label }) => tick(share, label, plot)),
    ...spark.flatMap((point, i) => (point === undefined ? [] : bar(point, i, spark.length, scale, plot, probe))),
    ...(thresholds === undefined
      ? []
      : [
          limit(scale.share(thresholds.warnAfter), COLORS.slow, plot),
          limit(scale.share(thresholds.pageAfter), COLORS.stuck, plot),
        ]),
    ...hours(report.at, plot),
  ].join('');
}

/** The width of Inter's letters at size 1, a little more than on average. */
const LETTER = 0.55;
/** A name that finds too little room is written smaller first, and shortened then. */
const SMALLER = 25;

function titleOf(probe: ProbeReport, box: Box): string[] {
  const now = nowOf(probe);
  const name = clean(probe.name);
  const y = box.y + SIZES.letters;
  const room = box.width - (now.length + 1.5) * SIZES.letters * LETTER;
  const size = name.length * SIZES.letters * LETTER <= room ? SIZES.letters : SMALLER;
  const fitting = shorten(name, Math.max(8, Math.floor(room / (size * LETTER))));
  const bold = { 'font-weight': 600 };
  return [
    text(fitting, box.x, y, size, { fill: COLORS.text, ...bold }),
    text(now, box.x + box.width, y, SIZES.letters, { fill: STATE_COLORS[probe.verdict], 'text-anchor': 'end', ...bold }),
  ];
}

/** How it is at present: the canary that waits, or else the last claim. */
function nowOf({ verdict, pending, lastClaim }: ProbeReport): string {
  if (verdict === 'unknown') return 'not known';
  if (verdict !== 'healthy' && pending !== undefined) return `≥${spoken(pending.ms)}`;
  return lastClaim === undefined ? '' : spoken(lastClaim.ms);
}

function shade({ from, to, kind }: Outage, at: number, plot: Box): string {
  const [left, right] = [across(from, at, plot), across(to, at, plot)];
  const box = { x: left, y: plot.y, width: Math.max(right - left, from < at && right > plot.x ? 3 : 0), height: plot.height };
  return rectangle(box, { fill: COLORS.shades[kind] });
}

/** Where an instant is across the plot, whose last hour is the one under way. */
function across(instant: number, at: number, plot: Box): number {
  const end = Math.floor(at / HOUR) * HOUR + HOUR;
  const share = 1 - (end - instant) / (24 * HOUR);
  return plot.x + Math.max(0, Math.min(1, share)) * plot.width;
}

function tick(share: number, label: string, plot: Box): string[] {
  const y = plot.y + plot.height * (1 - share);
  return [
    line([plot.x, y], [plot.x + plot.width, y], { stroke: COLORS.grid, 'stroke-width': 1.5 }),
    text(label, plot.x - 8, y + SIZES.small * 0.35, SIZES.small, { fill: COLORS.faint, 'text-anchor': 'end' }),
  ];
}

/** An hour's slowest canary; hollow, with an arrow up, where nobody had claimed it: it may be far more. */
function bar({ ms, censored }: SparkPoint, i: number, count: number, scale: Scale, plot: Box, probe: ProbeReport): string[] {
  const slot = plot.width / count;
  const width = slot * 0.68;
  const height = Math.max(4, plot.height * scale.share(ms));
  const x = plot.x + slot * i + (slot - width) / 2;
  const y = plot.y + plot.height - height;
  const color = colorOf(ms, probe);
  if (!censored) return [rectangle({ x, y, width, height }, { fill: color, rx: 2 })];
  const tip = [`${x + width / 2},${y - Math.max(9, width * 0.6)}`, `${x + width + 3},${y + 2}`, `${x - 3},${y + 2}`].join(' ');
  return [
    rectangle({ x: x + 1.5, y, width: width - 3, height }, { fill: COLORS.hollow, stroke: color, 'stroke-width': 3 }),
    element('polygon', { points: tip, fill: color }),
  ];
}

function colorOf(ms: number, { thresholds }: ProbeReport): string {
  if (thresholds === undefined) return COLORS.observed;
  if (ms >= thresholds.pageAfter) return COLORS.stuck;
  return ms >= thresholds.warnAfter ? COLORS.slow : COLORS.healthy;
}

function limit(share: number, stroke: string, plot: Box): string {
  const y = plot.y + plot.height * (1 - share);
  return line([plot.x, y], [plot.x + plot.width, y], { stroke, 'stroke-width': 3, 'stroke-dasharray': '10 6' });
}

function hours(at: number, plot: Box): string[] {
  const end = Math.floor(at / HOUR) * HOUR + HOUR;
  const y = plot.y + plot.height + SIZES.small * 1.15;
  return [24, 12]
    .flatMap((ago) => {
      const instant = end - ago * HOUR;
      const hour = String(Math.floor(instant / HOUR) % 24).padStart(2, '0');
      const anchor = ago === 24 ? 'start' : 'middle';
      return [text(`${hour}:00`, across(instant, at, plot), y, SIZES.small, { fill: COLORS.faint, 'text-anchor': anchor })];
    })
    .concat(text('now', plot.x + plot.width, y, SIZES.small, { fill: COLORS.faint, 'text-anchor': 'end' }));
}
