import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/evidence/instant.ts';
import type { Silence } from '../src/evidence/silence.ts';
import { isCause, matches, type Subject } from '../src/judge/match.ts';
import { hushOf } from '../src/judge/silences.ts';
import { configOf } from './support/judging.ts';
import { DAY_ZERO } from './support/values.ts';

/** A Friday, 22:00. */
const NOW = DAY_ZERO + 22 * HOUR;

describe('what a silence is about', () => {
  const subject: Subject = { pool: 'gecko-t/win11-64-24h2-gpu', probe: 'windows with a GPU', cause: 'unexplained' };

  test.each([
    'gecko-t/win11-64-24h2-gpu',
    'windows with a GPU',
    'unexplained',
    'gecko-t/*',
    '*/win11-*',
    'gecko-?/*-gpu',
    'gecko-[st]/win11-64-24h2-[!c]pu',
  ])('%s is that pool, probe or cause', (match) => {
    expect(matches(match, subject)).toBe(true);
  });

  test.each([
    'gecko-t',
    '*',
    'gecko-*',
    'gecko-t/win11',
    'gecko-[!t]/*',
    'windows*',
    'queue-unreachable',
    'gecko-t/win11.64-24h2-gpu',
  ])('%s is not', (match) => {
    expect(matches(match, subject)).toBe(false);
  });

  test('a glob is about pools alone, and an incident of no pool is found by its cause', () => {
    expect(matches('*', { probe: 'nightly' })).toBe(false);
    expect(matches('queue-unreachable', { cause: 'queue-unreachable' })).toBe(true);
    expect([isCause('queue-unreachable'), isCause('gecko-t/linux')]).toEqual([true, false]);
  });
});

describe('whether anybody is told', () => {
  const pool = 'gecko-t/linux';
  const silence = (over: Partial<Silence> = {}): Silence => ({
    id: 'a1b2c3',
    match: 'gecko-t/*',
    from: NOW - HOUR,
    until: NOW + HOUR,
    reason: 'new images',
    by: 'jane',
    ...over,
  });
  const silences = (...all: Silence[]) => new Map(all.map((one) => [one.id, one]));
  const config = configOf([]);

  test('is said with who silenced it, until when, and why', () => {
    const hush = { by: 'silence a1b2c3 of jane', until: NOW + HOUR, reason: 'new images' };
    expect(hushOf(config, silences(silence()), { pool }, NOW)).toEqual(hush);
    expect(hushOf(config, silences(silence()), { pool: 'gecko-3/decision' }, NOW)).toBeUndefined();
    expect(hushOf(config, silences(), { pool }, NOW)).toBeUndefined();
  });

  test.each<[string, number, Partial<Silence>]>([
    ['before it begins', NOW - HOUR - 1, {}],
    ['at its end', NOW + HOUR, {}],
    ['once somebody ended it', NOW, { ended: NOW - MINUTE }],
  ])('is everybody %s', (_when, now, over) => {
    expect(hushOf(config, silences(silence(over)), { pool }, now)).toBeUndefined();
  });

  test('is so by the probe file too, which may leave out the beginning', () => {
    const rest = { match: pool, until: NOW + HOUR, reason: 'moved' };
    const file = configOf([], {
      silences: [
        { ...rest, from: NOW + 1, line: 7 },
        { ...rest, line: 42 },
      ],
    });
    expect(hushOf(file, silences(), { pool }, NOW)).toEqual({ by: 'probes/test.yml:42', until: NOW + HOUR, reason: 'moved' });
    expect(hushOf(file, silences(), { pool }, NOW + 1)?.by).toBe('probes/test.yml:42');
    expect(hushOf(file, silences(), { pool }, NOW + HOUR)).toBeUndefined();
  });

  test('is so in a maintenance window, until it closes', () => {
    const window = { match: pool, days: [5], from: 22 * HOUR, to: 2 * HOUR, timezone: 'Etc/UTC', reason: 'images', line: 50 };
    const file = configOf([], { maintenance: [window] });
    expect(hushOf(file, silences(), { pool }, NOW)).toEqual({
      by: 'probes/test.yml:50',
      until: NOW + 4 * HOUR,
      reason: 'images',
    });
    expect(hushOf(file, silences(), { pool }, NOW + 4 * HOUR)).toBeUndefined();
    expect(hushOf(file, silences(), { pool }, NOW - 1)).toBeUndefined();
  });

  test('depends on what lasts longest, in whatever order they are known', () => {
    const short = silence();
    const long = silence({ id: 'zzzzzz', until: NOW + DAY });
    const equal = silence({ id: 'aaaaaa', until: NOW + DAY });
    for (const all of [
      [short, long, equal],
      [equal, long, short],
    ]) {
      expect(hushOf(config, silences(...all), { pool }, NOW)?.by).toBe('silence aaaaaa of jane');
    }
  });
});
