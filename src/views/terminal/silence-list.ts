import { clockTime, spoken } from '../../evidence/instant.ts';
import type { ListedSilence } from '../silences.ts';
import { type Column, table } from './table.ts';
import { type Colors, harmless, wrapped } from './text.ts';
import { momentText } from './until.ts';

const MARKS: Record<ListedSilence['state'], string> = { now: '◌', later: '○', recurs: '↻', over: '·' };
/** `hidden`: how many there are that are over and not listed. */
export function silenceListLines(
  deployment: string,
  listed: readonly ListedSilence[],
  hidden: number,
  now: number,
  colors: Colors,
  room: number,
): string[] {
  const columns: Column<ListedSilence>[] = [
    { title: 'STATE', cell: ({ state }) => paint(state, colors)(`${MARKS[state]} ${state}`), rank: 0 },
    { title: 'MATCH', cell: ({ match }) => harmless(match), rank: 0, shrinks: true },
    { title: 'ENDS', cell: (silence) => endCell(silence, now), rank: 1 },
    { title: 'UNTIL', cell: ({ until }) => (until === undefined ? '' : momentText(until, now)), rank: 2 },
    { title: 'ID', cell: ({ id }) => id ?? '', rank: 0 },
  ];
  const inForce = listed.filter(({ state }) => state === 'now').length;
  const head = `${inForce === 0 ? 'nothing silenced' : `${inForce} in force`} · ${clockTime(now)} UTC`;
  const [titles = '', ...rows] = table(columns, listed, room);
  // Below the row's match stands who and why.
  const indent = ' '.repeat(titles.indexOf('MATCH'));
  const over = hidden === 0 ? [] : ['', ...wrapped(`${hidden} ${hidden === 1 ? 'is' : 'are'} over; --all shows them too.`, room)];
  return [
    `${colors.bold(deployment)} ${colors.dim(`· ${head}`)}`,
    ...(listed.length === 0 ? [] : ['', colors.dim(titles)]),
    ...listed.flatMap((silence, i) => [
      rows[i] ?? '',
      ...wrapped(harmless(whyText(silence)), room - indent.length, 2).map((piece) => indent + colors.dim(piece)),
    ]),
    ...over.map(colors.dim),
  ];
}

function paint(state: ListedSilence['state'], colors: Colors): (text: string) => string {
  return state === 'now' ? colors.cyan : state === 'over' ? colors.dim : (text) => text;
}

function endCell({ state, from, until, ended }: ListedSilence, now: number): string {
  if (state === 'later') return `begins in ${spoken((from ?? now) - now)}`;
  if (ended !== undefined) return `ended ${spoken(now - ended)} ago`;
  if (until === undefined) return '';
  return state === 'over' ? `${spoken(now - until)} ago` : `in ${spoken(until - now)}`;
}

function whyText({ by, reason, recurs }: ListedSilence): string {
  if (recurs === undefined) return `${by}: ${reason}`;
  const days = recurs.days.length === 7 ? 'daily' : recurs.days.join(', ');
  return `${by}, ${days} ${recurs.from}–${recurs.to} ${recurs.timezone}: ${reason}`;
}
