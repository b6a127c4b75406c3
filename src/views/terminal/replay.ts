import { dayAndMinute, dayOf, iso, spoken } from '../../evidence/instant.ts';
import type { Alarm } from '../../judge/replay/alarms.ts';
import { causeThen, type Pair, paired } from '../../judge/replay/compare.ts';
import type { Wish } from '../../judge/replay/thresholds.ts';
import { amount } from '../../notify/words/count.ts';
import { differenceOf, type Replayed, sumOf, type Tried } from '../replayed.ts';
import { replayNotes } from './replay-notes.ts';
import { type Column, table } from './table.ts';
import { type Colors, harmless, WIDEST, wrapped } from './text.ts';

/** Whoever tries thresholds that page hundreds of times need not see each. */
const MOST = 60;

/** What history would have told with other thresholds beside what it tells with those in force, or that beside what was told. */
export function replayLines(replayed: Replayed, asked: Tried | undefined, colors: Colors, width: number): string[] {
  const room = Math.min(width, WIDEST);
  const pairs = asked ? paired(asked.alarms, replayed.today) : paired(replayed.today, replayed.stored);
  const rows = pairs.filter(({ one, other }) => one?.told.page !== undefined || other?.told.page !== undefined);
  const titles = asked ? { one: 'ASKED', other: 'TODAY' } : { one: 'REPLAYED', other: 'STORED' };
  return [
    ...headLines(replayed, colors, room),
    '',
    ...wrapped(asked ? askedText(replayed, asked) : todayText(replayed), room).map(colors.bold),
    '',
    ...(rows.length === 0 ? [] : [...pairTable(rows.slice(0, MOST), titles, replayed, colors, room), '']),
    ...(rows.length > MOST ? [colors.dim(`and ${rows.length - MOST} more; --json has them all`), ''] : []),
    ...replayNotes(replayed, room).map(colors.dim),
  ];
}

export function headLines(replayed: Replayed, colors: Colors, room: number): string[] {
  const { deployment, probes, canaries, since, until } = replayed;
  const what = [
    `${amount(probes)} ${probes === 1 ? 'probe' : 'probes'}`,
    `${amount(canaries)} canaries`,
    `${dayOf(since)} to ${dayAndMinute(until)}`,
  ].join(' · ');
  const [first = '', ...rest] = wrapped(`${harmless(deployment)} · ${what}`, room, 2);
  const name = harmless(deployment);
  return [`${colors.bold(name)}${colors.dim(first.slice(name.length))}`, ...rest.map(colors.dim)];
}

function askedText(replayed: Replayed, { wish, alarms }: Tried): string {
  const sum = sumOf(alarms);
  const would = sum.pages === 0 ? 'nobody would have been paged' : `you would have been paged ${counted(sum.pages, 'time')}`;
  return `With ${wishText(wish)} ${would} and warned ${counted(sum.warnings, 'time')} besides; today's gave ${sumText(replayed.stored)}.`;
}

function todayText(replayed: Replayed): string {
  const { unrepeated, added } = differenceOf(replayed);
  const same = unrepeated.length + added.length === 0;
  const again = same ? 'replayed, they page the same' : `replayed, they give ${sumText(replayed.today)}`;
  return `Today's thresholds gave ${sumText(replayed.stored)}; ${again}.`;
}

function sumText(alarms: readonly Alarm[]): string {
  const { pages, warnings } = sumOf(alarms);
  return `${counted(pages, 'page')} and ${counted(warnings, 'warning')}`;
}

function counted(count: number, noun: string): string {
  if (count === 0) return noun === 'time' ? 'never' : `no ${noun}s`;
  return noun === 'time' && count === 1 ? 'once' : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Only what was asked for. */
function wishText({ warnAfter, pageAfter, resolveAfter }: Wish): string {
  const said = [
    typeof warnAfter === 'number' ? `warnAfter ${spoken(warnAfter)}` : '',
    typeof pageAfter === 'number' ? `pageAfter ${spoken(pageAfter)}` : '',
    resolveAfter === undefined ? '' : `resolveAfter ${resolveAfter}`,
  ].filter((text) => text !== '');
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`;
}

function pairTable(
  rows: readonly Pair[],
  titles: { one: string; other: string },
  { incidents }: Replayed,
  colors: Colors,
  room: number,
): string[] {
  const main = ({ one, other }: Pair) => (one?.told.page === undefined ? (other ?? one) : one);
  const of = (cell: (alarm: Alarm) => string) => (pair: Pair) => {
    const alarm = main(pair);
    return alarm === undefined ? '' : cell(alarm);
  };
  const columns: Column<Pair>[] = [
    { title: '', cell: (pair) => mark(pair, colors), rank: 0 },
    { title: 'LATE SINCE, UTC', cell: of(({ incident }) => iso(incident.since).slice(0, 16).replace('T', ' ')), rank: 0 },
    { title: 'POOLS', cell: of(poolsText), rank: 0, shrinks: true },
    { title: titles.one, cell: ({ one }) => toldText(one), right: true, rank: 0 },
    { title: titles.other, cell: ({ other }) => toldText(other), right: true, rank: 0 },
    { title: 'LASTED', cell: of(lastedText), right: true, rank: 2 },
    { title: 'CAUSE THEN', cell: of((alarm) => causeThen(alarm, incidents)), rank: 1 },
  ];
  const [head = '', ...lines] = table(columns, rows, room);
  return [colors.dim(head), ...lines];
}

/** Red for what pages either way, yellow for a page more, green for one less. */
function mark({ one, other }: Pair, colors: Colors): string {
  if (one?.told.page === undefined) return colors.green('−');
  return other?.told.page === undefined ? colors.yellow('+') : colors.red('■');
}

function poolsText({ pools, incident }: Alarm): string {
  const [first = incident.anchor.slice(incident.anchor.indexOf(':') + 1)] = pools;
  return harmless(pools.length > 1 ? `${pools.length} pools: ${first}` : first);
}

function toldText(alarm: Alarm | undefined): string {
  if (alarm === undefined) return '–';
  const { told, incident } = alarm;
  return told.page === undefined ? 'warned' : `+${spoken(told.page - incident.since)}`;
}

function lastedText({ ended, incident }: Alarm): string {
  return ended === undefined ? 'lasts' : spoken(ended - incident.since);
}
