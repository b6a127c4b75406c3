import { type Kysely, sql, type Transaction } from 'kysely';
import { isObject } from '../evidence/object.ts';
import { StoreError } from './error.ts';
import type { Cell, Row } from './export.ts';
import { ALL_TABLES } from './keys.ts';
import type { Opened } from './open.ts';
import { MIGRATIONS, type Tables } from './schema.ts';

/** Rows written at once. */
const PIECE = 500;
/** What the empty store knows already. */
const OWN = new Set<Cell | undefined>(['schema', 'deployment']);

/**
 * Reads what `exportStore` wrote into an empty store of the same deployment, in one transaction: all of it or nothing, so that it may be
 * tried again. It is the one transaction that waits for something else, and nobody uses the store yet. Resolves to the number of rows.
 * @throws {StoreError} where the store is not empty, or the lines are no whole export of this schema and deployment
 */
export async function importStore({ db, name }: Opened, deployment: string, lines: AsyncIterable<string>): Promise<number> {
  try {
    return await db.transaction().execute(async (tx) => {
      const unfit = (why: string) => new StoreError(`${name} cannot take this: ${why}`, 'unfit');
      await refuseFull(tx, unfit);
      return readAll(tx, deployment, lines, unfit);
    });
  } catch (cause) {
    throw StoreError.from(cause, name);
  }
}

type Unfit = (why: string) => StoreError;

async function refuseFull(tx: Transaction<Tables>, unfit: Unfit): Promise<void> {
  for (const { table } of ALL_TABLES) {
    if (table === 'meta') continue;
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(tx);
    if (rows.length > 0) throw unfit('it is not empty; name another file or database');
  }
}

async function readAll(tx: Transaction<Tables>, deployment: string, lines: AsyncIterable<string>, unfit: Unfit): Promise<number> {
  const pending: { table: string; rows: Row[] } = { table: '', rows: [] };
  let number = 0;
  let count = 0;
  let whole = false;
  for await (const text of lines) {
    number++;
    const line = parsed(text, `line ${number} is not JSON`, unfit);
    if (number === 1) {
      checkHead(line, deployment, unfit);
      continue;
    }
    if (whole) throw unfit(`line ${number} comes after the end`);
    if (typeof line['rows'] === 'number') {
      whole = line['rows'] === count;
      continue;
    }
    const [[table, row] = []] = Object.entries(line);
    if (table === undefined || !isRow(row) || !ALL_TABLES.some((known) => known.table === table)) {
      throw unfit(`line ${number} is no row of a store`);
    }
    count++;
    if (table !== pending.table || pending.rows.length >= PIECE) await flush(tx, pending);
    pending.table = table;
    pending.rows.push(row);
  }
  await flush(tx, pending);
  if (!whole) throw unfit('the end is missing; export it again');
  return count;
}

function parsed(text: string, problem: string, unfit: Unfit): Record<string, unknown> {
  try {
    const line: unknown = JSON.parse(text);
    if (isObject(line)) return line;
  } catch {
    // Said below.
  }
  throw unfit(problem);
}

function checkHead({ store, schema, deployment }: Record<string, unknown>, ours: string, unfit: Unfit): void {
  if (store !== 'tc-canary') throw unfit('it is no export of a store');
  if (deployment !== ours) throw unfit(`it comes from the deployment ${String(deployment)}, not from ${ours}`);
  if (schema === MIGRATIONS.length) return;
  throw unfit(`it has schema ${String(schema)}, and this version has ${MIGRATIONS.length}; export it with this version`);
}

function isRow(value: unknown): value is Row {
  const isCell = (cell: unknown) =>
    cell === null ||
    typeof cell === 'string' ||
    typeof cell === 'number' ||
    (isObject(cell) && typeof cell['base64'] === 'string');
  return isObject(value) && Object.values(value).every(isCell);
}

async function flush(tx: Kysely<Tables>, pending: { table: string; rows: Row[] }): Promise<void> {
  const { table } = pending;
  const rows = table === 'meta' ? pending.rows.filter(({ key }) => !OWN.has(key)) : pending.rows;
  pending.rows = [];
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => bound(row[column])))})`);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const again = table === 'meta' ? sql`on conflict (key) do update set value = excluded.value` : sql``;
  await sql`insert into ${sql.table(table)} (${names}) values ${sql.join(values)} ${again}`.execute(tx);
}

function bound(cell: Cell | undefined): string | number | null | Buffer {
  return typeof cell === 'object' && cell !== null ? Buffer.from(cell.base64, 'base64') : (cell ?? null);
}
