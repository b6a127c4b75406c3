import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Served } from '../src/sandbox/receivers/http.ts';
import { pagerdutyModelPost } from '../src/sandbox/receivers/pagerduty-faces.ts';
import { type PagerDutyEvent, PagerDutyModel } from '../src/sandbox/receivers/pagerduty-model.ts';
import { serveSlack, slackModelCall } from '../src/sandbox/receivers/slack-faces.ts';
import { type SlackEvent, SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { renderSlackMessage } from '../src/sandbox/receivers/slack-render.ts';
import { serveWebhook, type WebhookMessage, WebhookModel } from '../src/sandbox/receivers/webhook-model.ts';
import { NIGHT } from './notify-incidents.ts';

let now = NIGHT;
const events: SlackEvent[] = [];
const channels = { C1: {}, C2: { archived: true }, C3: { member: false } };
const slack = (more: { limited?: boolean } = {}) =>
  new SlackModel({ clock: { now: () => now }, token: 'good', channels, onEvent: (event) => events.push(event), ...more });

async function errorOf(
  model: SlackModel,
  method: Parameters<ReturnType<typeof slackModelCall>>[0],
  args: object,
  token = 'good',
) {
  const reply = await slackModelCall(model, token)(method, { ...args });
  return reply.as === 'refused' ? reply.error : reply.as;
}

const many = (length: number, block: object) => Array.from({ length }, () => block);

describe('the Slack receiver', () => {
  it.each<[string, object]>([
    ['channel_not_found', { channel: 'C9', text: 'x' }],
    ['is_archived', { channel: 'C2', text: 'x' }],
    ['not_in_channel', { channel: 'C3', text: 'x' }],
    ['no_text', { channel: 'C1' }],
    ['thread_not_found', { channel: 'C1', text: 'x', thread_ts: '1.000000' }],
    ['invalid_metadata_format', { channel: 'C1', text: 'x', metadata: { event_type: 'a b', event_payload: {} } }],
    ['invalid_blocks_format', { channel: 'C1', text: 'x', blocks: 'no list' }],
    [
      'invalid_blocks',
      { channel: 'C1', text: 'x', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] },
    ],
    [
      'invalid_blocks',
      { channel: 'C1', text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }] },
    ],
    ['invalid_blocks', { channel: 'C1', text: 'x', blocks: [{ type: 'section' }] }],
    ['invalid_blocks', { channel: 'C1', text: 'x', blocks: [{ type: 'context', elements: [] }] }],
    ['invalid_blocks', { channel: 'C1', text: 'x', blocks: [{ type: 'marquee' }] }],
    ['invalid_blocks', { channel: 'C1', text: 'x', blocks: many(51, { type: 'divider' }) }],
    ['invalid_blocks', { channel: 'C1', text: 'x', blocks: many(2, { type: 'divider', block_id: 'same' }) }],
    [
      'msg_blocks_too_long',
      { channel: 'C1', text: 'x', blocks: many(5, { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(2900) } }) },
    ],
  ])('refuses a post with %s', async (error, args) => {
    const model = slack();
    expect(await errorOf(model, 'chat.postMessage', args)).toBe(error);
    expect(model.messages).toEqual([]);
  });

  it('refuses a wrong token, a long edit and messages it does not have', async () => {
    const model = slack();
    expect(await errorOf(model, 'auth.test', {}, 'bad')).toBe('invalid_auth');
    expect(await errorOf(model, 'auth.test', {})).toBe('ok');
    await slackModelCall(model, 'good')('chat.postMessage', { channel: 'C1', text: 'x' });
    const ts = model.messages[0]?.ts;
    expect(await errorOf(model, 'chat.update', { channel: 'C1', ts, text: 'x'.repeat(4001) })).toBe('msg_too_long');
    expect(await errorOf(model, 'chat.update', { channel: 'C1', ts: '1.000000', text: 'x' })).toBe('message_not_found');
    expect(await errorOf(model, 'conversations.replies', { channel: 'C1', ts: '1.000000' })).toBe('thread_not_found');
  });

  it('gives every message its own timestamp, and pages through them newest first', async () => {
    const model = slack();
    const call = slackModelCall(model, 'good');
    for (const text of ['a', 'b', 'c'])
      await call('chat.postMessage', { channel: 'C1', text, metadata: { event_type: 'e', event_payload: {} } });
    expect(new Set(model.messages.map(({ ts }) => ts)).size).toBe(3);
    const first = await call('conversations.history', { channel: 'C1', limit: 2 });
    expect(first).toMatchObject({ body: { messages: [{ text: 'c' }, { text: 'b' }], response_metadata: { next_cursor: '2' } } });
    expect(JSON.stringify(first)).not.toContain('event_type');
    const rest = await call('conversations.history', { channel: 'C1', cursor: '2', include_all_metadata: true });
    expect(rest).toMatchObject({ body: { messages: [{ text: 'a', metadata: { event_type: 'e' } }], has_more: false } });
    expect(await call('conversations.history', { channel: 'C1', oldest: model.messages[1]?.ts })).toMatchObject({
      body: { messages: [{ text: 'c' }] },
    });
  });

  it('limits posts to one a second where it is asked to', async () => {
    const call = slackModelCall(slack({ limited: true }), 'good');
    expect(await call('chat.postMessage', { channel: 'C1', text: 'a' })).toMatchObject({ as: 'ok' });
    expect(await call('chat.postMessage', { channel: 'C1', text: 'b' })).toEqual({ as: 'limited', after: 1000 });
    now += 1000;
    expect(await call('chat.postMessage', { channel: 'C1', text: 'b' })).toMatchObject({ as: 'ok' });
  });

  it('meets its faults in order, each once', async () => {
    const model = slack();
    model.faults.put({ applied: true, answer: 'hang' }, { only: 'chat.update', applied: false, answer: { status: 500 } });
    const call = slackModelCall(model, 'good');
    expect(await call('chat.postMessage', { channel: 'C1', text: 'a' })).toMatchObject({ as: 'unsure' });
    expect(model.messages).toHaveLength(1);
    expect(await call('chat.postMessage', { channel: 'C1', text: 'b' })).toMatchObject({ as: 'ok' });
    expect(await call('chat.update', { channel: 'C1', ts: model.messages[0]?.ts, text: 'c' })).toMatchObject({ as: 'unsure' });
  });

  it('shows what a person would see, and nothing that a terminal would obey', () => {
    expect(
      renderSlackMessage({
        text: '*bold* <https://x.example|there> &lt;b&gt; &amp; <!date^1^{time}|noon> <!here>\u001b[31m!\u0007',
      }),
    ).toEqual(['bold there (https://x.example) <b> & noon @here!']);
  });
});

