import type { Undelivered } from '../evidence/delivery.ts';
import { MINUTE } from '../evidence/instant.ts';

/** How long a page may be owed before the watcher says of itself that it does not work. Milliseconds. */
export const OWED_FOR = 5 * MINUTE;

/** The pages that have been owed for too long, whatever the reason. `now` is our own clock. */
export function owedPages(undelivered: readonly Undelivered[], now: number): Undelivered[] {
  return undelivered.filter(({ level, since }) => level === 'page' && now - since >= OWED_FOR);
}
