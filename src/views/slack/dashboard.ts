import type { KnownBlock } from '@slack/types';
import type { Composed, Look } from '../../evidence/board.ts';
import type { Incident } from '../../evidence/incident.ts';
import { clockTime, dayAndMinute, spoken } from '../../evidence/instant.ts';
import type { ProbeReport, Report } from '../../evidence/report.ts';
import { context, header, section } from '../../notify/slack/blocks.ts';
import { bare, link, localTime, plain } from '../../notify/slack/mrkdwn.ts';
import { wording } from '../../notify/wording.ts';
import { blindText } from '../../notify/words/blind.ts';
import { budgetText, keptText, knownObjectives } from '../objective.ts';
import { mostUrgentFirst } from '../urgency.ts';
import { MARKS } from '../verdicts.ts';
import { nameOf, poolColumns } from './cells.ts';
import { openOf, SIGNS, type Standing, standingOf } from './standing.ts';
import { type Grid, gridBlocks } from './table.ts';
import { MESSAGE_WEIGHT, weightOf } from './weight.ts';

export interface Moment {
  /** When it is shown anew, by the queue's clock; absent where nobody will. */
  next?: number;
  /** Why the report is an old one. */
  trouble?: string;
  /** What the picture shows. */
  alt?: string;
}

const HEADER = 150;
/** So few pools are shown whole; of more, those that are not fine, or so many that are, the slowest first. */
const WHOLE = 20;
const FINE = 12;
/** Incidents and silences told of by name. */
const TOLD = 5;
const HEADLINE = 200;
const LINK = 250;
const REASON = 80;
const BLIND = 600;
const FALLBACK = 3_500;
const ALT = 500;

/** How every pool is doing, for two seconds of somebody's time: whether all is well, what is not, and then the figures. */
export function dashboard(report: Report, moment: Moment, { table, picture }: Look): Composed {
  const standing = standingOf(report, moment.trouble);
  const head = `${standing.sign} ${report.deployment}: ${standing.line}`;
  const open = openOf(report.incidents);
  const told = open.slice(0, TOLD).map((incident) => incidentLine(report, incident));
  const more = open.length > TOLD ? [`… and ${open.length - TOLD} more incidents`] : [];
  const lines = [...doubtLines(report, standing), ...told, ...more];
  const top: KnownBlock[] = [header(bare(head, HEADER)), ...(lines.length === 0 ? [] : [section(lines.join('\n'))])];
  const foot: KnownBlock[] = [
    ...(picture === undefined ? [] : [pictureBlock(picture, moment.alt ?? '')]),
    ...(report.silences.length === 0 ? [] : [context(silenceLine(report))]),
    ...objectiveBlocks(report),
    ...(report.blind === undefined ? [] : [context(`⚠️ ${plain(blindText(report.blind), BLIND)}`)]),
    context([asOf(report, moment), legend(report)].join('\n')),
  ];
  const room = MESSAGE_WEIGHT - [...top, ...foot].reduce((sum, block) => sum + weightOf(block) + 1, 0);
  const text = fitting([plain(head, HEADER), ...lines]);
  return { text, blocks: [...top, ...poolBlocks(report, table, room), ...foot] };
}

/** The first lines that fit into the text that stands for the blocks. */
function fitting(lines: readonly string[]): string {
  return lines.reduce((text, line) => (text.length + line.length < FALLBACK ? `${text}\n${line}` : text));
}

function incidentLine({ deployment, rootUrl, at }: Report, incident: Incident): string {
  const { sign, status, headline, links } = wording({ deployment, rootUrl, incident });
  const [first] = links;
  const way = first === undefined ? '' : `  ·  ${link(first.label, first.href)}`;
  const where = way.length > LINK ? '' : way;
  return `${sign} *${status}* for ${spoken(at - incident.since)}: ${plain(headline, HEADLINE)}${where}`;
}

function doubtLines({ passAt }: Report, { doubt }: Standing): string[] {
  if (doubt === undefined) return [];
  const from = passAt === undefined ? '' : `, from ${dayAndTime(passAt)} or before`;
  return [`*The figures below are old*${from}: ${plain(doubt, HEADLINE)}`];
}

function dayAndTime(instant: number): string {
  return localTime(instant, '{date_short_pretty} {time}', dayAndMinute(instant));
}

/** Room for the line that counts those left out. */
const FOLDED = 300;

