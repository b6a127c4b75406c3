import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { placeName } from '../../src/evidence/place.ts';
import { emptied } from '../../src/store/empty.ts';
import { openPostgres, openSqlite } from '../../src/store/open.ts';
import type { Engine } from '../../src/store/schema.ts';
import { emptyDatabase } from './postgres.ts';

export const ENGINES: readonly Engine[] = ['sqlite', 'postgres'];

/** One migrated store for a test file's whole run, emptied between tests: closing many files leaks descriptors in libsql. */
export async function emptyableStore(engine: Engine = 'sqlite') {
  const { db, path } = engine === 'sqlite' ? await sqlite() : await postgres();
  return { db, path, empty: () => emptied(db) };
}

async function sqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-'));
  const path = join(folder, 'canary.db');
  const db = await openSqlite(path, { synchronous: 'off' });
  afterAll(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  return { db, path };
}

async function postgres() {
  const place = await emptyDatabase();
  const db = await openPostgres(place);
  afterAll(() => db.destroy());
  return { db, path: placeName(place) };
}
