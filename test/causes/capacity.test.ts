import { describe, expect, it } from 'vitest';
import type { Config, ProbeEntry } from '../../src/evidence/probe.ts';
import { everyMinutes } from '../support/judging.ts';
import { DAY, HOUR, infoOf, listed, MINUTE, NOW, sampled } from './makers.ts';
import { probe, Watched } from './watch.ts';

/** A pool whose image never starts the worker process, and a provisioner that asks for more and more. */
function runaway(probes: ProbeEntry[] = [], config: Partial<Config> = {}): Watched {
  const watched = new Watched(probes, { 'a/a': { max: 10, newest: NOW }, 'a/b': {} }, config);
  for (const pool of ['a/a', 'a/b']) watched.claiming.add(pool);
  watched.pass(20);
  watched.claiming.delete('a/a');
  watched.set('a/a', { pending: 86 });
  for (let running = 0; running < 80; running += 10) {
    watched.set('a/a', { workers: { running }, newest: watched.now });
    watched.pass(1);
  }
  return watched;
}

/** The team of the probe of `a/a` has a PagerDuty of its own. */
function withTeam(watched: Watched): Watched {
  watched.addressees = (of, level) => {
    const key = of !== undefined && 'pool' in of && of.pool === 'a/a' ? 'team' : 'k';
    return level === 'page'
      ? [{ route: `pagerduty:${key}`, severity: 'critical' }]
      : [{ route: 'slack:C1', severity: 'warning' }];
  };
  return watched;
}

describe('far too much capacity', () => {
  it('is told without a canary in the pool, once, and ends when it is within bounds', () => {
    const watched = runaway();
    expect(watched.told).toMatchObject([
      {
        anchor: 'pool:a/a',
        cause: 'over-provisioned',
        level: 'page',
        evidence: { kind: 'capacity', diagnosis: { figures: { maxCapacity: 10, claimed: 0 } } },
      },
    ]);
    watched.set('a/a', { workers: { running: 1500 }, newest: watched.now });
    watched.pass(60);
    expect(watched.told).toHaveLength(1);
    watched.set('a/a', { workers: { running: 8 } });
    watched.pass(1);
    expect(watched.told).toEqual([]);
    expect(Object.keys(watched.paged)).toHaveLength(1);
  });

  it('goes on where a sample says nothing of the pool', () => {
    const watched = runaway();
    const at = watched.now + 5 * MINUTE;
    watched.judge([sampled({}, at)], at);
    expect(watched.told).toHaveLength(1);
  });

  it('takes in a canary that is late in the pool, without a second page', () => {
    const watched = runaway([probe('a/a')]);
    const before = Object.keys(watched.paged);
    watched.pass(60);
    expect(watched.told).toMatchObject([{ cause: 'over-provisioned', level: 'page' }]);
    expect(Object.keys(watched.paged)).toEqual(before);
  });

  it('pages the people of a probe whose canary is late in the pool, where they are others', () => {
    const watched = withTeam(new Watched([probe('a/a')], { 'a/a': { max: 10, newest: NOW }, 'a/b': {} }));
    watched.claiming.add('a/a');
    watched.pass(20);
    watched.claiming.delete('a/a');
    watched.set('a/a', { pending: 86, workers: { running: 80 }, newest: watched.now });
    watched.pass(3);
    expect(Object.values(watched.paged)).toEqual([['pagerduty:k']]);
    watched.pass(40);
    expect(Object.values(watched.paged)).toEqual([['pagerduty:k', 'pagerduty:team']]);
    expect(watched.told).toHaveLength(1);
  });

  it('leaves a canary that is still late to be told by itself', () => {
    const watched = runaway([probe('a/a')]);
    watched.pass(60);
    watched.set('a/a', { workers: { running: 8 } });
    watched.pass(2);
    expect(watched.told).toMatchObject([{ anchor: 'probe:a/a', level: 'page' }]);
    watched.claiming.add('a/a');
    watched.set('a/a', { pending: 0 });
    watched.pass(20);
    expect(watched.told).toEqual([]);
  });

  it('makes a page of what is told of the pool already', () => {
    const thresholds = { warnAfter: 5 * MINUTE, pageAfter: 4 * HOUR };
    const watched = new Watched([probe('a/a', { thresholds })], { 'a/a': { max: 10, newest: NOW }, 'a/b': {} });
    watched.pass(20);
    expect(watched.told).toMatchObject([{ anchor: 'probe:a/a', level: 'warn' }]);
    watched.set('a/a', { pending: 86, workers: { running: 80 }, newest: watched.now });
    watched.pass(5);
    expect(watched.told).toMatchObject([{ anchor: 'probe:a/a', level: 'page', cause: 'over-provisioned' }]);
    watched.set('a/a', { pending: 0, workers: { running: 8 } });
    watched.claiming.add('a/a');
    watched.pass(20);
    expect(watched.told).toEqual([]);
  });

  it('is not told by an old look once canaries are claimed', () => {
    const over = { schedule: everyMinutes(1), resolveAfter: 1 };
    const watched = new Watched([probe('a/a', over)], { 'a/a': { max: 10, newest: NOW }, 'a/b': {} });
    watched.pass(8);
    watched.set('a/a', { pending: 86, workers: { running: 80 }, newest: watched.now });
    watched.pass(3);
    expect(watched.told).toMatchObject([{ anchor: 'probe:a/a', level: 'page', cause: 'over-provisioned' }]);
    watched.refused = true;
    watched.claiming.add('a/a');
    watched.pass(4);
    expect(watched.told).toEqual([]);
  });

  it('is told to nobody any more where the watch only observes, and its canaries are told of all the same', () => {
    const watched = runaway([probe('a/a')]);
    watched.pass(30);
    watched.config.provisioning.mode = 'observe';
    watched.pass(1);
    expect(watched.told).toMatchObject([{ anchor: 'probe:a/a' }]);
  });

  it('is none where the watch observes', () =>
    expect(runaway([], { provisioning: { mode: 'observe', silence: 10 * MINUTE, pools: [] } }).told).toEqual([]));

  it('is none after the maximum was lowered in a quiet pool', () => {
    const watched = new Watched([], { 'a/a': { max: 300, workers: { running: 200 }, newest: NOW } });
    watched.pass(5);
    watched.judge([listed([infoOf('a/a', { maxCapacity: 0 })], watched.now)]);
    watched.pass(10);
    expect(watched.told).toEqual([]);
  });

  it('is not judged by two samples a weekend apart', () => {
    const watched = new Watched([], { 'a/a': { max: 10, pending: 86, workers: { running: 80 }, newest: NOW } });
    watched.judge(watched.facts(watched.now + MINUTE), watched.now + MINUTE);
    watched.judge(watched.facts(watched.now + 2 * DAY), watched.now + 2 * DAY);
    expect(watched.told).toEqual([]);
  });

  it('is withdrawn with its pool', () => {
    const watched = runaway();
    watched.judge([listed([infoOf('a/b')], watched.now)]);
    expect(watched.told).toEqual([]);
  });
});