function poolBlocks(report: Report, asTable: boolean, room: number): KnownBlock[] {
  const sorted = mostUrgentFirst(report.probes);
  const ill = sorted.filter(({ verdict }) => verdict !== 'healthy').length;
  const chosen = sorted.slice(0, sorted.length <= WHOLE ? sorted.length : Math.max(ill, FINE));
  if (chosen.length === 0) return [];
  const { blocks, shown } = gridBlocks(gridOf(report, chosen, asTable), asTable, room - FOLDED);
  const left = sorted.slice(shown);
  return left.length === 0 ? blocks : [...blocks, context(foldedLine(left))];
}

/** A column that says nothing of any pool is left out. The sign stands before the name: on a phone that is all there is to see. */
function gridOf({ at, probes }: Report, chosen: readonly ProbeReport[], asTable: boolean): Grid {
  const columns = poolColumns(probes, at);
  // Coloured signs are not of one width in every font for code.
  const sign = asTable ? SIGNS : MARKS;
  return {
    columns: [{ title: 'Pool' }, ...columns.map(({ title, right }) => ({ title, ...(right && { right }) }))],
    rows: chosen.map((probe) => [`${sign[probe.verdict]} ${nameOf(probe)}`, ...columns.map(({ cell }) => cell(probe))]),
  };
}

function foldedLine(left: readonly ProbeReport[]): string {
  const bad = (['stuck', 'slow', 'unknown'] as const).flatMap((verdict) => {
    const count = left.filter((probe) => probe.verdict === verdict).length;
    return count === 0 ? [] : [`${SIGNS[verdict]} ${count} ${verdict === 'unknown' ? 'not known' : verdict}`];
  });
  const fine = left.filter(({ verdict }) => verdict === 'healthy');
  const slowest = Math.max(0, ...fine.map(({ p95 }) => p95?.ms ?? 0));
  const calm = slowest === 0 ? '' : `, with a p95 of ${spoken(slowest)} at most`;
  return `And ${[...bad, ...(fine.length === 0 ? [] : [`${SIGNS.healthy} ${fine.length} fine${calm}`])].join(', ')}`;
}

function pictureBlock(id: string, alt: string): KnownBlock {
  return { type: 'image', slack_file: { id }, alt_text: bare(alt, ALT) || 'time to claim' };
}

/** Whether the long run is as agreed, and who spends too fast what may go wrong in it. */
function objectiveBlocks({ probes }: Report): KnownBlock[] {
  const known = knownObjectives(probes);
  if (known.length === 0) return [];
  const burning = known.filter(({ burn }) => burn !== undefined).toSorted((a, b) => a.left - b.left);
  const named = burning.slice(0, TOLD).map(({ name, objective }) => `${plain(name, REASON)} (${budgetText(objective)})`);
  const more = burning.length > TOLD ? [`${burning.length - TOLD} more`] : [];
  const said = burning.length === 0 ? [] : [`spent too fast: ${[...named, ...more].join(', ')}`];
  return [context([`Objectives: ${keptText(known)}`, ...said].join('  ·  '))];
}

function silenceLine({ silences }: Report): string {
  const told = silences.slice(0, TOLD).map(({ match, until, reason, probes }) => {
    return `${plain(match, REASON)} (${probes.length}) until ${dayAndTime(until)}: ${plain(reason, REASON)}`;
  });
  const more = silences.length > TOLD ? [`${silences.length - TOLD} more`] : [];
  return `🔕 Silenced: ${[...told, ...more].join('; ')}`;
}

/** Of the signs in the table, those that need a word. */
function legend({ probes }: Report): string {
  const bound = probes.some(({ p50, p95 }) => p50?.atLeast === true || p95?.atLeast === true);
  const unclaimed = probes.some(({ spark }) => spark.some((point) => point?.censored === true));
  return [...(bound ? ['≥ at least'] : []), ...(unclaimed ? ['× nobody claimed'] : []), 'bars: the slowest of two hours'].join(
    '  ·  ',
  );
}

function asOf({ at }: Report, { next }: Moment): string {
  const said = `As of ${localTime(at, '{date_short_pretty} {time_secs}', `${clockTime(at)} UTC`)}`;
  if (next === undefined) return said;
  const then = localTime(next, '{time}', `${clockTime(next)} UTC`);
  return `${said}, the next at ${then}: once that has passed, nobody is watching`;
}
