import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/evidence/probe.ts';
import { HOUR, infoOf, listed, MINUTE, NOW, SECOND } from './makers.ts';
import { probe, type Standing, Watched } from './watch.ts';

const BUSY: Standing = { pending: 0, claimed: 4, newest: NOW - MINUTE, workers: { running: 4 } };
const POOLS = { 'a/a': BUSY, 'a/b': BUSY, 'b/c': { ...BUSY, provider: 'azure' }, 'b/d': { ...BUSY, provider: 'azure' } };

function watch(probes: string[] = [], config: Partial<Config> = {}, pools: Record<string, Standing> = POOLS): Watched {
  const watched = new Watched(
    probes.map((pool) => probe(pool)),
    pools,
    config,
  );
  for (const pool of watched.pools.keys()) watched.claiming.add(pool);
  return watched;
}

/** No worker comes any more in these pools, and tasks wait. */
function stop(watched: Watched, ...pools: string[]): void {
  for (const pool of pools) {
    watched.set(pool, { pending: 8 });
    watched.claiming.delete(pool);
  }
}

function work(watched: Watched, ...pools: string[]): void {
  for (const pool of pools) {
    watched.set(pool, { pending: 0, newest: watched.now });
    watched.claiming.add(pool);
  }
}

describe('a stall', () => {
  it('is told without any canary, and ends with a new worker', () => {
    const watched = watch();
    stop(watched, 'a/a');
    watched.pass(9);
    expect(watched.told).toEqual([]);
    watched.pass(4);
    expect(watched.told).toMatchObject([
      { anchor: 'provider:gcp', cause: 'provisioning-stalled', level: 'page', evidence: { stall: { overall: true } } },
    ]);
    watched.pass(30);
    expect(watched.told).toHaveLength(1);
    work(watched, 'a/a');
    watched.pass(1);
    expect(watched.told).toEqual([]);
    expect(Object.keys(watched.paged)).toHaveLength(1);
  });

  it('is not said to spread to a provider that was quiet and may answer what has just come to wait there', () => {
    const watched = watch([], {}, { ...POOLS, 'c/e': { ...BUSY, provider: 'aws', newest: NOW + 20 * MINUTE } });
    stop(watched, 'b/c');
    watched.pass(20);
    const providers = () => watched.told.map(({ evidence }) => evidence.kind === 'fleet' && evidence.stall?.providers);
    expect(providers()).toEqual([['azure']]);
    watched.set('a/a', { pending: 8 });
    watched.pass(1);
    expect(providers()).toEqual([['azure']]);
    watched.pass(3);
    expect(providers()).toEqual([['gcp', 'azure']]);
  });

  it('that ends while a pool still gets none says so', () => {
    const watched = watch();
    stop(watched, 'a/a', 'a/b');
    watched.pass(15);
    work(watched, 'a/b');
    watched.pass(1);
    const ends = watched.revisions().filter(({ end }) => end === 'resolved');
    expect(ends.map(({ timeline }) => timeline.at(-1)?.text)).toEqual([
      expect.stringMatching(/^workers come to be again, after 1\dm.*, but none yet in a\/a$/),
    ]);
  });

  it('does not end with what a warm worker claims, nor with its tasks cancelled', () => {
    const watched = watch(['a/a']);
    stop(watched, 'a/a', 'a/b');
    watched.pass(20);
    watched.claiming.add('a/a');
    watched.set('a/a', { pending: 0 });
    watched.set('a/b', { pending: 0 });
    watched.pass(60);
    expect(watched.told).toMatchObject([{ cause: 'provisioning-stalled', evidence: { stall: { waiting: 16 } } }]);
    work(watched, 'a/b');
    watched.pass(1);
    expect(watched.told).toEqual([]);
  });

  it('of all ends where those that want workers have them: a provider that wants none need not show one', () => {
    const watched = watch();
    stop(watched, 'a/a');
    watched.pass(15);
    expect(watched.told).toMatchObject([{ evidence: { stall: { providers: ['gcp', 'azure'], overall: true } } }]);
    work(watched, 'a/a');
    watched.pass(1);
    expect(watched.told).toEqual([]);
  });

  it('of all goes on for a provider that still wants some', () => {
    const watched = watch();
    stop(watched, 'a/a', 'b/c');
    watched.pass(15);
    work(watched, 'a/a');
    watched.pass(5);
    expect(watched.told).toMatchObject([{ evidence: { stall: { providers: ['azure'], overall: false } } }]);
    expect(Object.keys(watched.paged)).toHaveLength(1);
  });

  it('does not end because a pool that comes to be watched had a worker shortly after the others', () => {
    const watched = watch([], { provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: ['a/a'] } });
    stop(watched, 'a/a');
    watched.set('a/b', { newest: NOW + 30 * SECOND });
    watched.pass(15);
    expect(watched.told).toHaveLength(1);
    watched.config.provisioning.pools = ['a/b'];
    watched.pass(20);
    expect(watched.told).toHaveLength(1);
    work(watched, 'a/b');
    watched.pass(1);
    expect(watched.told).toEqual([]);
  });

  it('ends where its provider has no pools left to watch', () => {
    const watched = watch();
    stop(watched, 'b/c');
    watched.set('a/a', { newest: NOW + 12 * MINUTE });
    watched.pass(15);
    expect(watched.told).toMatchObject([{ anchor: 'provider:azure' }]);
    const moved = ['a/a', 'a/b', 'b/c', 'b/d'].map((pool) => infoOf(pool));
    watched.judge([listed(moved, watched.now)]);
    expect(watched.told).toEqual([]);
  });

  it('ends where the watch is switched off, and is told no more where it only observes', () => {
    const watched = watch();
    stop(watched, 'a/a');
    watched.pass(15);
    watched.config.provisioning.mode = 'observe';
    watched.pass(15);
    expect(watched.told).toHaveLength(1);
    watched.config.provisioning.mode = 'off';
    watched.pass(1);
    expect(watched.told).toEqual([]);
    watched.config.provisioning.mode = 'observe';
    watched.pass(30);
    expect(watched.told).toEqual([]);
  });

  it('is not told while the queue is silent, nor at once when it is back', () => {
    const watched = watch(['b/d']);
    stop(watched, 'a/a');
    watched.pass(8);
    for (let i = 0; i < 20; i++)
      watched.judge(
        [{ kind: 'failed', ask: 'look', why: 'unreachable', detail: '503', at: watched.now + MINUTE }],
        watched.now + MINUTE,
      );
    watched.pass(9);
    expect(watched.told.filter(({ class: kind }) => kind === 'pool')).toEqual([]);
    watched.pass(20);
    expect(watched.told.filter(({ class: kind }) => kind === 'pool')).toHaveLength(1);
  });

  it('is kept from everybody where all that wants workers is silenced', () => {
    const until = NOW + 9 * HOUR;
    const watched = watch([], { silences: [{ match: 'a/*', until, reason: 'moved to another cloud', line: 3 }] });
    stop(watched, 'a/a');
    watched.pass(20);
    expect(watched.paged).toEqual({});
    stop(watched, 'b/c');
    watched.pass(20);
    expect(Object.keys(watched.paged)).toHaveLength(1);
  });
});

