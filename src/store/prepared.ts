import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Tables } from './schema.ts';

/** Stands in a compiled statement where a run's value goes. */
class Slot<V> {
  readonly of: (values: V) => unknown;

  constructor(of: (values: V) => unknown) {
    this.of = of;
  }
}

/** A statement to be run with other values each time. */
export type Prepared<V, R> = (db: Kysely<Tables>, values: V) => Promise<QueryResult<R>>;

/**
 * Building a statement takes longer than running most of them: it is built once for a database, with `value` wherever a run brings a value of
 * its own, and must look the same whatever that is.
 */
export function prepared<V, R>(
  build: (db: Kysely<Tables>, value: <T>(of: (values: V) => T) => T) => Compilable<R>,
): Prepared<V, R> {
  const compiled = new WeakMap<object, CompiledQuery<R>>();
  // What takes a value by its type takes the slot for one.
  const slot = <T>(of: (values: V) => T) => new Slot(of) as T;
  return (db, values) => {
    // A transaction has it in common with the database that it is of.
    const { adapter } = db.getExecutor();
    const statement = compiled.get(adapter) ?? build(db, slot).compile();
    compiled.set(adapter, statement);
    const parameters = statement.parameters.map((given) => (given instanceof Slot ? given.of(values) : given));
    return db.executeQuery({ ...statement, parameters });
  };
}

/** Statements cost more than rows, and new ones most: there are few, as chunks have lengths of powers of two, up to this. */
const CHUNK = 64;

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  let at = 0;
  for (let length = CHUNK; length >= 1; length /= 2)
    for (; rows.length - at >= length; at += length) yield rows.slice(at, at + length);
}

/** Reads or writes any number of rows, in a few statements that `build` makes of rows with these columns. */
export function overRows<Row extends object, R = unknown>(
  columns: readonly (keyof Row & string)[],
  build: (db: Kysely<Tables>, rows: Row[]) => Compilable<R>,
): (db: Kysely<Tables>, rows: readonly Row[]) => Promise<R[]> {
  const byLength = new Map<number, Prepared<readonly Row[], R>>();
  const ofLength = (length: number) =>
    prepared<readonly Row[], R>((db, value) =>
      build(
        db,
        Array.from({ length }, (_, i) => {
          return Object.fromEntries(columns.map((column) => [column, value((rows) => rows[i]?.[column])])) as Row;
        }),
      ),
    );
  return async (db, rows) => {
    const found: R[] = [];
    for (const chunk of chunks(rows)) {
      const statement = byLength.get(chunk.length) ?? ofLength(chunk.length);
      byLength.set(chunk.length, statement);
      found.push(...(await statement(db, chunk)).rows);
    }
    return found;
  };
}
