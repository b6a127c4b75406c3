import fc from 'fast-check';
import { CHANNEL_KINDS, EFFECTS, type Fault, POINTS, type PoolGroup, WAYS_DOWN, WAYS_UNSURE } from '../../src/drill/scenario.ts';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { present } from './deployments.ts';

/** When faults may begin, from the start on, and how long they last at most. */
const FROM = { min: 60, max: 6 * 60 };
const LASTS = { min: 1, max: 5 * 60 };
const OUTAGE = { min: 3 * 60, max: 6 * 60 };

const share = fc.constantFrom(undefined, 0.2, 0.5, 0.9);

/** Calls that a pass makes; the others go as usual. */
const methods = fc.constantFrom<string[] | undefined>(undefined, undefined, ['createTask'], ['statuses', 'status'], ['worker']);

const calls = fc.record({
  services: fc.constantFrom<('queue' | 'workerManager')[] | undefined>(undefined, ['queue'], ['queue'], ['workerManager']),
  methods,
  rate: share,
});

const SPENT = {
  kind: 'creation-error',
  title: 'Instance Creation Error',
  description: "The zone 'us-central1-a' does not have enough <resources> & <!channel>",
  code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
};

const channels = fc.record({ channels: fc.constantFrom(undefined, ...CHANNEL_KINDS.slice(0, 2).map((kind) => [kind])) });

type Shape = Record<string, unknown>;

/** What goes wrong with pools, all of them or one. */
function ofPools(pools: readonly PoolGroup[]): fc.Arbitrary<Shape> {
  const names = pools.flatMap((group) => group.names);
  const where = fc.record({
    pools: fc.option(
      fc.constantFrom(...names).map((name) => [name]),
      { nil: undefined, freq: 4 },
    ),
  });
  const kinds = fc.oneof(
    fc.constantFrom<Shape>(
      { kind: 'pool-skipped' },
      { kind: 'pool-skipped' },
      { kind: 'provisioner-stopped' },
      { kind: 'pool-deleted' },
    ),
    fc.record({ kind: fc.constant('creation-fails'), error: fc.constant(SPENT), rate: share }),
    fc.record({ kind: fc.constant('boot-slow'), factor: fc.constantFrom(3, 10, 20) }),
    fc.record({ kind: fc.constant('boot-fails'), rate: share }),
    fc.record({ kind: fc.constant('workers-mute'), all: fc.constantFrom(undefined, true) }),
    fc.record({ kind: fc.constantFrom('orphaned', 'claims-expire'), rate: share }),
    fc.record({
      kind: fc.constant('runaway'),
      batch: fc.constantFrom(2, 10),
      upTo: fc.constantFrom(20, 60),
      every: fc.constantFrom(30 * SECOND, 2 * MINUTE),
    }),
    fc.record({
      kind: fc.constant('backlog'),
      tasks: fc.integer({ min: 2, max: 40 }),
      duration: fc.constantFrom({ p50: 10 * SECOND, p95: 20 * SECOND }, { p50: 40 * SECOND, p95: MINUTE }),
    }),
  );
  return fc.tuple(kinds, where).map(([kind, place]) => ({ ...kind, ...place }));
}

const ofCalls: fc.Arbitrary<Shape> = fc
  .tuple(
    fc.oneof(
      fc.record({
        kind: fc.constant('api-down'),
        status: fc.constantFrom(undefined, 500, 502),
        applied: fc.constantFrom(undefined, true),
      }),
      fc.record({ kind: fc.constant('api-slow'), delay: fc.constantFrom(2 * SECOND, 15 * SECOND, 40 * SECOND) }),
      fc.record({ kind: fc.constant('api-refuses'), status: fc.constantFrom(401, 403) }),
      fc.constant({ kind: 'unresolvable' }),
    ),
    calls,
  )
  .map(([kind, which]) => ({ ...kind, ...which }));

const ofChannels: fc.Arbitrary<Shape> = fc
  .tuple(
    fc.oneof(
      fc.record({ kind: fc.constant('channel-down'), how: fc.constantFrom(...WAYS_DOWN) }),
      fc.record({ kind: fc.constant('channel-down'), how: fc.constantFrom(undefined, ...WAYS_UNSURE), arrives: share }),
      fc.record({ kind: fc.constant('channel-limits'), retryAfter: fc.constantFrom(5 * SECOND, MINUTE, 2 * MINUTE) }),
    ),
    channels,
  )
  .map(([kind, which]) => ({ ...kind, ...which }));

function ofProber(replicas: number): fc.Arbitrary<Shape> {
  const replica = fc.record({ replica: fc.integer({ min: 1, max: replicas }) });
  const kinds = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('prober-killed'),
        effect: fc.option(fc.constantFrom(...EFFECTS), { nil: undefined }),
        nth: fc.integer({ min: 1, max: 12 }),
        point: fc.constantFrom(...POINTS),
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom<Shape>({ kind: 'prober-killed' }, { kind: 'prober-paused' }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('ahead', 'behind'), fc.constantFrom(5 * SECOND, 50 * SECOND, 10 * MINUTE, 20 * MINUTE))
        .map(([way, far]) => ({ kind: 'clock-skewed', [way]: far })),
    },
  );
  return fc.tuple(kinds, replica).map(([kind, which]) => ({ ...kind, ...which }));
}

/** Something that nobody claims in, for long enough that most probes page of it. */
function outageOf(pools: readonly PoolGroup[]): fc.Arbitrary<Shape> {
  const names = pools.flatMap((group) => group.names);
  const kinds = fc.constantFrom<Shape>(
    { kind: 'pool-skipped' },
    { kind: 'provisioner-stopped' },
    { kind: 'creation-fails', error: SPENT },
    { kind: 'boot-fails' },
    { kind: 'workers-mute', all: true },
    { kind: 'orphaned' },
  );
  const where = fc.option(
    fc.constantFrom(...names).map((name) => [name]),
    { nil: undefined, freq: 2 },
  );
  return fc.tuple(kinds, where).map(([kind, struck]) => ({ ...kind, pools: struck }));
}

/** An outage in most nights, and up to five faults of any kind beside it. */
export function faultsOn(pools: readonly PoolGroup[], replicas: number, start: number): fc.Arbitrary<Fault[]> {
  const lasting = (most: { min: number; max: number }) =>
    fc.tuple(fc.integer(FROM), fc.integer(most)).map(([from, lasts]) => {
      const begins = start + from * SECOND;
      return { from: begins, until: begins + lasts * SECOND };
    });
  const kinds = fc.oneof(
    { weight: 3, arbitrary: ofPools(pools) },
    { weight: 2, arbitrary: ofCalls },
    { weight: 2, arbitrary: ofChannels },
    { weight: 3, arbitrary: ofProber(replicas) },
  );
  const made = ([kind, when]: [Shape, { from: number; until: number }]) => ({ ...present(kind), ...when }) as Fault;
  const fault = fc.oneof(
    { weight: 12, arbitrary: fc.tuple(kinds, lasting(LASTS)).map(made) },
    { weight: 1, arbitrary: lasting(LASTS).map(({ from }): Fault => ({ kind: 'store-lost', from, until: from + SECOND })) },
  );
  const outage = fc.option(fc.tuple(outageOf(pools), lasting(OUTAGE)).map(made), { nil: undefined, freq: 9 });
  return fc
    .noBias(fc.tuple(outage, fc.array(fault, { maxLength: 5, size: 'max' })))
    .map(([first, others]) => [...(first ? [first] : []), ...others]);
}
