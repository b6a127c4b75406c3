import type { InsertResult, Transaction } from 'kysely';
import type { Canary } from '../evidence/canary.ts';
import type { Change } from '../evidence/change.ts';
import type { Sketch } from '../evidence/history.ts';
import { DAY, HOUR } from '../evidence/instant.ts';
import { emptySketch, merge, observe } from '../stats/sketch.ts';
import { writeIncidents } from './incidents.ts';
import { pack, unpack } from './packing.ts';
import { overRows, prepared } from './prepared.ts';
import type { Tables } from './schema.ts';

type Observation = Extract<Change, { kind: 'observation' }>;

/** Writes one judgement's changes; the caller's transaction has already advanced the revision. */
export async function write(tx: Transaction<Tables>, revision: number, changes: readonly Change[]): Promise<void> {
  const of = <K extends Change['kind']>(kind: K) =>
    changes.filter((change): change is Extract<Change, { kind: K }> => change.kind === kind);
  await writeProbes(
    tx,
    of('probe').map(({ state }) => ({ name: state.name, revision, doc: JSON.stringify(state) })),
  );
  await writePools(
    tx,
    of('pool').map(({ record }) => ({ pool: record.pool, revision, doc: JSON.stringify(record) })),
  );
  for (const { watch } of of('watch')) await writeMeta(tx, { key: 'watch', value: JSON.stringify(watch) });
  const canaries = new Map(of('canary').map(({ canary }) => [canary.taskId, canary]));
  await writeCanaries(tx, [...canaries.values()].map(rowOf));
  for (const change of of('silence')) await writeSilence(tx, revision, change);
  await writeCreated(
    tx,
    of('created').map(({ pool, at, count }) => ({ pool, at, count })),
  );
  const incidents = changes.filter((change) => change.kind === 'incident' || change.kind === 'closed');
  await writeIncidents(tx, incidents);
  await writeCounts(tx, of('observation'));
}

const writeMeta = prepared<Tables['meta'], InsertResult>((db, value) =>
  db
    .insertInto('meta')
    .values({ key: value(({ key }) => key), value: value((row) => row.value) })
    .onConflict((oc) => oc.column('key').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') }))),
);

const writeProbes = overRows<Tables['probes']>(['name', 'revision', 'doc'], (db, rows) =>
  db
    .insertInto('probes')
    .values(rows)
    .onConflict((oc) =>
      oc.column('name').doUpdateSet((eb) => ({ revision: eb.ref('excluded.revision'), doc: eb.ref('excluded.doc') })),
    ),
);

const writePools = overRows<Tables['pools']>(['pool', 'revision', 'doc'], (db, rows) =>
  db
    .insertInto('pools')
    .values(rows)
    .onConflict((oc) =>
      oc.column('pool').doUpdateSet((eb) => ({ revision: eb.ref('excluded.revision'), doc: eb.ref('excluded.doc') })),
    ),
);

const writeCreated = overRows<Tables['created']>(['pool', 'at', 'count'], (db, rows) =>
  db
    .insertInto('created')
    .values(rows)
    .onConflict((oc) => oc.columns(['at', 'pool']).doUpdateSet((eb) => ({ count: eb.ref('excluded.count') }))),
);

/** What may become known of a canary after it was first written. */
const LEARNED = ['stage', 'scheduled', 'started', 'ended', 'start', 'worker', 'reason'] as const;

const writeCanaries = overRows<Tables['canaries']>(['task_id', 'probe', 'pool', 'slot', ...LEARNED], (db, rows) =>
  db
    .insertInto('canaries')
    .values(rows)
    .onConflict((oc) =>
      oc
        .column('task_id')
        .doUpdateSet((eb) => Object.fromEntries(LEARNED.map((column) => [column, eb.ref(`excluded.${column}`)]))),
    ),
);

function rowOf(canary: Canary): Tables['canaries'] {
  return {
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
  };
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

interface Count {
  probe: string;
  span: 'hour' | 'day';
  at: number;
  start: string;
  sketch: Sketch;
  breaches: number;
}

type CountKey = Pick<Tables['counts'], 'probe' | 'span' | 'at' | 'start'>;

function countKey({ probe, span, at, start }: CountKey): string {
  return JSON.stringify([probe, span, at, start]);
}

/** What each hour and day touched has gained, however many observations fell into it. */
function countsOf(observations: readonly Observation[]): Count[] {
  const counts = new Map<string, Count>();
  for (const { probe, at, start, ms, censored, breach } of observations) {
    for (const [span, length] of [
      ['hour', HOUR],
      ['day', DAY],
    ] as const) {
      const from = Math.floor(at / length) * length;
      const key = countKey({ probe, span, at: from, start });
      const count = counts.get(key) ?? { probe, span, at: from, start, sketch: emptySketch(), breaches: 0 };
      observe(count.sketch, ms, censored);
      count.breaches += breach ? 1 : 0;
      counts.set(key, count);
    }
  }
  return [...counts.values()];
}

const writeSums = overRows<Tables['counts']>(['probe', 'span', 'at', 'start', 'claimed', 'unclaimed', 'breaches'], (db, rows) =>
  db
    .insertInto('counts')
    .values(rows)
    .onConflict((oc) =>
      oc.columns(['span', 'at', 'probe', 'start']).doUpdateSet((eb) => ({
        claimed: eb.ref('excluded.claimed'),
        unclaimed: eb.ref('excluded.unclaimed'),
        breaches: eb.ref('excluded.breaches'),
      })),
    ),
);

const readSums = overRows<CountKey, Tables['counts']>(['span', 'at', 'probe', 'start'], (db, keys) =>
  db
    .selectFrom('counts')
    .selectAll()
    .where((eb) => eb.or(keys.map((key) => eb.and({ ...key })))),
);

async function writeCounts(tx: Transaction<Tables>, observations: readonly Observation[]): Promise<void> {
  const counts = countsOf(observations);
  const known = new Map((await readSums(tx, counts)).map((row) => [countKey(row), row]));
  const sums = counts.map(({ sketch, breaches, ...key }) => {
    const old = known.get(countKey(key));
    if (old) merge(sketch, { claimed: unpack(old.claimed), unclaimed: unpack(old.unclaimed) });
    const sum = { claimed: pack(sketch.claimed), unclaimed: pack(sketch.unclaimed), breaches: breaches + (old?.breaches ?? 0) };
    return { ...key, ...sum };
  });
  await writeSums(tx, sums);
}