describe('its HTTP face', () => {
  let served: Served;
  afterEach(() => served.close());

  it('reads a form and a bearer token, and knows no other address', async () => {
    const model = slack();
    served = await serveSlack(model, { port: 0 });
    events.length = 0;
    const blocks = JSON.stringify([{ type: 'divider' }]);
    const response = await fetch(`${served.url}/api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer good' },
      body: new URLSearchParams({ channel: 'C1', text: 'hi', blocks }),
    });
    expect(await response.json()).toMatchObject({ ok: true, channel: 'C1', message: { text: 'hi' } });
    expect(events).toMatchObject([{ what: 'posted', message: { blocks: [{ type: 'divider' }] } }]);
    expect((await fetch(`${served.url}/api/chat.postMessage`, { method: 'POST' })).status).toBe(200);
    expect((await fetch(`${served.url}/elsewhere`)).status).toBe(404);
    expect(model.messages).toHaveLength(1);
  });
});

describe('the PagerDuty receiver', () => {
  const key = 'k'.repeat(32);
  const seen: PagerDutyEvent['what'][] = [];
  const fresh = () => new PagerDutyModel({ routingKeys: [key], onEvent: ({ what }) => seen.push(what) });
  const event = (action: string, more: object = {}) =>
    JSON.stringify({
      routing_key: key,
      event_action: action,
      dedup_key: 'd',
      payload: { summary: 's', source: 'h', severity: 'critical' },
      ...more,
    });

  it('joins triggers by key until the resolve, and drops what it does not know', () => {
    const model = fresh();
    seen.length = 0;
    for (const action of ['resolve', 'trigger', 'trigger', 'acknowledge', 'resolve', 'resolve', 'trigger'])
      expect(model.handle(event(action)).status).toBe(202);
    expect(seen).toEqual(['dropped', 'opened', 'repeated', 'acknowledged', 'resolved', 'dropped', 'opened']);
    expect(model.alerts.map(({ status, triggers }) => [status, triggers])).toEqual([
      ['resolved', 2],
      ['triggered', 1],
    ]);
  });

  it('shows the severity of the newest trigger', () => {
    const model = fresh();
    model.handle(event('trigger'));
    model.handle(event('trigger', { payload: { summary: 's', source: 'h', severity: 'warning' } }));
    expect(model.alerts).toMatchObject([{ severity: 'warning', triggers: 2 }]);
  });

  it.each<[string, string]>([
    ['is not JSON', '{'],
    ['has an unknown key', event('trigger', { routing_key: 'x'.repeat(32) })],
    ['has a short key', event('trigger', { routing_key: 'x' })],
    ['has no summary', event('trigger', { payload: { source: 'h', severity: 'critical' } })],
    ['has a long summary', event('trigger', { payload: { summary: 's'.repeat(1025), source: 'h', severity: 'critical' } })],
    ['has no source', event('trigger', { payload: { summary: 's', severity: 'critical' } })],
    ['has an odd severity', event('trigger', { payload: { summary: 's', source: 'h', severity: 'dire' } })],
    ['has a long dedup key', event('trigger', { dedup_key: 'd'.repeat(256) })],
    ['resolves without a key', event('resolve', { dedup_key: undefined })],
    ['has links without an address', event('trigger', { links: [{ text: 'x' }] })],
    ['has an odd action', event('explode')],
  ])('refuses an event that %s', (_name, body) => {
    const answer = fresh().handle(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'invalid event', errors: [expect.any(String)] });
  });

  it('refuses an event of more than 512 KB, and answers in process as over HTTP', async () => {
    const model = fresh();
    model.faults.put({ only: 'trigger', applied: true, answer: { status: 429, headers: { 'retry-after': '3' } } });
    const post = pagerdutyModelPost(model);
    expect(await post(event('trigger'))).toMatchObject({ as: 'answered', status: 429, wait: 3000 });
    expect(model.open).toHaveLength(1);
    expect(await post(event('trigger', { images: 'x'.repeat(600_000) }))).toMatchObject({ status: 413 });
  });
});

describe('the webhook receiver', () => {
  const secret = 'a secret of the receiver';
  const at = Math.floor(NIGHT / 1000);
  const seen: WebhookMessage[] = [];
  const fresh = () => new WebhookModel({ clock: { now: () => NIGHT }, secret, onMessage: (message) => seen.push(message) });
  const sign = (body: string, timestamp: number, key = secret) => ({
    'x-tc-canary-timestamp': String(timestamp),
    'x-tc-canary-signature': `v1=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`,
    'x-tc-canary-delivery': 'a/1',
  });
  const body = '{"version":1}';

  it('takes what is signed, and counts what comes again', () => {
    const model = fresh();
    for (const timestamp of [at, at + 60]) expect(model.handle(sign(body, timestamp), body).status).toBe(200);
    expect(model.messages).toMatchObject([{ delivery: 'a/1', body: { version: 1 }, times: 2 }]);
    expect(seen).toHaveLength(2);
  });

  it.each<[string, Record<string, string>, string, number]>([
    ['is not signed', {}, body, 401],
    ['is signed with another key', sign(body, at, 'another'), body, 401],
    ['is signed for another body', sign('{}', at), body, 401],
    ['is old', sign(body, at - 301), body, 401],
    ['comes from the future', sign(body, at + 301), body, 401],
    ['is no JSON', sign('{', at), '{', 400],
    ['is of another version', sign('{"version":2}', at), '{"version":2}', 400],
  ])('refuses what %s', (_name, headers, sent, status) => {
    const model = fresh();
    expect(model.handle(headers, sent).status).toBe(status);
    expect(model.messages).toEqual([]);
  });

  it('knows no other address', async () => {
    const served = await serveWebhook(fresh(), { port: 0 });
    expect((await fetch(`${served.url}/elsewhere`, { method: 'POST' })).status).toBe(404);
    await served.close();
  });
});
