import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Told } from '../src/evidence/delivery.ts';
import type { Incident, Manner } from '../src/evidence/incident.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { pagerdutyChannel } from '../src/notify/pagerduty/channel.ts';
import { resolve, trigger } from '../src/notify/pagerduty/event.ts';
import { openPagerduty } from '../src/notify/pagerduty/post.ts';
import type { Channel } from '../src/ports.ts';
import type { Fault } from '../src/sandbox/receivers/faults.ts';
import type { Served } from '../src/sandbox/receivers/http.ts';
import { servePagerDuty } from '../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../src/sandbox/receivers/pagerduty-model.ts';
import { andThen, anyMessage, cannotAsk, entry, messageOf, NIGHT, resolved, stuck, TASK } from './notify-incidents.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const routingKey = new Secret(KEY);
const CRITICAL: Manner = { severity: 'critical' };
let model: PagerDutyModel;
let served: Served;
let channel: Channel;

beforeEach(async () => {
  model = new PagerDutyModel({ routingKeys: [KEY] });
  served = await servePagerDuty(model, { port: 0 });
  channel = open(routingKey);
});
afterEach(() => served.close());

const open = (key: Secret) =>
  pagerdutyChannel({ post: openPagerduty({ eventsUrl: `${served.url}/v2/enqueue`, timeout: 800 }), routingKey: key });
const tell = (incident: Incident, ref?: string, doubt = false, manner?: Manner | 'none') =>
  channel.tell(messageOf(incident, manner), ref, doubt);
const refOf = (told: Told) => (told.as === 'accepted' ? told.ref : undefined);
const status = (code: number, headers: Record<string, string> = {}, body = ''): Fault => ({
  applied: false,
  answer: { status: code, headers, body },
});
const actions = () => model.events.map((event) => event['event_action']);

describe('a page', () => {
  it('is one alert that says what, how long, and where to look', async () => {
    expect(await tell(stuck())).toMatchObject({ as: 'accepted', more: false });
    expect(model.alerts).toHaveLength(1);
    expect(model.events[0]).toMatchObject({
      dedup_key: stuck().id,
      client: 'taskcluster-canary',
      client_url: 'https://tc.example.com',
      payload: {
        summary:
          '[firefox-ci] gecko-3/decision: no worker has claimed our canary. ' +
          'Canary unclaimed for 16m 02s, page at 15m; last claim 12s, 14m 02s ago; usual p95 40s',
        severity: 'critical',
        source: 'tc.example.com',
        component: 'gecko-3/decision',
        group: 'firefox-ci',
        class: 'unexplained',
        timestamp: '2021-10-08T23:00:00.000Z',
        custom_details: { task: TASK, 'unclaimed for': '16m 02s', 'page at': '15m', 'usual p95': '40s' },
      },
    });
    expect(model.alerts[0]?.links.map(({ text }) => text)).toEqual(['Task', 'Worker pool', 'Provisioning errors']);
  });

  it('of a prober that cannot ask says so', async () => {
    await tell(cannotAsk('queue-unreachable'));
    expect(model.events[0]).toMatchObject({
      payload: { class: 'queue-unreachable', component: 'queue', custom_details: { error: 'connect ECONNREFUSED' } },
    });
  });

  it('ends with the incident', async () => {
    const ref = refOf(await tell(stuck()));
    const end = await tell(resolved(stuck()), ref);
    expect(model.open).toEqual([]);
    await tell(resolved(stuck()), refOf(end));
    expect(actions()).toEqual(['trigger', 'resolve']);
  });

  it('is not sent again while workers claim, so that it reopens nothing that somebody closed', async () => {
    const ref = refOf(await tell(stuck()));
    model.handle(resolve(messageOf(stuck()), routingKey));
    const recovering = andThen(stuck(), entry('claimed', 'claimed', NIGHT + 31 * MINUTE));
    const told = await tell(recovering, ref);
    expect(model.alerts).toHaveLength(1);
    await tell(resolved(recovering), refOf(told));
    expect(actions()).toEqual(['trigger', 'resolve', 'resolve']);
  });

  it('is sent though workers claim already, if it never was', async () => {
    await tell(andThen(stuck(), entry('claimed', 'claimed', NIGHT + 31 * MINUTE)));
    expect(model.alerts).toHaveLength(1);
  });
});

describe('nothing is sent', () => {
  it('where the level does not address PagerDuty, nor of the end of that', async () => {
    const told = await tell(stuck({ level: 'warn' }), undefined, false, 'none');
    expect(told).toMatchObject({ as: 'accepted', more: false });
    expect(await tell(resolved(stuck({ level: 'warn' })), refOf(told))).toMatchObject({ as: 'accepted' });
    expect(model.events).toEqual([]);
  });

  it('of a page that was over before anybody was told', async () => {
    expect(await tell(resolved(stuck()))).toMatchObject({ as: 'accepted', more: false });
    expect(model.events).toEqual([]);
  });
});

