import {
  CompiledQuery,
  type DatabaseConnection,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely';
import Libsql from 'libsql';

/** How long a write waits for another process's. Milliseconds. */
const BUSY_TIMEOUT = 10_000;

export interface SqliteOptions {
  /** `off` only where no power cut matters, as in a simulation: a killed process loses nothing either way. */
  synchronous?: 'full' | 'off';
}

/** A deferred transaction that reads first and then writes fails under a second writer, every time; an immediate one waits. */
class ImmediateDriver extends SqliteDriver {
  readonly #database: Libsql.Database;

  constructor(database: Libsql.Database) {
    super({ database: preparing(database) });
    this.#database = database;
  }

  override async beginTransaction(connection: DatabaseConnection, { accessMode }: TransactionSettings = {}): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(accessMode === 'read only' ? 'begin' : 'begin immediate'));
  }

  /** On a full disk SQLite has rolled back by itself and refuses to do so again, which must not hide what it said first. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }

  override async destroy(): Promise<void> {
    try {
      this.#database.pragma('wal_checkpoint(truncate)');
    } finally {
      await super.destroy();
    }
  }
}

/** Statements that are kept prepared. There are some sixty, and more only where a list in one is of any length. */
const PREPARED = 200;

/** Preparing takes longer than most statements do, so each is prepared once. */
function preparing(database: Libsql.Database): SqliteDatabase {
  const known = new Map<string, Libsql.Statement>();
  return {
    prepare(sql) {
      const statement = known.get(sql) ?? database.prepare(sql);
      if (known.size < PREPARED) known.set(sql, statement);
      return statement;
    },
    close: () => database.close(),
  };
}

class ImmediateDialect extends SqliteDialect {
  readonly #database: Libsql.Database;

  constructor(database: Libsql.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver() {
    return new ImmediateDriver(this.#database);
  }
}

/** The dialect of a SQLite file (or `:memory:`), which it opens. */
export function sqliteDialect(path: string, { synchronous = 'full' }: SqliteOptions): SqliteDialect {
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT });
  for (const pragma of ['journal_mode = wal', `synchronous = ${synchronous}`, `busy_timeout = ${BUSY_TIMEOUT}`])
    database.pragma(pragma);
  return new ImmediateDialect(database);
}
