import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomTaskId, taskGroupIdOf, taskIdOf } from '../src/taskcluster/identity.ts';

/** What the queue takes as a task id, and besides no `-` in front. */
const NICE = /^[A-Za-f][A-Za-z0-9_-]{7}[Q-T][A-Za-z0-9_-][CGKOSWaeimquy26-][A-Za-z0-9_-]{10}[AQgw]$/;
const SLOT = Date.UTC(2021, 9, 8, 23, 0);

const slots = fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000);

describe('the id of a canary', () => {
  test('never changes between versions, or two of them would make two tasks for one slot', () => {
    expect(taskIdOf('firefox-ci', 'gecko-3/decision', SLOT)).toBe('WA12Hx7NQo66lRC8ka5Qhg');
    expect(taskGroupIdOf('firefox-ci', SLOT)).toBe('cH6wAXMGRxeM8cE__KgGKA');
  });

  test('is one the queue takes, and never starts with a dash', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), slots, (deployment, probe, slot) => {
        expect(taskIdOf(deployment, probe, slot)).toMatch(NICE);
        expect(taskGroupIdOf(deployment, slot)).toMatch(NICE);
        expect(randomTaskId()).toMatch(NICE);
      }),
    );
  });

  test('differs for every deployment, probe and second', () => {
    const parts = fc.tuple(fc.string(), fc.string(), slots);
    fc.assert(
      fc.property(fc.uniqueArray(parts, { minLength: 2, maxLength: 20, selector: (part) => JSON.stringify(part) }), (some) => {
        expect(new Set(some.map((part) => taskIdOf(...part))).size).toBe(some.length);
      }),
    );
    expect(taskIdOf('a', 'b,c', SLOT)).not.toBe(taskIdOf('a,b', 'c', SLOT));
    expect(taskIdOf('a","b', 'c', SLOT)).not.toBe(taskIdOf('a', 'b","c', SLOT));
  });

  test('is the same for any instant within the second of its slot', () => {
    expect(taskIdOf('a', 'b', SLOT + 999)).toBe(taskIdOf('a', 'b', SLOT));
    expect(taskIdOf('a', 'b', SLOT + 1000)).not.toBe(taskIdOf('a', 'b', SLOT));
  });

  test('is random for a canary sent by hand', () => {
    expect(new Set(Array.from({ length: 1000 }, randomTaskId)).size).toBe(1000);
  });
});

describe('the task group', () => {
  test('is one for a deployment and UTC day', () => {
    const midnight = Date.UTC(2021, 9, 8);
    const ofDay = new Set([0, 1, 43_200_000, 86_399_999].map((into) => taskGroupIdOf('a', midnight + into)));
    expect(ofDay.size).toBe(1);
    expect(ofDay).not.toContain(taskGroupIdOf('a', midnight - 1));
    expect(ofDay).not.toContain(taskGroupIdOf('a', midnight + 86_400_000));
    expect(ofDay).not.toContain(taskGroupIdOf('b', midnight));
  });

  test('is never the id of one of its canaries, which would make that one a decision task', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), slots, (deployment, probe, slot) => {
        expect(taskGroupIdOf(deployment, slot)).not.toBe(taskIdOf(deployment, probe, slot));
      }),
    );
    expect(taskIdOf('a', '2021-10-08', SLOT)).not.toBe(taskGroupIdOf('a', SLOT));
  });
});
