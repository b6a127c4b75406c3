import { expect, test } from 'vitest';
import { poolOf } from '../src/taskcluster/pool-shapes.ts';
import type { PoolSpec } from '../src/world/spec.ts';
import { poolOf as bodyOf, pool, worldOf } from './support/world.ts';

const regionsOf = (config: unknown) =>
  poolOf({ workerPoolId: 'a/b', providerId: 'p', currentCapacity: 0, requestedCapacity: 0, config })?.regions;

test.each<[string, Partial<PoolSpec>, string[]]>([
  ['Amazon', { provider: 'aws' }, ['us-east-1', 'us-west-2']],
  ['Azure', { runs: 'generic-worker-windows' }, ['centralus', 'eastus']],
  ['Google', { regions: ['us-west1', 'europe-west1', 'us-west1'] }, ['europe-west1', 'us-west1']],
])('a pool at %s is in the regions of its launch configurations, sorted and once each', (_cloud, spec, regions) => {
  expect(poolOf(bodyOf(worldOf([pool('a/b', spec)]), 'a/b'))?.regions).toEqual(regions);
});

test('a zone stands for its region where nothing else does', () => {
  expect(regionsOf({ launchConfigs: [{ zone: 'us-central1-a' }, { zone: 'us-west1-b', region: 'us-west1' }] })).toEqual([
    'us-central1-a',
    'us-west1',
  ]);
});

test.each([
  [undefined],
  [{}],
  [{ launchConfigs: [] }],
  [{ launchConfigs: 'x' }],
  [{ launchConfigs: [null, 7, { region: 5 }, { location: '' }, { workerConfig: {} }] }],
])('hardware, and whatever names none, is in no region: %j', (config) => {
  expect(regionsOf(config)).toBeUndefined();
});
