import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { storeMigrate, storeStats } from '../src/commands/store.ts';
import { storeExport, storeImport } from '../src/commands/store-transfer.ts';
import type { Change } from '../src/evidence/change.ts';
import { HOUR } from '../src/evidence/instant.ts';
import type { StorePlace } from '../src/evidence/place.ts';
import type { Io } from '../src/io.ts';
import { openStore } from '../src/store/open.ts';
import type { Engine } from '../src/store/schema.ts';
import { clockOf } from './support/clock.ts';
import { emptyDatabase, urlOf } from './support/postgres.ts';
import { ENGINES } from './support/store.ts';
import { DAY_ZERO, incidentChange, poolIncident } from './support/values.ts';

const folder = mkdtempSync(join(tmpdir(), 'tc-canary-moving-'));
afterAll(() => rmSync(folder, { recursive: true }));
const config = join(folder, 'probes.yml');
writeFileSync(
  config,
  `deployment: firefox-ci
taskcluster: {rootUrl: https://tc.example.com}
task: {schedulerId: tc-canary, owner: canary@example.com, source: https://example.com/canary}
probes: [{pool: gecko-3/decision}]
`,
);

let files = 0;
const fileName = () => join(folder, `${files++}`);

async function emptyPlace(engine: Engine): Promise<StorePlace> {
  return engine === 'sqlite' ? { engine, path: `${fileName()}.db` } : emptyDatabase();
}

const open = (store: StorePlace, deployment = 'firefox-ci') => openStore({ store, deployment });

/** A command on a store, and what it printed. */
async function on(store: StorePlace, command: (io: Io) => Promise<number>) {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    env: { TC_CANARY_STORE: store.engine === 'sqlite' ? `sqlite:${store.path}` : urlOf(store) },
    clock: clockOf(() => DAY_ZERO),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stop: new AbortController().signal,
  };
  const code = await command(io);
  return { code, stdout, stderr };
}

const CHANGES: Change[] = [
  incidentChange(poolIncident(), ['slack:C1', 'pagerduty:k']),
  { kind: 'pool', record: { pool: 'gecko-3/decision', at: 7 } },
  { kind: 'watch', watch: { trouble: {}, gaps: [{ from: 1, to: 2 }], offset: 3 } },
  { kind: 'silence', silence: { id: 'a1b2c3', match: 'a/*', from: 1, until: 9, reason: 'ümläuts and 🐤', by: 'jane' } },
  ...[5_000, 90_000, 3_600_000].map(
    (ms, i): Change => ({
      kind: 'observation',
      probe: 'p',
      at: DAY_ZERO + i * HOUR,
      ms,
      start: 'cold',
      censored: i === 2,
      breach: i > 0,
    }),
  ),
];

/** A store with something of everything, a delivery told and another owed. */
async function filled(engine: Engine): Promise<StorePlace> {
  const place = await emptyPlace(engine);
  const store = await open(place);
  await store.commit(0, CHANGES);
  const delivery = await store.claimDelivery(DAY_ZERO + HOUR, new Set());
  if (delivery) await store.settleDelivery(delivery, { as: 'accepted', ref: 'r', more: false }, DAY_ZERO + HOUR);
  await store.commit(
    1,
    Array.from(
      { length: 2_500 },
      (_, i): Change => ({
        kind: 'canary',
        canary: {
          taskId: `task-${i}`,
          probe: 'p',
          pool: 'gecko-3/decision',
          slot: DAY_ZERO + i,
          schedulerId: 's',
          taskGroupId: 'g',
          deadline: DAY_ZERO + HOUR,
          stage: 'claimed',
          ...(i % 2 === 0 && { started: DAY_ZERO + i, worker: 'w' }),
        },
      }),
    ),
  );
  await store.close();
  return place;
}

async function exported(place: StorePlace): Promise<string> {
  const { code, stdout } = await on(place, (io) => storeExport({ config }, io));
  expect(code).toBe(0);
  return stdout;
}

