import type { Kysely } from 'kysely';
import type { Watch } from '../evidence/state.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './schema.ts';

const stored = prepared<undefined, { value: string }>((db) => db.selectFrom('meta').select('value').where('key', '=', 'watch'));

/** What the prober last knew of itself; undefined in an empty store. */
export async function readWatch(db: Kysely<Tables>): Promise<Watch | undefined> {
  const [row] = (await stored(db, undefined)).rows;
  return row && (JSON.parse(row.value) as Watch);
}

/** The queue's clock minus ours, as last measured. Milliseconds. */
export async function readOffset(db: Kysely<Tables>): Promise<number> {
  return (await readWatch(db))?.offset ?? 0;
}
