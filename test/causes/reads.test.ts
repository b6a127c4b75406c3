import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../src/evidence/fact.ts';
import type { Config } from '../../src/evidence/probe.ts';
import type { PlannedRead } from '../../src/evidence/reading.ts';
import { plan } from '../../src/judge/plan.ts';
import { DAY, HOUR, infoOf, listed, MINUTE, NOW, read, SECOND, workforceOf } from './makers.ts';
import { probe, type Standing, Watched } from './watch.ts';

const key = (read: PlannedRead) => ('pool' in read ? `${read.what} ${read.pool}` : read.what);

/** What the next pass reads, the watched pools as if no answer cut them short. */
function readsOf(watched: Watched, now = watched.now): string[] {
  const { reads, baskets } = plan(watched.config, watched.state, now);
  return [
    ...reads.map(key),
    ...baskets.flatMap(({ pools, counts }) => [
      ...pools.map((pool) => `newest ${pool}`),
      ...counts.map((pool) => `counts ${pool}`),
    ]),
  ];
}

function suspectsOf(watched: Watched, now = watched.now): string[] {
  return [...plan(watched.config, watched.state, now).examines];
}

const WELL: Standing = { newest: NOW, workers: { running: 2 } };

/** Probes of which these are not claimed, their pools having been read all along as those of nobody. */
function late(probes: string[], dead: string[], config: Partial<Config> = {}): Watched {
  const pools = Object.fromEntries([...probes, 'z/watched'].map((pool) => [pool, WELL]));
  const watched = new Watched(
    probes.map((pool) => probe(pool)),
    pools,
    { provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: ['z/watched'] }, ...config },
  );
  for (const pool of probes) if (!dead.includes(pool)) watched.claiming.add(pool);
  return watched;
}

/** Until its canary has been waiting so long. */
function until(watched: Watched, pool: string, minutes: number): void {
  watched.judge(watched.facts(watched.now), watched.now);
  const { scheduled = 0 } = watched.open(pool);
  const now = scheduled + minutes * MINUTE;
  watched.judge(watched.facts(now), now);
}

describe('a first pass', () => {
  it('asks for the definitions, and for the fleet once they are known', () => {
    const watched = late(['a/a'], []);
    watched.state = { ...watched.state, pools: new Map(), watch: { ...watched.state.watch, poolsAt: 0 } };
    delete watched.state.watch.poolsAt;
    expect(readsOf(watched)).toEqual(['pools']);
    watched.judge([listed([infoOf('a/a'), infoOf('z/watched')], NOW)]);
    expect(readsOf(watched)).toEqual(['fleet', 'fleet-errors', 'newest z/watched', 'counts z/watched']);
  });

  it('asks for each definition by itself where few are probed and nobody watches', () => {
    const watched = late(['a/a', 'built-in/succeed'], [], { provisioning: { mode: 'off', silence: MINUTE, pools: [] } });
    watched.state = { ...watched.state, pools: new Map() };
    expect(readsOf(watched)).toEqual(['pool a/a']);
  });

  it('of a new configuration lists the pools again for a probe that is in no list yet, once', () => {
    const watched = late(['a/a'], []);
    watched.pass(1);
    watched.config = { ...watched.config, probes: [...watched.config.probes, probe('a/new')] };
    expect(readsOf(watched)).toContain('pools');
    watched.judge([listed([infoOf('a/a'), infoOf('z/watched')], watched.now)]);
    expect(readsOf(watched)).not.toContain('pools');
  });
});

describe('healthy pools', () => {
  const names = Array.from({ length: 384 }, (_, i) => `gecko-${i % 4}/pool-${i}`);

  it('cost the statistics each five minutes and one look at each provider, and nothing of their own', () => {
    const watched = new Watched(
      names.map((name) => probe(name)),
      Object.fromEntries(names.map((name, i) => [name, { ...WELL, provider: `cloud-${i % 3}` }])),
    );
    let calls = 0;
    for (let minute = 0; minute < 60; minute++) {
      for (let second = 0; second < 60; second += 5) {
        const now = NOW + minute * MINUTE + second * SECOND;
        // Workers come all the time: the first pool of each provider that is asked shows one.
        for (const pool of watched.pools.keys()) watched.set(pool, { newest: now - MINUTE });
        const { reads, baskets, examines } = plan(watched.config, watched.state, now);
        expect(examines).toEqual([]);
        calls += reads.length + baskets.length;
        const asked = new Set([...reads.map(key), ...baskets.map(({ pools: [first] }) => `workers ${first}`)]);
        const facts = watched.facts(now).filter((fact) => fact.kind === 'read' && asked.has(key(fact.request)));
        watched.judge(facts, now);
      }
    }
    // 12 times both statistics and once the pools; of three providers one pool each two minutes or so.
    expect(calls).toBeLessThan(25 + 3 * 61);
  });

  it('are asked for nothing where nobody watches', () => {
    const watched = late(names.slice(0, 30), [], { provisioning: { mode: 'off', silence: MINUTE, pools: [] } });
    watched.pass(1);
    expect(readsOf(watched, watched.now + 30 * MINUTE)).toEqual([]);
  });
});

