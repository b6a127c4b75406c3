import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Store } from '../ports.ts';
import { readCanaries, readLived } from './canaries.ts';
import { claim, LONGEST_HOLD, nextDue, settle } from './deliveries.ts';
import { StoreError } from './error.ts';
import { Known } from './known.ts';
import { takeLease } from './lease.ts';
import { note, recall } from './notes.ts';
import { knownOf, readHistory, readIncidents } from './reads.ts';
import { Retention } from './retention.ts';
import type { Tables } from './schema.ts';
import { undelivered } from './undelivered.ts';

/**
 * The one store over an opened database; several may share one, each with a cache of its own, as several processes do.
 * @param longestHold for how long a first notice is held back at most, in milliseconds: what goes beyond it by more than clocks differ is void
 */
export function storeOver(db: Kysely<Tables>, name: string, longestHold = LONGEST_HOLD): Store {
  const known = new Known(db);
  const retention = new Retention(db);
  const holder = randomUUID();

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw StoreError.from(cause, name);
    }
  }

  return {
    load: (least) => guarded(() => known.load(least)),
    commit: (base, changes) => guarded(() => known.commit(base, changes)),
    claimDelivery: (now, busy) => guarded(() => claim(db, now, busy, longestHold)),
    settleDelivery: (delivery, told, now) => guarded(() => settle(db, delivery, told, now)),
    nextDelivery: (now) => guarded(() => nextDue(db, now, longestHold)),
    undelivered: (now, owedFor) => guarded(() => undelivered(db, now, owedFor)),
    lease: (lease, now, until) => guarded(() => takeLease(db, holder, lease, now, until)),
    history: (query) => guarded(() => readHistory(db, query)),
    recall: (key) => guarded(() => recall(db, key)),
    note: (key, before, after) => guarded(() => note(db, key, before, after)),
    canaries: (probe, limit) => guarded(() => readCanaries(db, probe, limit)),
    lived: (probes, from, until) => guarded(() => readLived(db, probes, from, until)),
    incidents: (since) => guarded(() => readIncidents(db, since)),
    knows: (incidents) => guarded(() => knownOf(db, incidents)),
    forget: (now, retain) => guarded(() => retention.forget(now, retain)),
    close: () => guarded(() => db.destroy()),
  };
}
