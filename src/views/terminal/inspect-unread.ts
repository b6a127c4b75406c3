import type { Refusal } from '../../evidence/fact.ts';
import type { Unread } from '../inspected.ts';
import { type Colors, harmless, wrapped } from './text.ts';

/** What each reading would have told. */
const TELLS: Record<string, string> = {
  pool: 'the definition',
  pools: 'the list of pools',
  fleet: 'capacity by state',
  'fleet-errors': 'errors of all pools',
  counts: 'pending tasks',
  'claimed-count': 'how many are claimed',
  claimed: 'what is claimed',
  oldest: 'the oldest pending task',
  crew: "the queue's workers",
  workers: 'the newest workers',
  errors: 'errors by the hour',
  'error-list': "the errors' texts",
};

/** Things that are named where more of them were not read for one reason. */
const NAMED = 3;

/** What could not be read and why, each reason and each remedy once; scopes for many pools are one. */
export function unreadLines(
  about: readonly { pool?: string; unread: readonly Unread[] }[],
  advise: (why: Refusal, detail: string) => string,
  colors: Colors,
  room: number,
): string[] {
  const notes = new Map<string, { why: Refusal; things: Set<string> }>();
  const many = about.length > 1;
  for (const { pool, unread } of about) {
    for (const { what, why, detail } of unread) {
      const reason = many && pool !== undefined ? detail.replaceAll(pool, '*') : detail;
      const note = notes.get(reason) ?? { why, things: new Set() };
      notes.set(reason, { why, things: note.things.add(TELLS[what] ?? what) });
    }
  }
  if (notes.size === 0) return [];
  const remedies = new Map<string, number>();
  const lines = [...notes].map(([reason, { why, things }]) => {
    const remedy = advise(why, reason).slice(reason.length).replace(/^; /, '');
    if (remedy !== '') remedies.set(remedy, (remedies.get(remedy) ?? 0) + 1);
    return `not read: ${named([...things])} (${reason})`;
  });
  const all = [...lines, ...[...remedies.keys()].map((remedy) => `→ ${remedy}`)];
  return ['', ...all.flatMap((line) => wrapped(harmless(line), room, 2)).map(colors.dim)];
}

function named(things: readonly string[]): string {
  const more = things.length - NAMED;
  return more > 1 ? `${things.slice(0, NAMED).join(', ')} and ${more} things more` : things.join(', ');
}
