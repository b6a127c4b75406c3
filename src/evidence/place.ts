import type { Secret } from './secret.ts';

/** Where a store is kept. */
export type StorePlace = SqlitePlace | PostgresPlace;

interface SqlitePlace {
  engine: 'sqlite';
  path: string;
}

export interface PostgresPlace {
  engine: 'postgres';
  /** A name, an address, or the folder of a socket. */
  host: string;
  port: number;
  database: string;
  user: string;
  /** Absent: whatever `PGPASSWORD` or `~/.pgpass` say, or none. */
  password?: Secret;
  /** `require` encrypts and believes whoever answers; `verify-full` wants a certificate of that name. */
  tls: 'disable' | 'require' | 'verify-full';
}

/** For messages: without a password. */
export function placeName(place: StorePlace): string {
  if (place.engine === 'sqlite') return place.path;
  const { host, port, database, user } = place;
  return `postgres://${user}@${host}${port === 5432 ? '' : `:${port}`}/${database}`;
}
