import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Told } from '../src/evidence/delivery.ts';
import type { Incident, Manner } from '../src/evidence/incident.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { webhookChannel } from '../src/notify/webhook/channel.ts';
import { openWebhook } from '../src/notify/webhook/post.ts';
import type { Channel } from '../src/ports.ts';
import type { Fault } from '../src/sandbox/receivers/faults.ts';
import { type Served, serve } from '../src/sandbox/receivers/http.ts';
import { serveWebhook, WebhookModel } from '../src/sandbox/receivers/webhook-model.ts';
import { andThen, cannotAsk, entry, fleet, messageOf, NIGHT, resolved, stuck, TASK } from './notify-incidents.ts';

const SECRET = 'a secret of the receiver';
const now = NIGHT + 17 * MINUTE + 250;
let model: WebhookModel;
let served: Served;
let channel: Channel;

const open = (address: string, secret = SECRET): Channel => {
  const door = { url: new Secret(address), secret: new Secret(secret), timeout: 800 };
  return webhookChannel({ name: 'ops', secrets: [door.url, door.secret], post: openWebhook(door, { now: () => now }) });
};

beforeEach(async () => {
  model = new WebhookModel({ clock: { now: () => now }, secret: SECRET });
  served = await serveWebhook(model, { port: 0 });
  channel = open(`${served.url}/hook`);
});
afterEach(() => served.close());

const tell = (incident: Incident, ref?: string, doubt = false, manner?: Manner | 'none') =>
  channel.tell(messageOf(incident, manner), ref, doubt);
const refOf = (told: Told) => {
  if (told.as !== 'accepted') throw new Error(JSON.stringify(told));
  return told.ref;
};
const fault = (status: number, headers: Record<string, string> = {}, body = ''): Fault => ({
  applied: false,
  answer: { status, headers, body },
});
const incidentIn = (at: number) => model.messages[at]?.body['incident'];
const happenedIn = (at: number) => {
  const happened = model.messages[at]?.body['happened'] ?? [];
  return (happened as { what: string }[]).map(({ what }) => what);
};

