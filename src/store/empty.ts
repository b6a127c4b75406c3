import type { Kysely } from 'kysely';
import { newborn } from './migrate.ts';
import type { Tables } from './schema.ts';

const TABLES = [
  'probes',
  'pools',
  'canaries',
  'counts',
  'incidents',
  'deliveries',
  'routes',
  'silences',
  'dwells',
  'created',
  'leases',
] as const satisfies (keyof Tables)[];

/** Leaves the database as it was when its schema had just been made. */
export async function emptied(db: Kysely<Tables>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const table of TABLES) await tx.deleteFrom(table).execute();
    await tx.deleteFrom('meta').where('key', '!=', 'schema').execute();
    await tx.insertInto('meta').values(newborn()).execute();
  });
}
