import { clockTime, HOUR, MINUTE, spoken } from '../../evidence/instant.ts';
import { creationsOf, type InspectedPool, type Standing } from '../inspected.ts';
import { capacityBar } from './bar.ts';
import { flow, type Piece } from './flow.ts';
import { errorLines, incidentPieces, objectivePieces, probePieces } from './inspect-parts.ts';
import { countline } from './sparkline.ts';
import { type Colors, harmless, pad, wrapped } from './text.ts';

/** Columns of the names at the left. */
const NAMES = 11;
/** Names of regions that are said. */
const REGIONS = 4;
const WIDE = 120;
/** The queue writes down when a worker asked for work up to so long after it did. */
const ACTIVE = 30 * MINUTE;

export const STANDINGS: Record<Standing, { mark: string; said: string }> = {
  broken: { mark: '■', said: '' },
  queue: { mark: '▲', said: '' },
  unexplained: { mark: '▲', said: 'unexplained' },
  coming: { mark: '●', said: 'tasks wait, and it seems not for long' },
  quiet: { mark: '●', said: 'no task waits' },
  unknown: { mark: '○', said: 'cannot tell whether tasks wait' },
};

export function paintOf(standing: Standing, colors: Colors): (text: string) => string {
  if (standing === 'broken') return colors.red;
  if (standing === 'queue' || standing === 'unexplained') return colors.yellow;
  return standing === 'unknown' ? colors.dim : colors.green;
}

/** One pool on one screen: how it stands and why, what to do, and all that was read of it. */
export function inspectPoolLines(one: InspectedPool, rootUrl: string, now: number, colors: Colors, room: number): string[] {
  const row = (name: string, lines: readonly string[]) =>
    lines.map((line, i) => `  ${colors.dim(pad(i === 0 ? name : '', NAMES))}${line}`);
  const inner = room - NAMES - 2;
  const pieces = (name: string, parts: readonly Piece[]) => row(name, flow(parts, inner));
  return [
    ...flow([[harmless(one.pool), colors.bold], ...headPieces(one, now).map((text): Piece => [text, colors.dim])], room),
    ...verdictLines(one, colors, room),
    '',
    ...pieces('capacity', capacityPieces(one, colors, room >= WIDE ? 40 : 20)),
    ...pieces('tasks', taskPieces(one, colors)),
    ...pieces('workers', workerPieces(one)),
    ...pieces('queue', queuePieces(one, colors)),
    ...row('errors', errorLines(one, colors, inner)),
    ...pieces('created', createdPieces(one, colors)),
    ...(one.stored?.probes ?? []).flatMap((probe) => [
      ...pieces('probe', probePieces(probe, now)),
      ...(probe.objective === undefined ? [] : pieces('objective', objectivePieces(probe.objective, colors))),
    ]),
    ...(one.stored?.incidents ?? []).flatMap((incident) => pieces('incident', incidentPieces(incident, now, colors))),
    // A link is not broken into lines: a terminal could not open it any more.
    ...(one.managed === true ? row('page', [colors.dim(`${rootUrl}/worker-manager/${encodeURIComponent(one.pool)}`)]) : []),
  ];
}

function headPieces({ record: { info }, managed }: InspectedPool, now: number): string[] {
  const at = `${clockTime(now)} UTC`;
  if (info === undefined) return [...(managed === false ? ['not managed by worker-manager'] : []), at];
  const { provider, regions = [], launchConfigs } = info;
  const more = regions.length - REGIONS;
  const named = regions.slice(0, REGIONS).map(harmless).join(', ');
  return [
    harmless(provider),
    ...(launchConfigs === 0 ? [] : [`${launchConfigs} launch ${launchConfigs === 1 ? 'configuration' : 'configurations'}`]),
    ...(named === '' ? [] : [more > 0 ? `${named} and ${more} more` : named]),
    at,
  ];
}

function verdictLines({ standing, diagnosis, said, unheardOf }: InspectedPool, colors: Colors, room: number): string[] {
  if (unheardOf)
    return wrapped('■ unknown pool  neither worker-manager nor the queue has heard of it; correct its name', room, 2).map(
      colors.red,
    );
  const { mark, said: word } = STANDINGS[standing];
  const name = word === '' ? `${diagnosis.cause}${diagnosis.confidence === 'likely' ? ', likely' : ''}` : word;
  const paint = paintOf(standing, colors);
  if (said === undefined) return [paint(`${mark} ${name}`)];
  const [head = '', ...rest] = wrapped(harmless(`${mark} ${name}  ${said.sentence}`), room, 2);
  return [paint(head), ...rest.map(paint), ...wrapped(harmless(said.remedy), room - 2).map((line) => `  ${colors.dim(line)}`)];
}

