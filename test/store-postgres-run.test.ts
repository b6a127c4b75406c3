import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from '../src/commands/run.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { openDatabase, openStore } from '../src/store/open.ts';
import { proxyTo } from './postgres/proxy.ts';
import { commandSetting } from './support/command.ts';
import { emptyDatabase, urlOf } from './support/postgres.ts';
import { pool } from './support/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'tc-canary-postgres-run-'));
afterAll(() => rmSync(folder, { recursive: true }));
const config = join(folder, 'probes.yml');

/** What a pass says to the server, in its order, and what may come of it. */
const CUTS = ['update "meta"', 'insert into "canaries"', 'commit\0'].flatMap((text) =>
  (['before', 'after'] as const).map((point) => [point, text] as const),
);

test.each(CUTS)('a pass that loses its database %s %j is made good by the next: every canary once', async (point, text) => {
  const proxy = await proxyTo(await emptyDatabase());
  const env = { TC_CANARY_STORE: urlOf(proxy.place), TC_CANARY_LOG_LEVEL: 'error' };
  const setting = await commandSetting({ spec: { pools: [pool('a/b', { minCapacity: 1 })] }, env });
  writeFileSync(
    config,
    `deployment: d\ntaskcluster: {rootUrl: "${setting.url}"}\ntask: {schedulerId: s, owner: a@example.com, source: https://example.com/}\n` +
      'defaults: {warnAfter: 5m, pageAfter: 15m, schedule: "* * * * *"}\nprobes: [{pool: a/b, payload: empty}]\n',
  );
  const pass = () => run({ config, once: true }, setting.io);
  const failures: string[] = [];
  for (let minute = 0; minute < 6; minute++) {
    if (minute === 1) proxy.cutAt(text, point);
    const code = await pass().catch((error: Error) => failures.push(error.name));
    if (failures.length === 0) expect(code).toBe(0);
    setting.world.advanceTo(setting.world.now + MINUTE);
  }
  expect(failures).toEqual(['StoreError']);
  expect(await pass()).toBe(0);
  const store = await openStore({ store: proxy.place, deployment: 'd' });
  const { probes, incidents } = await store.load();
  const { claims = 0, open, conflicts } = probes.get('a/b') ?? {};
  expect([incidents.size, conflicts]).toEqual([0, 0]);
  expect(claims + (open === undefined ? 0 : 1)).toBeGreaterThan(2);
  const { db } = await openDatabase({ store: proxy.place, deployment: 'd' });
  const ended = await db.selectFrom('canaries').select('stage').execute();
  expect(ended).toEqual(Array.from({ length: claims }, () => ({ stage: 'claimed' })));
  await db.destroy();
  await store.close();
  await setting.close();
});
