import { beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../src/evidence/change.ts';
import type { Fact } from '../src/evidence/fact.ts';
import type { Member } from '../src/evidence/incident.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Config } from '../src/evidence/probe.ts';
import type { ProbeReport, Report } from '../src/evidence/report.ts';
import type { Silence } from '../src/evidence/silence.ts';
import { storeOver } from '../src/store/store.ts';
import { report, reportQuery } from '../src/views/report.ts';
import { Bench, configOf, entry } from './support/judging.ts';
import { emptyableStore } from './support/store.ts';
import { DAY_ZERO, incidentChange, poolIncident } from './support/values.ts';

const POOL = 'gecko-3/decision';
const NIGHT = DAY_ZERO + 23 * HOUR + 15 * MINUTE;

const { db, path, empty } = await emptyableStore();
beforeEach(empty);

/** What a reader sees at `now` of everything judged so far, through a store. */
async function seen(bench: Bench, now: number, span = DAY): Promise<Report> {
  const store = storeOver(db, path);
  const { revision } = await store.load();
  await store.commit(revision, bench.changes.splice(0));
  const history = await store.history(reportQuery(bench.config, now - span, now));
  return report(bench.config, await store.load(), history, now - span, now);
}

async function seenOf(bench: Bench, now: number, span = DAY): Promise<ProbeReport> {
  const { probes } = await seen(bench, now, span);
  if (probes[0] === undefined) throw new Error('no probe');
  return probes[0];
}

const oneProbe = (over = {}) => new Bench(configOf([entry(POOL, over)]), NIGHT);

/** A day of claims, one each slot, and the slot after the last one. */
function goodDay(bench: Bench, ms = 20 * SECOND): number {
  let slot = bench.open(POOL).slot;
  for (let i = 0; i < 96; i++) {
    bench.claimed(POOL, ms, slot + ms + 3 * SECOND);
    slot += 15 * MINUTE;
    bench.judge([], slot);
  }
  return slot;
}

const away = (bench: Bench, at: number): Fact[] => [
  { kind: 'failed', ask: 'look', why: 'unreachable', detail: '503', taskId: bench.open(POOL).taskId, at },
];

describe('a probe', () => {
  test('of which nothing was heard yet is unknown, with nothing to show', async () => {
    const bench = oneProbe();
    const probe = await seenOf(bench, NIGHT + SECOND);
    expect(probe).toMatchObject({ name: POOL, verdict: 'unknown', claims: 0, unclaimed: 0, breaches: 0 });
    for (const key of ['lastClaim', 'pending', 'p50', 'p95', 'p99', 'incident']) expect(probe).not.toHaveProperty(key);
    expect(probe.spark).toEqual(Array.from({ length: 24 }, () => undefined));
  });

  test('is healthy after a claim in time, with its percentiles to the bucket', async () => {
    const bench = oneProbe();
    const { slot } = bench.open(POOL);
    bench.claimed(POOL, 20 * SECOND, slot + 25 * SECOND);
    const probe = await seenOf(bench, slot + MINUTE);
    expect(probe).toMatchObject({ verdict: 'healthy', claims: 1, unclaimed: 0, lastClaim: { ms: 20 * SECOND, start: 'warm' } });
    expect(probe.p95?.atLeast).toBe(false);
    expect(Math.abs((probe.p95?.ms ?? 0) / (20 * SECOND) - 1)).toBeLessThanOrEqual(0.01);
    expect(probe.warm.claims).toBe(1);
    expect(probe.cold).toEqual({ claims: 0 });
  });

  test('is slow after a claim past warnAfter, and counts the breach', async () => {
    const bench = oneProbe();
    const { slot } = bench.open(POOL);
    bench.claimed(POOL, 6 * MINUTE, slot + 6 * MINUTE + 5 * SECOND);
    expect(await seenOf(bench, slot + 7 * MINUTE)).toMatchObject({ verdict: 'slow', breaches: 1, incident: { level: 'warn' } });
  });

  test('is slow and then stuck while its canary pends past the thresholds', async () => {
    const bench = oneProbe();
    const { slot } = bench.open(POOL);
    bench.pending(POOL, slot + 6 * MINUTE);
    expect(await seenOf(bench, slot + 6 * MINUTE)).toMatchObject({ verdict: 'slow', pending: { ms: 6 * MINUTE - 2 * SECOND } });
    bench.pending(POOL, slot + 16 * MINUTE);
    expect(await seenOf(bench, slot + 16 * MINUTE)).toMatchObject({ verdict: 'stuck', incident: { level: 'page' } });
  });

  test('that only observes never has a verdict of its thresholds', async () => {
    const bench = oneProbe({ mode: 'observe' });
    const { slot } = bench.open(POOL);
    bench.claimed(POOL, HOUR, slot + HOUR + 5 * SECOND);
    const probe = await seenOf(bench, slot + HOUR + MINUTE);
    expect(probe).toMatchObject({ verdict: 'healthy', breaches: 0 });
    expect(probe).not.toHaveProperty('thresholds');
  });
});

describe('a pool that died', () => {
  test("never shows yesterday's good numbers: each slot that passes unclaimed counts against it", async () => {
    const bench = oneProbe();
    const died = goodDay(bench);
    const good = await seenOf(bench, died + SECOND);
    expect(good).toMatchObject({ verdict: 'healthy', claims: 96, p99: { atLeast: false } });

    bench.pending(POOL, died + HOUR);
    const hour = await seenOf(bench, died + HOUR);
    expect(hour).toMatchObject({ verdict: 'stuck', unclaimed: 5, p50: { atLeast: false }, p99: { atLeast: true } });
    expect(hour.p99?.ms).toBeGreaterThan(30 * MINUTE);

    bench.pending(POOL, died + 23 * HOUR);
    const day = await seenOf(bench, died + 23 * HOUR);
    expect(day.p50).toMatchObject({ atLeast: true });
    expect(day.p50?.ms).toBeGreaterThan(10 * HOUR);
    expect(day.pending?.ms).toBe(23 * HOUR - 2 * SECOND);
  });

  test('in a span that begins after its death has bounds alone', async () => {
    const bench = oneProbe();
    const died = goodDay(bench);
    bench.pending(POOL, died + 3 * HOUR);
    const probe = await seenOf(bench, died + 3 * HOUR, HOUR);
    expect(probe.claims).toBe(0);
    expect([probe.p50?.atLeast, probe.p95?.atLeast, probe.p99?.atLeast]).toEqual([true, true, true]);
  });

  test('keeps the age of its outage when its canary is replaced near the deadline', async () => {
    const bench = oneProbe();
    const { slot, taskId } = bench.open(POOL);
    bench.pending(POOL, slot + 16 * MINUTE);
    const near = bench.open(POOL).deadline - 5 * MINUTE;
    const status = bench.status(POOL, { state: 'exception', reasonResolved: 'canceled', resolved: near + 500 });
    bench.judge([{ kind: 'cancelled', taskId, status, at: near + SECOND }], near + SECOND);
    bench.pending(POOL, near + MINUTE);
    const { pending, verdict } = await seenOf(bench, near + MINUTE);
    expect(verdict).toBe('stuck');
    expect(pending).toMatchObject({ since: slot + 2 * SECOND, ms: near + MINUTE - slot - 2 * SECOND });
    expect(pending?.taskId).not.toBe(taskId);
  });

  test('has its unclaimed hours in the sparkline, marked as such, beside the claimed ones', async () => {
    const bench = oneProbe();
    const died = goodDay(bench);
    bench.pending(POOL, died + 3 * HOUR);
    const { spark } = await seenOf(bench, died + 3 * HOUR);
    expect(spark.slice(0, 20).map((point) => point?.censored)).toEqual(Array.from({ length: 20 }, () => false));
    expect(spark.slice(21).map((point) => point?.censored)).toEqual([true, true, true]);
    expect(spark.at(-3)?.ms).toBeGreaterThan(spark.at(-1)?.ms ?? Number.POSITIVE_INFINITY);
  });
});

describe('who hears of it', () => {
  const other = 'gecko-t/linux';
  const silence = (over = {}): Silence => ({
    id: 'a1b2c3',
    match: 'gecko-3/*',
    from: NIGHT - HOUR,
    until: NIGHT + 3 * HOUR,
    reason: 'new images',
    by: 'jane',
    ...over,
  });
  const silenced = async (config: Partial<Config>, ...silences: Silence[]) => {
    const bench = new Bench(configOf([entry(POOL), entry(other)], config), NIGHT);
    bench.changes.push(...silences.map((one): Change => ({ kind: 'silence', silence: one })));
    return seen(bench, NIGHT + MINUTE);
  };

  test('is told by what is silenced now, on each probe it covers and by itself', async () => {
    const made = await silenced({}, silence());
    const hush = { by: 'silence a1b2c3 of jane', until: NIGHT + 3 * HOUR, reason: 'new images' };
    expect(made.silences).toEqual([{ ...hush, match: 'gecko-3/*', probes: [POOL] }]);
    expect(made.probes.map((probe) => probe.silenced)).toEqual([hush, undefined]);
  });

  test('is silenced by the probe file too, and longest by what ends last', async () => {
    const window = { days: [5], from: 22 * HOUR, to: 2 * HOUR, timezone: 'Etc/UTC' };
    const made = await silenced(
      {
        silences: [{ match: POOL, until: NIGHT + DAY, reason: 'moved', line: 42 }],
        maintenance: [{ ...window, match: other, reason: 'images', line: 50 }],
      },
      silence(),
    );
    expect(made.probes.map((probe) => [probe.name, probe.silenced?.by])).toEqual([
      [POOL, 'probes/test.yml:42'],
      [other, 'probes/test.yml:50'],
    ]);
    expect(made.silences.map(({ by }) => by)).toEqual(['probes/test.yml:42', 'silence a1b2c3 of jane', 'probes/test.yml:50']);
  });

  test('is everybody where a silence is over, ended or yet to begin', async () => {
    const over = silence({ id: 'over', until: NIGHT });
    const made = await silenced({}, over, silence({ id: 'ended', ended: NIGHT }), silence({ id: 'later', from: NIGHT + HOUR }));
    expect([made.silences, made.probes[0]?.silenced]).toEqual([[], undefined]);
  });

  test('is measured: how long from when it was due until the channel had it, by level', async () => {
    const bench = oneProbe();
    const { slot } = bench.open(POOL);
    const late = slot + 16 * MINUTE;
    bench.pending(POOL, late);
    const store = storeOver(db, path);
    await store.commit((await store.load()).revision, bench.changes.splice(0));
    const hold = late + 30 * SECOND;
    for (const after of [SECOND, 3 * SECOND]) {
      const delivery = await store.claimDelivery(hold + after, new Set());
      if (delivery) await store.settleDelivery(delivery, { as: 'accepted', ref: 'r', more: false }, hold + after);
    }
    const { dwell } = await seen(bench, hold + MINUTE);
    expect(dwell).toEqual({ page: { count: 2, p50: SECOND, p99: 3 * SECOND } });
    expect((await seen(bench, hold + DAY, HOUR)).dwell).toEqual({});
  });

  test("is owed since an instant of the queue's clock, as all else", async () => {
    const bench = oneProbe();
    const { slot } = bench.open(POOL);
    bench.pending(POOL, slot + 16 * MINUTE);
    const { watch } = bench.state;
    bench.changes.push({ kind: 'watch', watch: { ...watch, offset: 7 * SECOND } });
    const store = storeOver(db, path);
    await store.commit((await store.load()).revision, bench.changes.splice(0));
    const now = slot + 16 * MINUTE + 30 * SECOND;
    const delivery = await store.claimDelivery(now, new Set());
    if (delivery) await store.settleDelivery(delivery, { as: 'refused', why: 'no' }, now);
    const [undelivered] = (await seen(bench, now)).undelivered;
    const [owed] = await store.undelivered(now, HOUR);
    expect((undelivered?.since ?? 0) - (owed?.since ?? 0)).toBe(7 * SECOND);
  });
});

describe('an objective', () => {
  const objective = { target: 0.95, under: 20 * MINUTE, over: 14 * DAY };

  test('is held by the days that are kept, whatever time the report covers', async () => {
    const bench = oneProbe({ objective });
    const last = goodDay(bench);
    const { objective: held, claims } = await seenOf(bench, last + SECOND, HOUR);
    expect(claims).toBeLessThan(10);
    expect(held).toMatchObject({ ...objective, kept: 96, missed: 0, compliance: 1, budgetLeft: 1, fast: { burning: false } });
  });

  test('is missed by a canary in flight and the slots that are skipped for it, and burns', async () => {
    const bench = oneProbe({ objective });
    const died = goodDay(bench);
    bench.pending(POOL, died + 2 * HOUR);
    const { objective: missed } = await seenOf(bench, died + 2 * HOUR);
    expect(missed).toMatchObject({ kept: 96, missed: 7, fast: { burning: true } });
  });

  test('that a probe does not have is not made up', async () => {
    expect(await seenOf(oneProbe(), NIGHT + SECOND)).not.toHaveProperty('objective');
  });
});

describe('pools that are bad together', () => {
  test('all point to the one incident, and a probe that has left it does not', async () => {
    const bench = new Bench(configOf([entry(POOL), entry('a/b'), entry('c/d')]), NIGHT);
    const member = (pool: string): Member => ({
      probe: pool,
      pool,
      level: 'page',
      taskId: 'A'.repeat(22),
      since: NIGHT,
      age: HOUR,
      claimed: false,
    });
    const members = [member('a/b'), member('c/d')];
    const evidence = { kind: 'fleet' as const, since: NIGHT, members, recovered: 1, witnesses: 3, common: [] };
    const incident = poolIncident({ anchor: `probe:${POOL}`, evidence });
    bench.changes.push(incidentChange(incident, []));
    const { probes } = await seen(bench, NIGHT + HOUR);
    expect(probes.map((probe) => probe.incident?.id)).toEqual([undefined, incident.id, incident.id]);
  });
});

test('what is told of a pool by itself stands on its probes, whose canaries are told of there', async () => {
  const bench = new Bench(configOf([entry(POOL), entry(POOL, { name: 'second' }), entry('a/b')]), NIGHT);
  const figures = { at: NIGHT, claims: 'stand' as const };
  const diagnosis = { cause: 'over-provisioned' as const, confidence: 'sure' as const, figures };
  const evidence = { kind: 'capacity' as const, pool: POOL, since: NIGHT, diagnosis };
  const incident = poolIncident({ anchor: `pool:${POOL}`, cause: 'over-provisioned', evidence });
  bench.changes.push(incidentChange(incident, []));
  const { probes } = await seen(bench, NIGHT + HOUR);
  expect(probes.map((probe) => probe.incident?.id)).toEqual([incident.id, incident.id, undefined]);
});

describe('what is not known', () => {
  test('is no verdict: while the queue is out of reach every probe is unknown, stuck or not', async () => {
    const bench = oneProbe();
    const { slot } = bench.open(POOL);
    bench.pending(POOL, slot + 16 * MINUTE);
    bench.judge(away(bench, slot + 17 * MINUTE), slot + 17 * MINUTE);
    expect((await seenOf(bench, slot + 18 * MINUTE)).verdict).toBe('unknown');
    bench.pending(POOL, slot + 19 * MINUTE);
    expect((await seenOf(bench, slot + 19 * MINUTE)).verdict).toBe('stuck');
  });

  test('is not made up: a canary nobody looked at since is only as old as it was then', async () => {
    const bench = oneProbe();
    const { slot } = bench.open(POOL);
    bench.pending(POOL, slot + 2 * MINUTE);
    const probe = await seenOf(bench, slot + 40 * MINUTE);
    expect(probe).toMatchObject({ verdict: 'unknown', unclaimed: 1, pending: { ms: 2 * MINUTE - 2 * SECOND } });
  });

  test('is said of a probe that was healthy when the prober stopped', async () => {
    const bench = oneProbe();
    const last = goodDay(bench) - 15 * MINUTE;
    expect((await seenOf(bench, last + 40 * MINUTE)).verdict).toBe('healthy');
    expect((await seenOf(bench, last + 50 * MINUTE)).verdict).toBe('unknown');
  });
});

describe('the report', () => {
  test('has open incidents first, then those that ended in its span', async () => {
    const other = 'gecko-1/decision';
    const bench = new Bench(configOf([entry(POOL), entry(other)]), NIGHT);
    const { slot } = bench.open(POOL);
    bench.claimed(POOL, 6 * MINUTE, slot + 6 * MINUTE + 5 * SECOND);
    for (let i = 1; i <= 2; i++) {
      const at = slot + (6 + i) * MINUTE;
      bench.judge([], at);
      bench.claimed(POOL, 5 * SECOND, at + 10 * SECOND);
    }
    bench.pending(other, slot + 40 * MINUTE);
    const { incidents } = await seen(bench, slot + 41 * MINUTE);
    expect(incidents.map(({ anchor, ended }) => [anchor, ended !== undefined])).toEqual([
      [`probe:${other}`, false],
      [`probe:${POOL}`, true],
    ]);
  });

  test('of an empty store has every probe and no pass', async () => {
    const store = storeOver(db, path);
    const config = configOf([entry(POOL), entry('a/b', { name: 'second' })]);
    const made = report(config, await store.load(), await store.history({ since: 0, until: NIGHT }), 0, NIGHT);
    expect(made.probes.map(({ name, verdict }) => [name, verdict])).toEqual([
      [POOL, 'unknown'],
      ['second', 'unknown'],
    ]);
    expect(made).not.toHaveProperty('passAt');
    expect(made.incidents).toEqual([]);
  });
});
