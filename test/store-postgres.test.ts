import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { emptyState } from '../src/evidence/evolve.ts';
import type { PostgresPlace } from '../src/evidence/place.ts';
import { Secret } from '../src/evidence/secret.ts';
import type { Store } from '../src/ports.ts';
import { openPostgres, openStore } from '../src/store/open.ts';
import { storeOver } from '../src/store/store.ts';
import { proxyTo } from './postgres/proxy.ts';
import { administer, emptyDatabase } from './support/postgres.ts';
import { DAY_ZERO, incidentChange, poolIncident } from './support/values.ts';

const open = (store: PostgresPlace, deployment = 'test') => openStore({ store, deployment });
const none = new Set<never>();
const pool = (at: number) => ({ kind: 'pool' as const, record: { pool: 'a/b', at } });

describe('a PostgreSQL database', () => {
  test('is set up by whoever comes first, however many come at once', async () => {
    const place = await emptyDatabase();
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(place)));
    expect(await Promise.all(stores.map((store) => store.load()))).toEqual(stores.map(() => emptyState()));
    await Promise.all(stores.map((store) => store.close()));
  });

  test('is refused where somebody else keeps tables in it', async () => {
    const place = await emptyDatabase();
    const db = await openPostgres(place);
    await db.schema.dropTable('probes').execute();
    await expect(open(place)).rejects.toMatchObject({ name: 'StoreError', fault: 'not-a-database' });
    await db.destroy();
  });

  test('is refused where a newer version wrote it, and to another deployment', async () => {
    const place = await emptyDatabase();
    await (await open(place)).close();
    await expect(open(place, 'other')).rejects.toMatchObject({
      fault: 'foreign',
      message: expect.stringContaining('test, not of other'),
    });
    const db = await openPostgres(place);
    await db.updateTable('meta').set({ value: '99' }).where('key', '=', 'schema').execute();
    await db.destroy();
    await expect(open(place)).rejects.toMatchObject({ fault: 'newer' });
  });

  test.each<[string, string, (place: PostgresPlace) => Partial<PostgresPlace>]>([
    ['denied', 'the password is wrong', () => ({ password: new Secret('hunter2') })],
    ['no-database', 'it does not exist', () => ({ database: 'nowhere' })],
    ['unreachable', 'nobody listens', () => ({ port: 1 })],
    ['unreachable', 'the host has no address', () => ({ host: 'nowhere.invalid' })],
    ['denied', 'the server speaks no TLS', () => ({ tls: 'verify-full' })],
  ])('is %s where %s, in words and without the password', async (fault, _where, over) => {
    const place = await emptyDatabase();
    const wrong = { ...place, ...over(place) };
    const error: unknown = await open(wrong).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'StoreError', fault });
    const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
    expect(shown).not.toContain(wrong.password?.reveal());
  });

  test('that takes no writes for now is read, and says so when written', async () => {
    const place = await emptyDatabase();
    await (await open(place)).close();
    await administer(`alter database ${place.database} set default_transaction_read_only = on`);
    const store = storeOver(await openPostgres(place), 'standby');
    expect(await store.load()).toEqual(emptyState());
    await expect(store.commit(0, [pool(1)])).rejects.toMatchObject({ fault: 'read-only' });
    await store.close();
  });
});

describe('a server that', () => {
  test('accepts and says nothing is given up', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    const place = await emptyDatabase();
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(openPostgres({ ...place, port }, { patience: 200 })).rejects.toMatchObject({ fault: 'unreachable' });
    server.close();
  });

  test('hangs in the middle fails what is asked, and is asked anew when it is back', async () => {
    const proxy = await proxyTo(await emptyDatabase());
    const store = storeOver(await openPostgres(proxy.place, { patience: 1_000 }), 'hanging');
    await store.commit(0, [pool(1)]);
    proxy.become('frozen');
    await expect(store.commit(1, [pool(2)])).rejects.toMatchObject({ fault: 'unreachable' });
    await expect(store.claimDelivery(DAY_ZERO, none)).rejects.toMatchObject({ fault: 'unreachable' });
    proxy.become('through');
    expect(await store.commit(1, [pool(2)])).toBe('committed');
    await store.close();
  });

  test('is restarted between two questions ends no process, and is asked anew', async () => {
    const place = await emptyDatabase();
    const store = await open(place);
    await store.commit(0, [pool(1)]);
    await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${place.database}'`);
    expect(await eventually(() => store.commit(1, [pool(2)]))).toBe('committed');
    await store.close();
  });

  test('is away fails passes, one by one, until it is back', async () => {
    const proxy = await proxyTo(await emptyDatabase());
    const store = await open(proxy.place);
    proxy.become('closed');
    for (let i = 0; i < 2; i++) await expect(eventuallyFails(store)).resolves.toMatchObject({ fault: 'unreachable' });
    proxy.become('through');
    expect(await store.commit(0, [pool(1)])).toBe('committed');
    await store.close();
  });
});

describe('a connection lost in the middle of a judgement', () => {
  const judgement = [pool(1), incidentChange(poolIncident(), ['slack:C1'])];

  test.each(['insert into "pools"', 'insert into "deliveries"', 'commit\0'])('before %j leaves nothing of it', async (text) => {
    const proxy = await proxyTo(await emptyDatabase());
    const store = await open(proxy.place);
    proxy.cutAt(text, 'before');
    await expect(store.commit(0, judgement)).rejects.toMatchObject({ fault: 'unreachable' });
    expect(await store.load()).toEqual(emptyState());
    expect(await store.commit(0, judgement)).toBe('committed');
    expect(await store.claimDelivery(DAY_ZERO * 2, none)).toBeDefined();
    await store.close();
  });

  test('after the commit leaves all of it, which the next load knows', async () => {
    const proxy = await proxyTo(await emptyDatabase());
    const store = await open(proxy.place);
    proxy.cutAt('commit\0', 'after');
    await expect(store.commit(0, judgement)).rejects.toMatchObject({ fault: 'unreachable' });
    const { revision, incidents } = await store.load();
    expect([revision, incidents.size]).toEqual([1, 1]);
    expect(await store.commit(0, judgement)).toBe('stale');
    await store.close();
  });
});

/** The pool may not have heard yet which of its connections are gone. */
function eventually<T>(work: () => Promise<T>, tries = 4): Promise<T> {
  return tries === 1 ? work() : work().catch(() => eventually(work, tries - 1));
}

function eventuallyFails(store: Store): Promise<unknown> {
  return store.commit(0, [pool(1)]).catch((error: unknown) => error);
}
