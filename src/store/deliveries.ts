import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Delivery, RouteId, Told } from '../evidence/delivery.ts';
import { MINUTE, SECOND } from '../evidence/instant.ts';
import { keepDwell } from './dwells.ts';
import { asTold } from './incidents.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './schema.ts';

/** The longest `groupWait` that a probe file may have. */
export const LONGEST_HOLD = 10 * MINUTE;
/** Clocks of replicas are taken to be as near to one another: a wait that began later was set by one that has been put back since. */
const NEAR = 30 * SECOND;
/** Longer than any channel takes for one step, timeouts included. */
const CLAIM_FOR = MINUTE;
/** A refusal is not given up, since somebody may mend it in the channel without telling us. */
const RETRY_REFUSED = 5 * MINUTE;

/** How long to wait after `attempts` failures: doubling from a second to a minute. */
function backoff(attempts: number): number {
  return Math.min(MINUTE, SECOND * 2 ** Math.min(attempts, 6));
}

/** `longestHold`: of a first notice, in milliseconds. */
export async function claim(
  db: Kysely<Tables>,
  now: number,
  busy: ReadonlySet<RouteId>,
  longestHold: number,
): Promise<Delivery | undefined> {
  return db.transaction().execute(async (tx) => {
    await countAnew(tx, now);
    const row = await tx
      .selectFrom('deliveries as d')
      .innerJoin('incidents as i', 'i.id', 'd.incident')
      .leftJoin('routes as r', 'r.route', 'd.route')
      .select(['d.incident', 'd.route', 'd.ref', 'd.doubt', 'd.attempts', 'i.doc', 'i.earlier'])
      .whereRef('d.wanted', '>', 'd.told')
      .where(
        readiness((of) => of({ now, longestHold })),
        '<=',
        now,
      )
      .$if(busy.size > 0, (q) => q.where('d.route', 'not in', [...busy]))
      .orderBy('d.urgency')
      .orderBy('d.due')
      .orderBy('d.incident')
      .orderBy('d.route')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const token = randomUUID();
    await tx
      .updateTable('deliveries')
      .set({ claim: token, claimed_until: now + CLAIM_FOR, doubt: 1 })
      .where('incident', '=', row.incident)
      .where('route', '=', row.route)
      .execute();
    return {
      incident: asTold(row),
      route: row.route as RouteId,
      ...(row.ref !== null && { ref: row.ref }),
      doubt: row.doubt === 1,
      attempts: row.attempts,
      claim: token,
    };
  });
}

export async function settle(db: Kysely<Tables>, delivery: Delivery, told: Told, now: number): Promise<'settled' | 'overtaken'> {
  const { incident, route } = delivery;
  return db.transaction().execute(async (tx) => {
    const result = await tx
      .updateTable('deliveries')
      .set({ ...outcome(delivery, told, now), claim: null, claimed_until: 0 })
      .where('incident', '=', incident.id)
      .where('route', '=', route)
      .where('claim', '=', delivery.claim)
      .executeTakeFirst();
    if (result.numUpdatedRows > 0n) {
      if (told.as === 'later' && told.route) await hold(tx, route, now, told.after);
      if (told.as === 'accepted' && !told.more) await keepDwell(tx, delivery, now);
      return 'settled';
    }
    // Ours may have landed after the one that overtook it, so whoever holds it now is overtaken too and the present state is sent again.
    const overtaken = await tx
      .updateTable('deliveries')
      .set({
        told: 0,
        doubt: 1,
        claim: null,
        claimed_until: 0,
        wanted_at: sql<number>`case when wanted > told then wanted_at else ${now} end`,
      })
      .where('incident', '=', incident.id)
      .where('route', '=', route)
      .executeTakeFirst();
    // Where the store was lost meanwhile there is nobody who overtook it, and what was sent stands.
    return overtaken.numUpdatedRows > 0n ? 'overtaken' : 'settled';
  });
}

