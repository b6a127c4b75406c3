import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterAll, it } from 'vitest';
import { DAY, HOUR } from '../../src/evidence/instant.ts';
import type { StorePlace } from '../../src/evidence/place.ts';
import { emptySketch, observe } from '../../src/stats/sketch.ts';
import { exportStore } from '../../src/store/export.ts';
import { importStore } from '../../src/store/import.ts';
import { type Opened, openDatabase, openPostgres } from '../../src/store/open.ts';
import { pack } from '../../src/store/packing.ts';
import { postgresDialect } from '../../src/store/postgres.ts';
import type { Engine, Tables } from '../../src/store/schema.ts';
import { sqliteDialect } from '../../src/store/sqlite.ts';
import { storeOver } from '../../src/store/store.ts';
import { emptyDatabase } from '../support/postgres.ts';
import { randomOf } from '../support/random.ts';
import { incidentChange, poolIncident } from '../support/values.ts';
import { median, print } from './figures.ts';

const POOLS = 400;
const YEAR = 365;
/** A canary each 5 minutes for 30 days, in each pool. */
const CANARIES = POOLS * 30 * 288;
const MILLIONS = (CANARIES / 1e6).toFixed(1);
const INCIDENTS = 20 * YEAR;
const deployment = 'bench';
const NOW = Math.floor(Date.now() / HOUR) * HOUR;

