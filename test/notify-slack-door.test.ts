import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../src/evidence/secret.ts';
import { openSlack } from '../src/notify/slack/open.ts';
import type { SlackCall } from '../src/notify/slack/reply.ts';
import type { Fault } from '../src/sandbox/receivers/faults.ts';
import type { Served } from '../src/sandbox/receivers/http.ts';
import { serveSlack } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { keptLog, NIGHT } from './notify-incidents.ts';

const TOKEN = 'xoxb-very-secret';
const log = keptLog();
let model: SlackModel;
let served: Served;
let call: SlackCall;

beforeEach(async () => {
  model = new SlackModel({ clock: { now: () => NIGHT }, token: TOKEN, channels: { C1: {} } });
  served = await serveSlack(model, { port: 0 });
  call = await openSlack({ token: new Secret(TOKEN), apiUrl: `${served.url}/api`, log, timeout: 800 });
});
afterEach(() => served.close());

const post = () =>
  call('chat.postMessage', { channel: 'C1', text: 'hello', metadata: { event_type: 'x', event_payload: { id: 1 } } });
const status = (code: number, headers: Record<string, string> = {}, body = ''): Fault => ({
  applied: false,
  answer: { status: code, headers, body },
});
const body = (text: string): Fault => ({ applied: false, answer: { status: 200, body: text } });

describe("Slack's client, opened", () => {
  it('posts what it is given', async () => {
    expect(await post()).toMatchObject({ as: 'ok', body: { channel: 'C1', ts: model.messages[0]?.ts } });
    expect(model.messages[0]).toMatchObject({ text: 'hello', metadata: { event_payload: { id: 1 } } });
  });

  it.each<[string, Fault, object]>([
    ['an error of Slack', body('{"ok":false,"error":"is_archived"}'), { as: 'refused', error: 'is_archived' }],
    [
      'a missing scope, named',
      body('{"ok":false,"error":"missing_scope","needed":"chat:write"}'),
      { as: 'refused', detail: 'needs chat:write' },
    ],
    ['a fatal error', body('{"ok":false,"error":"fatal_error"}'), { as: 'unsure' }],
    ['an internal error', body('{"ok":false,"error":"internal_error"}'), { as: 'unsure' }],
    ['an unavailable service', body('{"ok":false,"error":"service_unavailable"}'), { as: 'unsure' }],
    ['ratelimited', body('{"ok":false,"error":"ratelimited"}'), { as: 'limited', after: 30_000 }],
    ['429 with seconds', status(429, { 'retry-after': '7' }), { as: 'limited', after: 7_000 }],
    [
      '429 with a date',
      status(429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:09 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }),
      { as: 'limited', after: 9_000 },
    ],
    ['429 without a wait', status(429), { as: 'limited', after: 30_000 }],
    ['500', status(500), { as: 'unsure', why: 'status 500' }],
    ['503', status(503), { as: 'unsure' }],
    ["a proxy's 403", status(403), { as: 'refused', error: 'http_403' }],
    ['a login page with 200', body(`<html>${'login '.repeat(2000)}</html>`), { as: 'unsure' }],
    ['an empty 200', body(''), { as: 'unsure' }],
    ['a 200 that is null', body('null'), { as: 'unsure' }],
    ['a redirect', status(302, { location: 'https://example.com/' }), { as: 'unsure' }],
    ['a reset', { applied: false, answer: 'reset' }, { as: 'unsure' }],
    ['no answer', { applied: false, answer: 'hang' }, { as: 'unsure' }],
    ['half an answer', { applied: false, answer: 'stall' }, { as: 'unsure' }],
  ])('tells %s, and sends once', async (_name, fault, reply) => {
    model.faults.put(fault);
    const told = await post();
    expect(told).toMatchObject(reply);
    expect(JSON.stringify(told).length).toBeLessThan(500);
    expect(model.messages).toEqual([]);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    await served.close();
    expect(await post()).toMatchObject({ as: 'unreachable', why: expect.stringContaining('ECONNREFUSED') });
  });

  it('gives the token to nobody else', async () => {
    model.faults.put(body(`{"ok":false,"error":"You sent Bearer ${TOKEN}"}`));
    const refused = await openSlack({ token: new Secret('xoxb-wrong-secret'), apiUrl: `${served.url}/api/`, log });
    const told = [await post(), await refused('auth.test', {}), await post()];
    expect(told[1]).toMatchObject({ as: 'refused', error: 'invalid_auth' });
    expect(JSON.stringify([told, log.lines])).not.toMatch(/very-secret|wrong-secret/);
  });
});
