import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** Keeps notes apart from what the store itself has in the same table. */
const PREFIX = 'note:';

export async function recall(db: Kysely<Tables>, key: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', PREFIX + key)
    .executeTakeFirst();
  return row?.value;
}

/** One statement, so that of several processes that know the same `before` one alone succeeds. */
export async function note(db: Kysely<Tables>, key: string, before: string | undefined, after: string): Promise<boolean> {
  const row = { key: PREFIX + key, value: after };
  if (before === undefined) {
    const added = await db
      .insertInto('meta')
      .values(row)
      .onConflict((oc) => oc.column('key').doNothing())
      .returning('key')
      .executeTakeFirst();
    return added !== undefined;
  }
  const changed = await db
    .updateTable('meta')
    .set({ value: after })
    .where('key', '=', row.key)
    .where('value', '=', before)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
