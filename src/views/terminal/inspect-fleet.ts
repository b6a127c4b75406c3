import { clockTime, spoken } from '../../evidence/instant.ts';
import { CONCERNS, type Concern, type InspectedFleet, type Worth } from '../inspected-fleet.ts';
import type { InspectedProvider } from '../inspected-providers.ts';
import { flow, type Piece } from './flow.ts';
import { errorName, incidentPieces } from './inspect-parts.ts';
import { paintOf, STANDINGS } from './inspect-pool.ts';
import { type Column, table } from './table.ts';
import { type Colors, harmless, wrapped } from './text.ts';

/** Pools that are listed; JSON has all of them. */
const LISTED = 20;

/** A deployment on one screen: what is wrong, provider by provider and pool by pool, worst first. */
export function inspectFleetLines(fleet: InspectedFleet, rootUrl: string, colors: Colors, room: number): string[] {
  const { worth, pools, incidents = [], at } = fleet;
  const listed = worth.slice(0, LISTED);
  const folded = worth.length - listed.length;
  const rest = pools - worth.length;
  return [
    ...headLines(fleet, rootUrl, colors, room),
    ...verdictLines(fleet, colors, room),
    ...(fleet.providers.length === 0 ? [] : ['', ...providerTable(fleet.providers, colors, room)]),
    ...(listed.length === 0 ? [] : ['', ...worthTable(listed, colors, room), ...quoteLines(listed, colors, room)]),
    ...(folded > 0 ? [colors.dim(`and ${folded} more of the kind`)] : []),
    ...(rest > 0 && worth.length > 0
      ? ['', colors.dim(`nothing stands out in the other ${rest === 1 ? 'pool' : `${rest} pools`}`)]
      : []),
    ...(incidents.length === 0 ? [] : ['', ...incidents.flatMap((incident) => flow(incidentPieces(incident, at, colors), room))]),
  ];
}