const folder = mkdtempSync(join(tmpdir(), 'tc-canary-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function emptyPlace(engine: Engine, name: string): Promise<StorePlace> {
  return engine === 'sqlite' ? { engine, path: join(folder, `${name}.db`) } : emptyDatabase({ durable: true });
}

const pools = sql`pools(p) as (select 0 union all select p + 1 from pools where p < ${sql.lit(POOLS - 1)})`;
const steps = (count: number) => sql`steps(n) as (select 0 union all select n + 1 from steps where n < ${sql.lit(count - 1)})`;

async function fillCanaries(db: Kysely<Tables>): Promise<void> {
  await sql`insert into canaries (task_id, probe, pool, slot, stage, scheduled, started, start, worker)
    with recursive ${pools}, ${steps(CANARIES / POOLS)}
    select 'AAAAAAAAAA' || (1000000000000 + n * ${sql.lit(POOLS)} + p), 'fleet/pool-' || p, 'fleet/pool-' || p,
      ${sql.lit(NOW)} - n * cast(300000 as bigint), 'claimed', ${sql.lit(NOW)} - n * cast(300000 as bigint) + 700,
      ${sql.lit(NOW)} - n * cast(300000 as bigint) + 9000, 'cold', 'i-' || (1000000000000 + n) from steps, pools`.execute(db);
}

/** A year of 400 pools: counts by the hour and the day, twenty incidents a day that were told and are over. */
async function fillYear(db: Kysely<Tables>): Promise<void> {
  const sketch = emptySketch();
  const random = randomOf(1);
  for (let i = 0; i < 12; i++) observe(sketch, Math.exp(9 + 3 * random()), false);
  const bytes = pack(sketch.claimed);
  const none = pack(new Map());
  for (const [span, length] of [
    ['hour', HOUR],
    ['day', DAY],
  ] as const) {
    const last = Math.floor(NOW / length) * length;
    await sql`insert into counts (span, at, probe, start, claimed, unclaimed, breaches)
      with recursive ${pools}, ${steps((YEAR * DAY) / length)}
      select ${sql.lit(span)}, ${sql.lit(last)} - n * cast(${sql.lit(length)} as bigint), 'fleet/pool-' || p, 'cold',
        ${bytes}, ${none}, 0 from steps, pools`.execute(db);
  }
  const doc = JSON.stringify(poolIncident({ ended: NOW, end: 'resolved' }));
  await sql`insert into incidents (id, anchor, opened, ended, doc, live)
    with recursive ${steps(INCIDENTS)} select 'bench/' || n, 'probe:' || n, ${sql.lit(NOW - YEAR * DAY)} + n * cast(4000000 as bigint),
      ${sql.lit(NOW - YEAR * DAY)} + n * cast(4000000 as bigint) + 600000, ${doc}, 0 from steps`.execute(db);
  for (const route of ['slack:C0123456789', 'pagerduty:k']) {
    await sql`insert into deliveries (incident, route, wanted, told, ref, doubt, attempts, due, urgency, claimed_until)
      select id, ${sql.lit(route)}, 5, 5, 'r', 0, 0, 0, 0, 0 from incidents`.execute(db);
    await sql`insert into dwells (incident, route, level, crossed, due, told)
      select id, ${sql.lit(route)}, 'page', opened, opened, opened + 50 from incidents`.execute(db);
  }
}

const timed = async (work: () => Promise<unknown>) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const ms = (value: number) => (value < 10 ? value.toFixed(1) : Math.round(value));

async function figures(engine: Engine): Promise<Record<string, string | number>> {
  const place = await emptyPlace(engine, 'year');
  const opened = await openDatabase({ store: place, deployment });
  const filling = place.engine === 'sqlite' ? opened.db : await openPostgres(place, { patience: HOUR });
  await fillCanaries(filling);
  const transfer = await moved(engine, opened);
  await fillYear(filling);
  await sql`analyze`.execute(filling);
  await Promise.all([filling.destroy(), opened.db.destroy()]);
  let slowest = 0;
  const db = new Kysely<Tables>({
    dialect: place.engine === 'sqlite' ? sqliteDialect(place.path, {}) : postgresDialect(place, {}),
    log: ({ queryDurationMillis, query }) => {
      if (queryDurationMillis > 50)
        process.stdout.write(`${Math.round(queryDurationMillis)} ms on ${engine}: ${query.sql.slice(0, 300)}\n`);
      slowest = Math.max(slowest, queryDurationMillis);
    },
  });
  const store = storeOver(db, engine);
  const found: Record<string, string | number> = {};
  const state = (i: number) => ({
    name: `fleet/pool-${i}`,
    pool: `fleet/pool-${i}`,
    lastSlot: NOW,
    knownSince: 0,
    recent: [],
    claims: 9,
    good: 0,
    conflicts: 0,
  });
  const all = Array.from({ length: POOLS }, (_, i) => ({ kind: 'probe' as const, state: state(i) }));
  const watch = { kind: 'watch' as const, watch: { trouble: {}, gaps: [], offset: 0 } };
  let revision = (await store.load()).revision;
  const commit = async (changes: Parameters<typeof store.commit>[1]) => {
    if ((await store.commit(revision, changes)) === 'stale') throw new Error('nobody else commits');
    revision++;
  };
  found['a judgement of all 400 probes committed, ms'] = ms(await timed(() => commit([...all, watch])));
  const many = 300;
  const commits = await timed(async () => {
    for (let i = 0; i < many; i++) await commit([{ kind: 'probe', state: state(i) }, watch]);
  });
  found['judgements of one probe committed, a second'] = Math.round((1000 * many) / commits);
  const times = async (count: number, work: (i: number) => Promise<unknown>) => {
    const taken: number[] = [];
    for (let i = 0; i < count; i++) taken.push(await timed(() => work(i)));
    return ms(median(taken));
  };
  found['state loaded by a new process, ms'] = await times(9, () => storeOver(db, engine).load());
  found['state loaded where nothing has changed, ms'] = await times(99, () => store.load());
  await commit([incidentChange(poolIncident(), ['slack:C1', 'pagerduty:k'])]);
  found['look for a delivery where none is due, ms'] = await times(99, () => store.claimDelivery(0, new Set()));
  found['delivery claimed and settled, ms'] = await times(2, async () => {
    const delivery = await store.claimDelivery(NOW + DAY, new Set());
    if (delivery) await store.settleDelivery(delivery, { as: 'accepted', ref: 'r', more: false }, NOW + DAY);
  });
  found['what is owed, ms'] = await times(99, () => store.undelivered(NOW, HOUR));
  for (const days of [1, 30, YEAR]) {
    found[`history of ${days} d, ms`] = await times(3, () => store.history({ since: NOW - days * DAY, until: NOW }));
  }
  found['a thousand canaries forgotten, ms'] = await times(9, () => store.forget(NOW + DAY, 30 * DAY));
  found['slowest single query of all these, ms'] = ms(slowest);
  await db.destroy();
  return { ...found, ...transfer };
}

async function moved(engine: Engine, { db }: Opened): Promise<Record<string, number>> {
  const file = join(folder, `${engine}.jsonl`);
  const out = await open(file, 'w');
  const exporting = await timed(() => exportStore(db, (lines) => out.appendFile(lines)));
  await out.close();
  const target = await openDatabase({ store: await emptyPlace(engine, 'moved'), deployment });
  const input = await open(file);
  const importing = await timed(() => importStore(target, deployment, linesOf(input)));
  await target.db.destroy();
  rmSync(file);
  return {
    [`store with ${MILLIONS} million canaries exported, s`]: Math.round(exporting / 1000),
    'and imported into an empty one, s': Math.round(importing / 1000),
  };
}

/** Begun when the first line is asked for: lines read before that would be lost. */
async function* linesOf(input: FileHandle): AsyncGenerator<string> {
  yield* input.readLines();
}

it('store', { timeout: 3_600_000 }, async () => {
  const sqlite = await figures('sqlite');
  const postgres = await figures('postgres');
  print(
    `Store, ${POOLS} pools, a year of history, ${MILLIONS} million canaries, medians`,
    Object.keys(sqlite).map((what) => ({ what, SQLite: sqlite[what] ?? '', PostgreSQL: postgres[what] ?? '' })),
  );
});
