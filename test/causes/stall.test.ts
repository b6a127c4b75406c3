import { describe, expect, it } from 'vitest';
import type { Stall } from '../../src/evidence/diagnosis.ts';
import { emptyState } from '../../src/evidence/evolve.ts';
import type { PoolRecord } from '../../src/evidence/pool.ts';
import type { Provisioning } from '../../src/evidence/probe.ts';
import { causeOfStall, stallOf } from '../../src/judge/causes/stall.ts';
import { Docket } from '../../src/judge/docket.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { configOf } from '../support/judging.ts';
import { DAY, HOUR, infoOf, MINUTE, NOW, SECOND } from './makers.ts';

interface Pool {
  provider?: string;
  /** Age of its newest worker; undefined where none came in a week, `false` where nobody asked. */
  newest?: number | false;
  /** When it was asked, ago. */
  looked?: number;
  /** Only the statistics have shown it. */
  atLeast?: true;
  /** Since when it has wanted workers, ago. */
  unmet?: number;
  /** When that was last seen, ago. */
  unmetSeen?: number;
  own?: boolean;
  pending?: number;
  max?: number;
  /** Errors, by when they were first and last not yet and already counted, ago. */
  errors?: { from: number; by: number }[];
}

function recordOf(
  pool: string,
  { provider = 'gcp', looked = 30 * SECOND, unmetSeen = 30 * SECOND, max = 50, ...rest }: Pool,
): PoolRecord {
  const { newest, unmet, own = false, pending = 3, errors, atLeast } = rest;
  const rises = (errors ?? []).map(({ from, by }) => ({ from: NOW - from, at: NOW - from + MINUTE, by }));
  return {
    pool,
    at: NOW,
    info: infoOf(pool, { provider, maxCapacity: max }),
    seen: {
      ...(newest !== false && {
        newest: { at: NOW - looked, ...(newest !== undefined && { created: NOW - newest }), ...(atLeast && { atLeast }) },
      }),
      ...(unmet !== undefined && {
        unmet: { since: NOW - unmet, at: NOW - unmetSeen, own },
        counts: { at: NOW - unmetSeen, pending, claimed: 0 },
      }),
      ...(errors && { errorCount: { at: NOW, count: 100, rises } }),
    },
  };
}

function found(pools: Record<string, Pool>, provisioning: Partial<Provisioning> = {}): Stall | undefined {
  const config = configOf([], { provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [], ...provisioning } });
  const records = Object.entries(pools).map(([pool, spec]) => recordOf(pool, spec));
  const empty = emptyState();
  const watch = { ...empty.watch, fleetErrorsAt: NOW };
  const state = { ...empty, watch, pools: new Map(records.map((record) => [record.pool, record])) };
  const rules = { draft: draftFor(config), addressees: () => [], groupWait: 0 };
  return stallOf(new Docket(config, rules, state, NOW), () => true);
}

const SILENT = 20 * MINUTE;
const wants = { newest: SILENT, unmet: 12 * MINUTE };
const quiet = { newest: SILENT };
/** Silent for longer than the ten minutes, and for less than one pool alone takes to tell of its provider. */
const BRIEFLY = { newest: 13 * MINUTE };
const BRIEF = { ...BRIEFLY, unmet: 12 * MINUTE };