describe('workers that come far too slowly', () => {
  /** A pool that has got 60 workers an hour for days. */
  function days(probes: ProbeEntry[] = []): Watched {
    const watched = withTeam(new Watched(probes, { 'a/a': { newest: NOW }, 'a/b': { newest: NOW } }));
    for (const { pool } of probes) watched.claiming.add(pool);
    const record = watched.state.pools.get('a/a');
    if (record === undefined) throw new Error('no record');
    const counts = [...Array.from({ length: 24 * 5 }, () => 60), 0];
    const hour = Math.floor(watched.now / HOUR) * HOUR;
    const created = { hour, counts, since: hour - 24 * 5 * HOUR };
    const watch = { ...watched.state.watch, fleetAt: watched.now };
    watched.state = { ...watched.state, watch, pools: new Map([...watched.state.pools, ['a/a', { ...record, created }]]) };
    watched.pass(1);
    return watched;
  }

  /** One each so many minutes, while tasks wait all along. */
  function trickle(watched: Watched, minutes: number, every: number): void {
    for (let i = 0; i < minutes / every; i++) {
      const { stopped = 0 } = watched.pools.get('a/a')?.workers ?? {};
      watched.set('a/a', { pending: 40, newest: watched.now, workers: { stopped: stopped + 1 } });
      watched.pass(every);
    }
  }

  it('are a warning while tasks wait, which ends when they come as usual', () => {
    const watched = days();
    trickle(watched, 90, 6);
    expect(watched.told).toMatchObject([{ anchor: 'pool:a/a', cause: 'provisioning-slow', level: 'warn' }]);
    expect(watched.paged).toEqual({});
    trickle(watched, 60, 1);
    expect(watched.told).toEqual([]);
  });

  it('are over where nothing is wanted any more, and not because nobody has looked', () => {
    const watched = days();
    trickle(watched, 90, 6);
    const blind = watched.now + 8 * MINUTE;
    watched.judge([], blind);
    expect(watched.told).toHaveLength(1);
    watched.set('a/a', { pending: 0 });
    watched.pass(1);
    expect(watched.told).toEqual([]);
  });

  it('are none where nothing waits, as on a holiday', () => {
    const watched = days();
    watched.set('a/a', { pending: 0 });
    watched.pass(180);
    expect(watched.told).toEqual([]);
  });

  it('are no matter of their own while none comes at all', () => {
    const watched = days();
    watched.set('a/a', { pending: 40 });
    watched.pass(120);
    expect(watched.told.map(({ cause }) => cause)).toEqual(['provisioning-stalled']);
  });

  it('become a page of those whose canary is late', () => {
    const watched = days([probe('a/a')]);
    trickle(watched, 60, 6);
    expect(watched.told).toMatchObject([{ cause: 'provisioning-slow', level: 'warn' }]);
    watched.claiming.delete('a/a');
    trickle(watched, 60, 6);
    expect(watched.told).toMatchObject([{ cause: 'provisioning-slow', level: 'page' }]);
    expect(Object.values(watched.paged)).toEqual([['pagerduty:k', 'pagerduty:team']]);
  });
});
