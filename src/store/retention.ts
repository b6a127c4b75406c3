import type { Kysely, Transaction } from 'kysely';
import { DAY, HOUR, MINUTE } from '../evidence/instant.ts';
import type { Silence } from '../evidence/silence.ts';
import type { Tables } from './schema.ts';
import { readOffset } from './watch.ts';

/** How long what is kept for a year is kept: counts by the hour, and incidents with all that was told of them. */
const YEAR = 366 * DAY;
/** Counts by the day. */
const LONG = 5 * YEAR;
/** So many rows go at once: each step takes a few milliseconds, however much there is to do. */
const STEP = 1_000;
const EVERY = HOUR;

/** Forgets what is kept no longer, in small steps. */
export class Retention {
  readonly #db: Kysely<Tables>;
  /** When it last found that there is nothing to do for now, by our own clock. */
  #idleAt: number | undefined;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /**
   * One step's worth; once nothing is left, does nothing for an hour, and asks no more than once a minute whether it is over. `retain`: how long
   * canaries and silences are kept. Goes by the queue's clock, as far as it is known: ours may have leapt.
   */
  async forget(ours: number, retain: number): Promise<void> {
    if (this.#idleAt !== undefined && Math.abs(ours - this.#idleAt) < MINUTE) return;
    const now = ours + (await readOffset(this.#db));
    if (await isIdle(this.#db, now)) this.#idleAt = ours;
    else await step(this.#db, now, retain);
  }
}

async function isIdle(db: Kysely<Tables>, now: number): Promise<boolean> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'forgotAt').executeTakeFirst();
  return row !== undefined && now - Number(row.value) < EVERY && now >= Number(row.value);
}

async function step(db: Kysely<Tables>, now: number, retain: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const left = [
      await forgetCanaries(tx, now - retain),
      await forgetCounts(tx, 'hour', now - YEAR),
      await forgetCounts(tx, 'day', now - LONG),
      await forgetIncidents(tx, now - YEAR),
      await forgetSilences(tx, now - retain),
      await forgetCreated(tx, now - YEAR),
    ];
    if (left.includes('more')) return;
    await tx
      .insertInto('meta')
      .values({ key: 'forgotAt', value: String(now) })
      .onConflict((oc) => oc.column('key').doUpdateSet({ value: String(now) }))
      .execute();
  });
}

type Left = 'none' | 'more';

async function forgetCanaries(tx: Transaction<Tables>, before: number): Promise<Left> {
  const { numDeletedRows } = await tx
    .deleteFrom('canaries')
    .where('task_id', 'in', (eb) =>
      eb.selectFrom('canaries').select('task_id').where('slot', '<', before).orderBy('slot').limit(STEP),
    )
    .executeTakeFirstOrThrow();
  return numDeletedRows < STEP ? 'none' : 'more';
}

/** The oldest hour or day: a row or two for each probe. */
async function forgetCounts(tx: Transaction<Tables>, span: 'hour' | 'day', before: number): Promise<Left> {
  const { at } = await tx
    .selectFrom('counts')
    .select((eb) => eb.fn.min<number | null>('at').as('at'))
    .where('span', '=', span)
    .executeTakeFirstOrThrow();
  if (at === null || at >= before) return 'none';
  await tx.deleteFrom('counts').where('span', '=', span).where('at', '=', at).execute();
  return 'more';
}

/** Those that are over for good, and of which nobody is owed anything. */
async function forgetIncidents(tx: Transaction<Tables>, before: number): Promise<Left> {
  const most = STEP / 10;
  const rows = await tx
    .selectFrom('incidents as i')
    .select('i.id')
    .where('i.ended', '<', before)
    .where('i.live', '=', 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('deliveries as d')
            .select('d.incident')
            .whereRef('d.incident', '=', 'i.id')
            .whereRef('d.wanted', '>', 'd.told'),
        ),
      ),
    )
    .orderBy('i.ended')
    .limit(most)
    .execute();
  if (rows.length === 0) return 'none';
  const ids = rows.map(({ id }) => id);
  await tx.deleteFrom('dwells').where('incident', 'in', ids).execute();
  await tx.deleteFrom('deliveries').where('incident', 'in', ids).execute();
  await tx.deleteFrom('incidents').where('id', 'in', ids).execute();
  return rows.length < most ? 'none' : 'more';
}

/** Workers created in the oldest hour: a row for each pool at the most. */
async function forgetCreated(tx: Transaction<Tables>, before: number): Promise<Left> {
  const { at } = await tx
    .selectFrom('created')
    .select((eb) => eb.fn.min<number | null>('at').as('at'))
    .executeTakeFirstOrThrow();
  if (at === null || at >= before) return 'none';
  await tx.deleteFrom('created').where('at', '=', at).execute();
  return 'more';
}

/** There are never many. */
async function forgetSilences(tx: Transaction<Tables>, before: number): Promise<Left> {
  const rows = await tx.selectFrom('silences').select('doc').execute();
  const silences = rows.map(({ doc }): Silence => JSON.parse(doc));
  const over = silences.filter(({ until, ended = until }) => Math.min(until, ended) < before).slice(0, STEP);
  if (over.length > 0) {
    const ids = over.map(({ id }) => id);
    await tx.deleteFrom('silences').where('id', 'in', ids).execute();
  }
  return over.length < STEP ? 'none' : 'more';
}
