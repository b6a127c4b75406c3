import type { Message } from '../../evidence/delivery.ts';
import type { Entry, Happening } from '../../evidence/incident.ts';

/** Lines of a story by which an incident reaches its level, or is said again to be there. */
const REACHES = new Set<Happening>(['opened', 'escalated', 'promoted', 'reopened', 'flapping', 'unsilenced', 'reminder']);

/**
 * Whom a message notifies that is the first to tell these entries, in Slack's own notation; nobody unless they tell of an open page.
 * Slack reads that notation also where text is verbatim, in sections and in the text that stands for them; an edit notifies nobody.
 */
export function mentionFor({ incident, manner }: Message, entries: readonly Entry[]): string | undefined {
  if (incident.ended !== undefined || incident.level !== 'page') return undefined;
  return entries.some(({ what, loud }) => loud && REACHES.has(what)) ? manner?.mention : undefined;
}
