import type { Kysely } from 'kysely';
import { MINUTE } from '../evidence/instant.ts';
import type { Tables } from './schema.ts';

/** Longer than any lease is given for: an end beyond it was set by a clock that has been put back since. */
const LONGEST = MINUTE;

/** Takes the lease unless another holds it; one statement, so that of two who try at once one gets it. */
export async function takeLease(db: Kysely<Tables>, holder: string, name: string, now: number, until: number): Promise<boolean> {
  const row = { holder, until };
  const taken = await db
    .insertInto('leases')
    .values({ name, ...row })
    .onConflict((oc) =>
      oc
        .column('name')
        .doUpdateSet(row)
        .where((eb) =>
          eb.or([eb('leases.holder', '=', holder), eb('leases.until', '<=', now), eb('leases.until', '>', now + LONGEST)]),
        ),
    )
    .returning('name')
    .execute();
  return taken.length > 0;
}