function headLines(
  { pools, pending, claimed, counted, at }: InspectedFleet,
  rootUrl: string,
  colors: Colors,
  room: number,
): string[] {
  const facts = [
    `${pools} ${pools === 1 ? 'pool' : 'pools'}`,
    ...(counted === 0 ? [] : [`${pending} pending`]),
    ...(claimed === undefined ? [] : [`${claimed} claimed`]),
    `${clockTime(at)} UTC`,
  ];
  return flow([[rootUrl.replace(/^https?:\/\//, ''), colors.bold], ...facts.map((text): Piece => [text, colors.dim])], room);
}

function verdictLines(fleet: InspectedFleet, colors: Colors, room: number): string[] {
  const { worth, pools, counted, unread } = fleet;
  if (unread.some(({ what }) => what === 'pools'))
    return wrapped('○ cannot tell: the pools could not be listed', room, 2).map(colors.yellow);
  const look = `${worth.length} of ${pools} pools ${worth.length === 1 ? 'is' : 'are'} worth a look: ${tallyText(worth)}`;
  if (fleet.stall !== undefined)
    return [...wrapped(stallText(fleet, fleet.stall), room, 2).map(colors.red), ...(worth.length === 0 ? [] : [`  ${look}`])];
  if (worth.length > 0) {
    const broken = worth.some(({ standing }) => standing === 'broken');
    return [(broken ? colors.red : colors.yellow)(`${broken ? '■' : '▲'} ${look}`)];
  }
  if (counted === 0) return wrapped('○ cannot tell whether tasks wait; nothing else stands out', room, 2).map(colors.yellow);
  return [unread.length === 0 ? colors.green('● nothing stands out') : '● nothing stands out in what could be read'];
}

const TALLIES: Record<Concern, string> = {
  incident: 'with an open incident',
  'no worker': 'without new workers',
  'over maximum': 'over maximum',
  stuck: 'stuck',
  errors: 'with errors',
  'old work': 'with old work',
};

/** How many pools for which reason, each by its worst. */
function tallyText(worth: readonly Worth[]): string {
  const tallies = CONCERNS.map(
    (concern) => [concern, worth.filter(({ concerns: [first] }) => first === concern).length] as const,
  );
  return tallies.flatMap(([concern, count]) => (count === 0 ? [] : [`${count} ${TALLIES[concern]}`])).join(', ');
}

function stallText({ at }: InspectedFleet, stall: NonNullable<InspectedFleet['stall']>): string {
  const { cause, sure, oldest, overall, providers, waiting, newestWorker } = stall;
  const where = overall ? '' : ` of ${providers.join(', ')}`;
  const wanted = `${waiting} ${waiting === 1 ? 'task waits' : 'tasks wait'} for one`;
  const doubt = sure ? '' : oldest === undefined ? '; for how long cannot be read' : `, the oldest for ${spoken(oldest)}`;
  return harmless(
    `■ ${cause}${sure ? '' : ', likely'}  no new worker${where} for ${spoken(at - newestWorker)}, and ${wanted}${doubt}`,
  );
}

function providerTable(providers: readonly InspectedProvider[], colors: Colors, room: number): string[] {
  const bad = (one: InspectedProvider, text: string) => (one.stalled ? colors.red(text) : text);
  const columns: Column<InspectedProvider>[] = [
    { title: 'PROVIDER', cell: (one) => harmless(one.provider), rank: 0, shrinks: true },
    { title: 'NEWEST WORKER', cell: (one) => bad(one, ago(one.newestWorker)), right: true, rank: 0 },
    {
      title: 'LAST HOUR',
      cell: ({ created, atLeast }) => `${atLeast && created > 0 ? '≥' : ''}${created}`,
      right: true,
      rank: 0,
    },
    { title: 'UNMET', cell: (one) => (one.unmet === 0 ? '–' : bad(one, `${one.waiting} in ${one.unmet}`)), right: true, rank: 0 },
    { title: 'RUNNING', cell: ({ running }) => String(running), right: true, rank: 1 },
    { title: 'REQUESTED', cell: ({ requested }) => String(requested), right: true, rank: 1 },
    { title: 'POOLS', cell: ({ pools }) => String(pools), right: true, rank: 2 },
  ];
  const [head = '', ...rows] = table(columns, providers, room);
  return [colors.dim(head), ...rows];
}

function worthTable(worth: readonly Worth[], colors: Colors, room: number): string[] {
  const columns: Column<Worth>[] = [
    { title: '', cell: ({ standing }) => paintOf(standing, colors)(STANDINGS[standing].mark), rank: 0 },
    { title: 'POOL', cell: ({ pool }) => harmless(pool), rank: 0, shrinks: true },
    { title: 'WHY', cell: ({ concerns }) => concerns.join(', '), rank: 0 },
    { title: 'PENDING', cell: ({ diagnosis: { figures } }) => number(figures.pending), right: true, rank: 0 },
    { title: 'OLDEST', cell: ({ diagnosis: { figures } }) => age(figures.oldestPending), right: true, rank: 2 },
    { title: 'NEWEST WORKER', cell: ({ diagnosis: { figures } }) => ago(figures.newestWorker), right: true, rank: 3 },
    { title: 'CAPACITY', cell: capacityCell, right: true, rank: 4 },
    { title: 'ERRORS', cell: ({ diagnosis: { figures } }) => number(figures.errors), right: true, rank: 5 },
    { title: 'CAUSE', cell: causeCell, rank: 1 },
  ];
  const [head = '', ...rows] = table(columns, worth, room);
  return [colors.dim(head), ...rows];
}

function causeCell({ standing, diagnosis: { cause, confidence } }: Worth): string {
  if (standing !== 'broken' && standing !== 'queue') return '–';
  return `${cause}${confidence === 'likely' ? '?' : ''}`;
}

function capacityCell({ diagnosis: { figures } }: Worth): string {
  const { running, requested = 0, maxCapacity } = figures;
  if (running === undefined) return '–';
  return `${running}${requested > 0 ? `+${requested}` : ''} of ${maxCapacity ?? '–'}`;
}

/** What the clouds say where errors rose. */
function quoteLines(worth: readonly Worth[], colors: Colors, room: number): string[] {
  return worth.flatMap(({ pool, diagnosis: { figures } }) => {
    const { commonError: error } = figures;
    if (error === undefined) return [];
    return wrapped(`${harmless(pool)}: ${errorName(error)}`, room - 2, 2).map((line) => `  ${colors.dim(line)}`);
  });
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : String(value);
}

function age(ms: number | undefined): string {
  return ms === undefined ? '–' : spoken(ms);
}

function ago(ms: number | undefined): string {
  return ms === undefined ? '–' : `${spoken(ms)} ago`;
}
