import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { evolve } from '../src/evidence/evolve.ts';
import { DAY, HOUR, MINUTE } from '../src/evidence/instant.ts';
import { openSqlite } from '../src/store/open.ts';
import { storeOver } from '../src/store/store.ts';
import { ENGINES, emptyableStore } from './support/store.ts';
import { DAY_ZERO, incidentChange, poolIncident } from './support/values.ts';

describe.each(ENGINES)('a store on %s', async (engine) => {
  const { db, path, empty } = await emptyableStore(engine);
  const open = () => storeOver(db, path);
  const none = new Set<never>();
  const accepted = { as: 'accepted', ref: 'r', more: false } as const;

  beforeEach(empty);

  describe('commit', () => {
    it('gives the next reader exactly what the writer goes on with', async () => {
      const [writer, reader] = [open(), open()];
      const before = await writer.load();
      const probe = { name: 'p', pool: 'a/b', lastSlot: 5, knownSince: 0, recent: [1, 2], claims: 2, good: 0, conflicts: 0 };
      const changes = [
        { kind: 'probe' as const, state: probe },
        { kind: 'pool' as const, record: { pool: 'a/b', at: 7 } },
        { kind: 'watch' as const, watch: { trouble: {}, gaps: [{ from: 1, to: 2 }], offset: 3 } },
        incidentChange(poolIncident()),
      ];
      expect(await writer.commit(before.revision, changes)).toBe('committed');
      expect(await writer.load()).toEqual(evolve(before, changes));
      expect(await reader.load()).toEqual(await writer.load());
    });

    it('refuses a judgement made on a state that somebody else has moved on, and writes none of it', async () => {
      const [a, b] = [open(), open()];
      await Promise.all([a.load(), b.load()]);
      const change = (lastSlot: number) => [
        {
          kind: 'probe' as const,
          state: { name: 'p', pool: 'a/b', lastSlot, knownSince: 0, recent: [], claims: 0, good: 0, conflicts: 0 },
        },
      ];
      expect(await a.commit(0, change(1))).toBe('committed');
      expect(await b.commit(0, [...change(2), incidentChange(poolIncident())])).toBe('stale');
      const state = await b.load();
      expect([state.revision, state.probes.get('p')?.lastSlot, state.incidents.size]).toEqual([1, 1, 0]);
    });

    it('lets exactly one of many concurrent writers win each revision', async () => {
      const stores = Array.from({ length: 8 }, open);
      const outcomes = await Promise.all(
        stores.map((store) => store.commit(0, [{ kind: 'pool', record: { pool: 'a/b', at: 1 } }])),
      );
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    });

    it('lets many writers that try again come through one by one, none of them twice', async () => {
      const committed = await Promise.all(
        Array.from({ length: 4 }, async (_, i) => {
          const store = open();
          for (;;) {
            const { revision, pools } = await store.load();
            const at = (pools.get('a/b')?.at ?? 0) + 1;
            const changes = [
              { kind: 'pool' as const, record: { pool: 'a/b', at } },
              { kind: 'pool' as const, record: { pool: `a/${i}`, at } },
            ];
            if ((await store.commit(revision, changes)) === 'committed') return at;
          }
        }),
      );
      expect(committed.sort()).toEqual([1, 2, 3, 4]);
      const { revision, pools } = await open().load();
      expect([revision, pools.get('a/b')?.at]).toEqual([4, 4]);
    });

    it('is seen whole or not at all by whoever loads meanwhile', async () => {
      const [writer, reader] = [open(), open()];
      const written = (async () => {
        for (let at = 1; at <= 20; at++) {
          const pools = ['a/b', 'a/c'].map((pool) => ({ kind: 'pool' as const, record: { pool, at } }));
          await writer.commit(at - 1, pools);
        }
      })();
      for (let revision = 0; revision < 20; ) {
        const state = await reader.load();
        revision = state.revision;
        expect([...state.pools.values()].map(({ at }) => at)).toEqual(revision === 0 ? [] : [revision, revision]);
      }
      await written;
    });
  });

  describe('one that was lost and made anew', () => {
    const knows = (name: string) => [{ kind: 'pool' as const, record: { pool: name, at: 1 } }];

    it('is read as what it is by whoever knew the one before, though it has come as far', async () => {
      const [reader, writer] = [open(), open()];
      expect(await writer.commit((await writer.load()).revision, knows('a/old'))).toBe('committed');
      const before = await reader.load();
      await empty();
      expect(await writer.commit((await writer.load()).revision, knows('a/new'))).toBe('committed');
      const state = await reader.load();
      expect([...state.pools.keys()]).toEqual(['a/new']);
      expect(state.revision).not.toBe(before.revision);
    });

    it('takes no judgement of what the one before held, whether that was seen or not', async () => {
      const [unaware, aware, writer] = [open(), open(), open()];
      expect(await writer.commit((await writer.load()).revision, knows('a/old'))).toBe('committed');
      const [{ revision }, { revision: same }] = [await unaware.load(), await aware.load()];
      await empty();
      expect(await writer.commit((await writer.load()).revision, knows('a/new'))).toBe('committed');
      await aware.load();
      expect(await unaware.commit(revision, knows('a/old'))).toBe('stale');
      expect(await aware.commit(same, knows('a/old'))).toBe('stale');
      const state = await writer.load();
      expect([...state.pools.keys()]).toEqual(['a/new']);
      expect(await writer.commit(state.revision, knows('a/next'))).toBe('committed');
    });
  });

  describe('history', () => {
    it('counts hours at the edges and whole days between, each observation once', async () => {
      const store = open();
      const at = (hour: number) => DAY_ZERO + hour * HOUR;
      const seen = [-1, 0.5, 5, 26, 30, 49, 50.5, 52];
      const changes = seen.map((hour) => ({
        kind: 'observation' as const,
        probe: 'p',
        at: at(hour),
        ms: 5_000,
        start: 'warm' as const,
        censored: false,
        breach: hour === 30,
      }));
      await store.commit(0, changes);
      const { rows } = await store.history({ since: at(0), until: at(51) });
      const claims = rows.flatMap((row) => [...row.sketch.claimed.values()]).reduce((a, b) => a + b, 0);
      expect(claims).toBe(6);
      expect(rows.reduce((sum, row) => sum + row.breaches, 0)).toBe(1);
    });

    it('of a year is read whole, and everything else goes on meanwhile', async () => {
      const day = { span: 'day' as const, start: 'cold', claimed: Buffer.of(), unclaimed: Buffer.of(), breaches: 0 };
      for (let i = 0; i < 150; i++) {
        const at = DAY_ZERO - (i + 1) * DAY;
        const rows = Array.from({ length: 1_000 }, (_, probe) => ({ ...day, at, probe: `p${probe}` }));
        await db.insertInto('counts').values(rows).execute();
      }
      let turns = 0;
      let reading = true;
      const spin = () => {
        turns++;
        if (reading) setImmediate(spin);
      };
      setImmediate(spin);
      expect((await open().history({ since: DAY_ZERO - 365 * DAY, until: DAY_ZERO })).rows).toHaveLength(150_000);
      reading = false;
      expect(turns).toBeGreaterThan(100);
    });
  });

  describe('deliveries', () => {
    const now = DAY_ZERO;

    it('hand out pages before warnings, and each to one courier only', async () => {
      const store = open();
      const warn = poolIncident({ id: 'w', anchor: 'probe:w', level: 'warn' });
      await store.commit(0, [incidentChange(warn, ['slack:C1']), incidentChange(poolIncident(), ['slack:C1', 'pagerduty:k'])]);
      const claimed = [];
      for (let i = 0; i < 4; i++) claimed.push(await open().claimDelivery(now, none));
      expect(claimed.map((d) => d && `${d.incident.level} ${d.route}`)).toEqual([
        'page pagerduty:k',
        'page slack:C1',
        'warn slack:C1',
        undefined,
      ]);
    });

    it('are handed to one of many couriers that ask at once', async () => {
      await open().commit(0, [incidentChange(poolIncident(), ['slack:C1', 'slack:C2', 'pagerduty:k'])]);
      const claims = await Promise.all(Array.from({ length: 8 }, () => open().claimDelivery(now, none)));
      expect(claims.flatMap((claim) => claim?.route ?? []).sort()).toEqual(['pagerduty:k', 'slack:C1', 'slack:C2']);
    });

    it('come due again after a crash, with the doubt that something may have been sent', async () => {
      const store = open();
      await store.commit(0, [incidentChange(poolIncident(), ['slack:C1'])]);
      expect((await store.claimDelivery(now, none))?.doubt).toBe(false);
      expect(await store.claimDelivery(now + 1000, none)).toBeUndefined();
      expect((await store.claimDelivery(now + MINUTE, none))?.doubt).toBe(true);
    });

    it('owe the newest revision only, and nothing once it was accepted', async () => {
      const store = open();
      await store.commit(0, [incidentChange(poolIncident(), ['slack:C1'])]);
      await store.commit(1, [incidentChange(poolIncident({ revision: 2 }), [])]);
      const delivery = await store.claimDelivery(now, none);
      expect(delivery?.incident.revision).toBe(2);
      if (delivery) expect(await store.settleDelivery(delivery, accepted, now)).toBe('settled');
      expect(await store.nextDelivery(now)).toBeUndefined();
    });

    it('are sent again when a courier finds that its claim has gone, and by whoever had taken over too', async () => {
      const store = open();
      await store.commit(0, [incidentChange(poolIncident(), ['slack:C1'])]);
      const slow = await store.claimDelivery(now, none);
      const quick = await store.claimDelivery(now + MINUTE, none);
      if (!slow || !quick) throw new Error('both should have had it');
      expect(await store.settleDelivery(slow, accepted, now + MINUTE)).toBe('overtaken');
      expect(await store.settleDelivery(quick, accepted, now + MINUTE)).toBe('overtaken');
      expect((await store.claimDelivery(now + MINUTE, none))?.doubt).toBe(true);
    });

    it('hold a whole route back for as long as the channel asked', async () => {
      const store = open();
      await store.commit(0, [
        incidentChange(poolIncident(), ['slack:C1']),
        incidentChange(poolIncident({ id: 'x', anchor: 'probe:x' }), ['slack:C1']),
      ]);
      const delivery = await store.claimDelivery(now, none);
      if (delivery) await store.settleDelivery(delivery, { as: 'later', after: 30_000, route: true, why: 'rate limited' }, now);
      expect(await store.claimDelivery(now + 29_000, none)).toBeUndefined();
      expect(await store.nextDelivery(now)).toBe(now + 30_000);
      expect(await store.claimDelivery(now + 30_000, none)).toBeDefined();
    });

    it('keep what a channel refuses, and say so', async () => {
      const store = open();
      await store.commit(0, [incidentChange(poolIncident(), ['slack:C1'])]);
      const delivery = await store.claimDelivery(now, none);
      if (delivery) await store.settleDelivery(delivery, { as: 'refused', why: 'channel_not_found' }, now);
      expect((await store.history({ since: now, until: now + 1 })).undelivered).toMatchObject([
        { route: 'slack:C1', why: 'channel_not_found' },
      ]);
      expect(await store.claimDelivery(now + 10 * MINUTE, none)).toBeDefined();
    });

    it('take a wait of any length, words of any kind, and a question about any time', async () => {
      const store = open();
      await store.commit(0, [incidentChange(poolIncident(), ['slack:C1', 'slack:C2'])]);
      const [one, two] = [await store.claimDelivery(now, none), await store.claimDelivery(now, none)];
      if (!one || !two) throw new Error('both should be due');
      await store.settleDelivery(one, { as: 'later', after: 30_000.4, route: true, why: 'busy' }, now);
      await store.settleDelivery(two, { as: 'refused', why: 'a\0b 🐤' }, now);
      expect(await store.claimDelivery(now + 29_999, none)).toBeUndefined();
      expect(await store.undelivered(now, Number.POSITIVE_INFINITY)).toMatchObject([
        { refused: true, why: expect.stringMatching(/^a/) },
      ]);
    });
  });
});

describe('a file that will not do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-'));

  it('is refused in words when it is no database', async () => {
    const file = join(folder, 'notes.db');
    writeFileSync(file, 'this is not a database, it is a long enough text file'.repeat(100));
    await expect(openSqlite(file)).rejects.toMatchObject({ name: 'StoreError', fault: 'not-a-database' });
  });

  it('is refused in words when its folder does not exist', async () => {
    await expect(openSqlite(join(folder, 'nowhere', 'canary.db'))).rejects.toMatchObject({ fault: 'unopenable' });
  });

  it('is refused when a newer version wrote it', async () => {
    const file = join(folder, 'newer.db');
    const newer = await openSqlite(file);
    await newer.updateTable('meta').set({ value: '99' }).where('key', '=', 'schema').execute();
    await newer.destroy();
    await expect(openSqlite(file)).rejects.toMatchObject({ fault: 'newer' });
  });
});