describe('a stall', () => {
  it.each<[string, Record<string, Pool>]>([
    ['no worker came though one pool has wanted some', { 'a/a': wants, 'a/b': quiet }],
    ['one pool is all there is, and tasks of others wait in it', { 'a/a': wants }],
    ['canaries alone want workers, in several pools', { 'a/a': { ...wants, own: true }, 'a/b': { ...wants, own: true } }],
    ['a pool that nobody watches wants some', { 'a/a': quiet, 'a/b': { ...wants, newest: false, max: 50 } }],
    ['all of a provider are silent, and another is not', { 'a/a': wants, 'b/b': { provider: 'azure', newest: MINUTE } }],
    [
      'the one pool that wants some got none while others just did',
      { 'a/a': { newest: HOUR, unmet: 18 * MINUTE }, 'a/b': wants },
    ],
    [
      'who wants some for long got one among the last',
      { 'a/a': { newest: SILENT, unmet: HOUR }, 'a/b': { newest: 15 * MINUTE } },
    ],
    [
      'two pools want some, though for less long than one would have to',
      { 'a/a': BRIEF, 'a/b': BRIEF, 'a/c': BRIEFLY, 'b/b': { provider: 'azure', newest: MINUTE } },
    ],
    ['one pool wants some, and nobody makes any', { 'a/a': BRIEF, 'a/b': BRIEFLY }],
    ['nobody asked whether the pool that wants some for long got one', { 'a/a': quiet, 'a/b': { newest: false, unmet: HOUR } }],
    ['none came over a weekend', { 'a/a': { newest: 2.5 * DAY, unmet: 12 * MINUTE } }],
  ])('is where %s', (what, pools) => {
    const provisioning = /nobody (watches|asked)/.test(what) ? { pools: ['a/a'] } : {};
    expect(found(pools, provisioning)?.providers).toEqual(['gcp']);
  });

  it.each<[string, Record<string, Pool>]>([
    ['nothing is wanted: a quiet cluster', { 'a/a': quiet, 'a/b': quiet }],
    ['a worker came while others were wanted', { 'a/a': wants, 'a/b': { newest: 5 * MINUTE } }],
    ['a worker came just now in the pool that wants more', { 'a/a': { newest: MINUTE, unmet: HOUR } }],
    ['none has come for long, but it is wanted only now', { 'a/a': { newest: 9 * HOUR, unmet: 4 * MINUTE }, 'a/b': quiet }],
    [
      'the one pool that wants some got none while others did for long',
      { 'a/a': { newest: HOUR, unmet: 50 * MINUTE }, 'a/b': quiet },
    ],
    [
      'several pools got none while another did for long',
      { 'a/a': { unmet: HOUR }, 'a/b': { newest: 2 * HOUR, unmet: HOUR }, 'a/c': quiet },
    ],
    [
      'a second pool wants some only since now',
      { 'a/a': BRIEF, 'a/b': { ...BRIEF, unmet: MINUTE }, 'b/b': { provider: 'azure', newest: MINUTE } },
    ],
    [
      'one pool wants some, and the others of its provider may just want none',
      { 'a/a': BRIEF, 'a/b': BRIEFLY, 'b/b': { provider: 'azure', newest: MINUTE } },
    ],
    ['our one canary alone waits', { 'a/a': { ...wants, own: true }, 'a/b': quiet }],
    ['demand was last seen a while ago', { 'a/a': { ...wants, unmetSeen: 4 * MINUTE } }],
    ['a watched pool was not asked just now', { 'a/a': wants, 'a/b': { ...quiet, looked: 4 * MINUTE } }],
    ['a watched pool was never asked', { 'a/a': wants, 'a/b': { newest: false } }],
    [
      'the statistics alone show that a worker came, who knows when',
      { 'a/a': wants, 'a/b': { newest: 15 * MINUTE, looked: 2 * MINUTE, atLeast: true } },
    ],
    ['the one pool that wants some has been dead for days', { 'a/a': { newest: 4 * DAY, unmet: 4 * DAY }, 'a/b': quiet }],
    ['it never had any', { 'a/a': { unmet: 4 * DAY }, 'a/b': quiet }],
    [
      'several dead pools want some',
      { 'a/a': { unmet: DAY, own: true }, 'a/b': { newest: 5 * DAY, unmet: DAY, own: true }, 'a/c': quiet },
    ],
    ['a pool that is to be deleted has tasks', { 'a/a': { ...wants, provider: 'null-provider' }, 'a/b': quiet }],
    ['no pool is known', {}],
  ])('is none where %s', (_what, pools) => expect(found(pools)).toBeUndefined());

  it('is none where a pool of the provider that nobody watches got workers', () => {
    const pools = { 'a/a': wants, 'a/b': { newest: 3 * MINUTE, atLeast: true as const } };
    expect(found(pools, { pools: ['a/a'] })).toBeUndefined();
  });

  it('is none where the watch is off', () => expect(found({ 'a/a': wants }, { mode: 'off' })).toBeUndefined());

  it('tells of all providers where all are silent, and of the silent ones where not', () => {
    const azure = { provider: 'azure', newest: SILENT };
    expect(found({ 'a/a': wants, 'b/b': azure })).toMatchObject({ overall: true, providers: ['gcp', 'azure'], watched: 2 });
    expect(found({ 'a/a': wants, 'b/b': { ...azure, newest: MINUTE } })).toMatchObject({
      overall: false,
      providers: ['gcp'],
      watched: 1,
    });
    const both = { 'a/a': wants, 'b/b': { ...azure, ...wants }, 'c/c': { provider: 'aws', newest: MINUTE } };
    expect(found(both)).toMatchObject({ overall: false, providers: ['gcp', 'azure'], waiting: 6 });
  });

  it('dates from the newest worker of any, and the first demand', () => {
    const stall = found({ 'a/a': { ...wants, pending: 40 }, 'a/b': { newest: 15 * MINUTE, unmet: 14 * MINUTE, pending: 2 } });
    expect(stall).toMatchObject({
      newestWorker: NOW - 15 * MINUTE,
      unmetSince: NOW - 14 * MINUTE,
      waiting: 42,
      unmet: [
        { pool: 'a/a', pending: 40 },
        { pool: 'a/b', pending: 2 },
      ],
    });
  });
});

describe('the cause of a stall', () => {
  const causeOf = (...errors: { from: number; by: number }[]) => {
    const stall = found({ 'a/a': { ...wants, errors }, 'a/b': quiet });
    return stall && causeOfStall(stall);
  };
  it('is the provisioner, where it reports no errors', () => expect(causeOf()).toBe('provisioning-stalled'));
  it('is the errors, where they rose since the newest worker', () =>
    expect(causeOf({ from: 10 * MINUTE, by: 5 })).toBe('provisioning-errors'));
  it('is the provisioner, where there were as many as ever until then', () =>
    expect(causeOf({ from: 50 * MINUTE, by: 20 }, { from: 22 * MINUTE, by: 9 })).toBe('provisioning-stalled'));
  it('is the errors of the one provider that reports any, where two are silent at once', () => {
    const errors = [{ from: 10 * MINUTE, by: 5 }];
    const both = found({ 'a/a': { ...wants, errors }, 'b/b': { ...wants, provider: 'azure' } });
    expect(both).toMatchObject({ providers: ['gcp', 'azure'], errors: 5, failing: ['gcp'] });
    expect(found({ 'a/a': { ...wants, errors }, 'b/b': { ...wants, errors, provider: 'azure' } })).not.toHaveProperty('failing');
  });
  it('is the provisioner, where a few came by accident', () =>
    expect(causeOf({ from: 10 * MINUTE, by: 2 })).toBe('provisioning-stalled'));
});
