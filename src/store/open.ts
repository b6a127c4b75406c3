import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  sql,
} from 'kysely';
import Libsql from 'libsql';
import type { Config } from '../evidence/probe.ts';
import type { Store } from '../ports.ts';
import { StoreError } from './error.ts';
import { MIGRATIONS, type Tables } from './schema.ts';
import { storeOver } from './store.ts';

/** How long a write waits for another process's. Milliseconds. */
const BUSY_TIMEOUT = 10_000;

/** A deferred transaction that reads first and then writes fails under a second writer, every time; an immediate one waits. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** On a full disk SQLite has rolled back by itself and refuses to do so again, which must not hide what it said first. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver() {
    return new ImmediateDriver(this.#config);
  }
}

/**
 * The store that a configuration's `sqlite:<path>` names, which belongs to one deployment.
 * @throws {StoreError} as `openSqlite` does, and where the store is another deployment's.
 */
export async function openStore({ store, deployment }: Pick<Config, 'store' | 'deployment'>): Promise<Store> {
  const path = store.replace(/^sqlite:/, '');
  const db = await openSqlite(path);
  await db
    .insertInto('meta')
    .values({ key: 'deployment', value: deployment })
    .onConflict((oc) => oc.column('key').doNothing())
    .execute();
  const owner = await db.selectFrom('meta').select('value').where('key', '=', 'deployment').executeTakeFirstOrThrow();
  if (owner.value !== deployment) {
    await db.destroy();
    throw new StoreError(
      `${path} is the store of the deployment ${owner.value}, not of ${deployment}; name another file`,
      'foreign',
    );
  }
  return storeOver(db, path);
}

export interface OpenOptions {
  /** `off` only where no power cut matters, as in a simulation: a killed process loses nothing either way. */
  synchronous?: 'full' | 'off';
}

/**
 * Opens a SQLite file (or `:memory:`) and brings its schema up to date.
 * @throws {StoreError} where it cannot be opened, is not a database, or was written by a newer version.
 */
export async function openSqlite(path: string, { synchronous = 'full' }: OpenOptions = {}): Promise<Kysely<Tables>> {
  try {
    const database = new Libsql(path, { timeout: BUSY_TIMEOUT });
    for (const pragma of ['journal_mode = wal', `synchronous = ${synchronous}`, `busy_timeout = ${BUSY_TIMEOUT}`])
      database.pragma(pragma);
    const db = new Kysely<Tables>({ dialect: new ImmediateDialect({ database }) });
    await migrate(db, path);
    return db;
  } catch (cause) {
    throw StoreError.from(cause, path);
  }
}

/** Many processes may do this at once: the first takes the write lock, the others find it done. */
async function migrate(db: Kysely<Tables>, path: string): Promise<void> {
  const tables = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(db);
  if (tables.rows.length > 0 && !tables.rows.some(({ name }) => name === 'meta')) {
    throw new StoreError(`${path} is somebody else's database; name another file`, 'not-a-database');
  }
  await db.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('meta').select('value').where('key', '=', 'schema').executeTakeFirst();
    const version = Number(row?.value ?? 0);
    if (version > MIGRATIONS.length) {
      throw new StoreError(
        `${path} has schema ${version}, newer than the ${MIGRATIONS.length} this version knows; run the newer version`,
        'newer',
      );
    }
    if (version === MIGRATIONS.length) return;
    for (const migration of MIGRATIONS.slice(version)) await migration(tx);
    await tx
      .insertInto('meta')
      .values([{ key: 'schema', value: String(MIGRATIONS.length) }, ...(version === 0 ? [{ key: 'revision', value: '0' }] : [])])
      .onConflict((oc) => oc.column('key').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
      .execute();
  });
}
