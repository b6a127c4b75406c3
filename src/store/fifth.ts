import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** When each wait began. Of those that go on nobody knows it, so they are over. */
export async function fifth(db: Kysely<Tables>): Promise<void> {
  const { schema } = db;
  await schema
    .alterTable('deliveries')
    .addColumn('tried_at', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema
    .alterTable('routes')
    .addColumn('held_at', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.updateTable('deliveries').set({ due: 0 }).where('due', '>', 0).execute();
  await db.deleteFrom('routes').execute();
}