describe('a suspect', () => {
  it('is one from four fifths of warnAfter on, again at each threshold, and each few minutes as long as it waits', () => {
    const watched = late(['a/a', 'a/b'], ['a/a']);
    until(watched, 'a/a', 3.9);
    expect(suspectsOf(watched)).toEqual([]);
    until(watched, 'a/a', 4.1);
    expect(suspectsOf(watched)).toEqual(['a/a']);
    const examine = () => {
      watched.judge([
        { kind: 'examined', pools: ['a/a'], at: watched.now },
        { kind: 'looked', at: watched.now },
      ]);
    };
    examine();
    expect(suspectsOf(watched)).toEqual([]);
    expect(suspectsOf(watched, watched.now + MINUTE)).toEqual(['a/a']);
    until(watched, 'a/a', 5.1);
    examine();
    expect(suspectsOf(watched, watched.now + MINUTE)).toEqual([]);
    expect(suspectsOf(watched, watched.now + 2.1 * MINUTE)).toEqual(['a/a']);
    until(watched, 'a/a', 300);
    examine();
    expect(suspectsOf(watched, watched.now + 3.9 * MINUTE)).toEqual([]);
    expect(suspectsOf(watched, watched.now + 4.1 * MINUTE)).toEqual(['a/a']);
  });

  it('is asked for all that tells why, each thing once', () => {
    const watched = late(['a/a'], ['a/a']);
    until(watched, 'a/a', 6);
    const reads = readsOf(watched, watched.now + SECOND).filter((read) => read.endsWith('a/a'));
    expect(reads.sort()).toEqual(
      ['claimed', 'counts', 'crew', 'error-list', 'errors', 'oldest', 'workers'].map((what) => `${what} a/a`),
    );
  });

  it('is asked for its errors although statistics that may be older show none', () => {
    const watched = late(['a/a'], ['a/a']);
    const stats = { hourly: [], byPool: {} };
    watched.judge([read({ what: 'fleet-errors' }, { what: 'fleet-errors', stats }, watched.now)]);
    until(watched, 'a/a', 6);
    expect(readsOf(watched)).toEqual(expect.arrayContaining(['errors a/a', 'error-list a/a']));
  });

  it.each<[string, (watched: Watched) => void, string[]]>([
    [
      'in hardware, which worker-manager does not know',
      (watched) => watched.judge([listed([infoOf('z/watched')], watched.now)]),
      ['claimed', 'counts', 'crew', 'oldest'],
    ],
    [
      'of which nothing was ever read',
      (watched) => watched.judge([{ kind: 'examined', pools: [], at: watched.now }]),
      ['claimed', 'counts', 'crew', 'error-list', 'errors', 'oldest', 'workers'],
    ],
  ])('%s is asked for what there is', (_what, change, expected) => {
    const watched = late(['a/a'], ['a/a']);
    if (expected.length === 4) watched.state = { ...watched.state, pools: new Map() };
    change(watched);
    until(watched, 'a/a', 6);
    const reads = readsOf(watched).filter((read) => read.endsWith(' a/a') && !read.startsWith('pool'));
    expect(reads.map((read) => read.split(' ')[0]).sort()).toEqual(expected);
  });

  it('that is built in has nothing but a line of tasks', () => {
    const watched = late(['built-in/succeed'], ['built-in/succeed']);
    until(watched, 'built-in/succeed', 6);
    expect(readsOf(watched).filter((read) => read.endsWith('succeed'))).toEqual(['counts built-in/succeed']);
  });

  it('is one among few: four a pass and twelve a minute, those that cross a threshold first', () => {
    const names = Array.from({ length: 40 }, (_, i) => `a/p${String(i).padStart(2, '0')}`);
    const watched = late(names, names);
    watched.pass(20);
    const examined = new Map<string, number>();
    for (let second = 0; second < 60; second += 2) {
      const now = watched.now + 2 * SECOND;
      const pools = suspectsOf(watched, now);
      expect(pools.length).toBeLessThanOrEqual(4);
      for (const pool of pools) examined.set(pool, (examined.get(pool) ?? 0) + 1);
      watched.judge(
        [
          { kind: 'examined', pools, at: now },
          { kind: 'looked', at: now },
        ],
        now,
      );
    }
    expect([...examined.values()].every((times) => times === 1)).toBe(true);
    expect(examined.size).toBe(12);
  });

  it('is none where its probe only observes', () => {
    const observed = late(['a/a'], ['a/a']);
    const probes = observed.config.probes.map((entry) => ({ ...entry, mode: 'observe' as const }));
    observed.config = { ...observed.config, probes };
    until(observed, 'a/a', 30);
    expect(suspectsOf(observed)).toEqual([]);
  });

  it('that nobody can define is not examined with every pass', () => {
    const watched = late(['a/a'], ['a/a']);
    until(watched, 'a/a', 6);
    watched.state = { ...watched.state, pools: new Map() };
    expect(suspectsOf(watched)).toEqual(['a/a']);
    watched.judge([
      { kind: 'examined', pools: ['a/a'], at: watched.now },
      { kind: 'looked', at: watched.now },
    ]);
    expect(suspectsOf(watched, watched.now + 30 * SECOND)).toEqual([]);
    expect(watched.told.map(({ cause }) => cause)).not.toContain('pool-unknown');
  });
});

