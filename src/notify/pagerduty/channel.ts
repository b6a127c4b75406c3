import type { Incident } from '../../evidence/incident.ts';
import type { Secret } from '../../evidence/secret.ts';
import type { Channel } from '../../ports.ts';
import { type Recipient, unaccepted } from '../told.ts';
import { type Due, due } from './due.ts';
import { resolve, trigger } from './event.ts';
import type { PagerdutyPost } from './post.ts';
import { NOTHING, parseRef, refOf, type Sent } from './ref.ts';

interface PagerdutyChannel {
  post: PagerdutyPost;
  routingKey: Secret;
}

/**
 * Triggers and resolves an alert under the incident's id. Both can be repeated without a second page, so an unsure one is sent again;
 * PagerDuty drops a resolve of what it never heard of.
 */
export function pagerdutyChannel({ post, routingKey }: PagerdutyChannel): Channel {
  const recipient: Recipient = { name: 'PagerDuty', secrets: [routingKey], remedy };
  return {
    async tell(message, ref, doubt) {
      const { incident } = message;
      const before = ref === undefined ? NOTHING : parseRef(ref);
      const next = due(message, before, doubt);
      if (next !== undefined) {
        const reply = await post(
          next.send === 'trigger' ? trigger(message, next.manner, routingKey) : resolve(message, routingKey),
        );
        if (reply.as !== 'answered' || reply.status !== 202) return unaccepted(reply, recipient);
      }
      return { as: 'accepted', ref: refOf(after(next, before, incident, doubt), incident), more: false };
    },
  };
}

/** What is not told now is not counted as told, so that loud news is still due when there is reason to trigger again. */
function after(next: Due, before: Sent, { timeline }: Incident, doubt: boolean): Sent {
  // A trigger of which nobody knows whether it arrived is resolved in the end.
  if (next === undefined) return doubt ? { ...before, action: 'trigger' } : before;
  const told = timeline.length;
  return next.send === 'trigger'
    ? { action: 'trigger', told, severity: next.manner.severity }
    : { ...before, action: 'resolve', told };
}

function remedy(status: number, body: string): string {
  if (status < 400) return 'set pagerduty.eventsUrl to the address it redirects to, if that is PagerDuty';
  if (/routing.?key/i.test(body) || status === 401 || status === 403) {
    return 'set pagerduty.routingKey, or the key under alerts, to the 32-character integration key of an Events API v2 integration';
  }
  if (status === 404) return 'set pagerduty.eventsUrl to the address of the Events API v2';
  return 'please report this';
}
