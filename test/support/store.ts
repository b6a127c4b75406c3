import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openSqlite } from '../../src/store/open.ts';

/** One migrated SQLite file for a test file's whole run, emptied between tests: closing many files leaks descriptors in libsql. */
export async function emptyableStore() {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-'));
  const path = join(folder, 'canary.db');
  const db = await openSqlite(path, { synchronous: 'off' });
  afterAll(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  async function empty() {
    for (const table of [
      'probes',
      'pools',
      'canaries',
      'counts',
      'incidents',
      'deliveries',
      'routes',
      'silences',
      'dwells',
      'created',
      'leases',
    ] as const) {
      await db.deleteFrom(table).execute();
    }
    await db.deleteFrom('meta').where('key', 'not in', ['schema', 'revision']).execute();
    await db.updateTable('meta').set({ value: '0' }).where('key', '=', 'revision').execute();
  }
  return { db, path, empty };
}