function capacityPieces({ diagnosis: { figures } }: InspectedPool, colors: Colors, columns: number): Piece[] {
  const { running, requested, stopping, minCapacity, maxCapacity } = figures;
  const bar = capacityBar(figures, columns, colors);
  const range = [
    ...(maxCapacity === undefined ? [] : [`maximum ${maxCapacity}`]),
    ...(minCapacity === undefined || minCapacity === 0 ? [] : [`minimum ${minCapacity}`]),
  ];
  if (running === undefined) return range;
  const states = [`${running} running`, `${requested ?? 0} requested`, ...(stopping ? [`${stopping} stopping`] : [])];
  return [`${bar === '' ? '' : `${bar}  `}${states.join(', ')}`, ...range];
}

function taskPieces({ diagnosis: { figures }, record: { seen }, standing }: InspectedPool, colors: Colors): Piece[] {
  const { pending, claimed, oldestPending, claims, claimRate, eta } = figures;
  if (pending === undefined && claimed === undefined) return [];
  const over = seen?.claims?.compared?.over ?? 0;
  const moves = {
    move: `claims move, ${rate(claimRate ?? 0)} at least`,
    stand: `no claim in ${spoken(over)}`,
    'cannot tell': 'cannot tell whether claims move',
  };
  const waits: Piece = [`${pending} pending`, (pending ?? 0) > 0 ? paintOf(standing, colors) : (text) => text];
  return [
    waits,
    ...(oldestPending === undefined || pending === 0 ? [] : [`oldest ${spoken(oldestPending)}`]),
    ...(claimed === undefined ? [] : [`${claimed} claimed`]),
    ...((pending ?? 0) > 0 || claims !== 'cannot tell' ? [moves[claims]] : []),
    ...(eta === undefined || (pending ?? 0) < 2 ? [] : [`done in ${spoken(eta)} at the most`]),
  ];
}

function workerPieces({ diagnosis: { figures }, workers }: InspectedPool): Piece[] {
  const { newestWorker, oldestRequested, usualBoot, created, usuallyCreated, young, youngGone, at } = figures;
  const listed = creationsOf(workers, at);
  if (workers?.length === 0) return ['none in the last 7 days'];
  const usual = usuallyCreated === undefined ? '' : `, usually ${Math.round(usuallyCreated)}`;
  const boot = usualBoot === undefined ? '' : `, usually up within ${spoken(usualBoot)}`;
  return [
    ...(newestWorker === undefined ? [] : [`newest ${spoken(newestWorker)} ago`]),
    ...(listed !== undefined && created === undefined
      ? [`${listed.count} in the last ${spoken(listed.over)}, ${rate(listed.count / (listed.over / HOUR))}`]
      : created === undefined
        ? []
        : [`${created} in the last hour${usual}`]),
    ...(youngGone === undefined ? [] : [`${youngGone} of ${young} within ten minutes are gone`]),
    ...(oldestRequested === undefined
      ? usualBoot === undefined
        ? []
        : [`usually up within ${spoken(usualBoot)}`]
      : [`one requested ${spoken(oldestRequested)} ago is not up${boot}`]),
  ];
}

/** A rate per hour as people say it: by the minute where there are many. */
function rate(perHour: number): string {
  return perHour >= 120 ? `${Math.round(perHour / 60)} a minute` : `${Math.round(perHour)} an hour`;
}

function queuePieces({ diagnosis: { figures } }: InspectedPool, colors: Colors): Piece[] {
  const { workers, quarantined = 0, lastActive } = figures;
  if (workers === undefined) return [];
  return [
    workers === 0 ? 'knows no worker' : `knows ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    ...(quarantined === 0 ? [] : [[`${quarantined} in quarantine`, colors.yellow] as const]),
    ...(lastActive === undefined
      ? []
      : [lastActive < ACTIVE ? `active within ${spoken(ACTIVE)}` : `last active ${spoken(lastActive)} ago`]),
  ];
}

/** Creations by the hour, which only a store has counted. */
function createdPieces({ stored, record: { created } }: InspectedPool, colors: Colors): Piece[] {
  if (stored === undefined || created === undefined || created.counts.length < 2) return [];
  const day = created.counts.slice(-24);
  const sum = day.reduce((total, count) => total + count, 0);
  return [`${countline(day, colors)}  ${sum} in the last ${day.length} h`];
}
