import type { Kysely, Transaction } from 'kysely';
import type { Canary } from '../evidence/canary.ts';
import type { Change } from '../evidence/change.ts';
import type { Sketch } from '../evidence/history.ts';
import { DAY, HOUR } from '../evidence/instant.ts';
import { emptySketch, merge, observe } from '../stats/sketch.ts';
import { writeIncidents } from './incidents.ts';
import { pack, unpack } from './packing.ts';
import type { Tables } from './schema.ts';

type Observation = Extract<Change, { kind: 'observation' }>;

/** Rows written at once. */
const PIECE = 500;

/** Writes one judgement's changes; the caller's transaction has already advanced the revision. */
export async function write(tx: Transaction<Tables>, revision: number, changes: readonly Change[]): Promise<void> {
  const observations: Observation[] = [];
  const canaries = new Map<string, Canary>();
  const incidents: Extract<Change, { kind: 'incident' | 'closed' }>[] = [];
  for (const change of changes) {
    if (change.kind === 'observation') observations.push(change);
    else if (change.kind === 'probe') await writeProbe(tx, revision, change);
    else if (change.kind === 'pool') await writePool(tx, revision, change);
    else if (change.kind === 'watch') await writeMeta(tx, 'watch', JSON.stringify(change.watch));
    else if (change.kind === 'canary') canaries.set(change.canary.taskId, change.canary);
    else if (change.kind === 'silence') await writeSilence(tx, revision, change);
    else incidents.push(change);
  }
  await writeIncidents(tx, incidents);
  await writeCanaries(tx, [...canaries.values()]);
  await writeCounts(tx, observations);
}

async function writeMeta(tx: Kysely<Tables>, key: string, value: string): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value }))
    .execute();
}

async function writeProbe(
  tx: Transaction<Tables>,
  revision: number,
  { state }: Extract<Change, { kind: 'probe' }>,
): Promise<void> {
  const doc = JSON.stringify(state);
  const row = { name: state.name, revision, doc };
  await tx
    .insertInto('probes')
    .values(row)
    .onConflict((oc) => oc.column('name').doUpdateSet({ revision, doc }))
    .execute();
}

async function writePool(
  tx: Transaction<Tables>,
  revision: number,
  { record }: Extract<Change, { kind: 'pool' }>,
): Promise<void> {
  const doc = JSON.stringify(record);
  const row = { pool: record.pool, revision, doc };
  await tx
    .insertInto('pools')
    .values(row)
    .onConflict((oc) => oc.column('pool').doUpdateSet({ revision, doc }))
    .execute();
}

/** What may become known of a canary after it was first written. */
const LEARNED = ['stage', 'scheduled', 'started', 'ended', 'start', 'worker', 'reason'] as const;

/** Many at once: a store that was lost is rebuilt from thousands, and a server is a round trip away. */
async function writeCanaries(tx: Transaction<Tables>, canaries: readonly Canary[]): Promise<void> {
  for (let i = 0; i < canaries.length; i += PIECE) {
    const rows = canaries.slice(i, i + PIECE).map((canary) => ({
      task_id: canary.taskId,
      probe: canary.probe,
      pool: canary.pool,
      slot: canary.slot,
      stage: canary.stage,
      scheduled: canary.scheduled ?? null,
      started: canary.started ?? null,
      ended: canary.ended ?? null,
      start: canary.start ?? null,
      worker: canary.worker ?? null,
      reason: canary.reason ?? null,
    }));
    await tx
      .insertInto('canaries')
      .values(rows)
      .onConflict((oc) =>
        oc
          .column('task_id')
          .doUpdateSet((eb) => Object.fromEntries(LEARNED.map((column) => [column, eb.ref(`excluded.${column}`)]))),
      )
      .execute();
  }
}

async function writeSilence(
  tx: Transaction<Tables>,
  revision: number,
  { silence }: Extract<Change, { kind: 'silence' }>,
): Promise<void> {
  const doc = JSON.stringify(silence);
  await tx
    .insertInto('silences')
    .values({ id: silence.id, revision, doc })
    .onConflict((oc) => oc.column('id').doUpdateSet({ revision, doc }))
    .execute();
}

/** One read and one write for each hour and day touched, however many observations fell into it. */
async function writeCounts(tx: Transaction<Tables>, observations: readonly Observation[]): Promise<void> {
  const groups = new Map<
    string,
    { probe: string; span: 'hour' | 'day'; at: number; start: string; sketch: Sketch; breaches: number }
  >();
  for (const { probe, at, start, ms, censored, breach } of observations) {
    for (const [span, length] of [
      ['hour', HOUR],
      ['day', DAY],
    ] as const) {
      const from = Math.floor(at / length) * length;
      const key = JSON.stringify([probe, span, from, start]);
      const group = groups.get(key) ?? { probe, span, at: from, start, sketch: emptySketch(), breaches: 0 };
      observe(group.sketch, ms, censored);
      group.breaches += breach ? 1 : 0;
      groups.set(key, group);
    }
  }
  for (const { probe, span, at, start, sketch, breaches } of groups.values()) {
    const key = { probe, span, at, start };
    const old = await tx
      .selectFrom('counts')
      .select(['claimed', 'unclaimed', 'breaches'])
      .where((eb) => eb.and(key))
      .executeTakeFirst();
    if (old) merge(sketch, { claimed: unpack(old.claimed), unclaimed: unpack(old.unclaimed) });
    const sum = { claimed: pack(sketch.claimed), unclaimed: pack(sketch.unclaimed), breaches: breaches + (old?.breaches ?? 0) };
    await tx
      .insertInto('counts')
      .values({ ...key, ...sum })
      .onConflict((oc) => oc.columns(['span', 'at', 'probe', 'start']).doUpdateSet(sum))
      .execute();
  }
}
