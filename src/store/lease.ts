import type { Kysely } from 'kysely';
import { MINUTE } from '../evidence/instant.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './schema.ts';

/** Longer than any lease is given for: an end beyond it was set by a clock that has been put back since. */
const LONGEST = MINUTE;

interface Wish {
  name: string;
  holder: string;
  now: number;
  until: number;
}

const take = prepared<Wish, { name: string }>((db, value) =>
  db
    .insertInto('leases')
    .values({ name: value(({ name }) => name), holder: value(({ holder }) => holder), until: value(({ until }) => until) })
    .onConflict((oc) =>
      oc
        .column('name')
        .doUpdateSet((eb) => ({ holder: eb.ref('excluded.holder'), until: eb.ref('excluded.until') }))
        .where((eb) =>
          eb.or([
            eb('leases.holder', '=', eb.ref('excluded.holder')),
            eb(
              'leases.until',
              '<=',
              value(({ now }) => now),
            ),
            eb(
              'leases.until',
              '>',
              value(({ now }) => now + LONGEST),
            ),
          ]),
        ),
    )
    .returning('name'),
);

/** Takes the lease unless another holds it; one statement, so that of two who try at once one gets it. */
export async function takeLease(db: Kysely<Tables>, holder: string, name: string, now: number, until: number): Promise<boolean> {
  return (await take(db, { holder, name, now, until })).rows.length > 0;
}
