import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { RouteId, Undelivered } from '../evidence/delivery.ts';
import type { Incident } from '../evidence/incident.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './schema.ts';

/** So many failed tries in a row are worth telling of. */
const SEVERAL = 3;

/** Deliveries that a channel refuses for good, and pages owed for `owedFor` milliseconds or longer. `now` is our own clock. */
export async function undelivered(db: Kysely<Tables>, now: number, owedFor: number): Promise<Undelivered[]> {
  const { rows } = await owedSince(db, Math.max(0, now - owedFor));
  return rows.map(undeliveredOf).filter(({ refused, level }) => refused || level === 'page');
}

const owedSince = prepared<number, Owed>((db, value) =>
  owedWhere(db, sql<boolean>`(d.refused is not null or (d.urgency = 0 and d.wanted_at <= ${value((since) => since)}))`),
);

/** Deliveries that a channel refuses for good, and those that have failed several times. */
export async function failing(db: Kysely<Tables>): Promise<Undelivered[]> {
  const rows = await owedWhere(db, sql<boolean>`(d.refused is not null or d.attempts >= ${SEVERAL})`).execute();
  return rows.map(undeliveredOf);
}

type Owed = Pick<Tables['deliveries'], 'route' | 'incident' | 'refused' | 'attempts'> & { wanted_at: number; doc: string };

function owedWhere(db: Kysely<Tables>, which: RawBuilder<boolean>) {
  return db
    .selectFrom('deliveries as d')
    .innerJoin('incidents as i', 'i.id', 'd.incident')
    .select(['d.route', 'd.incident', 'd.refused', 'd.attempts', 'd.wanted_at', 'i.doc'])
    .whereRef('d.wanted', '>', 'd.told')
    .where(which)
    .orderBy('d.urgency')
    .orderBy('d.wanted_at');
}

function undeliveredOf({ route, incident, refused, attempts, wanted_at: since, doc }: Owed): Undelivered {
  return {
    route,
    incident,
    refused: refused !== null,
    why: refused ?? tries(attempts),
    level: levelFor(JSON.parse(doc), route as RouteId),
    since,
  };
}

/** A route that the page does not address is only told how it goes on. */
function levelFor({ level, addressed }: Incident, route: RouteId): Undelivered['level'] {
  return level === 'page' && addressed[route] !== undefined ? 'page' : 'warn';
}

function tries(attempts: number): string {
  if (attempts === 0) return 'not tried yet';
  return attempts === 1 ? '1 failed try' : `${attempts} failed tries`;
}
