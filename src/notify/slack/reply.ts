import { SECOND } from '../../evidence/instant.ts';
import { isObject } from '../../evidence/object.ts';
import type { Secret } from '../../evidence/secret.ts';
import { UNSAID } from '../retry-after.ts';
import { gist } from '../text.ts';

export type SlackMethod =
  | 'auth.test'
  | 'chat.postMessage'
  | 'chat.update'
  | 'chat.delete'
  | 'conversations.history'
  | 'conversations.replies'
  | 'pins.list'
  | 'pins.add'
  | 'pins.remove'
  | 'files.uploadV2'
  | 'files.info'
  | 'files.delete';

/**
 * What became of one call. `refused`: Slack answered with an error code of its own, or something before it with a status that
 * says no (`http_403`); nothing was changed. `limited`: too many calls, `after` milliseconds. `unreachable`: nothing was sent.
 * `unsure`: it may have taken effect.
 */
export type SlackReply =
  | { as: 'ok'; body: Record<string, unknown> }
  | { as: 'refused'; error: string; detail: string }
  | { as: 'limited'; after: number }
  | { as: 'unreachable'; why: string }
  | { as: 'unsure'; why: string };

/** One call of Slack's Web API by its method's name. Never rejects. */
export type SlackCall = (method: SlackMethod, args: Record<string, unknown>) => Promise<SlackReply>;

/** Errors after which, by Slack's own words, some aspect of the operation may have succeeded. */
const PARTLY = new Set(['fatal_error', 'internal_error', 'service_unavailable']);

const LIMITED = new Set(['ratelimited', 'rate_limited']);

/** Slack's error codes; anything else in that place is a page of something that is not Slack, such as a proxy's login. */
const CODE = /^[a-z][a-z0-9_]{0,99}$/;

/** Reads the body of a 200; whatever it quotes, `secrets` are taken out of. */
export function replyOfBody(body: unknown, secrets: readonly Secret[] = []): SlackReply {
  if (!isObject(body)) return { as: 'unsure', why: 'the answer was not an object of Slack' };
  if (body['ok'] === true) return { as: 'ok', body };
  const error = body['error'];
  if (typeof error !== 'string' || !CODE.test(error))
    return { as: 'unsure', why: `the answer was not Slack's: ${gist(error, secrets)}` };
  const notes = isObject(body['response_metadata']) ? body['response_metadata'] : {};
  if (LIMITED.has(error)) {
    const asked = notes['retryAfter'];
    return { as: 'limited', after: typeof asked === 'number' ? asked * SECOND : UNSAID };
  }
  if (PARTLY.has(error)) return { as: 'unsure', why: `Slack answered ${error}` };
  const needed = typeof body['needed'] === 'string' ? [`needs ${body['needed']}`] : [];
  const messages = Array.isArray(notes['messages']) ? notes['messages'] : [];
  return { as: 'refused', error, detail: gist([...needed, ...messages].join('; '), secrets) };
}

/** Reads any other status: a server's error may come after the effect, a client's error comes instead of it. */
export function replyOfStatus(status: number): SlackReply {
  if (status === 429) return { as: 'limited', after: UNSAID };
  if (status >= 400 && status < 500) return { as: 'refused', error: `http_${status}`, detail: '' };
  return { as: 'unsure', why: `status ${status}` };
}
