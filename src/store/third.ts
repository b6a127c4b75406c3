import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** Workers created by pool and hour, and who reads for all. */
export async function third({ schema }: Kysely<Tables>): Promise<void> {
  await schema
    .createTable('created')
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('pool', 'text', (c) => c.notNull())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('created_key', ['at', 'pool'])
    .execute();
  await schema
    .createTable('leases')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('holder', 'text', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .execute();
}
