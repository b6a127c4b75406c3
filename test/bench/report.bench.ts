import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { DAY, HOUR } from '../../src/evidence/instant.ts';
import { emptySketch, observe } from '../../src/stats/sketch.ts';
import { openSqlite } from '../../src/store/open.ts';
import { pack } from '../../src/store/packing.ts';
import { storeOver } from '../../src/store/store.ts';
import { randomOf } from '../support/random.ts';
import { median, print, wallOf } from './figures.ts';

const POOLS = 400;
const DAYS = 30;

it('report', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-bench-'));
  const path = join(folder, 'canary.db');
  const db = await openSqlite(path, { synchronous: 'off' });
  const random = randomOf(1);
  const today = Math.floor(Date.now() / DAY) * DAY;
  const pools = Array.from({ length: POOLS }, (_, i) => `fleet-${i % 8}/pool-${i}`);
  let observations = 0;
  /** Counts as a canary every 5 minutes leaves them. */
  const rowsOf = (probe: string, span: 'hour' | 'day', at: number, count: number) => {
    const sketch = emptySketch();
    for (let i = 0; i < count; i++) observe(sketch, Math.exp(9 + 3 * random()), false);
    if (span === 'day') observations += count;
    return { probe, span, at, start: 'cold', claimed: pack(sketch.claimed), unclaimed: pack(sketch.unclaimed), breaches: 0 };
  };
  await db.transaction().execute(async (tx) => {
    for (const probe of pools) {
      const rows = Array.from({ length: DAYS + 1 }, (_, i) => rowsOf(probe, 'day', today - i * DAY, 288));
      rows.push(...Array.from({ length: (DAYS + 1) * 24 }, (_, i) => rowsOf(probe, 'hour', today + DAY - (i + 1) * HOUR, 12)));
      for (let i = 0; i < rows.length; i += 100)
        await tx
          .insertInto('counts')
          .values(rows.slice(i, i + 100))
          .execute();
    }
  });
  const slowest: number[] = [];
  const store = storeOver(db, path);
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await store.history({ since: Date.now() - DAYS * DAY, until: Date.now() });
    slowest.push(performance.now() - began);
  }
  await store.close();
  const probes = pools.map((pool) => `  - pool: ${pool}`).join('\n');
  const config = join(folder, 'bench.yml');
  writeFileSync(
    config,
    `deployment: bench\ntaskcluster:\n  rootUrl: https://tc.example.com\nstore: sqlite:${path}\ntask:\n  schedulerId: tc-canary\n  owner: a@example.com\n  source: https://example.com\ndefaults:\n  schedule: "*/5 * * * *"\nprobes:\n${probes}\n`,
  );
  const args = ['dist/cli.js', 'report', '--config', config, '--since'];
  const times = { '30d': [] as number[], '24h': [] as number[] };
  for (let i = 0; i < 7; i++) for (const since of ['30d', '24h'] as const) times[since].push(wallOf([...args, since]));
  print(`Report, ${POOLS} pools, ${(observations / 1e6).toFixed(1)} million canaries in ${DAYS} days, medians`, [
    { what: 'history of 30 days read and decoded, in process', ms: Math.round(median(slowest)) },
    { what: 'tc-canary report --since 30d, whole process', ms: Math.round(median(times['30d'])) },
    { what: 'tc-canary report --since 24h, whole process', ms: Math.round(median(times['24h'])) },
    {
      what: 'tc-canary --version, whole process',
      ms: Math.round(median(Array.from({ length: 7 }, () => wallOf(['dist/cli.js', '--version'])))),
    },
  ]);
});
