import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { objectiveReport, type Stretch } from '../src/stats/objective.ts';
import { emptySketch, observe } from '../src/stats/sketch.ts';
import { fileWith, like, said, valid } from './config-files.ts';
import { DAY_ZERO } from './support/values.ts';

const OBJECTIVE = { target: 0.95, under: 20 * MINUTE, over: 14 * DAY };
const NOW = DAY_ZERO + 12 * HOUR + 5 * MINUTE;

/** Observations that began at an instant: how many in time, how many too late, how many ended unclaimed after so long. */
function stretch(at: number, kept: number, late = 0, unclaimed: number[] = []): Stretch {
  const sketch = emptySketch();
  if (kept > 0) observe(sketch, 30 * SECOND, false, kept);
  if (late > 0) observe(sketch, HOUR, false, late);
  for (const ms of unclaimed) observe(sketch, ms, true);
  return { at, sketch };
}

const daily = (days: number, kept: number, late = 0) =>
  Array.from({ length: days }, (_, i) => stretch(DAY_ZERO - (i + 1) * DAY, kept, late));

describe('an objective', () => {
  const objectiveOf = async (text: string) =>
    (await loadConfig(fileWith(valid('', { probes: `- {pool: a/b, objective: ${text}}` })), {})).probes[0]?.objective;

  it('is read from a probe file', async () => {
    expect(await objectiveOf('95% under 20m over 14d')).toEqual(OBJECTIVE);
    expect(await objectiveOf('99.95% under 1m30s over 30d')).toEqual({ target: 0.9995, under: 90 * SECOND, over: 30 * DAY });
  });

  it('comes from defaults, unless the probe has one of its own or none', async () => {
    const text = valid('defaults: {objective: 95% under 20m over 14d}', {
      probes: '- pool: a/b\n- {pool: a/c, objective: none}\n- {pool: a/d, objective: 90% under 1h over 7d}',
    });
    const { probes } = await loadConfig(fileWith(text), {});
    expect(probes.map(({ objective }) => objective)).toEqual([OBJECTIVE, undefined, { target: 0.9, under: HOUR, over: 7 * DAY }]);
  });

  it.each<[string, ...string[]]>([
    ['95% in 20m', 'is no objective', '95% under 20m over 14d', 'Or write none.'],
    ['0.95 under 20m over 14d', 'has 0.95 where a share should stand'],
    ['100% under 20m over 14d', 'has 100% where a share should stand'],
    ['40% under 20m over 14d', 'less than half', '50%'],
    ['95% under 20 over 14d', 'a time to claim that has no unit', 'Add one'],
    ['95% under 20m over 2d', 'a span that is under 7d'],
    ['95% under 20m over 91d', 'a span that is over 90d'],
    ['95% under 20m over 7d12h', 'not whole days'],
    ['95% under 6h over 14d', 'over 5h 55m', 'no canary waits', 'a later deadline'],
  ])('is refused: %s', async (text, ...words) => {
    expect(await said(valid('', { probes: `- pool: a/b\n  objective: ${text}` }))).toEqual([
      like(11, 'probes[0].objective', ...words),
    ]);
  });
});

describe('how a probe stands', () => {
  it('is the share of observations in time, and what that leaves of the error budget', () => {
    const report = objectiveReport(OBJECTIVE, daily(14, 99, 1), [], [], NOW);
    expect(report).toMatchObject({ kept: 14 * 99, missed: 14 });
    expect(report.compliance).toBeCloseTo(0.99, 10);
    expect(report.budgetLeft).toBeCloseTo(0.8, 10);
  });

  it('is unknown without observations, and nothing burns', () => {
    const report = objectiveReport(OBJECTIVE, [], [], [], NOW);
    expect(report).toMatchObject({ kept: 0, missed: 0, fast: { rates: {}, burning: false }, slow: { burning: false } });
    for (const key of ['compliance', 'budgetLeft']) expect(report).not.toHaveProperty(key);
  });

  it('counts what nobody claimed only once it is past the limit, in flight or ended', () => {
    const ended = stretch(DAY_ZERO, 10, 0, [MINUTE, 19 * MINUTE, 21 * MINUTE, 6 * HOUR]);
    const waits = [5 * MINUTE, 30 * MINUTE].map((ms) => ({ at: NOW - ms, ms }));
    expect(objectiveReport(OBJECTIVE, [ended], [], waits, NOW)).toMatchObject({ kept: 10, missed: 3 });
  });

  it('leaves out what is older than its time', () => {
    expect(objectiveReport(OBJECTIVE, daily(30, 1), [], [], NOW)).toMatchObject({ kept: 14 });
  });

  it('may be overspent', () => {
    expect(objectiveReport(OBJECTIVE, daily(14, 8, 2), [], [], NOW).budgetLeft).toBeCloseTo(-3, 10);
  });
});

describe('the error budget', () => {
  const hour = (ago: number, kept: number, late: number) => stretch(Math.floor(NOW / HOUR) * HOUR - ago * HOUR, kept, late);

  it('burns fast when six hours and the last one would spend a twentieth of it in six hours', () => {
    const hours = [hour(0, 0, 1), hour(1, 2, 2), hour(3, 4, 0), hour(5, 4, 0)];
    const { fast } = objectiveReport(OBJECTIVE, [], hours, [], NOW);
    expect(fast).toMatchObject({ long: 6 * HOUR, short: HOUR, limit: 2.8, burning: true });
    expect(fast.rates.long).toBeCloseTo(3 / 13 / 0.05, 10);
  });

  it('no longer burns fast when the last hour was good', () => {
    const hours = [hour(0, 4, 0), hour(1, 4, 0), hour(3, 0, 4)];
    expect(objectiveReport(OBJECTIVE, [], hours, [], NOW).fast.burning).toBe(false);
  });

  it('burns slowly by the last days and the last six hours', () => {
    const days = [...daily(3, 90, 8), stretch(DAY_ZERO, 40, 4)];
    const { slow, fast } = objectiveReport(OBJECTIVE, days, [hour(2, 10, 1)], [], NOW);
    expect(slow).toMatchObject({ long: 3 * DAY, short: 6 * HOUR, limit: 1, burning: true });
    expect(fast.burning).toBe(false);
  });

  it('burns with a canary in flight alone', () => {
    const waits = [2, 1].map((hours) => ({ at: NOW - hours * HOUR, ms: hours * HOUR }));
    expect(objectiveReport(OBJECTIVE, [], [hour(3, 4, 0)], waits, NOW).fast.burning).toBe(true);
  });
});
