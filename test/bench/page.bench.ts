import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { it } from 'vitest';
import { wallClock } from '../../src/clock.ts';
import { DAY, MINUTE } from '../../src/evidence/instant.ts';
import { Health } from '../../src/health/health.ts';
import { Meter } from '../../src/metrics/meter.ts';
import { openPages } from '../../src/server/open.ts';
import { emptySketch, observe } from '../../src/stats/sketch.ts';
import { openSqlite } from '../../src/store/open.ts';
import { pack } from '../../src/store/packing.ts';
import type { Tables } from '../../src/store/schema.ts';
import { sqliteDialect } from '../../src/store/sqlite.ts';
import { storeOver } from '../../src/store/store.ts';
import { fleet, fleetNames } from '../support/fleet.ts';
import { randomOf } from '../support/random.ts';
import { silent } from '../support/values.ts';
import { median, print } from './figures.ts';

const POOLS = 400;
const DAYS = 30;
const LOOKS = 40;

it('page', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tc-canary-bench-')), 'canary.db');
  const db = await openSqlite(path, { synchronous: 'off' });
  const store = storeOver(db, path);
  const names = fleetNames(POOLS);
  const now = Date.now();
  const config = await fleet(store, { names, now, stuck: { 'gecko-3/decision': 34 * MINUTE } });
  const random = randomOf(1);
  const before = Math.floor(now / DAY) * DAY - 3 * DAY;
  for (const probe of names) {
    const rows = Array.from({ length: DAYS }, (_, i) => {
      const sketch = emptySketch();
      for (let n = 0; n < 96; n++) observe(sketch, Math.exp(9 + 3 * random()), false);
      const at = before - i * DAY;
      return {
        probe,
        span: 'day' as const,
        at,
        start: 'cold',
        claimed: pack(sketch.claimed),
        unclaimed: pack(new Map()),
        breaches: 0,
      };
    });
    await db.insertInto('counts').values(rows).execute();
  }
  await sql`analyze`.execute(db);
  let slowest = 0;
  const reading = new Kysely<Tables>({
    dialect: sqliteDialect(path, {}),
    log: ({ queryDurationMillis }) => {
      slowest = Math.max(slowest, queryDurationMillis);
    },
  });
  const health = new Health(wallClock);
  const ports = { clock: wallClock, store: storeOver(reading, path), log: silent };
  const objective = { target: 0.95, under: 20 * MINUTE, over: DAYS * DAY };
  const watched = { ...config, probes: config.probes.map((probe) => ({ ...probe, objective })) };
  const where = { where: 'asked', address: { host: '127.0.0.1', port: 0 } } as const;
  const served = await openPages(where, watched, ports, { health, meter: new Meter() });
  if (served === undefined) throw new Error('nothing is served');
  const took = async (page: string) => {
    const began = performance.now();
    const body = await (await fetch(served.url + page)).text();
    return { ms: performance.now() - began, kilobytes: Math.round(body.length / 1024) };
  };
  const first = await took('/');
  const rows: Record<string, string | number>[] = [
    { what: 'the first look after a start', p50: Math.round(first.ms), p95: '', KB: first.kilobytes },
  ];
  for (const page of ['/', '/probes/gecko-3/decision', '/incidents', '/api/v1/report', '/metrics']) {
    const looks = [];
    for (let i = 0; i < LOOKS; i++) {
      looks.push(await took(page));
      // The store moves on, as under a service that goes about its work.
      const { revision, watch } = await store.load();
      await store.commit(revision, [{ kind: 'watch', watch: { ...watch, passAt: now + i } }]);
      await wallClock.sleepUntil(Date.now() + 150, new AbortController().signal);
    }
    const sorted = looks.map(({ ms }) => ms).toSorted((a, b) => a - b);
    rows.push({
      what: page,
      p50: Math.round(median(sorted)),
      p95: Math.round(sorted[Math.floor(0.95 * LOOKS)] ?? 0),
      KB: looks[0]?.kilobytes ?? 0,
    });
  }
  rows.push({ what: 'slowest single query of all these', p50: Math.round(slowest), p95: '', KB: '' });
  print(`Pages over ${POOLS} pools and ${DAYS} days, while the store changes, ms`, rows);
  await served.close();
  await Promise.all([reading.destroy(), db.destroy()]);
}, 300_000);
