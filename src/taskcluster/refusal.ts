import type { Refusal } from '../evidence/fact.ts';
import { isObject } from '../evidence/object.ts';
import type { Reply } from './call.ts';
import { missingScopes } from './scopes.ts';

/** Characters of a reason; more is of no use in a message or a log line. */
const LIMIT = 300;

export const FOREIGN = 'answered with something that is not Taskcluster';

export interface Refused {
  why: Refusal;
  /** One short line, of untrusted text. */
  detail: string;
}

/** Whether an answer other than 200 is Taskcluster's own, and not a proxy's on the way to it. */
export function isTaskclusterError({ status, body }: Reply): boolean {
  return status > 0 && isObject(body) && typeof body['code'] === 'string' && typeof body['message'] === 'string';
}

/** What a reply other than 200 means. */
export function refusalOf(reply: Reply): Refused {
  const { status } = reply;
  const body = isObject(reply.body) ? reply.body : {};
  const code = typeof body['code'] === 'string' ? body['code'] : '';
  const message = typeof body['message'] === 'string' ? body['message'] : '';
  if (status === 0)
    return { why: 'unreachable', detail: line(message.includes(code) ? message : `${code} ${message}`) || 'no answer' };
  if (status === 401 || status === 403) return unauthorised(status, message);
  const said = isTaskclusterError(reply) ? line(`${status} ${code}: ${gist(message)}`) : `${status}: ${FOREIGN}`;
  return { why: isTaskclusterError(reply) ? whyOf(status) : 'unreachable', detail: said };
}

function whyOf(status: number): Refusal {
  if (status === 404) return 'missing';
  if (status === 409) return 'conflict';
  return status >= 400 && status < 500 && status !== 429 ? 'invalid' : 'unreachable';
}

function unauthorised(status: number, message: string): Refused {
  if (message === '') return { why: 'refused', detail: `${status}: ${FOREIGN}` };
  if (status === 401 && /stale timestamp|\bclock\b/i.test(message)) {
    return { why: 'clock', detail: line(`401: ${gist(message)}; our clock or the deployment's is off`) };
  }
  return { why: 'refused', detail: line(missingScopes(message) ?? `${status}: ${firstClause(message)}`) };
}

/** Taskcluster adds a table of the request below a rule; the reason stands above it. */
function gist(message: string): string {
  return message.split('\n---\n', 1)[0] ?? '';
}

/** What follows may list every scope the credentials have. */
function firstClause(message: string): string {
  return gist(message).trim().split(/[;\n]/, 1)[0] ?? '';
}

function line(text: string): string {
  const flat = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  // Half a character that the cut left over goes too.
  return flat.length > LIMIT ? `${flat.slice(0, LIMIT - 1).replace(/\p{Surrogate}$/u, '')}…` : flat;
}
