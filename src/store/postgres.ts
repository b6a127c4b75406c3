import {
  CompiledQuery,
  type DatabaseConnection,
  PostgresDialect,
  PostgresDriver,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
  type TransactionSettings,
} from 'kysely';
import pg from 'pg';
import { SECOND } from '../evidence/instant.ts';
import type { PostgresPlace } from '../evidence/place.ts';

export interface PostgresOptions {
  /** How long a connection may take, and then a statement. Milliseconds. */
  patience?: number;
}

/** Longer than any statement of ours takes: a server that hangs fails a pass, and the next one asks anew. */
const PATIENCE = 10 * SECOND;
/** For the courier, the pass, a page that is looked at, and one to spare. */
const CONNECTIONS = 4;
/** Of all who use the database, only writers of canary stores ask for this lock. */
const LOCK = 7_243_951_026;
const BIGINT: number = pg.types.builtins.INT8;

/**
 * Writers stand in line as they do on SQLite, whose one lock this is; whoever only reads sees one instant of the store and waits for nobody.
 * The limits are set with the transaction, so that they hold behind a pooler of connections too.
 */
class OrderlyDriver extends PostgresDriver {
  readonly #patience: number;

  constructor(pool: PostgresPool, patience: number) {
    super({ pool });
    this.#patience = patience;
  }

  override async beginTransaction(connection: DatabaseConnection, { accessMode }: TransactionSettings): Promise<void> {
    const reads = accessMode === 'read only';
    const statements = [
      `begin isolation level ${reads ? 'repeatable read read only' : 'read committed'}`,
      `set local statement_timeout = ${this.#patience}`,
      `set local idle_in_transaction_session_timeout = ${3 * this.#patience}`,
      ...(reads ? [] : [`select pg_advisory_xact_lock(${LOCK})`]),
    ];
    await connection.executeQuery(CompiledQuery.raw(statements.join('; ')));
  }

  /** A connection that is lost has been rolled back by the server, which must not hide how it was lost. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

class OrderlyDialect extends PostgresDialect {
  readonly #pool: PostgresPool;
  readonly #patience: number;

  constructor(pool: PostgresPool, patience: number) {
    super({ pool });
    this.#pool = pool;
    this.#patience = patience;
  }

  override createDriver() {
    return new OrderlyDriver(this.#pool, this.#patience);
  }
}

/** The dialect of a PostgreSQL database; connects when it is first asked. */
export function postgresDialect(place: PostgresPlace, { patience = PATIENCE }: PostgresOptions): PostgresDialect {
  const { host, port, database, user, password, tls } = place;
  const pool = new pg.Pool({
    host,
    port,
    database,
    user,
    ...(password && { password: () => password.reveal() }),
    ssl: tls !== 'disable' && { rejectUnauthorized: tls === 'verify-full' },
    application_name: 'tc-canary',
    max: CONNECTIONS,
    connectionTimeoutMillis: Math.min(patience, PATIENCE),
    query_timeout: patience,
    keepAlive: true,
    types: { getTypeParser: (oid: number, format) => (oid === BIGINT ? Number : pg.types.getTypeParser(oid, format)) },
  });
  // The pool has already let go of it; whoever asks next gets another connection.
  pool.on('error', () => undefined);
  return new OrderlyDialect({ connect: async () => leased(await pool.connect()), end: () => pool.end() }, patience);
}

/** Columns hold whole numbers, and no text the character 0: SQLite is not as strict. */
function fit(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value);
  return typeof value === 'string' ? value.replaceAll('\0', '') : value;
}

/** A connection on loan: once it has failed in itself it is asked nothing more, and goes not back to the pool but away. */
function leased(client: pg.PoolClient): PostgresPoolClient {
  let lost: Error | undefined;
  const lose = (error: Error) => {
    lost ??= error;
  };
  client.on('error', lose);
  async function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (lost !== undefined) throw lost;
    try {
      // With parameters or without: several statements at once go only without.
      return (await client.query(text, parameters.map(fit))) as unknown as PostgresQueryResult<R>;
    } catch (error) {
      if (error instanceof Error && !(error instanceof pg.DatabaseError)) lose(error);
      throw error;
    }
  }
  return {
    query: query as PostgresPoolClient['query'],
    release() {
      client.removeListener('error', lose);
      client.release(lost);
    },
  };
}
