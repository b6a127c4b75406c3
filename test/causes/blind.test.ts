import { describe, expect, it } from 'vitest';
import type { Fact, Refusal } from '../../src/evidence/fact.ts';
import { clockTime, MINUTE } from '../../src/evidence/instant.ts';
import type { PlannedRead } from '../../src/evidence/reading.ts';
import { blindOf } from '../../src/judge/causes/blind.ts';
import { probe, Watched } from './watch.ts';

const POOLS = { 'g/one': { provider: 'gcp' }, 'g/two': { provider: 'gcp' }, 'a/one': { provider: 'aws' } };

/** A deployment of two providers whose prober is refused these readings, each for want of a scope of its own. */
function refused(requests: PlannedRead[], why: Refusal = 'refused', mode: 'alert' | 'off' = 'alert') {
  const watched = new Watched([probe('g/one')], POOLS, { provisioning: { mode, silence: 600_000, pools: [] } });
  const facts = requests.map((request): Fact => {
    const about = 'pool' in request ? `:${request.pool}` : '';
    return { kind: 'failed', ask: 'read', why, detail: `missing scopes: ${request.what}${about}`, request, at: watched.now };
  });
  watched.judge(facts);
  return watched;
}

const blindIn = ({ config, state }: Watched) => blindOf(config, state);

describe('the watch over new workers is blind', () => {
  it('at a provider where the newest workers of some watched pool may not be listed', () => {
    expect(blindIn(refused([{ what: 'workers', pool: 'g/two', limit: 1 }]))).toEqual({
      providers: ['gcp'],
      overall: false,
      why: ['missing scopes: workers:*'],
    });
  });

  it('at a provider where of no pool may be read how many tasks wait, and sees where one may', () => {
    const both: PlannedRead[] = [
      { what: 'counts', pool: 'g/one' },
      { what: 'counts', pool: 'g/two' },
    ];
    expect(blindIn(refused(both))).toEqual({ providers: ['gcp'], overall: false, why: ['missing scopes: counts:*'] });
    expect(blindIn(refused(both.slice(1)))).toBeUndefined();
  });

  it('everywhere where every provider is, or the statistics of all workers are refused', () => {
    const workers = Object.keys(POOLS).map((pool): PlannedRead => ({ what: 'workers', pool, limit: 1 }));
    expect(blindIn(refused(workers))).toMatchObject({ overall: true, why: ['missing scopes: workers:*'] });
    expect(blindIn(refused([{ what: 'fleet' }]))).toMatchObject({ overall: true, why: ['missing scopes: fleet'] });
  });

  it('where neither the list of pools nor any of them may be read, and so none is watched', () => {
    const watched = refused([{ what: 'pools' }, { what: 'pool', pool: 'g/one' }]);
    expect(blindIn(watched)).toBeUndefined();
    watched.state = { ...watched.state, pools: new Map() };
    expect(blindIn(watched)).toEqual({
      providers: [],
      overall: true,
      why: ['missing scopes: pools', 'missing scopes: pool:*'],
    });
  });

  it('everywhere once worker-manager has told of no workers for longer than a stall takes to be told, until it does again', () => {
    const watched = new Watched([probe('g/one')], POOLS);
    watched.pass(1);
    const told = watched.now;
    const away = (at: number) => {
      const request = { what: 'fleet' } as const;
      watched.judge([{ kind: 'failed', ask: 'read', why: 'unreachable', detail: 'status 503', request, at }], at);
    };
    away(told + 9 * MINUTE);
    expect(blindIn(watched)).toBeUndefined();
    away(told + 11 * MINUTE);
    expect(blindIn(watched)).toEqual({
      providers: ['gcp', 'aws'],
      overall: true,
      why: [`nothing was told of workers since ${clockTime(told)} UTC`],
    });
    watched.pass(1);
    expect(blindIn(watched)).toBeUndefined();
  });

  it('not by what is merely away, nor where nobody wants it, and no longer once it may read', () => {
    expect(blindIn(refused([{ what: 'fleet' }], 'unreachable'))).toBeUndefined();
    expect(blindIn(refused([{ what: 'fleet' }], 'refused', 'off'))).toBeUndefined();
    const watched = refused([{ what: 'fleet' }]);
    watched.pass(1);
    expect(blindIn(watched)).toBeUndefined();
  });
});