async function hold(tx: Kysely<Tables>, route: RouteId, now: number, after: number): Promise<void> {
  const held = { held_at: now, held_until: now + after, held_anew: null };
  await tx
    .insertInto('routes')
    .values({ route, ...held })
    .onConflict((oc) => oc.column('route').doUpdateSet(held))
    .execute();
}

/** What a send leaves behind. A send that certainly did nothing leaves an older doubt as it was. */
function outcome(delivery: Delivery, told: Told, now: number) {
  const failed = { attempts: delivery.attempts + 1, tried_at: now, due: now + backoff(delivery.attempts), due_anew: null };
  const doubt = delivery.doubt ? 1 : 0;
  switch (told.as) {
    case 'accepted':
      return {
        ref: told.ref,
        doubt: 0,
        attempts: 0,
        due: 0,
        refused: null,
        ...(told.more ? {} : { told: delivery.incident.revision, wanted_at: now }),
      };
    case 'later':
      return { ...failed, doubt, due: now + Math.max(told.after, backoff(delivery.attempts)), refused: null };
    case 'refused':
      return { ...failed, doubt, due: now + RETRY_REFUSED, refused: told.why };
    case 'unsure':
      return { ...failed, doubt: 1, refused: null };
  }
}

/** An instant of our own clock, and how long a first notice is held back at most. Milliseconds. */
interface Present {
  now: number;
  longestHold: number;
}

/**
 * A wait that began in the future of our clock lasts as long from now on, and for whoever's clock is ahead until when it did: of two processes
 * that differ neither shall wait for the other's clock, nor try at once what the other has just been told to leave.
 */
async function countAnew(tx: Kysely<Tables>, now: number): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ due_anew: sql<number>`${now} + due - tried_at` })
    .whereRef('wanted', '>', 'told')
    .where('tried_at', '>', now + NEAR)
    .where(sql<boolean>`coalesce(due_anew - due + tried_at > ${now}, true)`)
    .execute();
  // Whoever claimed it knows it by its token, and not by when it ends.
  await tx
    .updateTable('deliveries')
    .set({ claimed_until: now + CLAIM_FOR })
    .whereRef('wanted', '>', 'told')
    .where('claimed_until', '>', now + CLAIM_FOR + NEAR)
    .execute();
  await tx
    .updateTable('routes')
    .set({ held_anew: sql<number>`${now} + held_until - held_at` })
    .where('held_at', '>', now + NEAR)
    .where(sql<boolean>`coalesce(held_anew - held_until + held_at > ${now}, true)`)
    .execute();
}

/** When a delivery, or whether its wait counts anew, is to be seen to. What `max` is to one engine, `greatest` is to the other. */
function readiness(value: (of: (present: Present) => number) => number) {
  const near = value(({ now }) => now + NEAR);
  const claims = value(({ now }) => now + CLAIM_FOR + NEAR);
  const longest = value(({ now, longestHold }) => now + longestHold + NEAR);
  return sql<number>`(select max(at) from (
    select case when d.claimed_until > ${claims} then 0 else d.claimed_until end as at
    union all select case when d.ready > ${longest} then 0 else d.ready end
    union all select case when d.tried_at > ${near} then coalesce(d.due_anew, 0) else d.due end
    union all select case when r.held_at > ${near} then coalesce(r.held_anew, 0) else coalesce(r.held_until, 0) end
  ) as instants)`;
}

const soonest = prepared<Present, { due: number | null }>((db, value) =>
  db
    .selectFrom('deliveries as d')
    .leftJoin('routes as r', 'r.route', 'd.route')
    .select(sql<number | null>`min(${readiness(value)})`.as('due'))
    .whereRef('d.wanted', '>', 'd.told'),
);

/** When the next untold delivery may be tried; undefined when everything is told. */
export async function nextDue(db: Kysely<Tables>, now: number, longestHold: number): Promise<number | undefined> {
  const { rows } = await soonest(db, { now, longestHold });
  return rows[0]?.due ?? undefined;
}
