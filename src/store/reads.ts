import type { Kysely } from 'kysely';
import type { Start } from '../evidence/canary.ts';
import type { History, HistoryQuery, HistoryRow } from '../evidence/history.ts';
import type { Incident } from '../evidence/incident.ts';
import { DAY, HOUR } from '../evidence/instant.ts';
import type { PoolRecord, ProbeState, State, Watch } from '../evidence/state.ts';
import { unpack } from './packing.ts';
import type { Tables } from './schema.ts';

export async function readRevision(db: Kysely<Tables>): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'revision').executeTakeFirst();
  return Number(row?.value ?? 0);
}

/** The state at the store's revision, reading only what was written since `known`. */
export async function readState(db: Kysely<Tables>, known: State): Promise<State> {
  const revision = await readRevision(db);
  const probes = new Map(known.probes);
  const pools = new Map(known.pools);
  for (const { doc } of await db.selectFrom('probes').select('doc').where('revision', '>', known.revision).execute()) {
    const state: ProbeState = JSON.parse(doc);
    probes.set(state.name, state);
  }
  for (const { doc } of await db.selectFrom('pools').select('doc').where('revision', '>', known.revision).execute()) {
    const record: PoolRecord = JSON.parse(doc);
    pools.set(record.pool, record);
  }
  const open = await db.selectFrom('incidents').select('doc').where('ended', 'is', null).execute();
  const incidents = new Map(open.map(({ doc }) => JSON.parse(doc) as Incident).map((incident) => [incident.anchor, incident]));
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'watch').executeTakeFirst();
  const watch: Watch = row ? JSON.parse(row.value) : known.watch;
  return { revision, probes, pools, incidents, watch };
}

/** Days read in one query: the driver blocks the process while a query runs, so long spans are read piece by piece. */
const PIECE = 4 * DAY;

export async function readHistory(db: Kysely<Tables>, { since, until }: HistoryQuery): Promise<History> {
  const firstDay = Math.ceil(since / DAY) * DAY;
  const lastDay = Math.max(firstDay, Math.floor(until / DAY) * DAY);
  const edge = Math.min(firstDay, until);
  const rows = [...(await readRows(db, 'hour', Math.floor(since / HOUR) * HOUR, edge))];
  rows.push(...(await readRows(db, 'day', firstDay, lastDay)), ...(await readRows(db, 'hour', Math.max(lastDay, edge), until)));
  const hours = await readRows(
    db,
    'hour',
    Math.max(Math.floor(since / HOUR) * HOUR, Math.floor(until / HOUR) * HOUR - 23 * HOUR),
    until,
  );
  const incidents = await db
    .selectFrom('incidents')
    .select('doc')
    .where((eb) => eb.or([eb('ended', 'is', null), eb('ended', '>=', since)]))
    .orderBy('opened', 'desc')
    .execute();
  const undelivered = await db
    .selectFrom('deliveries')
    .select(['route', 'incident', 'refused', 'attempts'])
    .whereRef('wanted', '>', 'told')
    .where((eb) => eb.or([eb('refused', 'is not', null), eb('attempts', '>=', 3)]))
    .execute();
  return {
    rows,
    hours,
    incidents: incidents.map(({ doc }) => JSON.parse(doc) as Incident),
    undelivered: undelivered.map(({ route, incident, refused, attempts }) => ({
      route,
      incident,
      refused: refused !== null,
      why: refused ?? `${attempts} failed tries`,
    })),
  };
}

async function readRows(db: Kysely<Tables>, span: 'hour' | 'day', from: number, until: number): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = [];
  for (let at = from; at < until; at += PIECE) {
    const piece = await db
      .selectFrom('counts')
      .selectAll()
      .where('span', '=', span)
      .where('at', '>=', at)
      .where('at', '<', Math.min(until, at + PIECE))
      .execute();
    for (const row of piece) {
      const sketch = { claimed: unpack(row.claimed), unclaimed: unpack(row.unclaimed) };
      rows.push({ probe: row.probe, at: row.at, start: row.start as Start, sketch, breaches: row.breaches });
    }
  }
  return rows;
}
