import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import Libsql from 'libsql';
import { afterAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../src/evidence/instant.ts';
import { openSqlite } from '../src/store/open.ts';
import { MIGRATIONS, type Tables } from '../src/store/schema.ts';
import { storeOver } from '../src/store/store.ts';
import { DAY_ZERO, poolIncident } from './support/values.ts';

const folder = mkdtempSync(join(tmpdir(), 'tc-canary-upgrade-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A store as the first version left it: one page open and told to nobody yet, since everybody was told to wait; one incident over. */
async function firstVersion(): Promise<string> {
  const path = join(folder, 'canary.db');
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Libsql(path) }) });
  await db.schema
    .createTable('meta')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await MIGRATIONS[0]?.(db, 'sqlite');
  const meta = { schema: '1', revision: '7', deployment: 'test' };
  for (const [key, value] of Object.entries(meta)) await db.insertInto('meta').values({ key, value }).execute();
  const name = 'gecko-3/decision';
  const state = { name, pool: name, lastSlot: DAY_ZERO, knownSince: 0, recent: [], claims: 0, good: 1, conflicts: 0 };
  await db
    .insertInto('probes')
    .values({ name, revision: 7, doc: JSON.stringify(state) })
    .execute();
  const { addressed: _none, crossed: _yet, ...incident } = poolIncident();
  const over = { ...incident, id: 'over', ended: DAY_ZERO + 20 * MINUTE, end: 'resolved' };
  for (const doc of [incident, over]) {
    const { id, anchor, opened } = doc;
    const ended = 'ended' in doc ? doc.ended : null;
    await db
      .insertInto('incidents')
      .values({ id, anchor, opened, ended, doc: JSON.stringify(doc) })
      .execute();
  }
  const owed = { wanted: 1, told: 0, doubt: 0, attempts: 1, due: incident.opened + MINUTE, urgency: 0, claimed_until: 0 };
  for (const route of ['slack:C1', 'pagerduty:k']) {
    await db
      .insertInto('deliveries')
      .values({ ...owed, incident: incident.id, route })
      .execute();
    await db.insertInto('routes').values({ route, held_until: owed.due }).execute();
  }
  await db.destroy();
  return path;
}

describe('a store of the first version', () => {
  test('goes on where that version stopped, and knows what it lacked', async () => {
    const path = await firstVersion();
    const store = storeOver(await openSqlite(path), path);
    const { incidents, ended, silences, probes } = await store.load();
    const incident = poolIncident();
    expect([...incidents.values()]).toEqual([incident]);
    expect([ended.size, silences.size]).toEqual([0, 0]);
    expect(probes.get('gecko-3/decision')?.breach).toEqual({
      since: DAY_ZERO,
      slot: DAY_ZERO,
      level: 'page',
      taskId: 'A'.repeat(22),
      age: 10 * MINUTE,
      claimed: false,
    });
    expect(await store.undelivered(incident.opened + 5 * MINUTE, 5 * MINUTE)).toMatchObject([
      { level: 'page', since: incident.opened },
      { level: 'page', since: incident.opened },
    ]);
    expect((await store.claimDelivery(incident.opened, new Set()))?.incident).toEqual(incident);
    const { incidents: shown } = await store.history({ since: DAY_ZERO, until: DAY_ZERO });
    expect(shown.map(({ id }) => id)).toEqual(expect.arrayContaining(['over', incident.id]));
    await store.close();
  });
});
