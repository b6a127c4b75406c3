import { expect, it } from 'vitest';
import { judged } from '../../src/judge/causes/cause.ts';
import { Bench, configOf } from '../support/judging.ts';
import { infoOf, listed, MINUTE, NOW, sampled, workforceOf } from './makers.ts';

const PAIR = { 'a/a': workforceOf({ running: 3 }), 'a/b': workforceOf({ running: 5 }) };

/** A judge that knows two pools, and a first sample of them. */
function begun(): Bench {
  const bench = new Bench(configOf([], { provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [] } }), NOW);
  bench.judge([listed([infoOf('a/a'), infoOf('a/b')], NOW), sampled(PAIR, NOW)]);
  return bench;
}

const running = ({ state, now }: Bench, pool: string) => {
  const record = state.pools.get(pool);
  return record && judged(record, state.watch.fleetAt, now).figures.running;
};

it('a sample of all pools changes those that are not as they were in the one before, and is as fresh for all', () => {
  const bench = begun();
  const at = NOW + 10 * MINUTE;
  const changes = bench.judge([sampled({ ...PAIR, 'a/b': workforceOf({ running: 6 }) }, at)], at);
  expect(changes.flatMap((change) => (change.kind === 'pool' ? [change.record.pool] : []))).toEqual(['a/b']);
  expect([running(bench, 'a/a'), running(bench, 'a/b')]).toEqual([3, 6]);
});

it('a pool of which the last sample says nothing has no workers that anybody knows of', () => {
  const bench = begun();
  const at = NOW + 5 * MINUTE;
  bench.judge([sampled({ 'a/b': PAIR['a/b'] }, at)], at);
  expect([running(bench, 'a/a'), running(bench, 'a/b')]).toEqual([undefined, 5]);
});

it('a sample that is too old says nothing', () => {
  const bench = begun();
  bench.judge([], NOW + 7 * MINUTE);
  expect(running(bench, 'a/a')).toBe(3);
  bench.judge([], NOW + 8 * MINUTE);
  expect(running(bench, 'a/a')).toBeUndefined();
});
