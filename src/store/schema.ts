import type { Generated, Kysely } from 'kysely';
import { sql } from 'kysely';
import { fifth } from './fifth.ts';
import { fourth } from './fourth.ts';
import { second } from './second.ts';
import { third } from './third.ts';

/** Instants are epoch milliseconds in bigint columns, documents are JSON text, truth is 0 or 1: the same on every engine. */
export interface Tables {
  meta: { key: string; value: string };
  probes: { name: string; revision: number; doc: string };
  pools: { pool: string; revision: number; doc: string };
  canaries: {
    task_id: string;
    probe: string;
    pool: string;
    slot: number;
    stage: string;
    scheduled: number | null;
    started: number | null;
    ended: number | null;
    start: string | null;
    worker: string | null;
    reason: string | null;
  };
  counts: {
    probe: string;
    span: 'hour' | 'day';
    at: number;
    start: string;
    claimed: Buffer;
    unclaimed: Buffer;
    breaches: number;
  };
  incidents: {
    id: string;
    anchor: string;
    opened: number;
    ended: number | null;
    doc: string;
    /** 1 while the judge may still change it: it is open, or may be reopened. */
    live: Generated<number>;
    /** What was told under the same id before it began anew: the last revision and the story. */
    earlier: string | null;
  };
  deliveries: {
    incident: string;
    route: string;
    wanted: number;
    told: number;
    ref: string | null;
    doubt: number;
    attempts: number;
    due: number;
    /** When the last try failed, by the clock that `due` goes by. */
    tried_at: Generated<number>;
    /** When it is due by a clock that was behind that one. */
    due_anew: number | null;
    urgency: number;
    claim: string | null;
    claimed_until: number;
    refused: string | null;
    /** Since when it is owed, while `wanted` is above `told`. */
    wanted_at: Generated<number>;
    /** Before this instant nobody was to be told, so the wait for it is none of ours. */
    ready: Generated<number>;
  };
  routes: {
    route: string;
    held_until: number;
    /** When that began, by the clock that `held_until` goes by. */
    held_at: Generated<number>;
    /** Until when it is held by a clock that was behind that one. */
    held_anew: number | null;
  };
  silences: { id: string; revision: number; doc: string };
  dwells: { incident: string; route: string; level: string; crossed: number; due: number; told: number };
  /** At least so many workers of a pool were created in the hour that begins at `at`. */
  created: { at: number; pool: string; count: number };
  leases: { name: string; holder: string; until: number };
}

export type Engine = 'sqlite' | 'postgres';

type Migration = (db: Kysely<Tables>, engine: Engine) => Promise<void>;

const BYTES = { sqlite: sql`blob`, postgres: sql`bytea` };

/** In order, never edited once released; their number is the schema's version. */
export const MIGRATIONS: readonly Migration[] = [
  async (db, engine) => {
    const { schema } = db;
    await schema
      .createTable('probes')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addColumn('doc', 'text', (c) => c.notNull())
      .execute();
    await schema
      .createTable('pools')
      .addColumn('pool', 'text', (c) => c.primaryKey())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addColumn('doc', 'text', (c) => c.notNull())
      .execute();
    await schema
      .createTable('canaries')
      .addColumn('task_id', 'text', (c) => c.primaryKey())
      .addColumn('probe', 'text', (c) => c.notNull())
      .addColumn('pool', 'text', (c) => c.notNull())
      .addColumn('slot', 'bigint', (c) => c.notNull())
      .addColumn('stage', 'text', (c) => c.notNull())
      .addColumn('scheduled', 'bigint')
      .addColumn('started', 'bigint')
      .addColumn('ended', 'bigint')
      .addColumn('start', 'text')
      .addColumn('worker', 'text')
      .addColumn('reason', 'text')
      .execute();
    await schema.createIndex('canaries_by_slot').on('canaries').columns(['probe', 'slot']).execute();
    await schema
      .createTable('counts')
      .addColumn('span', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('probe', 'text', (c) => c.notNull())
      .addColumn('start', 'text', (c) => c.notNull())
      .addColumn('claimed', BYTES[engine], (c) => c.notNull())
      .addColumn('unclaimed', BYTES[engine], (c) => c.notNull())
      .addColumn('breaches', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('counts_key', ['span', 'at', 'probe', 'start'])
      .execute();
    await schema
      .createTable('incidents')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('anchor', 'text', (c) => c.notNull())
      .addColumn('opened', 'bigint', (c) => c.notNull())
      .addColumn('ended', 'bigint')
      .addColumn('doc', 'text', (c) => c.notNull())
      .execute();
    await schema.createIndex('incidents_by_end').on('incidents').columns(['ended']).execute();
    await schema
      .createTable('deliveries')
      .addColumn('incident', 'text', (c) => c.notNull())
      .addColumn('route', 'text', (c) => c.notNull())
      .addColumn('wanted', 'integer', (c) => c.notNull())
      .addColumn('told', 'integer', (c) => c.notNull())
      .addColumn('ref', 'text')
      .addColumn('doubt', 'integer', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('due', 'bigint', (c) => c.notNull())
      .addColumn('urgency', 'integer', (c) => c.notNull())
      .addColumn('claim', 'text')
      .addColumn('claimed_until', 'bigint', (c) => c.notNull())
      .addColumn('refused', 'text')
      .addPrimaryKeyConstraint('deliveries_key', ['incident', 'route'])
      .execute();
    await schema
      .createTable('routes')
      .addColumn('route', 'text', (c) => c.primaryKey())
      .addColumn('held_until', 'bigint', (c) => c.notNull())
      .execute();
  },
  second,
  third,
  fourth,
  fifth,
];
