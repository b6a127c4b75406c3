import { replyOfBody, replyOfStatus, type SlackCall } from '../../notify/slack/reply.ts';
import { type Served, serve } from './http.ts';
import type { SlackModel } from './slack-model.ts';

/** Arguments that Slack's clients send as JSON inside a form. */
const JSON_ARGS = new Set(['blocks', 'files', 'metadata', 'attachments', 'reply_broadcast', 'include_all_metadata', 'limit']);

/** The model behind a real port, as Slack's clients reach it: `<url>/api/<method>`, form-encoded, a bearer token. */
export function serveSlack(model: SlackModel, { port }: { port: number }): Promise<Served> {
  return serve(port, ({ method, path, headers, body, bytes }) => {
    const file = /^\/upload\/(\w+)$/.exec(path)?.[1];
    if (method === 'POST' && file !== undefined) return model.faults.meet('upload', () => model.receive(file, bytes));
    const name = /^\/api\/([\w.]+)$/.exec(path)?.[1];
    if (method !== 'POST' || name === undefined) return { status: 404, headers: {}, body: '' };
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    return model.faults.meet(name, () => model.handle(name, token, argsOf(body), `http://${headers.host ?? ''}`));
  });
}

function argsOf(form: string): Record<string, unknown> {
  return Object.fromEntries(
    [...new URLSearchParams(form)].map(([key, value]) => [key, JSON_ARGS.has(key) ? parsed(value) : value]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The model in process, without a port. A silence is answered at once as what a caller makes of it after its timeout. */
export function slackModelCall(model: SlackModel, token: string): SlackCall {
  return async (method, args) => {
    const sent = JSON.parse(JSON.stringify(args)) as Record<string, unknown>;
    const answer = model.faults.meet(method, () => model.handle(method, token, sent));
    if (typeof answer === 'string') return { as: 'unsure', why: answer };
    const wait = Number(answer.headers['retry-after']);
    if (answer.status === 429 && !Number.isNaN(wait)) return { as: 'limited', after: wait * 1000 };
    return answer.status === 200 ? replyOfBody(parsed(answer.body)) : replyOfStatus(answer.status);
  };
}
