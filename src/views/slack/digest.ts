import type { KnownBlock } from '@slack/types';
import type { Composed } from '../../evidence/board.ts';
import type { Incident } from '../../evidence/incident.ts';
import { dayAndMinute, dayOf, spoken } from '../../evidence/instant.ts';
import type { ProbeReport, Report } from '../../evidence/report.ts';
import { header, section } from '../../notify/slack/blocks.ts';
import { bare, localTime, plain } from '../../notify/slack/mrkdwn.ts';
import { wording } from '../../notify/wording.ts';
import { counted } from '../../notify/words/count.ts';
import { budgetText, keptText, knownObjectives, objectiveText, percentText } from '../objective.ts';
import { quantileText } from '../verdicts.ts';
import { nameOf } from './cells.ts';
import { gridBlocks } from './table.ts';
import { MESSAGE_WEIGHT, weightOf } from './weight.ts';

const HEADER = 150;
/** Pages and pools told of by name. */
const PAGES = 8;
const SLOWEST = 10;
/** Of a probe's name. */
const NAME = 100;
const HEADLINE = 140;
const BUDGETS = 8;
/** A budget of which more than this is left, and that does not burn, is not told of by name. */
const AMPLE = 0.5;

/** Parts of the digest in their order, each of which may have nothing to say. */
const PARTS: ((report: Report, asTable: boolean, room: number) => KnownBlock[])[] = [figures, pages, objectives, slowest];

/** What the past week was like: how often somebody was woken and why, what is left of the error budgets, and which pools make people wait. */
export function digest(report: Report, asTable: boolean): Composed {
  const title = `📅 ${report.deployment}: ${dayOf(report.since)} to ${dayOf(report.at)}, ${pagesLine(report)}`;
  const blocks: KnownBlock[] = [header(bare(title, HEADER))];
  for (const part of PARTS) {
    const room = MESSAGE_WEIGHT - blocks.reduce((sum, block) => sum + weightOf(block) + 1, 0);
    const made = part(report, asTable, room);
    if (made.reduce((sum, block) => sum + weightOf(block) + 1, 0) <= room) blocks.push(...made);
  }
  return { text: plain(title, HEADER), blocks };
}

/** Incidents that somebody was to hear of; one that went on in another is told as that. */
function toldOf({ incidents }: Report, level: Incident['level']): Incident[] {
  return incidents
    .filter((incident) => incident.level === level && incident.end !== 'folded' && incident.silenced === undefined)
    .toSorted((a, b) => a.since - b.since);
}

function pagesLine(report: Report): string {
  const count = toldOf(report, 'page').length;
  return count === 0 ? 'nobody was woken' : counted(count, 'page');
}

function figures(report: Report): KnownBlock[] {
  const { probes } = report;
  const sum = (of: (probe: ProbeReport) => number) => probes.reduce((total, probe) => total + of(probe), 0);
  const limited = probes.filter(({ thresholds }) => thresholds !== undefined);
  const asked = limited.reduce((total, { claims, unclaimed }) => total + claims + unclaimed, 0);
  const late = limited.reduce((total, { breaches }) => total + breaches, 0);
  const said = [
    counted(probes.length, 'pool'),
    counted(
      sum(({ claims }) => claims),
      'claim',
    ),
    ...(sum(({ unclaimed }) => unclaimed) === 0 ? [] : [`${sum(({ unclaimed }) => unclaimed)} never claimed`]),
    ...(asked === 0 ? [] : [`${percent(1 - late / asked)} in time`]),
    counted(toldOf(report, 'page').length, 'page'),
    counted(toldOf(report, 'warn').length, 'warning'),
  ];
  return [section(said.join('  ·  '))];
}

function pages(report: Report): KnownBlock[] {
  const woken = toldOf(report, 'page');
  if (woken.length === 0) return [];
  const causes = new Map<string, number>();
  for (const { cause } of woken) causes.set(cause, (causes.get(cause) ?? 0) + 1);
  const by = [...causes].toSorted((a, b) => b[1] - a[1]).map(([cause, count]) => `${cause} ${count}`);
  const lines = woken.slice(-PAGES).map((incident) => pageLine(report, incident));
  const more = woken.length > PAGES ? [`and ${woken.length - PAGES} before these`] : [];
  return [section([`*Pages by cause*: ${by.join(', ')}`, ...lines, ...more].join('\n'))];
}

function pageLine({ deployment, rootUrl, at }: Report, incident: Incident): string {
  const { since, ended, cause } = incident;
  const when = localTime(since, '{date_short} {time}', dayAndMinute(since));
  const lasted = ended === undefined ? `open for ${spoken(at - since)}` : spoken(ended - since);
  // While it lasts the words say what is wrong; once it is over they say that it is not.
  const { headline } = wording({ deployment, rootUrl, incident: asOpen(incident) });
  return `• ${when}, ${lasted}: ${plain(headline, HEADLINE)} (${cause})`;
}

function asOpen({ ended: _ended, end: _end, ...incident }: Incident): Incident {
  return incident;
}

/** How many of the objectives hold, and those whose budgets are the most spent. */
function objectives({ probes }: Report): KnownBlock[] {
  const known = knownObjectives(probes);
  if (known.length === 0) return [];
  const spent = known.filter(({ left, burn }) => left < AMPLE || burn !== undefined).toSorted((a, b) => a.left - b.left);
  const lines = spent.slice(0, BUDGETS).map(({ name, objective, kept, left, burn }) => {
    const spending = left < 0 ? `overspent by ${Math.round(-left * 100)}%` : `${budgetText(objective)} of the error budget`;
    return `• ${plain(name, NAME)}: ${percentText(kept)} in time, of ${objectiveText(objective)}; ${spending}${burn === undefined ? '' : ', and it burns'}`;
  });
  const more = spent.length > BUDGETS ? [`and ${spent.length - BUDGETS} more`] : [];
  return [section([`*Objectives*: ${keptText(known)}`, ...lines, ...more].join('\n'))];
}

function slowest({ probes }: Report, asTable: boolean, room: number): KnownBlock[] {
  const slow = probes
    .filter(({ p95 }) => p95 !== undefined)
    .toSorted((a, b) => (b.p95?.ms ?? 0) - (a.p95?.ms ?? 0))
    .slice(0, SLOWEST);
  if (slow.length === 0) return [];
  const right = true;
  const columns = [
    { title: 'Slowest pools' },
    { title: 'p95', right },
    { title: 'p50', right },
    { title: 'p99', right },
    { title: 'Late', right },
    { title: 'Claims', right },
  ];
  const rows = slow.map((probe) => [
    nameOf(probe),
    quantileText(probe.p95),
    quantileText(probe.p50),
    quantileText(probe.p99),
    probe.thresholds === undefined ? '–' : String(probe.breaches),
    String(probe.claims),
  ]);
  return gridBlocks({ columns, rows }, asTable, room).blocks;
}

/** Never 100 % where there was a single late one. */
function percent(share: number): string {
  return `${(Math.floor(share * 10_000) / 100).toFixed(share === 1 ? 0 : 2)} %`;
}
