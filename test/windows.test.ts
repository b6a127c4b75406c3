import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, iso, MINUTE } from '../src/evidence/instant.ts';
import type { Maintenance } from '../src/evidence/silence.ts';
import { openWindow } from '../src/judge/windows.ts';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const [SUNDAY, SATURDAY] = [0, 6];

/** A window as `02:00-04:00`. */
function every(times: string, timezone: string, days = EVERY_DAY): Maintenance {
  const [from = 0, to = 0] = times.split('-').map((time) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return hours * HOUR + minutes * MINUTE;
  });
  return { match: 'gecko-t/*', days, from, to, timezone, reason: 'image builds', line: 1 };
}

/** The window open at an instant, in UTC and without seconds. */
function openAt(maintenance: Maintenance, instant: string): string | undefined {
  const window = openWindow(maintenance, Date.parse(instant));
  return window && `${iso(window.from).slice(5, 16)} to ${iso(window.until).slice(5, 16)}`;
}

describe('a window', () => {
  const berlin = every('02:00-04:00', 'Europe/Berlin');

  it('opens and closes by the clock of its zone, its first instant inside and its last one not', () => {
    expect(openAt(berlin, '2026-07-10T00:30:00Z')).toBe('07-10T00:00 to 07-10T02:00');
    expect(openAt(berlin, '2026-01-10T01:30:00Z')).toBe('01-10T01:00 to 01-10T03:00');
    const [from, until] = [Date.parse('2026-07-10T00:00:00Z'), Date.parse('2026-07-10T02:00:00Z')];
    expect([from - 1, from, until - 1, until].map((at) => openWindow(berlin, at) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('may be in UTC', () => {
    const utc = every('22:00-23:30', 'Etc/UTC', [SATURDAY]);
    expect(openAt(utc, '2026-07-11T23:00:00Z')).toBe('07-11T22:00 to 07-11T23:30');
    expect(openAt(utc, '2026-07-12T23:00:00Z')).toBeUndefined();
  });

  it('goes on past midnight, and belongs to the day it began on', () => {
    const night = every('22:00-06:00', 'Europe/Berlin', [SATURDAY]);
    expect(openAt(night, '2026-07-11T20:00:00Z')).toBe('07-11T20:00 to 07-12T04:00');
    expect(openAt(night, '2026-07-12T03:59:59Z')).toBe('07-11T20:00 to 07-12T04:00');
    expect(openAt(night, '2026-07-11T03:00:00Z')).toBeUndefined();
    expect(openAt(night, '2026-07-12T20:00:00Z')).toBeUndefined();
  });

  it('has its days by the calendar of its zone', () => {
    const sunday = every('00:00-24:00', 'America/New_York', [SUNDAY]);
    expect(openAt(sunday, '2026-07-13T03:59:00Z')).toBe('07-12T04:00 to 07-13T04:00');
    expect(openAt(sunday, '2026-07-12T03:59:00Z')).toBeUndefined();
    expect(openAt(every('08:00-10:00', 'Australia/Lord_Howe', [SUNDAY]), '2026-07-11T22:00:00Z')).toBe(
      '07-11T21:30 to 07-11T23:30',
    );
  });

  it('may end at midnight, written either way', () => {
    for (const times of ['22:00-24:00', '22:00-00:00'])
      expect(openAt(every(times, 'Europe/Berlin'), '2026-07-10T21:00:00Z')).toBe('07-10T20:00 to 07-10T22:00');
  });
});

describe('in the night that the clocks are put forward, a window', () => {
  it.each([
    ['that begins in the hour left out begins after it', '02:30-04:00', '03-29T01:00 to 03-29T02:00'],
    ['that ends in it ends with it', '01:00-02:30', '03-29T00:00 to 03-29T01:00'],
    ['around it is an hour shorter', '01:30-03:30', '03-29T00:30 to 03-29T01:30'],
    ['from before midnight is an hour shorter', '23:00-05:00', '03-28T22:00 to 03-29T03:00'],
    ['within it does not open', '02:10-02:50', undefined],
  ])('%s: Europe/Berlin, %s', (_, times, window) => {
    const near = ['2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z'].map((at) => openAt(every(times, 'Europe/Berlin'), at));
    expect(near.find((found) => found !== undefined)).toBe(window);
  });

  it('is right too where they are put forward by half an hour, and in America', () => {
    expect(openAt(every('02:15-03:00', 'Australia/Lord_Howe'), '2026-10-03T15:45:00Z')).toBe('10-03T15:30 to 10-03T16:00');
    expect(openAt(every('01:00-04:00', 'America/New_York'), '2026-03-08T06:30:00Z')).toBe('03-08T06:00 to 03-08T08:00');
  });
});

describe('in the night that the clocks are put back, a window', () => {
  it.each([
    ['that ends in the repeated hour ends in its second pass', '01:00-02:30', '10-24T23:00 to 10-25T01:30'],
    ['that begins in it begins in its first pass', '02:30-04:00', '10-25T00:30 to 10-25T03:00'],
    ['within it is open from the first pass to the second', '02:10-02:50', '10-25T00:10 to 10-25T01:50'],
    ['around it is an hour longer', '01:00-04:00', '10-24T23:00 to 10-25T03:00'],
    ['that is the hour has both of it', '02:00-03:00', '10-25T00:00 to 10-25T02:00'],
  ])('%s: Europe/Berlin, %s', (_, times, window) => {
    expect(openAt(every(times, 'Europe/Berlin'), '2026-10-25T00:59:00Z')).toBe(window);
  });

  it('that ends where the repeated hour begins has none of it', () => {
    expect(openAt(every('01:00-02:00', 'Europe/Berlin'), '2026-10-24T23:30:00Z')).toBe('10-24T23:00 to 10-25T00:00');
  });

  it('is right too where they are put back by half an hour, and in America', () => {
    expect(openAt(every('01:00-01:45', 'Australia/Lord_Howe'), '2026-04-04T14:30:00Z')).toBe('04-04T14:00 to 04-04T15:15');
    expect(openAt(every('00:30-01:15', 'America/New_York'), '2026-11-01T05:00:00Z')).toBe('11-01T04:30 to 11-01T06:15');
  });

  it('and are put back across midnight, keeps its day', () => {
    // At 00:01 on Sunday, 7 November 2010, St. John's clocks went back to 23:01 on Saturday.
    const sunday = every('00:00-00:30', 'America/St_Johns', [SUNDAY]);
    expect(openAt(sunday, '2010-11-07T02:45:00Z')).toBe('11-07T02:30 to 11-07T04:00');
  });
});

describe('any window', () => {
  const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Etc/UTC'];
  const formats = new Map(
    ZONES.map((timeZone) => [
      timeZone,
      new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    ]),
  );
  const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

  /** Whether the clock on the wall reads inside, asked of Intl. */
  function readsInside({ days, from, to, timezone }: Maintenance, instant: number): boolean {
    const [, name = '', hour, minute] = /^(\w+),? (\d+):(\d+)$/.exec(formats.get(timezone)?.format(instant) ?? '') ?? [];
    const time = Number(hour) * HOUR + Number(minute) * MINUTE;
    const day = WEEKDAYS.indexOf(name);
    if (to > from) return days.includes(day) && time >= from && time < to;
    return (days.includes(day) && time >= from) || (days.includes((day + 6) % 7) && time < to);
  }

  it('covers every minute at which the clock reads inside, and begins and ends at such ones', () => {
    const minuteOfDay = fc.integer({ min: 0, max: 1439 });
    // Half of the instants lie near a change of the clocks in 2026, where such errors live.
    const changes = ['03-29T01:00', '10-25T01:00', '03-08T07:00', '11-01T06:00', '04-04T15:00', '10-03T15:30', '02-15T02:00'];
    const near = fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -2000, max: 2000 }))
      .map(([change, minutes]) => Date.parse(`2026-${change}:00Z`) + minutes * MINUTE);
    const any = fc.integer({ min: 0, max: 365 * 1440 }).map((minutes) => Date.UTC(2026, 0, 1) + minutes * MINUTE);
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.subarray(EVERY_DAY, { minLength: 1 }),
        minuteOfDay,
        minuteOfDay,
        fc.oneof(near, any),
        (timezone, days, from, to, now) => {
          fc.pre(from !== to);
          const maintenance = { ...every('00:00-00:00', timezone, days), from: from * MINUTE, to: to * MINUTE };
          const window = openWindow(maintenance, now);
          if (window === undefined) {
            expect(readsInside(maintenance, now)).toBe(false);
            return;
          }
          expect(window.from <= now && now < window.until).toBe(true);
          expect(window.until - window.from).toBeLessThan(DAY + 2 * HOUR);
          expect([window.from, window.until - 1].map((at) => readsInside(maintenance, at))).toEqual([true, true]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