describe('a webhook', () => {
  it('is told of an incident in signed JSON', async () => {
    const asked: { headers: IncomingHttpHeaders; body: string }[] = [];
    const plain = await serve(0, ({ headers, body }) => {
      asked.push({ headers, body });
      return { status: 204, headers: {}, body: '' };
    });
    const told = await open(plain.url).tell(messageOf(stuck({ runbook: 'https://example.com/run' })), undefined, false);
    await plain.close();
    expect(told).toEqual({ as: 'accepted', ref: '{"revision":2,"told":2}', more: false });
    const [{ headers, body } = { headers: {}, body: '' }] = asked;
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'taskcluster-canary',
      'x-tc-canary-timestamp': String(Math.floor(now / 1000)),
      'x-tc-canary-delivery': `${stuck().id}/2`,
    });
    const given = String(headers['x-tc-canary-timestamp']);
    const signature = createHmac('sha256', SECRET).update(`${given}.${body}`).digest('hex');
    expect(headers['x-tc-canary-signature']).toBe(`v1=${signature}`);
    expect(JSON.parse(body)).toEqual({
      version: 1,
      deployment: 'firefox-ci',
      rootUrl: 'https://tc.example.com',
      incident: {
        id: 'firefox-ci/probe:gecko-3/decision/2021-10-08T23:00:00Z',
        revision: 2,
        status: 'open',
        level: 'page',
        severity: 'critical',
        cause: 'unexplained',
        class: 'pool',
        since: '2021-10-08T23:00:00.000Z',
        opened: '2021-10-08T23:05:00.000Z',
        ended: null,
        headline: 'gecko-3/decision: no worker has claimed our canary',
        reason: 'Canary unclaimed for 16m 02s, page at 15m; last claim 12s, 14m 02s ago; usual p95 40s',
        advice: expect.stringMatching(/\.$/),
        detail: null,
        runbook: 'https://example.com/run',
        pools: ['gecko-3/decision'],
        evidence: {
          kind: 'pool',
          probe: 'gecko-3/decision',
          pool: 'gecko-3/decision',
          taskId: TASK,
          since: '2021-10-08T23:00:00.000Z',
          age: 962,
          claimed: false,
          warnAfter: 300,
          pageAfter: 900,
          lastClaim: { at: '2021-10-08T23:02:00.000Z', took: 12 },
          usual: 40,
          pending: null,
          good: 0,
          resolveAfter: 2,
          budgetLeft: null,
          diagnosis: null,
        },
        links: expect.arrayContaining([{ label: 'Runbook', href: 'https://example.com/run' }]),
        silenced: null,
        into: null,
      },
      happened: [
        { at: '2021-10-08T23:05:00.000Z', what: 'opened', text: 'canary unclaimed for 5m' },
        { at: '2021-10-08T23:16:02.000Z', what: 'escalated', text: 'canary unclaimed for 16m 02s' },
      ],
    });
  });

  it('hears each revision once, with what it has not heard', async () => {
    const ref = refOf(await tell(stuck()));
    expect(refOf(await tell(stuck(), ref))).toBe(ref);
    const claimed = andThen(stuck(), entry('claimed', 'after 31m', NIGHT + 31 * MINUTE, false));
    const end = refOf(await tell(resolved(claimed), ref));
    await tell(resolved(claimed), end);
    expect(model.messages.map(({ delivery, times }) => [delivery, times])).toEqual([
      [`${stuck().id}/2`, 1],
      [`${stuck().id}/4`, 1],
    ]);
    expect(happenedIn(1)).toEqual(['claimed', 'resolved']);
    expect(incidentIn(1)).toMatchObject({ status: 'resolved', ended: '2021-10-08T23:35:00.000Z', advice: null });
  });

  it('hears of several pools, of what cannot be asked, and of a silence', async () => {
    await tell(fleet(400));
    await tell(cannotAsk('channel-refused', { routes: ['slack:C1'] }));
    const silenced = { by: 's-1', until: NIGHT, reason: 'planned' };
    await tell(stuck({ id: 'x', silenced }), refOf(await tell(stuck({ id: 'x', revision: 1 }))), false, 'none');
    expect(incidentIn(0)).toMatchObject({ evidence: { kind: 'fleet', recovered: 0, witnesses: 403 } });
    expect((incidentIn(0) as { pools: string[] }).pools).toHaveLength(400);
    expect(incidentIn(1)).toMatchObject({ detail: 'connect ECONNREFUSED', pools: [], evidence: { routes: ['slack:C1'] } });
    expect(incidentIn(3)).toMatchObject({
      severity: null,
      silenced: { by: 's-1', until: '2021-10-08T23:00:00.000Z', reason: 'planned' },
    });
  });

  it('is told where an incident goes on that it has heard of, and nothing of others', async () => {
    const ref = refOf(await tell(stuck()));
    const folded = andThen(stuck(), entry('folded', 'goes on', NIGHT, false), { ended: NIGHT, end: 'folded', into: 'other' });
    await tell(folded, ref);
    await tell({ ...folded, id: 'unheard' });
    await tell({ ...resolved(stuck({ id: 'brief' })), unheard: true });
    const unaddressed = refOf(await tell(stuck({ id: 'unheard' }), undefined, false, 'none'));
    expect(model.messages).toHaveLength(2);
    expect(incidentIn(1)).toMatchObject({ status: 'folded', into: 'other' });
    await tell(stuck({ id: 'unheard', revision: 3 }), unaddressed);
    expect(happenedIn(2)).toEqual(['opened', 'escalated']);
  });

  it('takes any name of an incident into a header', async () => {
    await tell(stuck({ id: 'prüfung/🔥 x' }));
    expect(model.messages[0]?.delivery).toBe('pr%C3%BCfung/%F0%9F%94%A5%20x/2');
  });
});

