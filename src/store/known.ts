import { type Kysely, sql, type UpdateResult } from 'kysely';
import type { Change } from '../evidence/change.ts';
import { emptyState, evolve } from '../evidence/evolve.ts';
import type { State } from '../evidence/state.ts';
import { prepared } from './prepared.ts';
import { readMark, readState } from './reads.ts';
import type { Tables } from './schema.ts';
import { write } from './writes.ts';

/**
 * What one process knows of the store's state. A store that is lost and made anew counts its revisions from 0, and may have come as far as the
 * one before it when somebody looks again: to a process each revision means one state, so those of the next store go on after it.
 */
export class Known {
  readonly #db: Kysely<Tables>;
  #state = emptyState();
  /** Which store the state is of; undefined before the first look. */
  #born: string | undefined;
  /** How much higher its revisions are here than in the store. */
  #ahead = 0;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async load(least = Number.POSITIVE_INFINITY): Promise<State> {
    if (this.#state.revision >= least) return this.#state;
    if (this.#isOf(await readMark(this.#db))) return this.#state;
    const snapshot = this.#db.transaction().setAccessMode('read only');
    await snapshot.execute(async (tx) => {
      const mark = await readMark(tx);
      const goesOn = mark.born === this.#born && mark.revision + this.#ahead >= this.#state.revision;
      const ahead = goesOn ? this.#ahead : nextAfter(this.#state);
      const known = goesOn ? this.#state : emptyState();
      const read = await readState(tx, known, goesOn ? this.#state.revision - ahead : 0);
      this.#state = { revision: mark.revision + ahead, ...read };
      this.#ahead = ahead;
      this.#born = mark.born;
    });
    return this.#state;
  }

  /** The revision check is the first statement of the transaction, so that the loser writes nothing. */
  async commit(base: number, changes: readonly Change[]): Promise<'committed' | 'stale'> {
    const revision = base - this.#ahead;
    const born = this.#born ?? (await readMark(this.#db)).born;
    this.#born = born;
    const committed = await this.#db.transaction().execute(async (tx) => {
      const { numAffectedRows } = await advance(tx, { revision, born });
      if (numAffectedRows === 0n) return 'stale';
      await write(tx, revision + 1, changes);
      return 'committed';
    });
    if (committed === 'committed' && this.#state.revision === base) this.#state = evolve(this.#state, changes);
    return committed;
  }

  #isOf({ revision, born }: { revision: number; born: string }): boolean {
    return born === this.#born && revision + this.#ahead === this.#state.revision;
  }
}

const BORN = sql<string>`coalesce((select own.value from meta as own where own.key = 'born'), '')`;

const advance = prepared<{ revision: number; born: string }, UpdateResult>((db, value) =>
  db
    .updateTable('meta')
    .set({ value: value(({ revision }) => String(revision + 1)) })
    .where('key', '=', 'revision')
    .where(
      'value',
      '=',
      value(({ revision }) => String(revision)),
    )
    .where(
      BORN,
      '=',
      value(({ born }) => born),
    ),
);

function nextAfter({ revision }: State): number {
  return revision === 0 ? 0 : revision + 1;
}
