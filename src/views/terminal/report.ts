import { clockTime, spoken } from '../../evidence/instant.ts';
import type { ProbeReport, Report, Verdict } from '../../evidence/report.ts';
import { blindText } from '../../notify/words/blind.ts';
import { doubtOf } from '../doubt.ts';
import { countsOf, createdText, lastText, MARKS, quantileText, REASONS, startText, worstFirst } from '../verdicts.ts';
import { incidentLines } from './incidents.ts';
import { budgetColumn, burnLines } from './objectives.ts';
import { silenceLines } from './silences.ts';
import { sparkline } from './sparkline.ts';
import { type Column, table } from './table.ts';
import { type Colors, harmless, wrapped } from './text.ts';
import { dwellLines, undeliveredLines } from './told.ts';
import { untestedLines } from './untested.ts';

type Paint = (verdict: Verdict, text: string) => string;

/** The fleet in a terminal: worst first, one line a probe, then the open incidents, what is silenced, and who was told how fast. */
export function reportLines(report: Report, colors: Colors, room: number): string[] {
  const paint = painter(colors);
  const probes = worstFirst(report.probes);
  const columns: Column<ProbeReport>[] = [
    { title: 'STATE', cell: (p) => paint(p.verdict, `${MARKS[p.verdict]} ${p.verdict}`), rank: 0 },
    { title: 'PROBE', cell: (p) => harmless(p.name), rank: 0, shrinks: true },
    ...(probes.some(({ silenced }) => silenced !== undefined) ? [silentColumn(report.at)] : []),
    { title: 'LAST', cell: (p) => lastCell(p, paint), right: true, rank: 0 },
    { title: 'AGO', cell: (p) => agoCell(p, report.at), right: true, rank: 3 },
    { title: 'P50', cell: (p) => quantileText(p.p50), right: true, rank: 1 },
    { title: 'P95', cell: (p) => quantileText(p.p95), right: true, rank: 0 },
    { title: 'P99', cell: (p) => quantileText(p.p99), right: true, rank: 3 },
    { title: 'CLAIMS', cell: (p) => String(p.claims), right: true, rank: 2 },
    { title: 'LATE', cell: (p) => (p.breaches > 0 ? paint('slow', String(p.breaches)) : '0'), right: true, rank: 2 },
    ...(probes.some(({ objective }) => objective !== undefined) ? [budgetColumn(colors)] : []),
    { title: 'FOR', cell: (p) => (p.verdictSince === undefined ? '' : spoken(report.at - p.verdictSince)), right: true, rank: 5 },
    { title: 'WHY', cell: (p) => REASONS[p.why], rank: 5 },
    { title: 'LAST 24 H', cell: (p) => sparkline(p.spark, colors), rank: 4 },
    { title: 'COLD', cell: (p) => startText(p.cold), right: true, rank: 5 },
    { title: 'WARM', cell: (p) => startText(p.warm), right: true, rank: 6 },
    { title: 'NEW/H', cell: createdText, right: true, rank: 3 },
  ];
  const [head = '', ...rows] = table(columns, probes, room);
  const nothing = wrapped('No probes: the probe file names none, or its patterns match no pool that a pass has seen yet.', room);
  return [
    ...heading(report, colors, paint, room),
    ...doubtLines(report, colors, room),
    '',
    ...(probes.length === 0 ? nothing : [colors.dim(head), ...rows]),
    ...incidentLines(report, colors, room),
    ...untestedLines(report, colors, room),
    ...burnLines(report, colors, room),
    ...blindLines(report, colors, room),
    ...silenceLines(report, colors, room),
    ...undeliveredLines(report, colors, room),
    ...dwellLines(report, colors, room),
  ];
}

/** Where anything is silenced, that nobody would hear of it is worth a column in the narrowest terminal. */
function silentColumn(now: number): Column<ProbeReport> {
  const cell = ({ silenced }: ProbeReport) => (silenced === undefined ? '' : spoken(silenced.until - now));
  return { title: 'SILENT FOR', cell, right: true, rank: 0 };
}

function painter(colors: Colors): Paint {
  const paints = { healthy: colors.green, slow: colors.yellow, stuck: colors.red, unknown: colors.dim };
  return (verdict, text) => paints[verdict](text);
}

/** The deployment and how it stands: on one line where there is room, where there is less without the time of day. */
function heading(report: Report, colors: Colors, paint: Paint, room: number): string[] {
  const { passAt, at, deployment } = report;
  const said = countsOf(report)
    .map(([verdict, n]) => `${n} ${verdict}`)
    .join(', ');
  const pass = passAt === undefined ? 'no pass yet' : `last pass ${spoken(at - passAt)} ago`;
  const shown = doubtOf(report) !== undefined ? (text: string) => paint('slow', text) : colors.dim;
  const stand = said === '' ? [] : [said];
  const span = `over ${spoken(at - report.since)}`;
  const line = [
    [...stand, span, `${clockTime(at)} UTC`],
    [...stand, span],
  ].find((parts) => [deployment, ...parts, pass].join(' · ').length <= room);
  const name = colors.bold(deployment);
  if (line !== undefined) return [`${name} ${colors.dim(`· ${line.join(' · ')} ·`)} ${shown(pass)}`];
  return [name, ...wrapped(said, room).map(colors.dim), `${colors.dim(`${span} ·`)} ${shown(pass)}`];
}

function doubtLines(report: Report, colors: Colors, room: number): string[] {
  const doubt = doubtOf(report);
  if (doubt === undefined) return [];
  return wrapped(`▲ cannot tell how the pools do: ${doubt}; the figures below are old`, room, 2).map(colors.yellow);
}

function blindLines({ blind }: Report, colors: Colors, room: number): string[] {
  if (blind === undefined) return [];
  return ['', ...wrapped(harmless(`▲ ${blindText(blind)}`), room, 2).map(colors.yellow)];
}

/** Painted unless it is as it should be. */
function lastCell(probe: ProbeReport, paint: Paint): string {
  return probe.verdict === 'healthy' ? lastText(probe) : lastText(probe) === '–' ? '–' : paint(probe.verdict, lastText(probe));
}

function agoCell({ lastClaim }: ProbeReport, now: number): string {
  return lastClaim === undefined ? '–' : spoken(now - lastClaim.at);
}
