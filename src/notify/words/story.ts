import type { Entry, Happening } from '../../evidence/incident.ts';
import { clean } from '../text.ts';

const STORY: Record<Happening, string> = {
  opened: 'Opened',
  escalated: 'Escalated',
  changed: 'Changed',
  claimed: 'Claimed',
  promoted: 'Widened',
  joined: 'Joined by',
  left: 'Recovered',
  eased: 'Eased',
  reminder: 'Still open',
  reopened: 'Reopened',
  flapping: 'Flapping',
  silenced: 'Silenced',
  unsilenced: 'Silence over',
  resolved: 'Resolved',
  withdrawn: 'Withdrawn',
  folded: 'Folded',
};

/** One line of an incident's story, without its time. */
export function storyLine(entry: Entry): string {
  const text = clean(entry.text);
  return text === '' ? STORY[entry.what] : `${STORY[entry.what]}: ${text}`;
}
