import type { Message } from '../evidence/delivery.ts';
import { type Link, linksOf } from './links.ts';
import { clean } from './text.ts';
import { askWords } from './words/ask.ts';
import { budgetWords } from './words/budget.ts';
import { capacityWords } from './words/capacity.ts';
import { fleetWords } from './words/fleet.ts';
import { poolWords } from './words/pool.ts';
import { notesOf, type Status, statusOf } from './words/status.ts';

/** An incident in words that every channel shares. Plain text on one line each, cleaned, not escaped, of any length. */
export interface Words extends Status {
  /** Whom it concerns and what is wrong, without figures that grow, so that it stays true. */
  headline: string;
  /** The cause with the figures that prove it, as they stood at the incident's last revision. */
  reason: string;
  /** That it is silenced, or comes and goes. */
  notes: string[];
  /** The usual remedy, or what to look at first; absent once it is over. */
  advice?: string;
  /** What Taskcluster, the network, a channel or a cloud provider said. */
  detail?: string;
  links: Link[];
}

export function wording(message: Message): Words {
  const { incident } = message;
  const { advice, ...words } = { ...wordsOf(message), ...foldedWords(message) };
  const over = incident.ended !== undefined;
  return { ...statusOf(incident), ...words, ...(!over && { advice }), notes: notesOf(incident), links: linksOf(message) };
}

function wordsOf({ deployment, incident }: Message): Pick<Words, 'headline' | 'reason' | 'detail'> & { advice: string } {
  const { evidence } = incident;
  switch (evidence.kind) {
    case 'pool':
      return poolWords(incident, evidence);
    case 'fleet':
      return fleetWords(incident, evidence);
    case 'capacity':
      return capacityWords(incident, evidence);
    case 'budget':
      return budgetWords(incident, evidence);
    case 'ask':
      return askWords(deployment, incident, evidence);
  }
}

/** Of an incident that goes on in another nothing is over, and nothing more is known here. */
function foldedWords({ deployment, incident }: Message): Partial<Pick<Words, 'headline' | 'reason'>> {
  if (incident.end !== 'folded') return {};
  const { evidence, into } = incident;
  const subject = 'pool' in evidence ? evidence.pool : deployment;
  const together = evidence.kind === 'ask' ? 'It is told of there' : 'It went bad together with others';
  return {
    headline: `${clean(subject)}: goes on in another incident`,
    reason: [together, ...(into === undefined ? [] : [`see ${clean(into)}`])].join('; '),
  };
}