describe('incidents that are open when a stall is noticed', () => {
  it('go on in one, which becomes the page', () => {
    const watched = watch(['a/a', 'a/b', 'b/c'], { provisioning: { mode: 'alert', silence: 40 * MINUTE, pools: [] } });
    stop(watched, 'a/a', 'a/b', 'b/c', 'b/d');
    watched.pass(30);
    const before = Object.keys(watched.paged);
    watched.pass(30);
    expect(watched.told).toMatchObject([{ id: before[0], cause: 'provisioning-stalled', level: 'page' }]);
    expect(Object.keys(watched.paged)).toEqual(before);
  });

  it('stay what they are where they have been so for long, and somebody is paged for the stall', () => {
    const watched = watch(['a/a', 'a/b']);
    watched.claiming.delete('a/a');
    for (let i = 0; i < 30; i++) {
      watched.set('a/b', { newest: watched.now });
      watched.pass(4);
    }
    const old = Object.keys(watched.paged);
    expect(old).toHaveLength(1);
    stop(watched, 'a/b');
    watched.pass(20);
    expect(watched.told.map(({ anchor, cause }) => [anchor, cause])).toEqual([
      ['probe:a/a', expect.not.stringContaining('stalled')],
      ['probe:a/b', 'provisioning-stalled'],
    ]);
    expect(Object.keys(watched.paged)).toHaveLength(2);
    work(watched, 'a/b');
    watched.pass(40);
    expect(watched.told.map(({ anchor }) => anchor)).toEqual(['probe:a/a']);
    expect(Object.keys(watched.paged)).toHaveLength(2);
  });

  it('are renamed and not raised where the watch observes', () => {
    const watched = watch(['a/a', 'b/c'], { provisioning: { mode: 'observe', silence: 10 * MINUTE, pools: [] } });
    const thresholds = { warnAfter: 5 * MINUTE, pageAfter: 90 * MINUTE };
    watched.config = { ...watched.config, probes: watched.config.probes.map((each) => ({ ...each, thresholds })) };
    stop(watched, 'a/a', 'b/c');
    watched.pass(30);
    expect(watched.told).toMatchObject([{ cause: 'provisioning-stalled', level: 'warn' }]);
    expect(watched.paged).toEqual({});
  });
});

