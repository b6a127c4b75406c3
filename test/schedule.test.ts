import fc from 'fast-check';
import { createTask, validateDetailed } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, iso, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Schedule } from '../src/evidence/probe.ts';
import { nextSlot, offsetOf, pitch, slots } from '../src/judge/schedule.ts';

function cron(expression: string, timezone = 'Etc/UTC'): Schedule {
  const { fields } = validateDetailed(expression);
  if (fields === undefined) throw new Error(`${expression} is not valid`);
  return { expression, timezone, ...fields };
}

const at = (text: string) => Date.parse(text);
const between = (schedule: Schedule, after: string, until: string, offset = 0) =>
  slots(schedule, offset, at(after), at(until)).map((slot) => iso(slot).slice(0, 19));

describe('slots', () => {
  it('leave the first bound out and take the last one in', () => {
    const quarters = cron('*/15 * * * *');
    expect(between(quarters, '2026-03-01T10:00:00Z', '2026-03-01T10:30:00Z')).toEqual([
      '2026-03-01T10:15:00',
      '2026-03-01T10:30:00',
    ]);
  });

  it('come later by the offset', () => {
    const quarters = cron('*/15 * * * *');
    expect(between(quarters, '2026-03-01T10:00:00Z', '2026-03-01T10:20:00Z', 65 * SECOND)).toEqual([
      '2026-03-01T10:01:05',
      '2026-03-01T10:16:05',
    ]);
  });

  it('follow bounds that are not whole seconds', () => {
    const everyTen = cron('*/10 * * * * *');
    expect(slots(everyTen, 0, 9_999.5, 20_000.5)).toEqual([10_000, 20_000]);
    expect(slots(everyTen, 0, 10_000.5, 19_999)).toEqual([]);
  });

  it('fall in both passes of an hour that the clocks repeat', () => {
    const halves = cron('*/30 2 * * *', 'Europe/Berlin');
    expect(between(halves, '2026-10-24T22:00:00Z', '2026-10-25T22:00:00Z')).toEqual([
      '2026-10-25T00:00:00',
      '2026-10-25T00:30:00',
      '2026-10-25T01:00:00',
      '2026-10-25T01:30:00',
    ]);
  });

  it('leave out an hour that the clocks skip', () => {
    const halfPastTwo = cron('30 2 * * *', 'Europe/Berlin');
    expect(between(halfPastTwo, '2026-03-28T00:00:00Z', '2026-03-31T00:00:00Z')).toEqual([
      '2026-03-28T01:30:00',
      '2026-03-30T00:30:00',
    ]);
  });
});

describe('nextSlot', () => {
  it.each([
    ['the last day', '0 0 L 2 *', '2027-02-28'],
    ['days before the last', '0 0 L-3 * *', '2026-11-27'],
    ['the weekday nearest a day', '0 0 15W * *', '2026-12-15'],
    ['the last weekday', '0 0 LW 1 *', '2027-01-29'],
    ['the last Friday', '0 0 * * 5L', '2026-11-27'],
    ['the second Friday', '0 0 * * 5#2', '2026-12-11'],
    ['a leap day', '0 0 29 2 *', '2028-02-29'],
    ['a leap day that is a Sunday', '0 0 29 2 0', '2032-02-29'],
  ])('finds %s', (_, expression, day) => {
    expect(iso(nextSlot(cron(expression), 0, at('2026-11-24T10:00:00Z')) ?? 0)).toBe(`${day}T00:00:00.000Z`);
  });

  it('finds the leap day that takes forty years to come back', () => {
    expect(iso(nextSlot(cron('0 0 29 2 1'), 0, at('2072-03-01T00:00:00Z')) ?? 0)).toBe('2112-02-29T00:00:00.000Z');
  });

  it('has no answer for a day that no month has', () => {
    expect(nextSlot(cron('0 0 31W 2 *'), 0, at('2026-11-24T10:00:00Z'))).toBeUndefined();
  });
});

describe('pitch', () => {
  it.each([
    ['*/10 * * * * *', 10 * SECOND],
    ['7,21,22 * * * *', MINUTE],
    ['0 0,9 * * *', 9 * HOUR],
    ['50 23 * * *', DAY],
    ['0,50 0,23 * * *', 10 * MINUTE],
    ['0 12 * * 1', 7 * DAY],
    ['0 12 * * 1,5', 3 * DAY],
    ['0 0 1 * *', 28 * DAY],
    ['0 0 1 1 *', 365 * DAY],
    ['0 0 29 2 *', 1461 * DAY],
    ['0 0,1 31W 2 *', Number.POSITIVE_INFINITY],
  ])('of %s is the smallest gap', (expression, gap) => {
    expect(pitch(cron(expression))).toBe(gap);
  });
});

