import { type Kysely, sql } from 'kysely';
import type { StoreReport, TableReport } from '../evidence/store-report.ts';
import { StoreError } from './error.ts';
import { ALL_TABLES } from './keys.ts';
import type { Opened } from './open.ts';
import { readRevision } from './reads.ts';
import type { Engine, Tables } from './schema.ts';

/** What the store holds. Counts every row, which takes a while where there are millions: not for the service. */
export async function storeReport({ db, engine, name, schema }: Opened, deployment: string): Promise<StoreReport> {
  try {
    const sizes = await readSizes(db, engine);
    const tables: TableReport[] = [];
    for (const { table, age } of ALL_TABLES) {
      const span =
        age === undefined
          ? sql`null as oldest, null as newest`
          : sql`min(${sql.ref(age)}) as oldest, max(${sql.ref(age)}) as newest`;
      const { rows } = await sql<{ rows: number; oldest: number | null; newest: number | null }>`
        select count(*) as rows, ${span} from ${sql.table(table)}
      `.execute(db);
      const [{ rows: count, oldest, newest } = { rows: 0, oldest: null, newest: null }] = rows;
      const range = { ...(oldest !== null && { oldest }), ...(newest !== null && { newest }) };
      tables.push({ table, rows: count, bytes: sizes.get(table) ?? 0, ...range });
    }
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    return { store: name, engine, deployment, schema: schema.to, revision: await readRevision(db), bytes, tables };
  } catch (cause) {
    throw StoreError.from(cause, name);
  }
}

const SIZES: Record<Engine, string> = {
  sqlite:
    'select m.tbl_name as name, sum(s.pgsize) as bytes from dbstat s join sqlite_master m on m.name = s.name group by m.tbl_name',
  postgres: `select tablename as name, pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass) as bytes
    from pg_tables where schemaname = current_schema()`,
};

/** Bytes by table, indexes included. */
async function readSizes(db: Kysely<Tables>, engine: Engine): Promise<Map<string, number>> {
  const { rows } = await sql<{ name: string; bytes: number }>`${sql.raw(SIZES[engine])}`.execute(db);
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}