describe('a pool that goes bad during a stall of another provider', () => {
  /** b/c gets no workers from the first minute on, a/a claims nothing from the 16th; `until`: to which its provider makes workers. */
  function both(until: number): Watched {
    const watched = watch(['a/a', 'b/c']);
    stop(watched, 'b/c');
    for (let minute = 0; minute < 56; minute += 4) {
      if (minute === 16) watched.claiming.delete('a/a');
      if (minute <= until) watched.set('a/b', { newest: watched.now });
      watched.pass(4);
    }
    return watched;
  }

  it('is told by itself where its own provider makes workers, and neither ends with the other', () => {
    const watched = both(56);
    expect(watched.told.map(({ anchor, level }) => [anchor, level])).toEqual([
      ['probe:b/c', 'page'],
      ['probe:a/a', 'page'],
    ]);
    expect(Object.keys(watched.paged)).toHaveLength(2);
    work(watched, 'b/c');
    watched.pass(40);
    expect(watched.told.map(({ anchor }) => anchor)).toEqual(['probe:a/a']);
    watched.claiming.add('a/a');
    watched.pass(40);
    expect(watched.told).toEqual([]);
  });

  it('stays by itself when the stall ends and its pools are still to recover', () => {
    const others = ['c/a', 'c/b', 'c/c', 'c/d'];
    const pools = { ...POOLS, ...Object.fromEntries(others.map((pool) => [pool, { ...BUSY, provider: 'aws' }])) };
    const watched = watch(['a/a', 'b/c', 'b/d', ...others], {}, pools);
    const pass = (minutes: number) => {
      for (const until = watched.now + minutes * MINUTE; watched.now < until; watched.pass(4))
        for (const pool of ['a/b', 'c/a']) watched.set(pool, { newest: watched.now });
    };
    watched.set('b/c', { newest: watched.now + 30 * MINUTE });
    pass(40);
    stop(watched, 'b/c', 'b/d');
    watched.claiming.delete('a/a');
    pass(40);
    expect(watched.told.map(({ anchor }) => anchor).sort()).toEqual(['probe:a/a', 'probe:b/d']);
    watched.set('b/c', { newest: watched.now });
    watched.pass(2);
    expect(watched.told).toMatchObject([
      { anchor: 'probe:b/d', level: 'warn', evidence: { members: [{ pool: 'b/d' }, { pool: 'b/c' }] } },
      { anchor: 'probe:a/a', level: 'page' },
    ]);
  });

  it('is told with it where its own makes none either', () => {
    const watched = both(0);
    expect(watched.told.map(({ anchor }) => anchor)).toEqual(['probe:b/c']);
    expect(Object.keys(watched.paged)).toHaveLength(1);
  });
});

