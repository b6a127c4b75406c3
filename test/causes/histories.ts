import fc from 'fast-check';
import type { Fact } from '../../src/evidence/fact.ts';
import type { PlannedRead, Reading } from '../../src/evidence/reading.ts';
import { infoOf, MINUTE, NOW, SECOND, sampled, workforceOf } from './makers.ts';
import { probe, Watched } from './watch.ts';

export const POOLS = ['a/a', 'a/b', 'a/c', 'b/d', 'b/e'];

/** What happens before the next judgement: how long it takes, which pools' canaries are claimed, and what is read. */
export interface Step {
  wait: number;
  alive: boolean[];
  look: 'look' | 'nothing' | 'unreachable';
  readings: Seen[];
}

interface Seen {
  pool: string;
  what: PlannedRead['what'] | 'examined' | 'refused' | 'unanswered';
  /** Two numbers that mean whatever the reading needs. */
  few: number;
  many: number;
}

const small = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(10, 60, 2000) },
);

const seen: fc.Arbitrary<Seen> = fc.record({
  pool: fc.constantFrom(...POOLS),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('counts', 'workers', 'fleet', 'examined') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('claimed', 'crew', 'errors', 'error-list', 'fleet-errors', 'oldest', 'refused', 'unanswered'),
    },
    { weight: 1, arbitrary: fc.constantFrom('pool', 'pools') },
  ),
  few: small,
  many: small,
});

/** All that the watch over new workers needs, read of every pool: tasks wait, and the newest worker came so many seconds ago. */
function everywhere(ago: number, running: number): Seen[] {
  return [
    { pool: 'a/a', what: 'fleet', few: 0, many: running },
    ...POOLS.flatMap((pool): Seen[] => [
      { pool, what: 'counts', few: 3, many: 0 },
      { pool, what: 'workers', few: 1, many: ago },
    ]),
  ];
}

export const histories: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    wait: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(2, 30, 60) },
      { weight: 1, arbitrary: fc.constantFrom(600, 7200, 260_000) },
    ),
    alive: fc.oneof(
      fc.constant(POOLS.map(() => true)),
      fc.constant(POOLS.map(() => false)),
      fc.array(fc.boolean(), { minLength: POOLS.length, maxLength: POOLS.length }),
    ),
    look: fc.oneof(
      { weight: 12, arbitrary: fc.constant('look' as const) },
      { weight: 1, arbitrary: fc.constantFrom('nothing', 'unreachable') },
    ),
    readings: fc.oneof(
      fc.array(seen, { maxLength: 6 }),
      fc.constant(everywhere(2000, 0)),
      fc.constant(everywhere(2000, 0)),
      fc.constant(everywhere(1, 60)),
    ),
  }),
  { minLength: 8, maxLength: 60, size: 'max' },
);

export function historyBench(): Watched {
  const watched = new Watched(
    POOLS.map((pool) => probe(pool)),
    {},
    { provisioning: { mode: 'alert', silence: 5 * MINUTE, pools: [] } },
  );
  watched.judge([read({ what: 'pools' }, { what: 'pools', infos: POOLS.map(infoFor) }, NOW)]);
  return watched;
}

function infoFor(pool: string) {
  return infoOf(pool, { provider: pool.startsWith('a') ? 'gcp' : 'azure', maxCapacity: 10 });
}

function read(request: PlannedRead, reading: Reading, at: number): Fact {
  return { kind: 'read', request, reading, at };
}

export function factsOf(bench: Watched, { alive, look, readings }: Step, now: number): Fact[] {
  const told = readings.map((one) => factOf(one, now));
  if (look === 'unreachable') return [...told, { kind: 'failed', ask: 'look', why: 'unreachable', detail: '503', at: now }];
  if (look === 'nothing') return told;
  bench.claiming.clear();
  for (const [i, pool] of POOLS.entries()) if (alive[i]) bench.claiming.add(pool);
  return [...told, ...bench.canaries(now), { kind: 'looked', at: now }];
}

function factOf({ pool, what, few, many }: Seen, at: number): Fact {
  if (what === 'examined') return { kind: 'examined', pools: [pool], at };
  if (what === 'refused')
    return { kind: 'failed', ask: 'read', why: 'refused', detail: 'no scope', request: { what: 'claimed', pool }, at };
  if (what === 'unanswered')
    return { kind: 'failed', ask: 'read', why: 'unreachable', detail: '503', request: { what: 'fleet' }, at };
  const stats = {
    hourly: [
      { at: at - 3600 * SECOND, count: few },
      { at, count: many },
    ],
    byPool: { [pool]: few + many },
  };
  const ids = Array.from({ length: Math.min(20, many) }, (_, i) => `${few}-${i}`.padEnd(22, 'A'));
  switch (what) {
    case 'counts':
      return read({ what, pool }, { what, pending: few, ...(many < 60 && { claimed: many }) }, at);
    case 'workers':
      return read({ what, pool, limit: 100 }, { what, workers: rowsOf(few, many, at), all: few > 1 }, at);
    case 'fleet':
      return sampled(
        Object.fromEntries(
          POOLS.map((name) => [name, workforceOf({ requested: name === pool ? few : 0, running: name === pool ? many : 0 })]),
        ),
        at,
      );
    case 'claimed':
      return read({ what, pool }, { what, taskIds: ids }, at);
    case 'crew':
      return read(
        { what, pool },
        { what, workers: ids.map((worker, i) => ({ worker, state: 'running', quarantined: i < few, latestTask: worker })) },
        at,
      );
    case 'errors':
      return read({ what, pool }, { what, stats }, at);
    case 'fleet-errors':
      return read({ what }, { what, stats }, at);
    case 'error-list':
      return read(
        { what, pool },
        {
          what,
          errors: ids.map(() => ({
            at: at - many * SECOND,
            kind: 'creation-error',
            title: 'no <room>',
            description: '!'.repeat(many),
          })),
        },
        at,
      );
    case 'oldest':
      return read({ what, pool }, { what, ...(few > 0 && { inserted: at - many * SECOND }) }, at);
    case 'pool':
      return few === 0 ? { kind: 'read', request: { what, pool }, at } : read({ what, pool }, { what, info: infoFor(pool) }, at);
    case 'pools':
      return read({ what }, { what, infos: POOLS.filter((name) => few > 0 || name !== pool).map(infoFor) }, at);
  }
}

/** The newest came so many seconds ago. */
function rowsOf(few: number, many: number, at: number) {
  return Array.from({ length: few }, (_, i) => ({
    worker: `g/w${i}`,
    created: at - (many + i) * SECOND,
    state: i % 2 === 0 ? ('running' as const) : ('requested' as const),
    capacity: 1,
  }));
}
