import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/evidence/change.ts';
import { evolve } from '../../src/evidence/evolve.ts';
import type { Incident } from '../../src/evidence/incident.ts';
import { SECOND } from '../../src/evidence/instant.ts';
import { isStalled } from '../../src/judge/causes/provisioning.ts';
import { fleetOf } from '../../src/judge/members.ts';
import { factsOf, histories, historyBench, POOLS, type Step } from './histories.ts';
import type { Watched } from './watch.ts';

function live(
  steps: readonly Step[],
  after: (bench: Watched, changed: Incident[], before: Watched['state'], changes: readonly Change[]) => void,
): void {
  const bench = historyBench();
  for (const step of steps) {
    const before = bench.state;
    const now = bench.now + step.wait * SECOND;
    const changes = bench.judge(factsOf(bench, step, now), now);
    after(
      bench,
      changes.flatMap((change) => (change.kind === 'incident' ? [change.incident] : [])),
      before,
      changes,
    );
  }
}

function check(after: Parameters<typeof live>[1], numRuns: number): void {
  fc.assert(
    fc.property(histories, (steps) => live(steps, after)),
    { numRuns },
  );
}

/** Where a value is not what it would be after a round trip through the store. */
function flaws(value: unknown, path = ''): string[] {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return [`${path} is ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => flaws(inner, `${path}.${key}`));
}

/** Steps of one judgement see what those after them did in the last one. */
const SETTLES = 4;

describe('whatever is read', () => {
  it('every incident and every record is a value that the store gives back as it was', () => {
    check(({ state }, changed) => {
      expect(flaws(changed)).toEqual([]);
      expect(flaws([...state.pools.values()])).toEqual([]);
      expect(flaws(state.watch)).toEqual([]);
    }, 100);
  }, 60_000);

  it('the state after a judgement is what its changes, written down, make of the one before', () => {
    check(({ state }, _changed, before, changes) => {
      const read = evolve(before, [...changes]);
      expect([...state.pools]).toEqual([...read.pools]);
      expect([...state.probes]).toEqual([...read.probes]);
    }, 100);
  }, 60_000);

  it('a moment that nothing new is told of settles, and then nothing is written', () => {
    check((bench) => {
      for (let i = 0; i < SETTLES && bench.judge([]).length > 0; i++);
      expect(bench.judge([])).toEqual([]);
    }, 60);
  }, 60_000);

  it('a probe is told of in one open incident at most', () => {
    check(({ state }) => {
      for (const name of POOLS) {
        const fleet = fleetOf(state.incidents, name);
        const own = state.incidents.get(`probe:${name}`);
        const capacity = state.incidents.get(`pool:${name}`);
        const single = own?.evidence.kind === 'pool' && own.evidence.probe === name;
        expect([fleet !== undefined, single, capacity !== undefined && fleet !== undefined].filter(Boolean).length).toBeLessThan(
          2,
        );
      }
    }, 100);
  }, 60_000);

  it('a stall goes on until a newer worker was seen', () => {
    check((bench, changed, before) => {
      for (const incident of before.incidents.values()) {
        if (!isStalled(incident)) continue;
        const next = changed.find(({ id }) => id === incident.id);
        if (next === undefined || isStalled(next)) continue;
        const { newestWorker, providers } = incident.evidence.stall;
        const newer = [...bench.state.pools.values()].filter(({ seen }) => (seen?.newest?.created ?? 0) > newestWorker);
        const left = providers.filter((name) => bench.basket.has(name));
        expect(newer.length > 0 || left.length === 0).toBe(true);
      }
    }, 100);
  }, 60_000);
});