describe('a second stall', () => {
  const elsewhere = (watched: Watched, pool: string) => watched.set(pool, { newest: watched.now });

  it('soon after the first is the same one', () => {
    const watched = watch();
    stop(watched, 'b/c');
    for (let i = 0; i < 4; i++) {
      elsewhere(watched, 'a/a');
      watched.pass(5);
    }
    stop(watched, 'a/a');
    watched.pass(20);
    expect(watched.told).toMatchObject([{ anchor: 'provider:azure', evidence: { stall: { providers: ['gcp', 'azure'] } } }]);
    expect(Object.keys(watched.paged)).toHaveLength(1);
  });

  it('hours after the first pages again, and each ends by itself', () => {
    const watched = watch();
    stop(watched, 'b/c');
    for (let i = 0; i < 30; i++) {
      elsewhere(watched, 'a/a');
      watched.pass(5);
    }
    stop(watched, 'a/a');
    watched.pass(20);
    expect(watched.told.map(({ anchor }) => anchor)).toEqual(['provider:azure', 'provider:gcp']);
    expect(Object.keys(watched.paged)).toHaveLength(2);
    work(watched, 'a/a');
    watched.pass(2);
    expect(watched.told.map(({ anchor }) => anchor)).toEqual(['provider:azure']);
    work(watched, 'b/c');
    watched.pass(2);
    expect(watched.told).toEqual([]);
  });

  it('while the pools of the first still recover goes on in its incident', () => {
    const watched = watch(['a/b']);
    stop(watched, 'a/a');
    watched.pass(12);
    stop(watched, 'a/b');
    watched.pass(15);
    expect(watched.told).toMatchObject([{ anchor: 'provider:gcp', evidence: { members: [{ pool: 'a/b' }] } }]);
    watched.set('a/a', { newest: watched.now });
    watched.pass(2);
    expect(watched.told).toMatchObject([{ evidence: { members: [{ pool: 'a/b' }] } }]);
    watched.pass(20);
    expect(watched.told).toMatchObject([
      { anchor: 'provider:gcp', evidence: { stall: { providers: expect.arrayContaining(['gcp']) } } },
    ]);
    expect(Object.keys(watched.paged)).toHaveLength(1);
    work(watched, 'a/a', 'a/b');
    watched.pass(40);
    expect(watched.told).toEqual([]);
  });
});

describe('teams', () => {
  /** Pools of a letter have a PagerDuty of their own. */
  function teams(probes: string[], silence = 10 * MINUTE): Watched {
    const watched = watch(probes, { provisioning: { mode: 'alert', silence, pools: [] } });
    watched.addressees = (of, level) => {
      const team = of === undefined || !('pool' in of) ? 'k' : (TEAMS[String(of.pool)] ?? 'k');
      return level === 'page'
        ? [{ route: `pagerduty:${team}`, severity: 'critical' }]
        : [{ route: 'slack:C1', severity: 'warning' }];
    };
    return watched;
  }
  const TEAMS: Record<string, string> = { 'a/b': 'b', 'b/c': 'c' };

  it.each([10, 40])(
    'are each paged once, whether a stall is noticed before or after the canaries (%i minutes of silence)',
    (minutes) => {
      const watched = teams(['a/a', 'a/b', 'b/c'], minutes * MINUTE);
      stop(watched, 'a/a', 'a/b', 'b/c');
      watched.pass(90);
      const routes = Object.values(watched.paged).flat();
      expect(routes.toSorted()).toEqual(['pagerduty:b', 'pagerduty:c', 'pagerduty:k']);
      work(watched, 'a/a', 'a/b', 'b/c');
      watched.pass(40);
      expect(watched.told).toEqual([]);
    },
  );
});
