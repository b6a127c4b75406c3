import type { FleetEvidence, Incident, Member } from '../../evidence/incident.ts';
import { clockTime, spoken } from '../../evidence/instant.ts';
import type { Report } from '../../evidence/report.ts';
import { burnLines } from '../../notify/words/budget.ts';
import { causeWords } from '../../notify/words/cause.ts';
import { where } from '../../notify/words/stall.ts';
import { type Column, table } from './table.ts';
import { type Colors, harmless, wrapped } from './text.ts';
import { untilText } from './until.ts';

const INDENT = ' '.repeat(8);
/** Of more pools than this in one incident only the number is said; JSON has them all. */
const NAMED = 20;
const MARKS = { page: '■', warn: '▲' };

/**
 * Open incidents with what was last said of each, the figures behind its cause, its pools where there are several, and why
 * nobody may have heard.
 */
export function incidentLines(report: Report, colors: Colors, room: number): string[] {
  const open = report.incidents.filter((incident) => incident.ended === undefined);
  return open.flatMap((incident) => {
    const last = incident.timeline.at(-1);
    const line = `${MARKS[incident.level]} ${incident.level}  ${harmless(`${nameOf(incident)}  ${last?.what}: ${last?.text}`)}`;
    const paint = incident.silenced !== undefined ? colors.dim : incident.level === 'page' ? colors.red : colors.yellow;
    const notes = notesOn(incident, report).flatMap((note) => wrapped(harmless(note), room - INDENT.length, 2));
    return [
      '',
      ...wrapped(line, room, INDENT.length).map(paint),
      ...notes.map((note) => INDENT + colors.dim(note)),
      ...(incident.evidence.kind === 'fleet' ? memberLines(incident.evidence, colors, room) : []),
    ];
  });
}

function nameOf({ evidence, anchor }: Incident): string {
  if (evidence.kind === 'pool') return evidence.probe;
  if (evidence.kind === 'capacity') return evidence.pool;
  if (evidence.kind === 'ask') return anchor.replace(/^(ask|probe):/, '');
  if (evidence.kind === 'budget') return named(evidence.burning);
  if (evidence.stall !== undefined) return where(evidence.stall);
  return evidence.members.length === 1 ? '1 pool' : `${evidence.members.length} pools`;
}

function named(burning: readonly { probe: string }[]): string {
  return burning.length === 1 ? (burning[0]?.probe ?? '') : `${burning.length} probes`;
}

function notesOn(incident: Incident, report: Report): string[] {
  const { since, cause, silenced, flappingSince, reopened = [], evidence } = incident;
  const about = `since ${clockTime(since)} UTC, for ${spoken(report.at - since)}, ${cause}`;
  const proof = evidence.kind === 'budget' ? burnLines(evidence, NAMED).join('; ') : causeWords(incident)?.proof;
  const folded = report.incidents.filter(({ into }) => into === incident.id).length;
  return [
    evidence.kind === 'fleet' ? [about, ...extentOf(evidence, folded)].join('; ') : about,
    ...(proof === undefined ? [] : [proof]),
    ...(flappingSince === undefined ? [] : [`comes and goes since ${clockTime(flappingSince)} UTC, ${times(reopened.length)}`]),
    ...(silenced === undefined ? [] : [`silenced ${untilText(silenced.until, report.at)} by ${silenced.by}: ${silenced.reason}`]),
  ];
}

function times(returns: number): string {
  return `${returns === 1 ? 'reopened once' : `reopened ${returns} times`}, and is said no more until it stays good`;
}

function extentOf({ common, recovered, unwatched = 0, witnesses }: FleetEvidence, folded: number): string[] {
  return [
    ...(common.length === 0 ? [] : [common.join(', ')]),
    ...(recovered === 0 ? [] : [`${recovered} recovered`]),
    ...(unwatched === 0 ? [] : [`${unwatched} watched no more`]),
    `${witnesses} ${witnesses === 1 ? 'probe' : 'probes'} can be judged`,
    ...(folded === 0 ? [] : [`${folded} ${folded === 1 ? 'incident goes' : 'incidents go'} on in this one`]),
  ];
}

function memberLines({ members }: FleetEvidence, colors: Colors, room: number): string[] {
  const columns: Column<Member>[] = [
    { title: '', cell: ({ level }) => (level === 'page' ? colors.red : colors.yellow)(MARKS[level]), rank: 0 },
    { title: '', cell: ({ pool, probe }) => harmless(probe === pool ? pool : `${pool} (${probe})`), rank: 0, shrinks: true },
    { title: '', cell: ({ claimed, age }) => `${claimed ? 'claimed after' : 'unclaimed for'} ${spoken(age)}`, rank: 0 },
  ];
  const [, ...rows] = table(columns, members.slice(0, NAMED), room - INDENT.length);
  const more = members.length - NAMED;
  return [...rows, ...(more > 0 ? [colors.dim(`and ${more} more`)] : [])].map((row) => INDENT + row);
}
