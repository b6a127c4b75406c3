import { describe, expect, it } from 'vitest';
import type { Incident } from '../src/evidence/incident.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { ProbeEntry } from '../src/evidence/probe.ts';
import { wording } from '../src/notify/wording.ts';
import { Bench, configOf, entry } from './support/judging.ts';
import { DAY_ZERO } from './support/values.ts';

const OBJECTIVE = { target: 0.95, under: 20 * MINUTE, over: 14 * DAY };
const QUARTER = 15 * MINUTE;
/** So late that it counts against the objective, and not late enough for an alert. */
const LATE = 25 * MINUTE;
const PATIENT: Partial<ProbeEntry> = { thresholds: { warnAfter: 30 * MINUTE, pageAfter: 2 * HOUR }, objective: OBJECTIVE };

/** From one look at the queue to the next. */
const STEP = 3 * MINUTE;

/** A deployment whose canaries are claimed as the test says, one after the other, each in its slot. */
class Life {
  readonly bench: Bench;

  constructor(probes: ProbeEntry[], over: Parameters<typeof configOf>[1] = {}) {
    this.bench = new Bench(configOf(probes, over));
  }

  /** Lets time pass; each canary is claimed so long after its slot, or stays pending where that is undefined. */
  pass(span: number, claimAfter: (probe: string, at: number) => number | undefined): void {
    const { bench } = this;
    const until = bench.now + span;
    while (bench.now < until) {
      bench.judge([], bench.now + STEP);
      for (const { name, open } of [...bench.state.probes.values()]) {
        if (open === undefined) continue;
        if (open.stage === 'due')
          bench.judge([{ kind: 'created', taskId: open.taskId, status: bench.status(name, {}), at: bench.now }]);
        const ms = claimAfter(name, open.slot);
        if (ms !== undefined && open.slot + 2 * SECOND + ms <= bench.now) bench.claimed(name, ms, bench.now);
        else bench.pending(name, bench.now);
      }
    }
  }

  get burning(): Incident | undefined {
    return this.bench.state.incidents.get('objective:budget');
  }

  get opened(): Incident[] {
    return this.bench.revisions().filter(({ revision }) => revision === 1);
  }
}

const quick = () => 10 * SECOND;
/** One canary in so many is late. */
const every = (n: number) => (_probe: string, slot: number) => (Math.floor(slot / QUARTER) % n === 0 ? LATE : 10 * SECOND);

const told = (incident: Incident | undefined) => {
  if (incident === undefined) throw new Error('nothing burns');
  return wording({ deployment: 'test', rootUrl: 'https://tc.example.com', incident });
};

