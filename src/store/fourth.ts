import { type Kysely, sql } from 'kysely';
import type { Tables } from './schema.ts';

/** What is kept no longer is found by its age, what is owed without a look at all that was ever told, and incidents without their documents. */
export async function fourth(db: Kysely<Tables>): Promise<void> {
  const { schema } = db;
  await schema.createIndex('canaries_by_age').on('canaries').columns(['slot']).execute();
  await schema.createIndex('dwells_by_time').on('dwells').columns(['told', 'incident', 'route', 'level']).execute();
  await schema.createIndex('incidents_by_time').on('incidents').columns(['ended', 'opened', 'id']).execute();
  await schema.dropIndex('incidents_by_end').execute();
  await schema
    .createIndex('deliveries_owed')
    .on('deliveries')
    .columns(['due'])
    .where(sql.ref('wanted'), '>', sql.ref('told'))
    .execute();
}
