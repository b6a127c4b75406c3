import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Change } from '../evidence/change.ts';
import { emptyState, evolve } from '../evidence/evolve.ts';
import type { State } from '../evidence/state.ts';
import type { Store } from '../ports.ts';
import { readCanaries, readLived } from './canaries.ts';
import { claim, nextDue, settle } from './deliveries.ts';
import { StoreError } from './error.ts';
import { takeLease } from './lease.ts';
import { note, recall } from './notes.ts';
import { readHistory, readIncidents, readRevision, readState } from './reads.ts';
import { forget } from './retention.ts';
import type { Tables } from './schema.ts';
import { undelivered } from './undelivered.ts';
import { write } from './writes.ts';

/** The one store over an opened database; several may share one, each with a cache of its own, as several processes do. */
export function storeOver(db: Kysely<Tables>, name: string): Store {
  let cached: State = emptyState();
  const holder = randomUUID();

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw StoreError.from(cause, name);
    }
  }

  /** The revision check is the first statement of the transaction, so that the loser writes nothing. */
  async function commit(base: number, changes: Change[]): Promise<'committed' | 'stale'> {
    const committed = await db.transaction().execute(async (tx) => {
      const advanced = await tx
        .updateTable('meta')
        .set({ value: String(base + 1) })
        .where('key', '=', 'revision')
        .where('value', '=', String(base))
        .executeTakeFirst();
      if (advanced.numUpdatedRows === 0n) return 'stale';
      await write(tx, base + 1, changes);
      return 'committed';
    });
    if (committed === 'committed' && cached.revision === base) cached = evolve(cached, changes);
    return committed;
  }

  return {
    load: () =>
      guarded(async () => {
        if ((await readRevision(db)) !== cached.revision) {
          const snapshot = db.transaction().setAccessMode('read only');
          cached = await snapshot.execute((tx) => readState(tx, cached));
        }
        return cached;
      }),
    commit: (base, changes) => guarded(() => commit(base, changes)),
    claimDelivery: (now, busy) => guarded(() => claim(db, now, busy)),
    settleDelivery: (delivery, told, now) => guarded(() => settle(db, delivery, told, now)),
    nextDelivery: () => guarded(() => nextDue(db)),
    undelivered: (now, owedFor) => guarded(() => undelivered(db, now, owedFor)),
    lease: (lease, now, until) => guarded(() => takeLease(db, holder, lease, now, until)),
    history: (query) => guarded(() => readHistory(db, query)),
    recall: (key) => guarded(() => recall(db, key)),
    note: (key, before, after) => guarded(() => note(db, key, before, after)),
    canaries: (probe, limit) => guarded(() => readCanaries(db, probe, limit)),
    lived: (probes, from, until) => guarded(() => readLived(db, probes, from, until)),
    incidents: (since) => guarded(() => readIncidents(db, since)),
    forget: (now, retain) => guarded(() => forget(db, now, retain)),
    close: () => guarded(() => db.destroy()),
  };
}
