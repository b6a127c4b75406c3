import type { ProbeReport, Report, Verdict } from '../../evidence/report.ts';
import { doubtOf } from '../doubt.ts';
import { type Markup, markup } from '../markup.ts';
import { lastText, quantileText } from '../verdicts.ts';

/** White text on them has a contrast of at least 4.5. */
const COLOURS: Record<Verdict, string> = { healthy: '#146c3f', slow: '#8a5200', stuck: '#b3152a', unknown: '#4a5563' };
/** Of a letter of 11 px Verdana on average, and of the space at either side. */
const LETTER = 7;
const MARGIN = 8;
const HEIGHT = 20;

/** A picture of two words for other pages: the probe, and how it is, which is unknown where the report is in doubt. */
export function badge(report: Report, probe: ProbeReport): Markup {
  const { name, p95 } = probe;
  const verdict = doubtOf(report) === undefined ? probe.verdict : 'unknown';
  const said = verdict === 'healthy' && p95 !== undefined ? `p95 ${quantileText(p95)}` : `${verdict}, ${lastText(probe)}`;
  return badgeOf(name, verdict === 'unknown' ? verdict : said, COLOURS[verdict]);
}

function badgeOf(label: string, value: string, colour: string): Markup {
  const widths = [label, value].map((text) => [...text].length * LETTER + 2 * MARGIN);
  const [left = 0, right = 0] = widths;
  const text = (words: string, x: number, width: number) =>
    markup`<text x="${x + width / 2}" y="14" textLength="${width - 2 * MARGIN}" lengthAdjust="spacingAndGlyphs">${words}</text>`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${label}: ${value}"><title>${label}: ${value}</title><rect width="${left}" height="${HEIGHT}" fill="#3a424d"/><rect x="${left}" width="${right}" height="${HEIGHT}" fill="${colour}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">${text(label, 0, left)}${text(value, left, right)}</g></svg>`;
}

/** The picture in a browser's tab: coloured, and shaped, by the worst verdict there is. */
export function icon(verdict: Verdict): Markup {
  const shapes: Record<Verdict, Markup> = {
    healthy: markup`<circle cx="16" cy="16" r="14" fill="#2f9e67"/>`,
    slow: markup`<path d="M16 2 31 29H1z" fill="#d98a00"/>`,
    stuck: markup`<rect x="2" y="2" width="28" height="28" rx="3" fill="#d3263a"/>`,
    unknown: markup`<circle cx="16" cy="16" r="11" fill="none" stroke="#7a8694" stroke-width="5"/>`,
  };
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${shapes[verdict]}</svg>`;
}
