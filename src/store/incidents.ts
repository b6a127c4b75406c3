import type { Transaction } from 'kysely';
import type { Change } from '../evidence/change.ts';
import type { Entry, Incident } from '../evidence/incident.ts';
import type { Tables } from './schema.ts';
import { readOffset } from './watch.ts';

type IncidentChange = Extract<Change, { kind: 'incident' }>;
type ClosedChange = Extract<Change, { kind: 'closed' }>;

/** What the routes were told under an incident's id before it began anew. */
type Earlier = Pick<Incident, 'revision' | 'timeline'>;

/**
 * The incident as the routes follow it. Where its computed id was used before, it goes on where that one ended, or they would take its
 * revisions for old ones; the judge knows nothing of that.
 */
export function asTold({ doc, earlier }: { doc: string; earlier: string | null }): Incident {
  const incident: Incident = JSON.parse(doc);
  if (earlier === null) return incident;
  const { revision, timeline }: Earlier = JSON.parse(earlier);
  return { ...incident, revision: revision + incident.revision, timeline: [...timeline, ...incident.timeline] };
}

/** In their order. Clocks are compared by the offset as the caller's transaction leaves it. */
export async function writeIncidents(
  tx: Transaction<Tables>,
  changes: readonly (IncidentChange | ClosedChange)[],
): Promise<void> {
  if (changes.length === 0) return;
  const offset = await readOffset(tx);
  for (const change of changes) {
    if (change.kind === 'closed') await closeIncident(tx, change.incident);
    else await writeIncident(tx, change, offset);
  }
}

/**
 * The routes of the change, and every route that has ever been told of the incident, now want this revision. `offset` is the queue's clock
 * minus ours.
 */
async function writeIncident(tx: Transaction<Tables>, change: IncidentChange, offset: number): Promise<void> {
  const { id, anchor, opened, level, ended = null } = change.incident;
  const doc = JSON.stringify(change.incident);
  const before = await tx
    .selectFrom('incidents')
    .select(['live', 'opened', 'doc', 'earlier'])
    .where('id', '=', id)
    .executeTakeFirst();
  const anew = before !== undefined && (before.live === 0 || before.opened !== opened);
  const earlier = anew ? JSON.stringify(pastOf(asTold(before))) : (before?.earlier ?? null);
  const row = { opened, ended, doc, live: 1, earlier };
  await tx
    .insertInto('incidents')
    .values({ id, anchor, ...row })
    .onConflict((oc) => oc.column('id').doUpdateSet(row))
    .execute();
  await tx
    .updateTable('incidents')
    .set({ live: 0 })
    .where('anchor', '=', anchor)
    .where('id', '!=', id)
    .where('live', '=', 1)
    // One that ends takes none along that is open.
    .where('ended', ended === null ? 'is' : 'is not', null)
    .execute();
  await owe(tx, change, asTold({ doc, earlier }).revision, level === 'page' ? 0 : 1, offset);
}

function pastOf({ revision, timeline }: Incident): Earlier {
  return { revision, timeline };
}

/** The state holds at most one ended incident of an anchor. */
async function closeIncident(tx: Transaction<Tables>, { anchor }: Incident): Promise<void> {
  await tx
    .updateTable('incidents')
    .set({ live: 0 })
    .where('anchor', '=', anchor)
    .where('live', '=', 1)
    .where('ended', 'is not', null)
    .execute();
}

/** What a threshold's crossing brought; anything else that reaches a new route was not due at the crossing. */
const CROSSINGS: ReadonlySet<Entry['what'] | undefined> = new Set(['opened', 'escalated', 'reopened', 'flapping']);

async function owe(
  tx: Transaction<Tables>,
  { incident, routes, hold }: IncidentChange,
  wanted: number,
  urgency: number,
  offset: number,
): Promise<void> {
  const last = incident.timeline.at(-1);
  // What is told anew after the store was lost is owed since then.
  const at = Math.max(last?.at ?? incident.opened, incident.relived ?? 0) - offset;
  const ready = hold ?? (CROSSINGS.has(last?.what) ? 0 : at);
  for (const route of routes) {
    const fresh = {
      incident: incident.id,
      route,
      wanted: 0,
      told: 0,
      doubt: incident.relived === undefined ? 0 : 1,
      attempts: 0,
      due: 0,
      urgency,
      claimed_until: 0,
      ready,
    };
    await tx
      .insertInto('deliveries')
      .values(fresh)
      .onConflict((oc) => oc.columns(['incident', 'route']).doNothing())
      .execute();
  }
  const rows = tx.updateTable('deliveries').where('incident', '=', incident.id);
  if (hold !== undefined || last?.what === 'unsilenced') await rows.set({ ready }).where('ready', '<', ready).execute();
  // What becomes a page is owed as one from now on.
  await rows
    .set({ wanted_at: Math.max(at, hold ?? at) })
    .where('wanted', '<', wanted)
    .where((eb) => eb.or([eb('wanted', '<=', eb.ref('told')), eb('urgency', '>', urgency)]))
    .execute();
  await rows.set({ wanted, urgency }).execute();
}
