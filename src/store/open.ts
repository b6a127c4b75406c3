import { Kysely } from 'kysely';
import { HOUR } from '../evidence/instant.ts';
import { type PostgresPlace, placeName } from '../evidence/place.ts';
import type { Config } from '../evidence/probe.ts';
import type { Store } from '../ports.ts';
import { StoreError } from './error.ts';
import { migrate, type Versions, versions } from './migrate.ts';
import type { PostgresOptions } from './postgres.ts';
import type { Engine, Tables } from './schema.ts';
import type { SqliteOptions } from './sqlite.ts';
import { storeOver } from './store.ts';

/** A database that is a deployment's, its schema up to date. */
export interface Opened {
  db: Kysely<Tables>;
  engine: Engine;
  name: string;
  /** How the schema was found and is now. */
  schema: Versions;
}

/**
 * The store that a configuration names, which belongs to one deployment.
 * @throws {StoreError} as `openDatabase` does
 */
export async function openStore(
  config: Pick<Config, 'store' | 'deployment'> & Partial<Pick<Config, 'incidents'>>,
): Promise<Store> {
  const { db, name } = await openDatabase(config);
  return storeOver(db, name, config.incidents?.groupWait);
}

/**
 * Opens the database that a configuration names and brings its schema up to date.
 * @throws {StoreError} where it cannot be opened, is no store, was written by a newer version, or is another deployment's
 */
export async function openDatabase({ store, deployment }: Pick<Config, 'store' | 'deployment'>): Promise<Opened> {
  const name = placeName(store);
  const opened = store.engine === 'sqlite' ? await sqliteDatabase(store.path) : await postgresDatabase(store);
  try {
    await own(opened.db, name, deployment);
    return opened;
  } catch (cause) {
    await opened.db.destroy();
    throw StoreError.from(cause, name);
  }
}

async function own(db: Kysely<Tables>, name: string, deployment: string): Promise<void> {
  const ownerOf = () => db.selectFrom('meta').select('value').where('key', '=', 'deployment').executeTakeFirst();
  let owner = await ownerOf();
  if (owner === undefined) {
    const claim = db.insertInto('meta').values({ key: 'deployment', value: deployment });
    await claim.onConflict((oc) => oc.column('key').doNothing()).execute();
    owner = await ownerOf();
  }
  if (owner?.value === deployment) return;
  throw new StoreError(
    `${name} is the store of the deployment ${owner?.value}, not of ${deployment}; name another file or database`,
    'foreign',
  );
}

/**
 * Opens a SQLite file (or `:memory:`) and brings its schema up to date.
 * @throws {StoreError} where it cannot be opened, is not a database, or was written by a newer version.
 */
export async function openSqlite(path: string, options?: SqliteOptions): Promise<Kysely<Tables>> {
  return (await sqliteDatabase(path, options)).db;
}

/** The same for a PostgreSQL database. */
export async function openPostgres(place: PostgresPlace, options?: PostgresOptions): Promise<Kysely<Tables>> {
  return (await postgresDatabase(place, options)).db;
}

async function sqliteDatabase(path: string, options: SqliteOptions = {}): Promise<Opened> {
  const { sqliteDialect } = await import('./sqlite.ts');
  const open = () => new Kysely<Tables>({ dialect: sqliteDialect(path, options) });
  return upToDate(open, 'sqlite', path, (db) => migrate(db, 'sqlite', path));
}

/** Filling an index may take longer than the patience there is with a statement, and would fail at every start. */
const MIGRATING = 6 * HOUR;

async function postgresDatabase(place: PostgresPlace, options: PostgresOptions = {}): Promise<Opened> {
  const { postgresDialect } = await import('./postgres.ts');
  const name = placeName(place);
  const open = (patience = options) => new Kysely<Tables>({ dialect: postgresDialect(place, patience) });
  return upToDate(open, 'postgres', name, async () => {
    const patient = open({ patience: MIGRATING });
    try {
      await migrate(patient, 'postgres', name);
    } finally {
      await patient.destroy();
    }
  });
}

async function upToDate(
  open: () => Kysely<Tables>,
  engine: Engine,
  name: string,
  update: (db: Kysely<Tables>) => Promise<void>,
): Promise<Opened> {
  let db: Kysely<Tables> | undefined;
  try {
    db = open();
    const schema = await versions(db, engine, name);
    if (schema.from !== schema.to) await update(db);
    return { db, engine, name, schema };
  } catch (cause) {
    await db?.destroy();
    throw StoreError.from(cause, name);
  }
}
