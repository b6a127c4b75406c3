import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { StoreError } from './error.ts';
import { type Engine, MIGRATIONS, type Tables } from './schema.ts';

/** The schema's version as it was found and as it is to be; 0 is an empty database. */
export interface Versions {
  from: number;
  to: number;
}

const LIST: Record<Engine, string> = {
  sqlite: "select name from sqlite_master where type = 'table'",
  postgres: 'select tablename as name from pg_tables where schemaname = current_schema()',
};

/**
 * What there is to do.
 * @throws {StoreError} where the database is somebody else's, or a newer version's
 */
export async function versions(db: Kysely<Tables>, engine: Engine, name: string): Promise<Versions> {
  const to = MIGRATIONS.length;
  const { rows } = await sql<{ name: string }>`${sql.raw(LIST[engine])}`.execute(db);
  if (rows.length === 0) return { from: 0, to };
  const tables = new Set(rows.map((row) => row.name));
  if (!tables.has('meta') || !tables.has('probes')) {
    throw new StoreError(`${name} is somebody else's database; name another`, 'not-a-database');
  }
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'schema').executeTakeFirst();
  const from = Number(row?.value ?? 0);
  if (from <= to) return { from, to };
  throw new StoreError(`${name} has schema ${from}, newer than the ${to} this version knows; run the newer version`, 'newer');
}

/** Brings the schema up to date. Many processes may do this at once: the first takes the write lock, the others find it done. */
export async function migrate(db: Kysely<Tables>, engine: Engine, name: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { from, to } = await versions(tx, engine, name);
    if (from === to) return;
    if (from === 0) {
      await tx.schema
        .createTable('meta')
        .addColumn('key', 'text', (c) => c.primaryKey())
        .addColumn('value', 'text', (c) => c.notNull())
        .execute();
    }
    for (const migration of MIGRATIONS.slice(from)) await migration(tx, engine);
    await tx
      .insertInto('meta')
      .values([{ key: 'schema', value: String(to) }, ...(from === 0 ? newborn() : [])])
      .onConflict((oc) => oc.column('key').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
      .execute();
  });
}

/** Where a store begins: no two that are made are alike. */
export function newborn(): Tables['meta'][] {
  return [
    { key: 'revision', value: '0' },
    { key: 'born', value: randomUUID() },
  ];
}
