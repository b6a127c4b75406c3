import { beforeEach, describe, expect, it } from 'vitest';
import { Bell } from '../src/bell.ts';
import { courier } from '../src/courier.ts';
import { VirtualTime } from '../src/drill/virtual-time.ts';
import type { RouteId, Told } from '../src/evidence/delivery.ts';
import type { Incident } from '../src/evidence/incident.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { due } from '../src/notify/pagerduty/due.ts';
import type { Channel } from '../src/ports.ts';
import { storeOver } from '../src/store/store.ts';
import { taskclusterDoor } from '../src/taskcluster/door.ts';
import { configOf } from './support/judging.ts';
import { emptyableStore } from './support/store.ts';
import { DAY_ZERO, incidentChange, poolIncident, silent } from './support/values.ts';

const { db, path, empty } = await emptyableStore();
beforeEach(empty);

const START = DAY_ZERO + HOUR;
const TAKEN: Told = { as: 'accepted', ref: '{}', more: false };
const opened = (at: number): Incident['timeline'] => [{ at, what: 'opened', text: '', loud: true }];

/** A courier at work over a real store, with channels that do as they are told. */
function atWork(channels: Record<RouteId, () => Promise<Told>>, time = new VirtualTime(START)) {
  const store = storeOver(db, path);
  const clock = time.clock();
  const taskcluster = taskclusterDoor(() => Promise.reject(new Error('nobody asks')), clock);
  const stop = new AbortController();
  const bell = new Bell(stop.signal);
  const open = new Map(Object.entries(channels).map(([route, tell]): [RouteId, Channel] => [route as RouteId, { tell }]));
  async function put(incident: Incident, routes: RouteId[], hold?: number): Promise<void> {
    const change = { ...incidentChange(incident, routes), ...(hold !== undefined && { hold }) };
    await store.commit((await store.load()).revision, [change]);
    bell.ring();
  }
  async function run(until: number, after: () => Promise<void> = async () => {}): Promise<void> {
    const running = courier({ store, clock, taskcluster, channels: open, log: silent }, configOf([]), bell, stop.signal);
    await time.runUntil(START + SECOND);
    await after();
    await time.runUntil(until);
    stop.abort();
    await time.runUntil(until + 5 * MINUTE);
    await running;
  }
  return { time, clock, put, run };
}

describe('the courier', () => {
  it('brings a page at once, although a channel hangs', async () => {
    const time = new VirtualTime(START);
    const paged: number[] = [];
    const work = atWork(
      {
        'slack:C1': async () => {
          await time.clock().sleepUntil(time.now + 40 * SECOND, new AbortController().signal);
          return { as: 'unsure', why: 'no answer' };
        },
        'pagerduty:k': async () => {
          paged.push(time.now);
          return TAKEN;
        },
      },
      time,
    );
    await work.put(poolIncident({ id: 'a', anchor: 'probe:a', level: 'warn', timeline: opened(START) }), ['slack:C1']);
    await work.run(START + 3 * MINUTE, () =>
      work.put(poolIncident({ id: 'b', anchor: 'probe:b', timeline: opened(START + SECOND) }), ['pagerduty:k']),
    );
    expect(paged).toHaveLength(1);
    expect((paged[0] ?? Number.POSITIVE_INFINITY) - START).toBeLessThan(2 * SECOND);
  });

  it('brings a page that was held by a clock which was put back meanwhile', async () => {
    const told: number[] = [];
    const work = atWork({
      'pagerduty:k': async () => {
        told.push(work.clock.now());
        return TAKEN;
      },
    });
    await work.put(poolIncident({ timeline: opened(START) }), ['pagerduty:k'], START + HOUR + 30 * SECOND);
    await work.run(START + MINUTE);
    expect(told).toHaveLength(1);
  });

  it('gives what a lost route was owed to no other team', async () => {
    const told: string[] = [];
    const tell = (name: string) => async () => {
      told.push(name);
      return TAKEN;
    };
    const work = atWork({ 'pagerduty:theirs': tell('theirs'), 'pagerduty:new': tell('new') });
    await work.put(poolIncident({ timeline: opened(START) }), ['pagerduty:old', 'pagerduty:theirs']);
    await work.run(START + MINUTE);
    expect(told).toEqual(['theirs']);
  });
});

it('PagerDuty hears of an end that came before a return as a mere warning', () => {
  const happenings = ['opened', 'resolved', 'reopened'] as const;
  const timeline = happenings.map((what, i) => ({ at: START + i, what, text: '', loud: true }));
  const incident = poolIncident({ level: 'warn', revision: 3, addressed: { 'slack:C1': { severity: 'warning' } }, timeline });
  const message = { deployment: 'test', rootUrl: 'https://tc.example.com', incident };
  expect(due(message, { action: 'trigger', told: 1, severity: 'critical' }, false)).toEqual({ send: 'resolve' });
});
