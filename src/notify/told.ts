import type { Told } from '../evidence/delivery.ts';
import { SECOND } from '../evidence/instant.ts';
import type { Secret } from '../evidence/secret.ts';
import type { PostReply } from './post.ts';
import { UNSAID } from './retry-after.ts';
import { gist } from './text.ts';

/** Who was posted to, in the words of an error message. */
export interface Recipient {
  name: string;
  /** Whatever it answers, these are taken out. */
  secrets: readonly Secret[];
  /** What somebody has to mend after a refusal. */
  remedy: (status: number, body: string) => string;
}

/** Wait after a request that certainly had no effect. */
const RETRY = 5 * SECOND;

/** Reads an answer that does not accept: what passes by itself, what nobody knows, and what somebody has to mend. */
export function unaccepted(reply: PostReply, { name, secrets, remedy }: Recipient): Told {
  if (reply.as === 'unreachable') {
    return { as: 'later', after: RETRY, route: true, why: `${name} cannot be reached: ${gist(reply.why, secrets)}` };
  }
  if (reply.as === 'unsure') return { as: 'unsure', why: `${name} gave no clear answer: ${gist(reply.why, secrets)}` };
  const { status, body, wait } = reply;
  if (status === 429) return { as: 'later', after: wait ?? UNSAID, route: true, why: `${name} limits the rate of messages` };
  if (status === 503 && wait !== undefined) return { as: 'later', after: wait, route: true, why: `${name} asks to wait` };
  if (status === 408 || status === 425) {
    return { as: 'later', after: RETRY, route: false, why: `${name} could not take the message yet, with status ${status}` };
  }
  if (status < 300 || status >= 500) return { as: 'unsure', why: `${name} answered with status ${status}` };
  const why = `${name} refused with status ${status}${said(body, secrets)}: ${remedy(status, body)}`;
  return { as: 'refused', why };
}

/** The errors that a JSON answer lists, or failing that what it said. */
function said(body: string, secrets: readonly Secret[]): string {
  let text = body;
  try {
    const answer = JSON.parse(body) as { errors?: unknown; message?: unknown } | null;
    if (Array.isArray(answer?.errors) && answer.errors.length > 0) text = answer.errors.join('; ');
    else if (typeof answer?.message === 'string') text = answer.message;
  } catch {
    // Some refusals are plain text, and a proxy's are HTML.
  }
  const short = gist(text, secrets);
  return short === '' ? '' : ` (${short})`;
}
