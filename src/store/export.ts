import { type Kysely, sql } from 'kysely';
import { ALL_TABLES } from './keys.ts';
import type { Tables } from './schema.ts';

/** The first line of an export. */
interface Head {
  store: 'tc-canary';
  schema: number;
  deployment: string;
}
/** The last line, without which it is not whole. */
interface Foot {
  rows: number;
}

/** A value of a row as JSON has it; bytes are text in base 64. */
export type Cell = string | number | null | { base64: string };
export type Row = Record<string, Cell>;

/** Rows read at once, some milliseconds' worth. */
const PIECE = 2_000;

/**
 * Everything in the store at one instant, as JSON lines: a head, a line for each row (`{"table": {...}}`) and a foot. Whoever writes to the
 * store meanwhile is not held up. Resolves to the number of rows.
 */
export async function exportStore(db: Kysely<Tables>, write: (lines: string) => Promise<void>): Promise<number> {
  const snapshot = db.transaction().setAccessMode('read only');
  return snapshot.execute(async (tx) => {
    const meta = new Map((await tx.selectFrom('meta').selectAll().execute()).map(({ key, value }) => [key, value]));
    const head: Head = { store: 'tc-canary', schema: Number(meta.get('schema')), deployment: meta.get('deployment') ?? '' };
    await write(`${JSON.stringify(head)}\n`);
    let count = 0;
    for (const { table, key } of ALL_TABLES) {
      for (let after: Row | undefined; ; ) {
        const rows = await readPiece(tx, table, key, after);
        after = rows.at(-1);
        if (after === undefined) break;
        count += rows.length;
        await write(rows.map((row) => `${JSON.stringify({ [table]: row })}\n`).join(''));
      }
    }
    const foot: Foot = { rows: count };
    await write(`${JSON.stringify(foot)}\n`);
    return count;
  });
}

async function readPiece(tx: Kysely<Tables>, table: string, key: readonly string[], after: Row | undefined): Promise<Row[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const beyond = after === undefined ? sql`` : sql`where (${columns}) > (${sql.join(key.map((column) => after[column]))})`;
  const { rows } = await sql<Record<string, unknown>>`
    select * from ${sql.table(table)} ${beyond} order by ${columns} limit ${sql.lit(PIECE)}
  `.execute(tx);
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, cellOf(value)])));
}

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof ArrayBuffer) return { base64: Buffer.from(value).toString('base64') };
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  throw new TypeError(`a store holds no ${typeof value}`);
}
