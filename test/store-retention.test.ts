import { beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../src/evidence/change.ts';
import { DAY, HOUR, MINUTE } from '../src/evidence/instant.ts';
import type { Store } from '../src/ports.ts';
import { storeOver } from '../src/store/store.ts';
import { ENGINES, emptyableStore } from './support/store.ts';
import { DAY_ZERO, incidentChange, poolIncident } from './support/values.ts';

const RETAIN = 30 * DAY;
const NOW = DAY_ZERO + 2 * 365 * DAY;
const none = new Set<never>();
const accepted = { as: 'accepted', ref: 'r', more: false } as const;

describe.each(ENGINES)('a store on %s that has grown old', async (engine) => {
  const { db, path, empty } = await emptyableStore(engine);
  const open = () => storeOver(db, path);
  beforeEach(empty);

  async function commit(store: Store, changes: Change[]): Promise<void> {
    expect(await store.commit((await store.load()).revision, changes)).toBe('committed');
  }

  /** As many passes as it takes, and a few more. */
  async function forget(store: Store, now = NOW, passes = 8): Promise<void> {
    for (let i = 0; i < passes; i++) await store.forget(now + i * MINUTE, RETAIN);
  }

  const canary = (slot: number): Change => ({
    kind: 'canary',
    canary: {
      taskId: `task-${slot}`,
      probe: 'p',
      pool: 'a/b',
      slot,
      schedulerId: 's',
      taskGroupId: 'g',
      deadline: slot + HOUR,
      stage: 'claimed',
    },
  });
  const slots = async () => (await db.selectFrom('canaries').select('slot').orderBy('slot').execute()).map(({ slot }) => slot);
  const observation = (at: number): Change => ({
    kind: 'observation',
    probe: 'p',
    at,
    ms: 5_000,
    start: 'warm',
    censored: false,
    breach: false,
  });

  test('keeps canaries for as long as it is told to, and their counts by the hour for a year and by the day for longer', async () => {
    const store = open();
    const ages = [RETAIN + HOUR, RETAIN - HOUR, HOUR];
    await commit(store, [
      ...ages.map((age) => canary(NOW - age)),
      ...[400 * DAY, 300 * DAY].map((age) => observation(NOW - age)),
    ]);
    await forget(store);
    expect(await slots()).toEqual([NOW - RETAIN + HOUR, NOW - HOUR]);
    const spans = await db.selectFrom('counts').select(['span', 'at']).orderBy('span').orderBy('at').execute();
    expect(spans.map(({ span, at }) => `${span} ${Math.round((NOW - at) / DAY)}`)).toEqual(['day 400', 'day 300', 'hour 300']);
  });

  test('forgets a thousand canaries a pass, then none for an hour', async () => {
    const store = open();
    await commit(
      store,
      Array.from({ length: 1_500 }, (_, i) => canary(i)),
    );
    await store.forget(NOW, RETAIN);
    expect(await slots()).toHaveLength(500);
    await forget(store);
    expect(await slots()).toEqual([]);
    await commit(store, [canary(1)]);
    await store.forget(NOW + 30 * MINUTE, RETAIN);
    expect(await slots()).toEqual([1]);
    await store.forget(NOW + 2 * HOUR, RETAIN);
    expect(await slots()).toEqual([]);
  });

  test('keeps an incident for a year after its end, and for as long as somebody is owed it, or it may come back', async () => {
    const store = open();
    const over = (id: string, ended: number) =>
      poolIncident({ id, anchor: `probe:${id}`, revision: 2, ended, end: 'resolved', opened: ended - HOUR });
    const incidents = [over('old', NOW - 367 * DAY), over('owed', NOW - 367 * DAY), over('recent', NOW - 360 * DAY)];
    await commit(store, [
      incidentChange(incidents[0] ?? poolIncident(), ['slack:C1']),
      incidentChange(incidents[2] ?? poolIncident(), ['slack:C1']),
    ]);
    for (let i = 0; i < 2; i++) {
      const delivery = await store.claimDelivery(NOW, none);
      if (delivery) await store.settleDelivery(delivery, accepted, NOW);
    }
    await commit(store, [incidentChange(incidents[1] ?? poolIncident(), ['slack:C1'])]);
    await commit(
      store,
      incidents.map((incident) => ({ kind: 'closed' as const, incident })),
    );
    await commit(store, [incidentChange(over('reopenable', NOW - 367 * DAY), [])]);
    await forget(store);
    const { incidents: kept, dwells } = await store.history({ since: 0, until: NOW });
    expect(kept.map(({ id }) => id).sort()).toEqual(['owed', 'recent', 'reopenable']);
    expect(dwells.map(({ incident }) => incident)).toEqual(['recent']);
    expect((await store.claimDelivery(NOW, none))?.incident.id).toBe('owed');
  });

  test('forgets silences that have been over for that long', async () => {
    const store = open();
    const silence = (id: string, until: number, ended?: number): Change => ({
      kind: 'silence',
      silence: { id, match: 'a/*', from: 0, until, reason: 'r', by: 'jane', ...(ended !== undefined && { ended }) },
    });
    await commit(store, [
      silence('over', NOW - RETAIN - 1),
      silence('ended', NOW + DAY, NOW - RETAIN - 1),
      silence('lately', NOW - DAY),
      silence('now', NOW + DAY),
    ]);
    await forget(store);
    expect([...(await open().load()).silences.keys()].sort()).toEqual(['lately', 'now']);
  });

  test("goes by the queue's clock where ours has leapt", async () => {
    const store = open();
    const offset = -365 * DAY;
    await commit(store, [canary(NOW - HOUR), { kind: 'watch', watch: { trouble: {}, gaps: [], offset } }]);
    await forget(store, NOW - offset);
    expect(await slots()).toEqual([NOW - HOUR]);
  });
});
