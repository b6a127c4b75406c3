import type { Message } from '../../evidence/delivery.ts';
import { isObject } from '../../evidence/object.ts';
import type { Secret } from '../../evidence/secret.ts';
import type { Channel } from '../../ports.ts';
import { isMoot } from '../moot.ts';
import { clean } from '../text.ts';
import { type Recipient, unaccepted } from '../told.ts';
import { bodyOf } from './body.ts';
import type { WebhookPost } from './post.ts';

interface WebhookChannel {
  /** What the configuration calls it. */
  name: string;
  /** Whatever the receiver answers, these are taken out. */
  secrets: readonly Secret[];
  post: WebhookPost;
}

/** What the receiver has: the incident's revision, and how many entries of its timeline. */
interface Ref {
  revision: number;
  told: number;
}

const NOTHING: Ref = { revision: 0, told: 0 };

/**
 * Posts every revision once. A receiver can tell it by the delivery's name, which is the same on every try, so an unsure one is sent
 * again.
 */
export function webhookChannel({ name, secrets, post }: WebhookChannel): Channel {
  const recipient = recipientOf(name, secrets);
  return {
    async tell(message, text, doubt) {
      const { id, revision, timeline } = message.incident;
      const ref = text === undefined ? NOTHING : parseRef(text);
      if (!doubt && !isDue(message, ref)) return accepted(ref);
      const reply = await post(bodyOf(message, ref.told), deliveryName(id, revision));
      const taken = reply.as === 'answered' && reply.status >= 200 && reply.status < 300;
      return taken ? accepted({ revision, told: timeline.length }) : unaccepted(reply, recipient);
    },
  };
}

function isDue(message: Message, ref: Ref): boolean {
  return ref.told === 0 ? !isMoot(message) : ref.revision < message.incident.revision;
}

function accepted(ref: Ref) {
  return { as: 'accepted', ref: JSON.stringify(ref), more: false } as const;
}

/** A ref that cannot be read tells nothing of what was sent, so everything is sent. */
function parseRef(text: string): Ref {
  let ref: unknown;
  try {
    ref = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  if (!isObject(ref)) return NOTHING;
  const { revision, told } = ref;
  return typeof revision === 'number' && typeof told === 'number' ? { revision, told } : NOTHING;
}

/** `<incident>/<revision>`. A header holds visible ASCII alone; anything else is percent-encoded. */
function deliveryName(id: string, revision: number): string {
  return `${clean(id).replace(/[^\x21-\x7e]+/gu, encodeURIComponent)}/${revision}`;
}

function recipientOf(name: string, secrets: readonly Secret[]): Recipient {
  const remedy = (status: number): string => {
    if (status < 400) return `set the url of ${name} under webhooks to the address it redirects to, if that is yours`;
    if (status === 401 || status === 403)
      return `see that the receiver of ${name} knows the same secret, and that its clock is right`;
    if (status === 404 || status === 405 || status === 410)
      return `set the url of ${name} under webhooks to where it listens now`;
    return `see why the receiver of ${name} does not take it`;
  };
  return { name: `the webhook ${name}`, secrets, remedy };
}