describe('a burning error budget', () => {
  it('is a warning where canaries are late by the agreement and not by the thresholds, and ends some hours after that', () => {
    const life = new Life([entry('a/b', PATIENT)]);
    life.pass(2 * DAY, quick);
    life.pass(3 * HOUR, () => LATE);
    expect(life.opened).toMatchObject([{ anchor: 'objective:budget', cause: 'budget-burning', level: 'warn', class: 'pool' }]);
    expect(life.burning?.id).toMatch(/^test\/objective:budget\/2021-10-10T0[123]:/);
    expect(Object.keys(life.burning?.addressed ?? {})).toEqual(['slack:C1']);
    expect(told(life.burning)).toMatchObject({
      status: 'Warning',
      headline: 'a/b spends its error budget too fast',
      reason: expect.stringMatching(
        /^Of \d+ canaries of a\/b in 6h, [3-9] were not claimed in 20m, where 5% may: [\d.]+ times what the error budget of 14d allows, and [\d.]+ times over the last 1h\. \d+% of the error budget is left$/,
      ),
      advice: expect.stringContaining('faster boots'),
    });
    life.pass(5 * HOUR, quick);
    expect(life.burning).toBeUndefined();
    expect(life.bench.revisions().at(-1)).toMatchObject({ end: 'resolved', level: 'warn' });
  });

  it('is told where too many are late for days, though few are in any hour', () => {
    const life = new Life([entry('a/b', PATIENT)]);
    life.pass(DAY, quick);
    life.pass(2 * DAY, every(9));
    expect(life.opened).toMatchObject([{ anchor: 'objective:budget', evidence: { burning: [{ pair: 'slow', long: 3 * DAY }] } }]);
  });

  it('is none of one or two late canaries, nor of a share that the agreement allows', () => {
    const life = new Life([entry('a/b', { ...PATIENT, objective: { ...OBJECTIVE, target: 0.999 } }), entry('a/c', PATIENT)]);
    life.pass(6 * HOUR, quick);
    life.pass(30 * MINUTE, (probe) => (probe === 'a/b' ? LATE : 10 * SECOND));
    life.pass(2 * DAY, (probe, slot) => (probe === 'a/b' ? 10 * SECOND : every(30)(probe, slot)));
    expect(life.opened).toEqual([]);
  });

  it('counts a canary that still waits, and the slots that are skipped for it', () => {
    const life = new Life([entry('a/b', { ...PATIENT, thresholds: { warnAfter: 3 * HOUR, pageAfter: 5 * HOUR } })]);
    life.pass(6 * HOUR, quick);
    life.pass(90 * MINUTE, () => undefined);
    expect(life.burning?.evidence).toMatchObject({ burning: [{ probe: 'a/b', missed: 4 }] });
  });

  it('is not told beside an incident of the same probe, nor soon after its end: that says what it costs', () => {
    const life = new Life([entry('a/b', { objective: OBJECTIVE })]);
    life.pass(DAY, quick);
    life.pass(2 * HOUR, () => undefined);
    expect(told(life.bench.incident()).reason).toContain('% of the error budget is left');
    life.pass(5 * HOUR, quick);
    expect(life.opened.map(({ anchor }) => anchor)).toEqual(['probe:a/b']);
    expect(told(life.bench.revisions().at(-1)).reason).toContain('error budget');
  });

  it('of many probes is one message, which those join that burn later', () => {
    const names = ['a/b', 'a/c', 'a/d', 'a/e', 'a/f'];
    const life = new Life(names.map((name) => entry(name, PATIENT)));
    life.pass(6 * HOUR, quick);
    life.pass(2 * HOUR, (probe) => (probe < 'a/e' ? LATE : 10 * SECOND));
    life.pass(3 * HOUR, () => LATE);
    expect(life.opened).toHaveLength(1);
    expect(life.burning?.evidence).toMatchObject({ burning: names.map(() => ({ pair: 'fast' })) });
    expect(told(life.burning).headline).toBe('5 probes spend their error budgets too fast');
    expect(life.burning?.timeline.filter(({ loud }) => loud)).toHaveLength(1);
    expect(life.burning?.timeline.length).toBeLessThan(10);
  });

  it('is told of nobody who only observes or is silenced', () => {
    const silences = [{ match: 'a/c', until: DAY_ZERO + 9 * DAY, reason: 'new images', line: 3 }];
    const life = new Life([entry('a/b', { ...PATIENT, mode: 'observe' }), entry('a/c', PATIENT)], { silences });
    life.pass(6 * HOUR, quick);
    life.pass(3 * HOUR, () => LATE);
    expect(life.opened).toEqual([]);
  });

  it('is kept quiet by a silence of its cause that comes later, and withdrawn with the objective', () => {
    const life = new Life([entry('a/b', PATIENT)]);
    life.pass(6 * HOUR, quick);
    life.pass(3 * HOUR, () => LATE);
    life.bench.config.silences.push({ match: 'budget-burning', until: DAY_ZERO + 9 * DAY, reason: 'known', line: 3 });
    life.pass(STEP, () => LATE);
    expect(life.burning?.silenced).toMatchObject({ reason: 'known' });
    const probes = life.bench.config.probes.map(({ objective: _no, ...rest }) => rest);
    life.bench.config = { ...life.bench.config, probes };
    life.pass(STEP, () => LATE);
    expect(life.bench.revisions().at(-1)).toMatchObject({ anchor: 'objective:budget', end: 'withdrawn' });
  });
});