describe('a lost answer', () => {
  it.each(['reset', 'hang'] as const)('(%s) is followed by the same delivery', async (answer) => {
    model.faults.put({ applied: true, answer });
    expect(await tell(stuck())).toMatchObject({ as: 'unsure' });
    expect(await tell(stuck(), undefined, true)).toMatchObject({ as: 'accepted' });
    expect(model.messages).toMatchObject([{ delivery: `${stuck().id}/2`, times: 2 }]);
  });

  it('that stalls after its status counts as what the status says', async () => {
    model.faults.put({ applied: true, answer: 'stall' });
    expect(await tell(stuck())).toMatchObject({ as: 'accepted' });
  });

  it('of a ref that cannot be read is told everything', async () => {
    await tell(stuck(), 'odd');
    await tell(stuck({ revision: 3 }), '{"revision":"2"}');
    expect([happenedIn(0), happenedIn(1)]).toEqual([
      ['opened', 'escalated'],
      ['opened', 'escalated'],
    ]);
  });
});

describe('an answer', () => {
  it.each<[string, Fault, object]>([
    ['429 with seconds', fault(429, { 'retry-after': '11' }), { as: 'later', after: 11_000, route: true }],
    ['429 without', fault(429), { as: 'later', after: 30_000, route: true }],
    ['503 with seconds', fault(503, { 'retry-after': '7' }), { as: 'later', after: 7_000, route: true }],
    ['503 without', fault(503), { as: 'unsure' }],
    ['500', fault(500), { as: 'unsure' }],
    ['408', fault(408), { as: 'later', route: false }],
    ['425', fault(425), { as: 'later', route: false }],
    ['202', fault(202), { as: 'accepted' }],
    ['400', fault(400, {}, '{"message":"no such field"}'), { as: 'refused', why: expect.stringContaining('(no such field)') }],
    ['403', fault(403), { as: 'refused', why: expect.stringContaining('secret') }],
    ['404', fault(404), { as: 'refused', why: expect.stringContaining('url of ops') }],
    [
      'a redirect',
      fault(307, { location: 'https://example.com/' }),
      { as: 'refused', why: expect.stringContaining('redirects') },
    ],
  ])('%s', async (_name, answer, told) => {
    model.faults.put(answer);
    expect(await tell(stuck())).toMatchObject(told);
    expect(model.messages).toEqual([]);
  });

  it('of nobody makes the whole route wait', async () => {
    await served.close();
    expect(await tell(stuck())).toMatchObject({ as: 'later', route: true, why: expect.stringContaining('ECONNREFUSED') });
  });

  it('to a wrong signature is a refusal that says what to mend', async () => {
    channel = open(`${served.url}/hook`, 'another secret');
    expect(await tell(stuck())).toMatchObject({ as: 'refused', why: expect.stringContaining('the signature is wrong') });
  });

  it('that quotes url or secret does not give them away', async () => {
    const url = `${served.url}/hook`;
    model.faults.put(fault(400, {}, `you sent ${SECRET} to ${url}`));
    const told = JSON.stringify(await tell(stuck()));
    expect(told).toContain('you sent [secret] to [secret]');
  });

  it('without an end is not read to it', async () => {
    const endless = createServer((_request, response) => {
      response.writeHead(400);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const door = { url: new Secret(`http://127.0.0.1:${(endless.address() as AddressInfo).port}`), secret: new Secret(SECRET) };
    const post = openWebhook(door, { now: () => now });
    const reply = await post('{}', 'a/1');
    expect(reply).toMatchObject({ as: 'answered', status: 400 });
    expect(reply.as === 'answered' && reply.body.length).toBe(65_536);
    endless.closeAllConnections();
    await new Promise((resolve) => endless.close(resolve));
  });
});
