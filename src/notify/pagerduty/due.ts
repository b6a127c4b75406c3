import type { Message } from '../../evidence/delivery.ts';
import type { Incident, Manner } from '../../evidence/incident.ts';
import { isRecovering } from '../words/status.ts';
import type { Sent } from './ref.ts';

/** The event that is due: `trigger` in a manner, `resolve`, or none. */
export type Due = { send: 'trigger'; manner: Manner } | { send: 'resolve' } | undefined;

/**
 * Triggers where the incident's present level addresses PagerDuty, and resolves what was triggered when it has ended. A trigger is
 * repeated, which notifies nobody while the alert is open, for loud news alone, for another severity, and in doubt.
 */
export function due({ incident, manner }: Message, before: Sent, doubt: boolean): Due {
  if (incident.ended !== undefined) return before.action === 'trigger' || doubt ? { send: 'resolve' } : undefined;
  // It ended and came back as less than a page before PagerDuty had heard of its end, or what woke people is over.
  const ended = incident.timeline.slice(before.told).some(({ what }) => what === 'resolved' || what === 'eased');
  if (manner === undefined) return before.action === 'trigger' && ended ? { send: 'resolve' } : undefined;
  const trigger = { send: 'trigger', manner } as const;
  // What was paged before the store was lost is not paged again when nothing is left to do but to wait for its end.
  if (doubt && isRecovering(incident) && mayHavePaged(incident)) return undefined;
  if (before.action !== 'trigger' || doubt) return trigger;
  // While workers claim again there is nothing to page for: a trigger now would reopen what somebody has just closed by hand.
  if (isRecovering(incident)) return undefined;
  const news = incident.timeline.slice(before.told).some((entry) => entry.loud);
  return news || manner.severity !== before.severity ? trigger : undefined;
}

/** Worked out anew, and nothing said since that whoever was paged before cannot know. */
function mayHavePaged({ relived, timeline }: Incident): boolean {
  return relived !== undefined && !timeline.some(({ what, at }) => what === 'unsilenced' && at >= relived);
}