describe('a lost answer', () => {
  it.each(['reset', 'hang'] as const)('to a trigger (%s) leaves one alert, which is resolved', async (answer) => {
    model.faults.put({ applied: true, answer });
    expect(await tell(stuck())).toMatchObject({ as: 'unsure' });
    const ref = refOf(await tell(stuck(), undefined, true));
    await tell(resolved(stuck()), ref);
    expect(model.alerts).toMatchObject([{ triggers: 2, status: 'resolved' }]);
  });

  it('to a trigger whose incident has ended meanwhile is followed by a resolve', async () => {
    model.faults.put({ applied: true, answer: 'reset' });
    await tell(stuck());
    await tell(resolved(stuck()), undefined, true);
    expect(model.alerts).toMatchObject([{ status: 'resolved' }]);
  });

  it('to a resolve is followed by another, and a late trigger by one more', async () => {
    const ref = refOf(await tell(stuck()));
    model.faults.put({ applied: false, answer: 'reset' });
    expect(await tell(resolved(stuck()), ref)).toMatchObject({ as: 'unsure' });
    const end = refOf(await tell(resolved(stuck()), ref, true));
    model.handle(trigger(messageOf(stuck()), CRITICAL, routingKey));
    await tell(resolved(stuck()), end, true);
    expect(model.open).toEqual([]);
  });

  it('counts as accepted where the status came and the rest did not', async () => {
    model.faults.put({ applied: true, answer: { status: 202, headers: { 'content-length': '10' }, body: '' } });
    expect(await tell(stuck())).toMatchObject({ as: 'accepted' });
  });

  it('of a ref that cannot be read is taken for a trigger', async () => {
    await tell(resolved(stuck()), 'odd');
    expect(actions()).toEqual(['resolve']);
  });
});

describe('a refusal', () => {
  it('of the routing key says what to do', async () => {
    for (const key of ['f'.repeat(32), 'too-short']) {
      channel = open(new Secret(key));
      const told = await tell(stuck());
      expect(told).toMatchObject({ as: 'refused', why: expect.stringMatching(/routing.key.*set pagerduty\.routingKey/i) });
      expect(JSON.stringify(told)).not.toContain(key);
    }
  });

  it.each([
    [400, '{"errors":["payload.summary is missing"]}', /payload\.summary is missing/],
    [400, `Invalid routing key ${KEY}`, /\[secret\].*set pagerduty\.routingKey/],
    [401, '', /status 401.*routingKey/],
    [403, '<html>', /status 403/],
    [404, '', /eventsUrl/],
    [413, '', /report/],
    [302, '', /status 302.*eventsUrl/],
  ])('with %i is for good', async (code, body, why) => {
    model.faults.put(status(code, { location: 'https://example.com' }, body));
    const told = await tell(stuck());
    expect(told).toMatchObject({ as: 'refused', why: expect.stringMatching(why) });
    expect(JSON.stringify(told)).not.toContain(KEY);
  });

  it.each<[string, Fault, object]>([
    ['429 with seconds', status(429, { 'retry-after': '11' }), { as: 'later', after: 11_000, route: true }],
    ['429 with nothing', status(429), { as: 'later', after: 30_000, route: true }],
    [
      '429 with a date',
      status(429, { 'retry-after': 'Wed, 21 Oct 2026 07:29:00 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }),
      { as: 'later', after: 60_000, route: true },
    ],
    ['408', status(408), { as: 'later', route: false }],
    ['500', status(500), { as: 'unsure' }],
    ['503', status(503), { as: 'unsure' }],
    ["a proxy's 200", status(200, {}, '<html>'), { as: 'unsure' }],
  ])('with %s passes', async (_name, fault, told) => {
    model.faults.put(fault);
    expect(await tell(stuck())).toMatchObject(told);
  });

  it('of a connection makes the whole route wait', async () => {
    await served.close();
    expect(await tell(stuck())).toMatchObject({ as: 'later', route: true });
  });
});

describe('the event of any incident', () => {
  it("keeps PagerDuty's limits", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const receiver = new PagerDutyModel({ routingKeys: [KEY] });
        expect(receiver.handle(trigger(message, message.manner ?? CRITICAL, routingKey)).status).toBe(202);
        expect(Array.from(receiver.alerts[0]?.summary ?? '').length).toBeLessThanOrEqual(1024);
        expect(receiver.handle(resolve(message, routingKey)).status).toBe(202);
        expect(receiver.open).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('goes without its details where they are too many', () => {
    const timeline = Array.from({ length: 3_000 }, (_, n) => entry('claimed', 'x'.repeat(300), NIGHT + n));
    const event = trigger(messageOf(stuck({ timeline })), CRITICAL, routingKey);
    expect(Buffer.byteLength(event)).toBeLessThan(5_000);
    expect(model.handle(event).status).toBe(202);
  });
});