describe('what may not be read', () => {
  const refuse = (watched: Watched, request: PlannedRead, why: Refusal) =>
    watched.judge([{ kind: 'failed', ask: 'read', why, detail: 'no '.repeat(500), request, at: watched.now }]);

  it.each<Refusal>(['refused', 'missing', 'invalid'])('is asked again after five minutes (%s)', (why) => {
    const watched = late(['a/a'], ['a/a']);
    until(watched, 'a/a', 6);
    refuse(watched, { what: 'claimed', pool: 'a/a' }, why);
    expect(readsOf(watched)).not.toContain('claimed a/a');
    expect(readsOf(watched)).toContain('oldest a/a');
    expect(readsOf(watched, watched.now + 4.9 * MINUTE)).not.toContain('claimed a/a');
    expect(readsOf(watched, watched.now + 5.1 * MINUTE)).toContain('claimed a/a');
  });

  it('for want of an answer is asked again after a minute, all of it', () => {
    const watched = late(['a/a'], ['a/a']);
    until(watched, 'a/a', 6);
    refuse(watched, { what: 'fleet' }, 'unreachable');
    expect(readsOf(watched, watched.now + 59 * SECOND)).toEqual([]);
    expect(readsOf(watched, watched.now + 61 * SECOND)).toContain('claimed a/a');
  });

  it('is remembered in little room, however many pools there are', () => {
    const watched = late(['a/a'], []);
    for (let i = 0; i < 2000; i++) refuse(watched, { what: 'claimed', pool: `a/p${i}` }, 'refused');
    expect(JSON.stringify(watched.state.watch).length).toBeLessThan(100_000);
    const later = watched.now + 2 * HOUR;
    watched.judge([{ kind: 'failed', ask: 'read', why: 'refused', detail: 'no', request: { what: 'fleet' }, at: later }], later);
    expect(Object.keys(watched.state.watch.unread ?? {})).toEqual(['fleet']);
  });

  it('of the list of pools is read pool by pool', () => {
    const watched = late(['a/a'], []);
    refuse(watched, { what: 'pools' }, 'refused');
    expect(readsOf(watched, watched.now + 59 * MINUTE)).not.toContain('pools');
    watched.judge(
      [{ kind: 'failed', ask: 'read', why: 'refused', detail: 'no', request: { what: 'pools' }, at: watched.now + HOUR }],
      watched.now + HOUR,
    );
    expect(readsOf(watched)).toContain('pool a/a');
  });
});

describe('watched pools', () => {
  it('are asked for nothing while a worker came lately', () => {
    const watched = late([], []);
    watched.set('z/watched', { newest: watched.now });
    watched.pass(1);
    expect(readsOf(watched, watched.now + 30 * SECOND)).toEqual([]);
  });

  it('are asked each minute while tasks want workers, and the statistics with them', () => {
    const watched = late([], []);
    watched.set('z/watched', { pending: 5, claimed: 2, newest: NOW - HOUR });
    watched.pass(1);
    const now = watched.now + 61 * SECOND;
    expect(readsOf(watched, now)).toEqual(['fleet', 'fleet-errors', 'newest z/watched', 'counts z/watched']);
  });

  it('in a quiet cluster are asked now and then whether anything waits, and only then for workers', () => {
    const watched = late([], []);
    watched.set('z/watched', { newest: NOW - HOUR });
    watched.pass(1);
    expect(readsOf(watched, watched.now + 2.4 * MINUTE)).toEqual([]);
    const [basket] = plan(watched.config, watched.state, watched.now + 2.6 * MINUTE).baskets;
    expect(basket).toMatchObject({ counts: ['z/watched'], countsFirst: true });
  });

  it('are asked how many tasks wait where far fewer workers come than usual, though some do', () => {
    const watched = late([], []);
    watched.pass(1);
    const record = watched.state.pools.get('z/watched');
    const hour = Math.floor(watched.now / HOUR) * HOUR;
    const created = { hour, counts: [...Array.from({ length: 120 }, () => 400), 0, 0], since: hour - 5 * DAY };
    const now = hour + 55 * MINUTE;
    if (record === undefined) throw new Error('no record');
    const seen = { ...record.seen, newest: { at: now, created: now - SECOND }, workforce: workforceOf() };
    const watch = { ...watched.state.watch, fleetAt: now };
    watched.state = { ...watched.state, watch, pools: new Map([['z/watched', { ...record, seen, created }]]) };
    expect(readsOf(watched, now)).toContain('counts z/watched');
  });
});