describe.each(ENGINES)('what was in a store on %s', (from) => {
  test.each(ENGINES)('is all in one on %s after an export and an import, deliveries owed included', async (to) => {
    const [source, target] = [await filled(from), await emptyPlace(to)];
    const file = fileName();
    await on(source, (io) => storeExport({ config, out: file }, io));
    const { code, stderr } = await on(target, (io) => storeImport(file, { config }, io));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/: 25\d\d rows imported\n$/)]);
    expect(await exported(target)).toBe(readFileSync(file, 'utf8'));
    const [before, after] = [await open(source), await open(target)];
    expect(await after.load()).toEqual(await before.load());
    const query = { since: DAY_ZERO, until: DAY_ZERO + 24 * HOUR };
    expect(await after.history(query)).toEqual(await before.history(query));
    const claim = async (store: typeof before) => ({ ...(await store.claimDelivery(DAY_ZERO + HOUR, new Set())), claim: '' });
    const owed = await claim(after);
    expect(owed).toEqual(await claim(before));
    expect(owed.route).toBeDefined();
    await Promise.all([before.close(), after.close()]);
  });
});

describe('an import', () => {
  const importing = (place: StorePlace, text: string) => {
    const file = fileName();
    writeFileSync(file, text);
    return on(place, (io) => storeImport(file, { config }, io));
  };

  test.each(ENGINES)('that ends in the middle leaves the store on %s empty, and can be made again', async (engine) => {
    const lines = (await exported(await filled('sqlite'))).trimEnd().split('\n');
    const place = await emptyPlace(engine);
    await expect(importing(place, lines.slice(0, -1).join('\n'))).rejects.toThrow(/the end is missing/);
    await expect(importing(place, [...lines.slice(0, 600), ...lines.slice(601)].join('\n'))).rejects.toThrow(
      /the end is missing/,
    );
    await expect(importing(place, lines.slice(0, 600).join('\n').slice(0, -9))).rejects.toThrow(/line 600 is not JSON/);
    expect((await importing(place, lines.join('\n'))).code).toBe(0);
  });

  test.each(ENGINES)('into a store on %s that holds something is refused', async (engine) => {
    const place = await filled(engine);
    const text = await exported(place);
    await expect(importing(place, text)).rejects.toMatchObject({ fault: 'unfit', message: expect.stringContaining('not empty') });
    expect(await exported(place)).toBe(text);
  });

  test('of another deployment, another schema or something else is refused', async () => {
    const text = await exported(await filled('sqlite'));
    const place = await emptyPlace('sqlite');
    await expect(importing(place, text.replace('"firefox-ci"', '"community"'))).rejects.toThrow(
      /comes from the deployment community, not from firefox-ci/,
    );
    await expect(importing(place, text.replace(/"schema":\d+/, '"schema":1'))).rejects.toThrow(
      /has schema 1, and this version has \d/,
    );
    await expect(importing(place, '{"a":1}')).rejects.toThrow(/is no export of a store/);
    await expect(importing(place, 'hello')).rejects.toThrow(/line 1 is not JSON/);
    await expect(importing(place, text.replace('{"canaries"', '{"sqlite_master"'))).rejects.toThrow(/is no row of a store/);
    await expect(importing(place, '')).rejects.toThrow(/the end is missing/);
    await expect(on(place, (io) => storeImport(join(folder, 'nowhere'), { config }, io))).rejects.toThrow(/cannot be read/);
  });
});

describe.each(ENGINES)('a store on %s', (engine) => {
  test('is brought up to date by hand, and says so', async () => {
    const place = await emptyPlace(engine);
    expect((await on(place, (io) => storeMigrate({ config }, io))).stdout).toMatch(/ has schema \d+, made anew\n$/);
    expect((await on(place, (io) => storeMigrate({ config }, io))).stdout).toMatch(/ has schema \d+ already\n$/);
  });

  test('says what it holds, and how much, without its password', async () => {
    const place = await filled(engine);
    const { stdout } = await on(place, (io) => storeStats({ config, json: false }, io));
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^firefox-ci · ${engine} · .* · schema \\d · revision 2 · \\d`));
    expect(lines).toContainEqual(expect.stringMatching(/^canaries +2,500 +[\d.]+ [kM]B +2021-10-08 +2021-10-08$/));
    expect(lines).toContainEqual(expect.stringMatching(/^deliveries +2 +[\d.]+ kB$/));
    if (place.engine === 'postgres') expect(stdout).not.toContain(place.password?.reveal());
    const json = JSON.parse((await on(place, (io) => storeStats({ config, json: true }, io))).stdout);
    expect(json.tables).toContainEqual(expect.objectContaining({ table: 'silences', rows: 1, oldest: null }));
    expect(json).toMatchObject({ engine, deployment: 'firefox-ci', revision: 2 });
  });
});
