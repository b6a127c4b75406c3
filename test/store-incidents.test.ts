import { beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../src/evidence/change.ts';
import type { Delivery, RouteId, Told } from '../src/evidence/delivery.ts';
import { emptyState, evolve } from '../src/evidence/evolve.ts';
import type { Incident } from '../src/evidence/incident.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Store } from '../src/ports.ts';
import { storeOver } from '../src/store/store.ts';
import { ENGINES, emptyableStore } from './support/store.ts';
import { DAY_ZERO, incidentChange, poolIncident } from './support/values.ts';

describe.each(ENGINES)('a store on %s', async (engine) => {
  const { db, path, empty } = await emptyableStore(engine);
  const open = () => storeOver(db, path);
  const accepted = { as: 'accepted', ref: 'r', more: false } as const;
  const none = new Set<never>();
  /** When `poolIncident` crossed its threshold and was opened, by both clocks where they agree. */
  const CROSSED = DAY_ZERO + 10 * MINUTE;
  const HOLD = CROSSED + 30 * SECOND;

  beforeEach(empty);

  /** Commits one judgement after another, and sees that whoever loads anew knows what the judge goes on with. */
  async function commitAll(...judgements: Change[][]): Promise<Store> {
    const store = open();
    let state = await store.load();
    for (const changes of judgements) {
      expect(await store.commit(state.revision, changes)).toBe('committed');
      state = evolve(state, changes);
      expect(await open().load()).toEqual(state);
      expect(await store.load()).toEqual(state);
    }
    return store;
  }

  const entry = (at: number, what: Incident['timeline'][number]['what']) => ({ at, what, text: what, loud: true });
  const ended = (over: Partial<Incident> = {}) =>
    poolIncident({ revision: 2, ended: CROSSED + HOUR, end: 'resolved', timeline: [entry(CROSSED + HOUR, 'resolved')], ...over });
  const held = (change: Change, hold = HOLD): Change => (change.kind === 'incident' ? { ...change, hold } : change);
  const closed = (incident: Incident): Change => ({ kind: 'closed', incident });

  async function claimed(store: Store, now: number, busy: RouteId[] = []): Promise<Delivery> {
    const delivery = await store.claimDelivery(now, new Set(busy));
    if (delivery === undefined) throw new Error('nothing is due');
    return delivery;
  }

  async function dwells(store: Store) {
    return (await store.history({ since: DAY_ZERO, until: DAY_ZERO + 24 * HOUR })).dwells;
  }

  describe('what the judge knows of incidents and silences', () => {
    test('is the one that is open, where another of its anchor is folded into it with the same judgement', async () => {
      const folded = ended({ id: 'before', end: 'folded' });
      const store = await commitAll([incidentChange(poolIncident()), incidentChange(folded), closed(folded)]);
      expect((await store.load()).incidents.get(folded.anchor)?.id).toBe(poolIncident().id);
    });

    test('is what a fresh process loads, from opening over reopening to the end for good', async () => {
      const again = poolIncident({ revision: 3, reopened: [CROSSED + 2 * HOUR] });
      const store = await commitAll(
        [incidentChange(poolIncident())],
        [incidentChange(ended())],
        [incidentChange(again, [])],
        [incidentChange(ended({ revision: 4 }), [])],
        [closed(ended({ revision: 4 }))],
      );
      expect((await store.load()).ended.size).toBe(0);
      expect((await store.history({ since: DAY_ZERO, until: DAY_ZERO + HOUR })).incidents).toHaveLength(1);
    });

    test('holds one incident of an anchor, where the next one opens in the judgement that closes the last', async () => {
      const next = poolIncident({ id: 'next', opened: CROSSED + 3 * HOUR });
      const store = await commitAll([incidentChange(ended())], [incidentChange(next), closed(ended())]);
      expect((await store.load()).incidents.get(next.anchor)?.id).toBe('next');
    });

    test('has silences, begun and ended', async () => {
      const silence = { id: 'a1b2c3', match: 'a/*', from: 1, until: 9, reason: 'new images', by: 'jane' };
      const store = await commitAll([{ kind: 'silence', silence }], [{ kind: 'silence', silence: { ...silence, ended: 5 } }]);
      expect((await store.load()).silences.get('a1b2c3')?.ended).toBe(5);
    });

    test('is exact too where an id comes again, and the routes are told more and not the same again', async () => {
      const store = await commitAll([incidentChange(poolIncident(), ['slack:C1'])]);
      await store.settleDelivery(await claimed(store, CROSSED), accepted, CROSSED);
      const anew = poolIncident({ opened: CROSSED + 5 * HOUR });
      for (const changes of [[incidentChange(ended(), [])], [closed(ended())], [incidentChange(anew, [])]]) {
        await store.commit((await store.load()).revision, changes);
      }
      expect((await open().load()).incidents.get(anew.anchor)).toEqual(anew);
      const { incident } = await claimed(store, CROSSED + 5 * HOUR);
      expect(incident.revision).toBe(3);
      expect(incident.timeline.map(({ what }) => what)).toEqual(['resolved', 'opened']);
      const [shown] = (await store.history({ since: DAY_ZERO, until: DAY_ZERO + 24 * HOUR })).incidents;
      expect(shown).toEqual(incident);
    });

    test('of a judgement that changes nothing for the routes reaches none of them', async () => {
      const store = await commitAll([incidentChange(poolIncident(), ['slack:C1'])]);
      await store.settleDelivery(await claimed(store, CROSSED), accepted, CROSSED);
      await store.commit(1, [incidentChange(poolIncident({ badAt: 7 }), [])]);
      expect(await store.nextDelivery(CROSSED)).toBeUndefined();
      expect((await open().load()).incidents.get('probe:gecko-3/decision')?.badAt).toBe(7);
    });
  });

  describe('a hold', () => {
    test('keeps first notices back until its end, whatever is changed meanwhile', async () => {
      const store = await commitAll([held(incidentChange(poolIncident()))], [incidentChange(poolIncident({ revision: 2 }), [])]);
      expect(await store.claimDelivery(HOLD - 1, none)).toBeUndefined();
      expect(await store.nextDelivery(CROSSED)).toBe(HOLD);
      expect((await claimed(store, HOLD)).incident.revision).toBe(2);
    });

    test('keeps an end back too', async () => {
      const store = await commitAll([held(incidentChange(poolIncident()))], [incidentChange(ended(), [])]);
      expect(await store.claimDelivery(HOLD - 1, none)).toBeUndefined();
      expect((await claimed(store, HOLD)).incident.end).toBe('resolved');
    });

    test('that comes while an older revision is being sent is kept', async () => {
      const warn = poolIncident({ level: 'warn' });
      const store = await commitAll([incidentChange(warn, ['slack:C1'])]);
      const sending = await claimed(store, CROSSED);
      await store.commit(1, [held(incidentChange(poolIncident({ revision: 2 }), ['slack:C1']))]);
      await store.settleDelivery(sending, accepted, CROSSED + SECOND);
      expect(await store.claimDelivery(HOLD - 1, none)).toBeUndefined();
      expect((await claimed(store, HOLD)).incident.level).toBe('page');
    });

    test('that was set by a clock that has been put back since keeps nothing back', async () => {
      const store = await commitAll([held(incidentChange(poolIncident(), ['slack:C1']), CROSSED + DAY)]);
      expect(await store.nextDelivery(CROSSED)).toBe(0);
      expect((await claimed(store, CROSSED)).route).toBe('slack:C1');
    });

    test('of one whose clock was ahead by minutes keeps nothing back longer than holds are set to last', async () => {
      const store = await commitAll([held(incidentChange(poolIncident(), ['slack:C1']), HOLD + 5 * MINUTE)]);
      expect(await storeOver(db, path).nextDelivery(CROSSED)).toBe(HOLD + 5 * MINUTE);
      const brief = storeOver(db, path, 30 * SECOND);
      expect(await brief.nextDelivery(CROSSED)).toBe(0);
      expect((await claimed(brief, CROSSED)).route).toBe('slack:C1');
      expect(await store.claimDelivery(CROSSED, none)).toBeUndefined();
    });

    test('is kept to where it was set by a clock that is ahead by seconds, as those of replicas are', async () => {
      await commitAll([held(incidentChange(poolIncident(), ['slack:C1']), HOLD + 20 * SECOND)]);
      expect(await storeOver(db, path, 30 * SECOND).claimDelivery(CROSSED, none)).toBeUndefined();
    });

    test('does not shorten the wait that a channel asked for', async () => {
      const store = await commitAll([incidentChange(poolIncident(), ['slack:C1'])]);
      const later = { as: 'later', after: 15 * MINUTE, route: false, why: 'busy' } as const;
      await store.settleDelivery(await claimed(store, CROSSED), later, CROSSED);
      await store.commit(1, [held(incidentChange(poolIncident({ revision: 2 }), []))]);
      expect(await store.nextDelivery(CROSSED)).toBe(CROSSED + 15 * MINUTE);
    });
  });

  test('what a process held that died is free a minute after the clock is right that was ahead with it', async () => {
    const store = await commitAll([incidentChange(poolIncident(), ['slack:C1'])]);
    const dead = await claimed(store, CROSSED + 20 * MINUTE);
    expect(await store.claimDelivery(CROSSED, none)).toBeUndefined();
    expect(await store.nextDelivery(CROSSED)).toBe(CROSSED + MINUTE);
    expect(await store.claimDelivery(CROSSED + MINUTE - 1, none)).toBeUndefined();
    expect((await claimed(store, CROSSED + MINUTE)).claim).not.toBe(dead.claim);
  });

  describe.each<[string, Told, number]>([
    ['for a channel', { as: 'later', after: MINUTE, route: false, why: 'busy' }, MINUTE],
    ['for a channel and all that it is to be told', { as: 'later', after: MINUTE, route: true, why: 'busy' }, MINUTE],
    ['after a refusal', { as: 'refused', why: 'is_archived' }, 5 * MINUTE],
  ])('a wait %s', (_what, told, wait) => {
    const AHEAD = CROSSED + 10 * MINUTE;

    async function toldBy(now: number): Promise<Store> {
      const store = await commitAll([incidentChange(poolIncident(), ['slack:C1'])]);
      await store.settleDelivery(await claimed(store, now), told, now);
      return store;
    }

    test('counts anew by the clock that has been put back since, or was right all along', async () => {
      const store = await toldBy(AHEAD);
      for (const now of [CROSSED, CROSSED + wait - 1]) {
        expect(await store.claimDelivery(now, none)).toBeUndefined();
        expect(await store.nextDelivery(now)).toBe(CROSSED + wait);
      }
      expect((await claimed(store, CROSSED + wait)).route).toBe('slack:C1');
    });

    test('that another clock counts anew stays as it is by the one that is ahead, and begins again with each try', async () => {
      const store = await toldBy(AHEAD);
      await store.claimDelivery(CROSSED, none);
      expect(await store.nextDelivery(AHEAD)).toBe(AHEAD + wait);
      expect(await store.claimDelivery(AHEAD + wait - 1, none)).toBeUndefined();
      await store.settleDelivery(await claimed(store, AHEAD + wait), told, AHEAD + wait);
      expect(await store.claimDelivery(CROSSED + wait, none)).toBeUndefined();
      expect(await store.nextDelivery(CROSSED + wait)).toBe(CROSSED + 2 * wait);
    });

    test('of a clock that is ahead by seconds, as those of replicas are, is kept as it is', async () => {
      const store = await toldBy(CROSSED + 20 * SECOND);
      expect(await store.claimDelivery(CROSSED, none)).toBeUndefined();
      expect(await store.nextDelivery(CROSSED)).toBe(CROSSED + 20 * SECOND + wait);
    });
  });

  describe('the wait from a crossing to the channel that took it', () => {
    test('is kept once for each level that a route was told of', async () => {
      const warn = poolIncident({ level: 'warn', crossed: { warn: CROSSED - 5 * MINUTE } });
      const store = await commitAll([incidentChange(warn, ['slack:C1'])]);
      await store.settleDelivery(await claimed(store, CROSSED), accepted, CROSSED + SECOND);
      const page = poolIncident({ revision: 2, crossed: { warn: CROSSED - 5 * MINUTE, page: CROSSED + MINUTE } });
      await store.commit(1, [incidentChange(page)]);
      await store.commit(2, [incidentChange({ ...page, revision: 3 })]);
      for (const route of ['pagerduty:k', 'slack:C1']) {
        const delivery = await claimed(store, CROSSED + 2 * MINUTE);
        expect(delivery.route).toBe(route);
        await store.settleDelivery(delivery, accepted, CROSSED + 2 * MINUTE);
      }
      const { id: incident } = page;
      const due = CROSSED + MINUTE;
      expect(await dwells(store)).toEqual([
        {
          incident,
          route: 'slack:C1',
          level: 'warn',
          crossed: CROSSED - 5 * MINUTE,
          due: CROSSED - 5 * MINUTE,
          told: CROSSED + SECOND,
        },
        { incident, route: 'pagerduty:k', level: 'page', crossed: due, due, told: CROSSED + 2 * MINUTE },
        { incident, route: 'slack:C1', level: 'page', crossed: due, due, told: CROSSED + 2 * MINUTE },
      ]);
    });

    test("begins with the hold's end, and is measured by our own clock where the queue's is ahead", async () => {
      const watch = { trouble: {}, gaps: [], offset: HOUR };
      const hold = HOLD - HOUR;
      const store = await commitAll([held(incidentChange(poolIncident(), ['slack:C1']), hold), { kind: 'watch', watch }]);
      await store.settleDelivery(await claimed(store, hold), accepted, hold + SECOND);
      expect(await dwells(store)).toMatchObject([{ crossed: CROSSED - HOUR, due: hold, told: hold + SECOND }]);
    });

    test('is not counted for a part of a message, a refusal, or a route that the level does not address', async () => {
      const store = await commitAll([incidentChange(poolIncident({ addressed: { 'pagerduty:k': { severity: 'critical' } } }))]);
      await store.settleDelivery(await claimed(store, CROSSED), { ...accepted, more: true }, CROSSED);
      await store.settleDelivery(await claimed(store, CROSSED), { as: 'refused', why: 'no' }, CROSSED);
      const slack = await claimed(store, CROSSED);
      expect(slack.route).toBe('slack:C1');
      await store.settleDelivery(slack, accepted, CROSSED);
      expect(await dwells(store)).toEqual([]);
    });

    test('leaves out the time of a silence', async () => {
      const over = CROSSED + 3 * HOUR;
      const silenced = poolIncident({ addressed: {}, silenced: { by: 'x', until: over, reason: 'y' } });
      const spoken = poolIncident({ revision: 2, timeline: [entry(over, 'unsilenced')] });
      const store = await commitAll([incidentChange(silenced, [])], [incidentChange(spoken, ['slack:C1'])]);
      await store.settleDelivery(await claimed(store, over + SECOND), accepted, over + 2 * SECOND);
      expect(await dwells(store)).toMatchObject([{ crossed: CROSSED, due: over, told: over + 2 * SECOND }]);
    });
  });

  describe('what is owed', () => {
    const owed = (store: Store, now: number) => store.undelivered(now, 5 * MINUTE);

    test('is a page that no channel took for too long, since it could first be told', async () => {
      const store = await commitAll([held(incidentChange(poolIncident(), ['slack:C1']))]);
      expect(await owed(store, HOLD + 5 * MINUTE - 1)).toEqual([]);
      expect(await owed(store, HOLD + 5 * MINUTE)).toEqual([
        { route: 'slack:C1', incident: poolIncident().id, refused: false, why: 'not tried yet', level: 'page', since: HOLD },
      ]);
      await store.settleDelivery(await claimed(store, HOLD + HOUR), accepted, HOLD + HOUR);
      expect(await owed(store, HOLD + 9 * HOUR)).toEqual([]);
      await store.commit(1, [incidentChange(ended({ revision: 2 }), [])]);
      expect(await owed(store, CROSSED + HOUR + 5 * MINUTE)).toMatchObject([{ since: CROSSED + HOUR }]);
    });

    test('is no warning, nor what a route hears that the page does not address', async () => {
      const store = await commitAll([
        incidentChange(poolIncident({ id: 'w', anchor: 'probe:w', level: 'warn' }), ['slack:C1']),
        incidentChange(poolIncident({ addressed: { 'slack:C1': { severity: 'critical' } } }), ['slack:C1', 'slack:C2']),
      ]);
      expect((await owed(store, CROSSED + HOUR)).map(({ route, level }) => [route, level])).toEqual([['slack:C1', 'page']]);
    });

    test('counts as a page from the escalation on', async () => {
      const up = CROSSED + 2 * HOUR;
      const store = await commitAll(
        [incidentChange(poolIncident({ level: 'warn' }), ['slack:C1'])],
        [incidentChange(poolIncident({ revision: 2, timeline: [entry(up, 'escalated')] }), [])],
        [incidentChange(poolIncident({ revision: 3, timeline: [entry(up + HOUR, 'changed')] }), [])],
      );
      expect(await owed(store, up + HOUR)).toMatchObject([{ since: up }]);
    });

    test('is whatever a channel refuses for good, at once and at every level', async () => {
      const store = await commitAll([incidentChange(poolIncident({ level: 'warn' }), ['slack:C1'])]);
      await store.settleDelivery(await claimed(store, CROSSED), { as: 'refused', why: 'invalid_auth' }, CROSSED);
      const refused = { route: 'slack:C1', refused: true, why: 'invalid_auth', level: 'warn', since: CROSSED };
      expect(await owed(store, CROSSED)).toMatchObject([refused]);
      expect((await store.history({ since: CROSSED, until: CROSSED })).undelivered).toMatchObject([refused]);
    });

    test('is owed since the take-over where the present state is sent again', async () => {
      const store = await commitAll([incidentChange(poolIncident(), ['slack:C1'])]);
      const slow = await claimed(store, CROSSED);
      await store.settleDelivery(await claimed(store, CROSSED + MINUTE), accepted, CROSSED + MINUTE);
      await store.settleDelivery(slow, accepted, CROSSED + HOUR);
      expect(await owed(store, CROSSED + HOUR)).toEqual([]);
      expect(await owed(store, CROSSED + 2 * HOUR)).toMatchObject([{ since: CROSSED + HOUR }]);
    });
  });

  test('an empty store holds nothing', async () => {
    expect(await open().load()).toEqual(emptyState());
  });
});
