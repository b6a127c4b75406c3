import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import type { PostgresPlace } from '../../src/evidence/place.ts';
import { Secret } from '../../src/evidence/secret.ts';

export async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgres') });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** An empty database of a test file's own, dropped after its last test. Where it is not `durable`, a power cut may cost its last commits. */
export async function emptyDatabase({ durable = false } = {}): Promise<PostgresPlace> {
  const database = `tc_canary_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${database}`);
  if (!durable) await administer(`alter database ${database} set synchronous_commit = off`);
  afterAll(() => administer(`drop database ${database} with (force)`));
  const url = new URL(inject('postgres'));
  const password = new Secret(decodeURIComponent(url.password));
  const place = { host: decodeURIComponent(url.hostname), port: Number(url.port || 5432), user: url.username, password } as const;
  return { engine: 'postgres', ...place, database, tls: 'disable' };
}

/** For a probe file or `TC_CANARY_STORE`. */
export function urlOf({ host, port, user, password, database }: PostgresPlace): string {
  return `postgres://${user}:${encodeURIComponent(password?.reveal() ?? '')}@${encodeURIComponent(host)}:${port}/${database}`;
}
