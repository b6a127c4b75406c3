import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { CAUSES } from '../src/evidence/incident.ts';
import { DAY, HOUR, MINUTE } from '../src/evidence/instant.ts';
import { fileWith, like, said, valid } from './config-files.ts';

const at = (text: string) => Date.parse(text);
const UNTIL = 'until: 2026-12-01T10:00:00Z';
const probes = '- pool: gecko-3/decision\n- {name: gecko-3-high, pool: gecko-3/decision}';

describe('silences', () => {
  it('are read', async () => {
    const text = valid(
      `silences:
  - match: gecko-t/*
    from: 2026-12-01T08:00:00Z
    until: 2026-12-01T12:30+01:00
    reason: "new images"
  - {match: gecko-3-high, until: "2021-10-08T00:00:00.5Z", reason: "  long past\\n"}`,
      { probes },
    );
    expect((await loadConfig(fileWith(text), {})).silences).toEqual([
      { match: 'gecko-t/*', from: at('2026-12-01T08:00Z'), until: at('2026-12-01T11:30Z'), reason: 'new images', line: 14 },
      { match: 'gecko-3-high', until: at('2021-10-08T00:00:00.500Z'), reason: 'long past', line: 18 },
    ]);
  });

  it.each(['gecko-3/decision', 'elsewhere/pool', '*/*', 'gecko-[13]/b-*', 'gecko-3-high', ...CAUSES])(
    'match %s',
    async (match) => {
      const text = valid(`silences: [{match: "${match}", ${UNTIL}, reason: x}]`, { probes });
      expect((await loadConfig(fileWith(text), {})).silences[0]?.match).toBe(match);
    },
  );

  it.each<[string, string, ...string[]]>([
    [`${UNTIL}, reason: x`, 'match', 'is missing', 'gecko-t/*'],
    [`match: gecko-t, ${UNTIL}, reason: x`, 'match', '"gecko-t" is the name of no probe in this file, and no cause', 'gecko-t/*'],
    [`match: queue-unreachble, ${UNTIL}, reason: x`, 'match', 'no cause', 'Did you mean "queue-unreachable"?'],
    [`match: gecko-3-hihg, ${UNTIL}, reason: x`, 'match', 'Did you mean "gecko-3-high"?'],
    [`match: "<!channel>", ${UNTIL}, reason: x`, 'match', 'is neither pool, glob, probe nor cause', 'access-refused'],
    [`match: "gecko-*", ${UNTIL}, reason: x`, 'match', 'is no pattern of worker pools'],
    ['match: a/b, reason: x', 'until', 'is missing', '2026-12-01T10:00:00Z'],
    ['match: a/b, until: 2026-12-01T10:00:00, reason: x', 'until', 'has no time zone', 'Add Z'],
    ['match: a/b, until: 2026-12-01, reason: x', 'until', '"2026-12-01" is no instant', 'date, time and zone'],
    ['match: a/b, until: 2026-12-01 10:00Z, reason: x', 'until', 'is no instant'],
    ['match: a/b, until: 2026-02-30T10:00:00Z, reason: x', 'until', 'is not in the calendar'],
    ['match: a/b, until: 2026-12-01T10:00:00+25:00, reason: x', 'until', 'is not in the calendar'],
    ['match: a/b, until: 1796119200000, reason: x', 'until', 'is no instant'],
    ['match: a/b, until: 2h, reason: x', 'until', 'is no instant'],
    [`match: a/b, from: tomorrow, ${UNTIL}, reason: x`, 'from', '"tomorrow" is no instant'],
    [`match: a/b, from: 2026-12-01T11:00:00+01:00, ${UNTIL}, reason: x`, 'until', 'is not after from'],
    [`match: a/b, ${UNTIL}`, 'reason', 'is missing', '"new images"'],
    [`match: a/b, ${UNTIL}, reason: " "`, 'reason', 'says nothing'],
    [`match: a/b, ${UNTIL}, reason: ${'r'.repeat(201)}`, 'reason', 'is 201 characters long', 'at most 200'],
    [`match: a/b, ${UNTIL}, reason: x, by: me`, 'by', 'is an unknown key'],
  ])('are refused: %s', async (input, path, ...words) => {
    expect(await said(valid(`silences: [{${input}}]`, { probes }))).toEqual([like(13, `silences[0].${path}`, ...words)]);
  });
});

describe('maintenance', () => {
  it('is read, the times with quotes and without', async () => {
    const text = valid(`maintenance:
  - match: gecko-t/win*
    days: [sun, sat, sun]
    from: "22:30"
    to: 04:00
    timezone: Europe/Berlin
    reason: "image builds"
  - {match: access-refused, from: 00:00, to: "24:00", reason: "${'é'.repeat(200)}"}`);
    expect((await loadConfig(fileWith(text), {})).maintenance).toEqual([
      {
        match: 'gecko-t/win*',
        days: [0, 6],
        from: 22 * HOUR + 30 * MINUTE,
        to: 4 * HOUR,
        timezone: 'Europe/Berlin',
        reason: 'image builds',
        line: 13,
      },
      {
        match: 'access-refused',
        days: [0, 1, 2, 3, 4, 5, 6],
        from: 0,
        to: DAY,
        timezone: 'Etc/UTC',
        reason: 'é'.repeat(200),
        line: 19,
      },
    ]);
  });

  it.each<[string, string, ...string[]]>([
    ['from: 2:30, to: 04:00', 'from', '"2:30" is no time of day', '"02:00"'],
    ['from: 0200, to: 04:00', 'from', 'is no time of day'],
    ['from: "24:00", to: 04:00', 'from', 'is no time of day', '24:00 only ends a day'],
    ['from: 02:00, to: 24:30', 'to', 'is no time of day'],
    ['from: 02:00, to: 02:60', 'to', 'is no time of day'],
    ['from: 02:00', 'to', 'is missing', '"04:00"'],
    ['from: 02:00, to: "02:00"', 'to', '"02:00" is the same time as from', '00:00 and 24:00 for a whole day'],
    ['from: 02:00, to: 04:00, days: [Saturday, sun]', 'days[0]', '"Saturday" is no day of the week', 'sun, mon'],
    ['from: 02:00, to: 04:00, days: []', 'days', 'is empty', 'remove the key'],
    ['from: 02:00, to: 04:00, days: sat', 'days', '"sat" is not a list'],
    ['from: 02:00, to: 04:00, timezone: CEST!', 'timezone', 'is no time zone', 'Europe/Berlin'],
    ['from: 02:00, to: 04:00, until: 05:00', 'until', 'is an unknown key'],
  ])('is refused: %s', async (input, path, ...words) => {
    const text = valid(`maintenance: [{match: a/b, reason: x, ${input}}]`);
    expect(await said(text)).toEqual([like(12, `maintenance[0].${path}`, ...words)]);
  });

  it('tells everything that is wrong with it at once', async () => {
    const found = await said(valid('maintenance:\n  - {match: nobody, from: 02:00, to: 02:00}\n  - {match: a/b, days: [x]}'));
    expect(found).toEqual([
      like(13, 'maintenance[0].reason', 'is missing'),
      like(13, 'maintenance[0].match', 'is the name of no probe'),
      like(13, 'maintenance[0].to', 'is the same time'),
      ...['from', 'to', 'reason'].map((key) => like(14, `maintenance[1].${key}`, 'is missing')),
      like(14, 'maintenance[1].days[0]', 'is no day of the week'),
    ]);
  });
});
