import type { Kysely, Selectable } from 'kysely';
import type { LivedCanary, PastCanary, Start } from '../evidence/canary.ts';
import { turn } from './pieces.ts';
import type { Tables } from './schema.ts';

/** The newest canaries of a probe that have come to their end, newest first. */
export async function readCanaries(db: Kysely<Tables>, probe: string, limit: number): Promise<PastCanary[]> {
  const rows = await db
    .selectFrom('canaries')
    .selectAll()
    .where('probe', '=', probe)
    .orderBy('slot', 'desc')
    .limit(limit)
    .execute();
  return rows.map(pastOf);
}

/** Probes read in one query: of a day with a canary each quarter these are some 2,400 rows. */
const PROBES = 25;

/** All of these probes in a stretch of slots, by the index that leads to a probe's own. */
export async function readLived(
  db: Kysely<Tables>,
  probes: readonly string[],
  from: number,
  until: number,
): Promise<LivedCanary[]> {
  const lived: LivedCanary[] = [];
  for (let i = 0; i < probes.length; i += PROBES) {
    const rows = await db
      .selectFrom('canaries')
      .selectAll()
      .where('probe', 'in', probes.slice(i, i + PROBES))
      .where('slot', '>=', from)
      .where('slot', '<', until)
      .execute();
    for (const row of rows) lived.push({ ...pastOf(row), probe: row.probe });
    await turn();
  }
  return lived;
}

function pastOf(row: Selectable<Tables['canaries']>): PastCanary {
  return {
    taskId: row.task_id,
    pool: row.pool,
    slot: row.slot,
    stage: row.stage as PastCanary['stage'],
    ...(row.scheduled !== null && { scheduled: row.scheduled }),
    ...(row.started !== null && { started: row.started }),
    ...(row.ended !== null && { ended: row.ended }),
    ...(row.start !== null && { start: row.start as Start }),
    ...(row.worker !== null && { worker: row.worker }),
    ...(row.reason !== null && { reason: row.reason }),
  };
}
