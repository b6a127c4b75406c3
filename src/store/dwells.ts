import type { Kysely } from 'kysely';
import type { Delivery, Dwell, RouteId } from '../evidence/delivery.ts';
import type { HistoryQuery } from '../evidence/history.ts';
import type { Level } from '../evidence/incident.ts';
import { inPieces, PIECE } from './pieces.ts';
import type { Tables } from './schema.ts';
import { readOffset } from './watch.ts';

/** Keeps how long a route took to be told of the incident's level, the first time it was; folded ones go on elsewhere and are told there. */
export async function keepDwell(tx: Kysely<Tables>, { incident, route }: Delivery, now: number): Promise<void> {
  const { id, level, addressed, end, relived } = incident;
  const at = incident.crossed[level];
  if (at === undefined || addressed[route] === undefined || end === 'folded') return;
  // Nobody knows when it was told first.
  if (relived !== undefined) return;
  const crossed = at - (await readOffset(tx));
  const { ready } = await tx
    .selectFrom('deliveries')
    .select('ready')
    .where('incident', '=', id)
    .where('route', '=', route)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('dwells')
    .values({ incident: id, route, level, crossed, due: Math.max(crossed, ready), told: now })
    .onConflict((oc) => oc.columns(['incident', 'route', 'level']).doNothing())
    .execute();
}

/** Those told within the query, oldest first. */
export async function readDwells(db: Kysely<Tables>, { since, until }: HistoryQuery): Promise<Dwell[]> {
  const offset = await readOffset(db);
  const rows = await inPieces<Tables['dwells']>((last) =>
    db
      .selectFrom('dwells')
      .selectAll()
      .where('told', '>=', since - offset)
      .where('told', '<=', until - offset)
      .$if(last !== undefined, (q) =>
        q.where((eb) =>
          eb(
            eb.refTuple('told', 'incident', 'route', 'level'),
            '>',
            eb.tuple(last?.told ?? 0, last?.incident ?? '', last?.route ?? '', last?.level ?? ''),
          ),
        ),
      )
      .orderBy('told')
      .orderBy('incident')
      .orderBy('route')
      .orderBy('level')
      .limit(PIECE)
      .execute(),
  );
  return rows.map((row) => ({ ...row, route: row.route as RouteId, level: row.level as Level }));
}
