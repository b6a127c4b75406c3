import type { Kysely } from 'kysely';
import type { RouteId } from '../evidence/delivery.ts';
import type { Incident } from '../evidence/incident.ts';
import { instantOf } from '../evidence/instant.ts';
import type { Breach, ProbeState } from '../evidence/state.ts';
import type { Tables } from './schema.ts';

/** Silences, how long routes took to be told, and ended incidents that may be reopened. */
export async function second(db: Kysely<Tables>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('silences')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .addColumn('doc', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('dwells')
    .addColumn('incident', 'text', (c) => c.notNull())
    .addColumn('route', 'text', (c) => c.notNull())
    .addColumn('level', 'text', (c) => c.notNull())
    .addColumn('crossed', 'bigint', (c) => c.notNull())
    .addColumn('due', 'bigint', (c) => c.notNull())
    .addColumn('told', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('dwells_key', ['incident', 'route', 'level'])
    .execute();
  await schema
    .alterTable('incidents')
    .addColumn('live', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('incidents').addColumn('earlier', 'text').execute();
  await schema.createIndex('incidents_live').on('incidents').columns(['live', 'anchor']).execute();
  for (const column of ['wanted_at', 'ready'] as const) {
    await schema
      .alterTable('deliveries')
      .addColumn(column, 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
  }
  await db.updateTable('incidents').set({ live: 1 }).where('ended', 'is', null).execute();
  await db
    .updateTable('deliveries')
    .set((eb) => ({
      wanted_at: eb.fn.coalesce(
        eb.selectFrom('incidents').select('opened').whereRef('incidents.id', '=', 'deliveries.incident'),
        eb.lit(0),
      ),
    }))
    .execute();
  for (const { doc } of await db.selectFrom('incidents').select('doc').execute()) await upgrade(db, JSON.parse(doc));
}

/** What a first version's incident lacks, as that version meant it. */
async function upgrade(db: Kysely<Tables>, before: Omit<Incident, 'addressed' | 'crossed'>): Promise<void> {
  const { id, level, opened } = before;
  const severity = level === 'page' ? 'critical' : 'warning';
  const rows = await db.selectFrom('deliveries').select('route').where('incident', '=', id).execute();
  const addressed = Object.fromEntries(rows.map(({ route }) => [route as RouteId, { severity } as const]));
  const incident: Incident = { ...before, addressed, crossed: { [level]: opened } };
  await db
    .updateTable('incidents')
    .set({ doc: JSON.stringify(incident) })
    .where('id', '=', id)
    .execute();
  if (incident.ended === undefined) await addBreach(db, incident);
}

/** A pool's open incident was all there was to tell that the probe is past a threshold. */
async function addBreach(db: Kysely<Tables>, { id, since, level, evidence }: Incident): Promise<void> {
  if (evidence.kind !== 'pool') return;
  const row = await db.selectFrom('probes').select('doc').where('name', '=', evidence.probe).executeTakeFirst();
  if (row === undefined) return;
  const { taskId, age, claimed } = evidence;
  // An incident's id ends with the slot that opened it.
  const slot = instantOf(id.slice(id.lastIndexOf('/') + 1));
  const breach: Breach = { since, slot, level, taskId, age, claimed };
  const state: ProbeState = { ...(JSON.parse(row.doc) as ProbeState), breach };
  await db
    .updateTable('probes')
    .set({ doc: JSON.stringify(state) })
    .where('name', '=', evidence.probe)
    .execute();
}
