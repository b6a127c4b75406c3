import type { Kysely } from 'kysely';
import type { Start } from '../evidence/canary.ts';
import type { History, HistoryQuery, HistoryRow } from '../evidence/history.ts';
import type { Incident } from '../evidence/incident.ts';
import { DAY, HOUR } from '../evidence/instant.ts';
import { Layer } from '../evidence/layer.ts';
import type { State } from '../evidence/state.ts';
import { readDwells } from './dwells.ts';
import { asTold } from './incidents.ts';
import { unpack } from './packing.ts';
import { PIECE, turn } from './pieces.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './schema.ts';
import { failing } from './undelivered.ts';
import { readWatch } from './watch.ts';

export async function readRevision(db: Kysely<Tables>): Promise<number> {
  return (await readMark(db)).revision;
}

/** Which store it is, for one that was lost and made anew counts its revisions from 0 again. */
export interface Mark {
  revision: number;
  /** Empty in a store that was made before stores had a mark. */
  born: string;
}

const marks = prepared<undefined, Tables['meta']>((db) =>
  db.selectFrom('meta').selectAll().where('key', 'in', ['revision', 'born']),
);

export async function readMark(db: Kysely<Tables>): Promise<Mark> {
  const { rows } = await marks(db, undefined);
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  return { revision: Number(values.get('revision') ?? 0), born: values.get('born') ?? '' };
}

type Doc = { doc: string };

const docsSince = (table: 'probes' | 'pools' | 'silences') =>
  prepared<number, Doc>((db, value) => {
    const since = value((revision) => revision);
    return db.selectFrom(table).select('doc').where('revision', '>', since);
  });
const probesSince = docsSince('probes');
const poolsSince = docsSince('pools');
const silencesSince = docsSince('silences');
const liveIncidents = prepared<undefined, Doc>((db) => db.selectFrom('incidents').select('doc').where('live', '=', 1));

/** What the store holds, reading only what was written after `since`, the revision at which it held what is `known`. */
export async function readState(db: Kysely<Tables>, known: State, since: number): Promise<Omit<State, 'revision'>> {
  const probes = over(known.probes, await probesSince(db, since), ({ name }) => name);
  const pools = over(known.pools, await poolsSince(db, since), ({ pool }) => pool);
  const silences = over(known.silences, await silencesSince(db, since), ({ id }) => id);
  const live = await liveIncidents(db, undefined);
  const docs = live.rows.map(({ doc }): Incident => JSON.parse(doc));
  const incidents = byAnchor(docs.filter((incident) => incident.ended === undefined));
  const ended = byAnchor(docs.filter((incident) => incident.ended !== undefined));
  const watch = (await readWatch(db)) ?? known.watch;
  return { probes, pools, incidents, ended, silences, watch };
}

/** What was known with what has been written since. */
function over<T>(known: ReadonlyMap<string, T>, { rows }: { rows: Doc[] }, nameOf: (value: T) => string): ReadonlyMap<string, T> {
  const layer = new Layer(known);
  for (const { doc } of rows) {
    const value: T = JSON.parse(doc);
    layer.put(nameOf(value), value);
  }
  return layer.values;
}

function byAnchor(incidents: readonly Incident[]): State['incidents'] {
  return new Map(incidents.map((incident) => [incident.anchor, incident]));
}

/** How much of a long span is read in one query. */
const LENGTHS = { hour: HOUR, day: DAY };
const SPARK = 23 * HOUR;

export async function readHistory(db: Kysely<Tables>, { since, until, daysSince = until }: HistoryQuery): Promise<History> {
  const firstDay = Math.ceil(since / DAY) * DAY;
  const lastDay = Math.max(firstDay, Math.floor(until / DAY) * DAY);
  const edge = Math.min(firstDay, until);
  const firstHour = Math.floor(since / HOUR) * HOUR;
  const sparkFrom = Math.max(firstHour, Math.floor(until / HOUR) * HOUR - SPARK);
  const hours = await readRows(db, 'hour', sparkFrom, until);
  /** Hourly rows, of which the last day's are read already. */
  const hourly = async (from: number, to: number) => [
    ...(await readRows(db, 'hour', from, Math.min(to, sparkFrom))),
    ...hours.filter(({ at }) => at >= from && at < to),
  ];
  const before = await hourly(firstHour, edge);
  const whole = await readRows(db, 'day', firstDay, lastDay);
  return {
    rows: [...before, ...whole, ...(await hourly(Math.max(lastDay, edge), until))],
    hours,
    days: await readRows(db, 'day', daysSince, until),
    created: await readCreated(db, Math.max(since, until - DAY), until),
    incidents: await readIncidents(db, since),
    undelivered: await failing(db),
    dwells: await readDwells(db, { since, until }),
  };
}

function readCreated(db: Kysely<Tables>, since: number, until: number): Promise<History['created']> {
  const from = Math.floor(since / HOUR) * HOUR;
  return db.selectFrom('created').select(['pool', 'at', 'count']).where('at', '>=', from).where('at', '<', until).execute();
}

export async function knownOf(db: Kysely<Tables>, incidents: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('incidents').select('id').where('id', 'in', incidents).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Those that were open then or since, the last first; sorted before their documents are read. */
export async function readIncidents(db: Kysely<Tables>, since: number): Promise<Incident[]> {
  const found = await db
    .selectFrom('incidents')
    .select('id')
    .where((eb) => eb.or([eb('ended', 'is', null), eb('ended', '>=', since)]))
    .orderBy('opened', 'desc')
    .execute();
  const ids = found.map(({ id }) => id);
  const incidents = new Map<string, Incident>();
  for (let i = 0; i < ids.length; i += PIECE) {
    const piece = db
      .selectFrom('incidents')
      .select(['id', 'doc', 'earlier'])
      .where('id', 'in', ids.slice(i, i + PIECE));
    for (const row of await piece.execute()) incidents.set(row.id, asTold(row));
    await turn();
  }
  return ids.flatMap((id) => incidents.get(id) ?? []);
}

async function readRows(db: Kysely<Tables>, span: 'hour' | 'day', from: number, until: number): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = [];
  const length = LENGTHS[span];
  const { first } = await db
    .selectFrom('counts')
    .select((eb) => eb.fn.min<number | null>('at').as('first'))
    .where('span', '=', span)
    .where('at', '>=', from)
    .executeTakeFirstOrThrow();
  for (let at = first ?? until; at < until; at += length) {
    const piece = await db
      .selectFrom('counts')
      .selectAll()
      .where('span', '=', span)
      .where('at', '>=', at)
      .where('at', '<', Math.min(until, at + length))
      .execute();
    for (const row of piece) {
      const sketch = { claimed: unpack(row.claimed), unclaimed: unpack(row.unclaimed) };
      rows.push({ probe: row.probe, at: row.at, start: row.start as Start, sketch, breaches: row.breaches });
    }
    await turn();
  }
  return rows;
}
