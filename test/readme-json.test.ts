import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../src/evidence/instant.ts';
import { storeOver } from '../src/store/store.ts';
import { probeJson } from '../src/views/probed.ts';
import { silencesJson } from '../src/views/silences.ts';
import { createdIn, fleet } from './support/fleet.ts';
import { servePages, standingAt } from './support/pages.ts';
import { emptyableStore } from './support/store.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const NAMES = ['gecko-3/decision', 'gecko-1/decision'];
const [BAD = ''] = NAMES;
const NIGHT = Date.UTC(2021, 9, 8, 23, 34);

/** The keys in the first column of the table with this heading. */
function documented(heading: string): string[] {
  const table = README.split(`\n| ${heading} | what |\n|---|---|\n`)[1]?.split('\n\n')[0] ?? '';
  const cells = table.split('\n').map((row) => row.split(' | ')[0] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, key = '']) => key));
}

const keysOf = (value: unknown) => Object.keys(value as object).sort();

describe('the README names every key of JSON, and no other', async () => {
  const { db, path } = await emptyableStore();
  const store = storeOver(db, path);
  const config = await fleet(store, { names: NAMES, now: NIGHT, hours: 3, stuck: { [BAD]: 34 * MINUTE } });
  await store.commit((await store.load()).revision, createdIn(BAD, NIGHT));

  test('of a report, its probes, incidents and canaries', async () => {
    const pages = await servePages(config, store, { clock: standingAt(NIGHT) });
    const report = (await pages.json('/api/v1/report')) as Record<'probes' | 'incidents', unknown[]>;
    const { canaries } = (await pages.json(`/api/v1/probes/${BAD}`)) as { canaries: unknown[] };
    expect(documented('key of a report').sort()).toEqual(keysOf(report));
    expect(documented('key of a probe').sort()).toEqual(keysOf(report.probes[0]));
    expect(documented('key of an incident').sort()).toEqual(keysOf(report.incidents[0]));
    expect(documented('key of a canary').sort()).toEqual(keysOf(canaries[0]));
  });

  test('of a pool that was asked, and of a silence', () => {
    const asked = probeJson([{ pool: BAD, stage: 'asking' }], config.rootUrl);
    expect(documented('key of a pool that was asked').sort()).toEqual(keysOf(asked.pools[0]));
    const listed = silencesJson('test', [{ state: 'now', match: BAD, reason: 'new images', by: 'jane' }], NIGHT);
    expect(documented('key of a silence').sort()).toEqual(keysOf(listed.silences[0]));
  });
});
