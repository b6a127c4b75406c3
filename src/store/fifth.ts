import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** When each wait began, and its end by a clock that was behind. Of those that go on nobody knows when they began, so they are over. */
export async function fifth(db: Kysely<Tables>): Promise<void> {
  const { schema } = db;
  for (const [table, since, anew] of [
    ['deliveries', 'tried_at', 'due_anew'],
    ['routes', 'held_at', 'held_anew'],
  ] as const) {
    await schema
      .alterTable(table)
      .addColumn(since, 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await schema.alterTable(table).addColumn(anew, 'bigint').execute();
  }
  await db.updateTable('deliveries').set({ due: 0 }).where('due', '>', 0).execute();
  await db.deleteFrom('routes').execute();
}