describe('offsetOf', () => {
  it('stays the same for ever, for canaries in the queue are told apart by their slots', () => {
    const hourly = cron('@hourly');
    expect(['gecko-3/decision', 'gecko-1/decision', 'built-in/succeed'].map((name) => offsetOf(hourly, name))).toEqual([
      123_000, 265_000, 822_000,
    ]);
  });

  it('spreads names evenly over a quarter of an hour, or over the pitch where that is less', () => {
    const names = Array.from({ length: 900 }, (_, i) => `gecko-${i % 3}/t-linux-${Math.floor(i / 3)}`);
    const [slow, fast] = [cron('0 * * * *'), cron('*/10 * * * * *')];
    const hourly = names.map((name) => offsetOf(slow, name));
    expect(hourly.every((offset) => offset % SECOND === 0 && offset >= 0 && offset < 15 * MINUTE)).toBe(true);
    const perMinute = Array.from({ length: 15 }, (_, minute) => hourly.filter((o) => Math.floor(o / MINUTE) === minute).length);
    expect(Math.max(...perMinute)).toBeLessThan(100);
    expect(Math.min(...perMinute)).toBeGreaterThan(30);
    const close = new Set(names.map((name) => offsetOf(fast, name)));
    expect([...close].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((s) => s * SECOND));
  });
});

/** Zones of many kinds, each with an instant near which it changes its clocks, if it does. */
const ZONES: [string, string][] = [
  ['Etc/UTC', '2026-01-01T00:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2027-03-14T07:00:00Z'],
  ['America/St_Johns', '2026-11-01T04:30:00Z'],
  ['America/Havana', '2026-11-01T05:00:00Z'],
  ['America/Santiago', '2026-09-06T04:00:00Z'],
  ['Asia/Beirut', '2026-10-24T21:00:00Z'],
  ['Asia/Kathmandu', '2026-05-05T05:05:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
];

const list = (low: number, high: number) =>
  fc.uniqueArray(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 4 }).map((values) => values.join(','));
const field = (low: number, high: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: 1, max: high }).map((step) => `*/${step}`),
    list(low, high),
    fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high })).map(([from, to]) => `${from}-${to}`),
  );
const monthDay = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  field(1, 31),
  fc.constantFrom('L', 'LW', 'L-1', 'L-2,7', '1W', '15W', '31W', '30W,2'),
);
const weekDay = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  field(0, 7),
  fc.constantFrom('5L', '0L', '7L', '5#2', '1#1,3', '6#5', 'mon-fri'),
);
const day = fc
  .tuple(monthDay, fc.oneof({ weight: 2, arbitrary: fc.constant('*') }, field(1, 12)), weekDay)
  .map((fields) => fields.join(' '));
const instant = fc.oneof(
  fc.integer({ min: -30 * HOUR, max: 30 * HOUR }).map((near) => (change: number) => change + near),
  fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2037-01-01T00:00:00Z') }).map((far) => () => far),
);

/** What the schedule and node-cron itself, asked at every `step` of a window, say of slots in it and of the first of them. */
function opinions(expression: string, timezone: string, from: number, length: number, step: number) {
  const schedule = cron(expression, timezone);
  const task = createTask(expression, () => undefined, { timezone });
  const start = Math.floor(from / MINUTE) * MINUTE;
  const until = start + length;
  const theirs: number[] = [];
  for (let t = start + step; t <= until; t += step) if (task.match(new Date(t))) theirs.push(t);
  void task.destroy();
  const next = nextSlot(schedule, 0, start) ?? Number.POSITIVE_INFINITY;
  return {
    ours: { slots: slots(schedule, 0, start, until).map(iso), next: next <= until ? iso(next) : undefined },
    theirs: { slots: theirs.map(iso), next: theirs.map(iso)[0] },
  };
}

describe('node-cron agrees', () => {
  it('to the minute, over a day, in every zone', () => {
    const expression = fc.tuple(field(0, 59), field(0, 23), day).map((fields) => fields.join(' '));
    fc.assert(
      fc.property(expression, fc.constantFrom(...ZONES), instant, (text, [zone, change], when) => {
        fc.pre(validateDetailed(text).valid);
        const { ours, theirs } = opinions(text, zone, when(at(change)), 26 * HOUR, MINUTE);
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 150 },
    );
  });

  it('to the second, over minutes', () => {
    const expression = fc
      .tuple(field(0, 59), field(0, 59), fc.constantFrom('*', '0-6', '1,2,23'))
      .map((f) => `${f.join(' ')} * * *`);
    fc.assert(
      fc.property(expression, fc.constantFrom(...ZONES), instant, (text, [zone, change], when) => {
        const { ours, theirs } = opinions(text, zone, when(at(change)), 5 * MINUTE, SECOND);
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 100 },
    );
  });

  it('on which days of the next two years', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 2020, max: 2035 }), (text, year) => {
        const expression = `0 0 ${text}`;
        fc.pre(validateDetailed(expression).valid);
        const { ours, theirs } = opinions(expression, 'Etc/UTC', Date.UTC(year, 0, 1), 730 * DAY, DAY);
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 100 },
    );
  });
});
