import type { Told } from '../../evidence/delivery.ts';
import type { Incident } from '../../evidence/incident.ts';
import { SECOND } from '../../evidence/instant.ts';
import type { Secret } from '../../evidence/secret.ts';
import type { Channel } from '../../ports.ts';
import { gist } from '../text.ts';
import { resolve, trigger } from './event.ts';
import type { PagerdutyPost, PagerdutyReply } from './post.ts';

interface PagerdutyChannel {
  post: PagerdutyPost;
  routingKey: Secret;
}

/** `none`: nothing was ever sent of this incident. */
type Action = 'trigger' | 'resolve' | 'none';

/** Wait after an event that certainly did not arrive. */
const RETRY = 5 * SECOND;

/**
 * Triggers while a page is open, resolves when it has ended, and is silent about warnings. Both can be repeated under the
 * incident's id without a second page, so an unsure one is sent again; PagerDuty drops a resolve of what it never heard of.
 */
export function pagerdutyChannel({ post, routingKey }: PagerdutyChannel): Channel {
  return {
    async tell(message, ref, doubt) {
      const { incident } = message;
      const before = ref === undefined ? 'none' : actionOf(ref);
      const action = due(incident, before, doubt);
      const done: Told = { as: 'accepted', ref: refOf(action ?? before, incident), more: false };
      if (action === undefined) return done;
      const event = action === 'trigger' ? trigger(message, routingKey) : resolve(message, routingKey);
      const reply = await post(event);
      return reply.as === 'answered' && reply.status === 202 ? done : toldOf(reply, routingKey);
    },
  };
}

/** The event that is due, if any. */
function due(incident: Incident, before: Action, doubt: boolean): 'trigger' | 'resolve' | undefined {
  if (incident.ended !== undefined) return before === 'trigger' || doubt ? 'resolve' : undefined;
  if (incident.level !== 'page') return undefined;
  // While workers claim again there is nothing to page for: a trigger now would reopen what somebody has just closed by hand.
  const recovering = incident.timeline.at(-1)?.what === 'claimed';
  return recovering && before === 'trigger' && !doubt ? undefined : 'trigger';
}

function refOf(action: Action, incident: Incident): string {
  return JSON.stringify({ action, revision: incident.revision });
}

/** A ref that cannot be read counts as a trigger: one resolve too many does no harm, one too few leaves a page open. */
function actionOf(ref: string): Action {
  try {
    const { action } = JSON.parse(ref) as { action?: unknown };
    return action === 'resolve' || action === 'none' ? action : 'trigger';
  } catch {
    return 'trigger';
  }
}

function toldOf(reply: PagerdutyReply, routingKey: Secret): Told {
  if (reply.as === 'unreachable') {
    return { as: 'later', after: RETRY, route: true, why: `PagerDuty cannot be reached: ${gist(reply.why, [routingKey])}` };
  }
  if (reply.as === 'unsure') return { as: 'unsure', why: `PagerDuty gave no clear answer: ${gist(reply.why, [routingKey])}` };
  const { status, wait } = reply;
  if (status === 429) return { as: 'later', after: wait, route: true, why: 'PagerDuty limits the rate of events' };
  if (status === 408) return { as: 'later', after: RETRY, route: false, why: 'PagerDuty did not get the whole event in time' };
  if (status < 300 || status >= 500) return { as: 'unsure', why: `PagerDuty answered with status ${status}` };
  return {
    as: 'refused',
    why: `PagerDuty refused the event with status ${status}${said(reply.body, routingKey)}: ${remedy(status, reply.body)}`,
  };
}

/** The errors that PagerDuty lists, or failing that what it said. */
function said(body: string, routingKey: Secret): string {
  let text = body;
  try {
    const answer = JSON.parse(body) as { errors?: unknown; message?: unknown } | null;
    if (Array.isArray(answer?.errors) && answer.errors.length > 0) text = answer.errors.join('; ');
    else if (typeof answer?.message === 'string') text = answer.message;
  } catch {
    // Some refusals are plain text, and a proxy's are HTML.
  }
  const short = gist(text, [routingKey]);
  return short === '' ? '' : ` (${short})`;
}

function remedy(status: number, body: string): string {
  if (status < 400) return 'set pagerduty.eventsUrl to the address it redirects to, if that is PagerDuty';
  if (/routing.?key/i.test(body) || status === 401 || status === 403) {
    return 'set pagerduty.routingKey to the 32-character integration key of an Events API v2 integration';
  }
  if (status === 404) return 'set pagerduty.eventsUrl to the address of the Events API v2';
  return 'please report this';
}
