import { describe, expect, test } from 'vitest';
import type { Incident, Level, Member } from '../src/evidence/incident.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { ObjectiveReport, ProbeReport, Report, SparkPoint } from '../src/evidence/report.ts';
import { jsonText, reportJson } from '../src/views/json.ts';
import { liveView } from '../src/views/terminal/live.ts';
import { reportLines } from '../src/views/terminal/report.ts';
import { sparkline } from '../src/views/terminal/sparkline.ts';
import { type Colors, colorsFor, harmless, NO_COLORS, width, wrapped } from '../src/views/terminal/text.ts';
import { DAY_ZERO, poolIncident } from './support/values.ts';

const NOW = DAY_ZERO + 12 * HOUR;
const COLOURED: Colors = colorsFor({ isTTY: true }, {});

function probe(name: string, over: Partial<ProbeReport> = {}): ProbeReport {
  return {
    name,
    pool: name,
    verdict: 'healthy',
    why: 'claimed-in-time',
    thresholds: { warnAfter: 5 * MINUTE, pageAfter: 15 * MINUTE },
    lastClaim: { taskId: 'A'.repeat(22), at: NOW - 4 * MINUTE, ms: 20 * SECOND, start: 'warm' },
    p50: { ms: 18 * SECOND, atLeast: false },
    p95: { ms: 65 * SECOND, atLeast: false },
    p99: { ms: 90 * SECOND, atLeast: false },
    claims: 96,
    unclaimed: 0,
    breaches: 0,
    cold: { claims: 40, p50: { ms: 60 * SECOND, atLeast: false } },
    warm: { claims: 56, p50: { ms: 5 * SECOND, atLeast: false } },
    spark: Array.from({ length: 24 }, (_, i): SparkPoint => ({ ms: (i + 1) * 5 * SECOND, censored: false })),
    ...over,
  };
}

const stuck: Partial<ProbeReport> = {
  verdict: 'stuck',
  why: 'pending-past-page',
  verdictSince: NOW - 12 * MINUTE,
  pending: { taskId: 'B'.repeat(22), since: NOW - 27 * MINUTE, ms: 27 * MINUTE },
  p50: { ms: 27 * MINUTE, atLeast: true },
  p95: { ms: 27 * MINUTE, atLeast: true },
  breaches: 2,
  unclaimed: 2,
};

const burning: ObjectiveReport = {
  target: 0.95,
  under: 20 * MINUTE,
  over: 14 * DAY,
  kept: 90,
  missed: 10,
  compliance: 0.9,
  budgetLeft: -1,
  fast: { long: 6 * HOUR, short: HOUR, rates: { long: 4, short: 5 }, kept: 0, missed: 0, limit: 2.8, burning: true },
  slow: { long: 3 * DAY, short: 6 * HOUR, rates: {}, kept: 0, missed: 0, limit: 1, burning: false },
};

function reportOf(probes: ProbeReport[], over: Partial<Report> = {}): Report {
  const passAt = NOW - 12 * SECOND;
  return {
    deployment: 'firefox-ci',
    rootUrl: 'https://tc.example.com',
    at: NOW,
    since: NOW - 24 * HOUR,
    skew: -1500,
    probes,
    incidents: [],
    passAt,
    silences: [],
    dwell: {},
    undelivered: [],
    ...over,
  };
}

const plain = (report: Report, room: number) => reportLines(report, NO_COLORS, room);
const header = (room: number) =>
  plain(fleet, room)
    .find((line) => line.startsWith('STATE'))
    ?.split(/ {2,}/);
const fleet = reportOf(
  [
    probe('releng-hardware/gecko-t-osx-1015-r8'),
    probe('gecko-3/decision', stuck),
    probe('gecko-t/win11-64-24h2', { verdict: 'slow', why: 'claimed-late', breaches: 3 }),
    probe('built-in/succeed', { verdict: 'unknown', why: 'no-evidence' }),
    probe('gecko-1/decision'),
  ],
  {
    incidents: [poolIncident({ since: NOW - 27 * MINUTE })],
    undelivered: [
      {
        route: 'slack:C0123456789',
        incident: 'i'.repeat(90),
        refused: true,
        why: 'channel_not_found',
        level: 'page',
        since: NOW - HOUR,
      },
    ],
  },
);

describe('the report in a terminal', () => {
  test('has every column where there is room, and at 140 columns those that matter', () => {
    const titles = ['STATE', 'PROBE', 'LAST', 'AGO', 'P50', 'P95', 'P99', 'CLAIMS', 'LATE', 'FOR', 'LAST 24 H'];
    expect(header(140)).toEqual(titles);
    expect(header(190)).toEqual([...titles.slice(0, -1), 'WHY', 'LAST 24 H', 'COLD', 'WARM']);
  });

  test('says why a probe is not healthy, and since when', () => {
    const last = (row: number) => plain(fleet, 180)[row]?.split(/ {2,}/).slice(9, 11);
    expect(last(3)).toEqual(['12m', 'past pageAfter']);
    expect(plain(fleet, 180)[4]).toContain('claimed late');
    expect(plain(fleet, 180)[6]).not.toContain('claimed');
  });

  test('at 80 columns leaves out what matters least, and never the state, the name, the last claim and the p95', () => {
    expect(header(80)).toEqual(['STATE', 'PROBE', 'LAST', 'P50', 'P95']);
    expect(header(60)).toEqual(['STATE', 'PROBE', 'LAST', 'P95']);
  });

  test.each([160, 140, 100, 80, 60])('has no line longer than %i columns, with colours or without', (room) => {
    for (const colors of [NO_COLORS, COLOURED]) {
      for (const line of reportLines(fleet, colors, room)) expect(width(line)).toBeLessThanOrEqual(room);
    }
  });

  test('puts the worst first, and equals by name', () => {
    const names = plain(fleet, 140)
      .slice(3, 8)
      .map((line) => line.split(/ +/).slice(0, 3).join(' '));
    expect(names).toEqual([
      '■ stuck gecko-3/decision',
      '▲ slow gecko-t/win11-64-24h2',
      '○ unknown built-in/succeed',
      '● healthy gecko-1/decision',
      '● healthy releng-hardware/gecko-t-osx-1015-r8',
    ]);
  });

  test('shows the wait of a stuck probe in place of its last claim, and bounds as bounds', () => {
    expect(plain(fleet, 140)[3]).toMatch(/^■ stuck +gecko-3\/decision +27m waiting +4m +≥27m +≥27m +1m 30s +96 +2 /);
    expect(plain(fleet, 140)[6]).toMatch(/^● healthy +gecko-1\/decision +20s +4m +18s +1m 05s +1m 30s +96 +0 /);
  });

  test('shows a wait before the last claim where it is worse, and as a bound where nobody looks any more', () => {
    const waiting = (ms: number) => ({ pending: { taskId: 'B'.repeat(22), since: NOW - ms, ms } });
    const last = (over: Partial<ProbeReport>) => plain(reportOf([probe('a/b', over)]), 140)[3]?.split(/ {2,}/)[2];
    const { lastClaim: _never, thresholds: _observes, ...bare } = probe('a/b');
    expect(last({ verdict: 'stuck', ...waiting(MINUTE) })).toBe('20s');
    expect(last({ verdict: 'slow', ...waiting(5 * MINUTE) })).toBe('5m waiting');
    expect(last({ verdict: 'unknown', ...waiting(5 * MINUTE) })).toBe('≥5m waiting');
    const observed = { ...probe('a/b', waiting(HOUR)) };
    delete observed.thresholds;
    expect(plain(reportOf([observed]), 140)[3]).toContain('1h waiting');
    expect(plain(reportOf([{ ...bare, ...waiting(SECOND) }]), 140)[3]).toContain('1s waiting');
  });

  test('lists open incidents and what could not be told', () => {
    const text = plain(fleet, 140).join('\n');
    expect(text).toContain(
      '■ page  gecko-3/decision  opened: canary unclaimed for 10m\n        since 11:33:00 UTC, for 27m, unexplained',
    );
    expect(text).toMatch(/✗ slack:C0123456789 has not been told of the page\s+i+\s+for\s+1h:\s+channel_not_found$/);
    expect(plain(reportOf([], { incidents: [poolIncident({ ended: NOW, end: 'resolved' })] }), 140).join('\n')).not.toContain(
      'page',
    );
  });

  test('says how long ago the last pass was, loudly where nobody watches any more, or that there was none', () => {
    expect(plain(fleet, 140)[0]).toBe(
      'firefox-ci · 1 stuck, 1 slow, 1 unknown, 2 healthy · over 24h · 12:00:00 UTC · last pass 12s ago',
    );
    const [old, doubt] = reportLines(reportOf([probe('a/b')], { passAt: NOW - HOUR }), COLOURED, 140);
    expect(old).toContain(COLOURED.yellow('last pass 1h ago'));
    expect(doubt).toBe(COLOURED.yellow('▲ cannot tell how the pools do: no complete pass for 1h; the figures below are old'));
    const { passAt: _never, ...fresh } = reportOf([]);
    expect(plain(fresh, 140)).toEqual([
      'firefox-ci · over 24h · 12:00:00 UTC · no pass yet',
      '',
      'No probes: the probe file names none, or its patterns match no pool that a pass has seen yet.',
    ]);
  });

  test('of 400 probes is 400 rows in one alignment', () => {
    const many = Array.from({ length: 400 }, (_, i) => probe(`gecko-${i % 7}/pool-${i}`, i % 50 === 0 ? stuck : {}));
    const rows = plain(reportOf(many), 140).slice(3);
    expect(rows).toHaveLength(400);
    expect(rows.filter((row) => row.startsWith('■'))).toHaveLength(8);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  test('prints nothing that a terminal would obey', () => {
    const incident = poolIncident({ timeline: [{ at: NOW, what: 'opened', text: '\u001b[2Jowned\u202e', loud: true }] });
    const undelivered = [
      {
        route: 'slack:C1',
        incident: 'x',
        refused: true,
        why: 'a\nb\u001b]0;title\u0007\u009b31m',
        level: 'warn' as const,
        since: NOW,
      },
    ];
    const lines = plain(reportOf([probe('a/b\u001b[31m')], { incidents: [incident], undelivered }), 140);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines.join(' ')).toContain('owned');
  });
});

describe('what several pools, silences and channels came to, in a terminal', () => {
  const hush = { by: 'silence a1b2c3 of jane', until: NOW + 83 * MINUTE, reason: 'new images' };
  const member = (pool: string, level: Level, age: number, claimed = false) => ({
    probe: pool,
    pool,
    level,
    taskId: 'A'.repeat(22),
    since: NOW - age,
    age,
    claimed,
  });
  const together = (members: Member[], over: Partial<Incident> = {}) =>
    poolIncident({
      id: 'fleet',
      since: NOW - 27 * MINUTE,
      evidence: { kind: 'fleet', since: NOW - 27 * MINUTE, members, recovered: 1, witnesses: 12, common: ['provider gcp'] },
      timeline: [{ at: NOW, what: 'joined', text: 'gecko-t/linux; 2 are bad now', loud: false }],
      ...over,
    });
  const two = [member('gecko-3/decision', 'page', 27 * MINUTE), member('gecko-t/linux', 'warn', 12 * MINUTE, true)];
  const shown = (over: Partial<Report>, room = 140) => plain(reportOf([probe('a/b')], over), room).slice(4);

  test('pools that are bad together are listed, with what they have in common and what went on in them', () => {
    const folded = poolIncident({ id: 'other', ended: NOW, end: 'folded', into: 'fleet' });
    expect(shown({ incidents: [together(two), folded] })).toEqual([
      '',
      '■ page  2 pools  joined: gecko-t/linux; 2 are bad now',
      '        since 11:33:00 UTC, for 27m, unexplained; provider gcp; 1 recovered; 12 probes can be judged; 1 incident goes on in this one',
      '        ■  gecko-3/decision  unclaimed for 27m',
      '        ▲  gecko-t/linux     claimed after 12m',
    ]);
  });

  test('of very many pools only the first are listed', () => {
    const many = Array.from({ length: 400 }, (_, i) => member(`a/pool-${i}`, 'page', HOUR));
    const lines = shown({ incidents: [together(many)] });
    expect(lines).toHaveLength(24);
    expect(lines.at(-1)).toBe('        and 380 more');
  });

  test('an incident that is silenced, or comes and goes, says so', () => {
    const incident = poolIncident({ silenced: hush, flappingSince: NOW - HOUR, reopened: [1, 2, 3], since: NOW - 2 * HOUR });
    expect(shown({ incidents: [incident] })).toEqual([
      '',
      '■ page  gecko-3/decision  opened: canary unclaimed for 10m',
      '        since 10:00:00 UTC, for 2h, unexplained',
      '        comes and goes since 11:00:00 UTC, reopened 3 times, and is said no more until it stays good',
      '        silenced for 1h 23m more, until 13:23 UTC by silence a1b2c3 of jane: new images',
    ]);
  });

  test('silences stand on the probes they cover, and by themselves with who and why', () => {
    const silences = [
      { match: 'x/*', by: 'probes/x.yml:42', until: NOW + 30 * HOUR, reason: 'moved', probes: [] },
      { ...hush, match: 'a/b', probes: ['a/b'] },
    ];
    const lines = plain(reportOf([probe('a/b', { silenced: hush }), probe('c/d')], { silences }), 60);
    const table = lines.findIndex((line) => line.startsWith('STATE'));
    expect(lines[table]?.split(/ {2,}/).slice(0, 4)).toEqual(['STATE', 'PROBE', 'SILENT FOR', 'LAST']);
    expect(lines[table + 1]).toMatch(/^● healthy +a\/b +1h 23m +20s/);
    expect(lines[table + 2]).toMatch(/^● healthy +c\/d +20s/);
    expect(lines.slice(table + 3)).toEqual([
      '',
      '◌ silent  x/*  for 30h more, until 2021-10-09 18:00 UTC; 0',
      '          probes',
      '          probes/x.yml:42: moved',
      '◌ silent  a/b  for 1h 23m more, until 13:23 UTC; 1 probe',
      '          silence a1b2c3 of jane: new images',
    ]);
  });

  test('how fast notices were told is one line', () => {
    const page = { count: 14, p50: 800, p99: 2 * SECOND };
    const warn = { count: 1, p50: SECOND, p99: SECOND };
    expect(shown({ dwell: { page, warn } })).toEqual([
      '',
      'pages told within 800ms p50, 2s p99, 14 notices · warnings told within 1s p50, 1s p99, 1 notice',
    ]);
    expect(shown({ dwell: {} })).toEqual([]);
  });

  test.each([140, 80, 60])('has no line longer than %i columns, and nothing that a terminal would obey', (room) => {
    const evil = '\u001b[2Jowned\u202e '.repeat(12);
    const silenced = { by: evil, until: NOW + HOUR, reason: evil };
    const lines = reportLines(
      reportOf([probe('a/b', { silenced })], {
        incidents: [together([member(`a/${evil}`, 'page', HOUR)], { silenced })],
        silences: [{ ...silenced, match: evil, probes: [] }],
      }),
      NO_COLORS,
      room,
    );
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(room);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('a sparkline', () => {
  const points = [undefined, { ms: SECOND, censored: false }, { ms: 10 * SECOND, censored: false }, { ms: HOUR, censored: true }];

  test('is a bar each on a log scale, a dot for nothing, red where nobody claimed', () => {
    expect(sparkline(points, COLOURED)).toBe(`${COLOURED.dim('·')}▁▃${COLOURED.red('█')}`);
  });

  test('tells unclaimed from claimed without colours too', () => {
    expect(sparkline(points, NO_COLORS)).toBe('·▁▃×');
    expect(sparkline([undefined, undefined], NO_COLORS)).toBe('··');
  });
});

describe('text in a terminal', () => {
  test('counts wide characters as two columns, combining ones and colours as none', () => {
    expect([width('abc'), width('🔴 x'), width('漢字'), width('e\u0301'), width(COLOURED.red('ab'))]).toEqual([3, 4, 4, 1, 2]);
  });

  test('is broken at spaces, or where a word has no room, and loses nothing', () => {
    expect(wrapped('one two three', 20)).toEqual(['one two three']);
    expect(wrapped('one two three', 8, 2)).toEqual(['one two', '  three']);
    expect(wrapped('abcdefghij kl', 6, 2)).toEqual(['abcd', '  efgh', '  ij', '  kl'].map((line) => line));
  });

  test('has its colours by the terminal, NO_COLOR and FORCE_COLOR', () => {
    const coloured = (stream: object, env: Record<string, string>) => colorsFor(stream, env).isColorSupported;
    expect(coloured({ isTTY: true }, {})).toBe(true);
    expect(coloured({}, {})).toBe(false);
    expect(coloured({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(coloured({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(coloured({}, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(true);
  });

  test('from outside becomes one harmless line', () => {
    expect(harmless('a\u001b[31mb\r\nc\u0007\u202ed\u2028e')).toBe('ab  c  d e');
  });
});

describe('the live view', () => {
  function live(room: number) {
    let text = '';
    const view = liveView({ write: (more) => (text += more) }, NO_COLORS, room, () => NOW);
    return { view, lines: () => text.split('\n').slice(0, -1) };
  }

  test('names a pool that no canary asks, and a provider', () => {
    const { view, lines } = live(100);
    view.log.warn({ anchor: 'pool:a/metal' }, 'incident opened: 1,580 against 10');
    view.log.warn({ anchor: 'provider:aws' }, 'incident opened: no worker created');
    expect(lines()).toEqual([
      '12:00:00  ▲ a/metal            opened: 1,580 against 10',
      '12:00:00  ▲ provider aws       opened: no worker created',
    ]);
  });

  test('gives claims, incidents and troubles a line each, by what they concern', () => {
    const { view, lines } = live(100);
    view.log.info({ probe: 'a/b', timeToClaim: 1.2, start: 'cold' }, 'claimed after 1.2s');
    view.log.warn({ incident: 'i', anchor: 'probe:a/b', severity: 'page' }, 'incident escalated: canary unclaimed for 15s');
    view.log.info({ incident: 'i', anchor: 'probe:a/b', severity: 'page' }, 'incident claimed: after 22s');
    view.log.info({ incident: 'i', anchor: 'probe:a/b', severity: 'page' }, 'incident resolved: over after 32s');
    view.log.warn({ ask: 'create', detail: '503: \u001b[2J' }, 'could not submit a canary: unreachable');
    view.log.info({ route: 'slack:C1' }, 'told');
    expect(lines()).toEqual([
      '12:00:00  ● a/b                claimed after 1.2s by a cold worker',
      '12:00:00  ■ a/b                escalated: canary unclaimed for 15s',
      '12:00:00  ✓ a/b                resolved: over after 32s',
      '12:00:00  ▲ could not submit a canary: unreachable: 503: ',
    ]);
  });

  test('keeps messages and long lines within the room, aligned', () => {
    const { view, lines } = live(50);
    view.message('Slack, posted', ['🔴 Page: demo-3/decision: no worker has claimed our canary', 'short']);
    view.log.warn({ anchor: 'probe:demo-3/decision' }, 'incident opened: canary unclaimed for 8s, past the 8s after which');
    for (const line of lines()) expect(width(line)).toBeLessThanOrEqual(50);
    expect(lines().slice(0, 4)).toEqual([
      '12:00:00  ✉ Slack, posted',
      '          │ 🔴 Page: demo-3/decision: no worker',
      '          │ has claimed our canary',
      '          │ short',
    ]);
  });
});

describe('error budgets', () => {
  const { fast, ...rest } = burning;
  const calm: ObjectiveReport = { ...rest, budgetLeft: 0.62, fast: { ...fast, burning: false } };

  test('have a column where any probe has an objective, and a line where one is spent too fast', () => {
    const lines = plain(reportOf([probe('a/b', { objective: calm }), probe('c/d', { objective: burning }), probe('e/f')]), 200);
    expect(lines[2]).toContain(' BUDGET ');
    expect(lines[3]).toContain(' 62% left ');
    expect(lines[4]).toContain(' overspent ');
    expect(lines.at(-1)).toBe(
      '▲ burn  c/d  spends its error budget 4 times as fast as it may over 6h, 5 times over 1h; overspent, of 95% under 20m over 14d',
    );
  });

  test('are not spoken of where there are none, nor where nothing burns', () => {
    expect(plain(reportOf([probe('a/b')]), 200).join('\n')).not.toContain('BUDGET');
    expect(plain(reportOf([probe('a/b', { objective: calm })]), 200).join('\n')).not.toContain('burn');
  });
});

describe('the report as JSON', () => {
  test('has every key always, instants as ISO 8601 and durations in seconds', () => {
    const at = '2021-10-08T12:00:00.000Z';
    const spark: (SparkPoint | undefined)[] = [undefined, { ms: 1500, censored: true }];
    const { lastClaim: _none, thresholds: _observes, p50: _, p95: __, p99: ___, ...bare } = probe('new/pool');
    const unknown = { verdict: 'unknown', why: 'not-asked-yet' } as const;
    const empty = { cold: { claims: 0 }, warm: { claims: 0 }, spark: [], claims: 0, ...unknown };
    const silenced = { by: 'probes/x.yml:42', until: NOW, reason: 'moved' };
    const incident = poolIncident({ since: NOW - 27 * MINUTE, opened: NOW - 20 * MINUTE });
    const more = { spark, incident, silenced, objective: burning, created: { lastHour: 2, hours: [3, 2], total: 7 } };
    const made = reportOf([probe('gecko-3/decision', { ...stuck, ...more }), { ...bare, ...empty }], {
      incidents: [incident],
      silences: [{ ...silenced, match: 'gecko-3/*', probes: ['gecko-3/decision'] }],
      dwell: { page: { count: 2, p50: 250, p99: 1500 } },
      undelivered: [{ route: 'slack:C1', incident: incident.id, refused: true, why: 'invalid_auth', level: 'page', since: NOW }],
    });
    expect(JSON.parse(jsonText(reportJson(made)))).toEqual({
      deployment: 'firefox-ci',
      rootUrl: 'https://tc.example.com',
      at,
      since: '2021-10-07T12:00:00.000Z',
      lastPass: '2021-10-08T11:59:48.000Z',
      clockSkew: -1.5,
      doubt: null,
      blind: null,
      probes: [
        {
          name: 'gecko-3/decision',
          pool: 'gecko-3/decision',
          verdict: 'stuck',
          why: 'pending-past-page',
          verdictSince: '2021-10-08T11:48:00.000Z',
          silenced: { by: 'probes/x.yml:42', until: at, reason: 'moved' },
          warnAfter: 300,
          pageAfter: 900,
          lastClaim: { taskId: 'A'.repeat(22), at: '2021-10-08T11:56:00.000Z', timeToClaim: 20, start: 'warm' },
          pending: { taskId: 'B'.repeat(22), since: '2021-10-08T11:33:00.000Z', age: 1620 },
          p50: { seconds: 1620, atLeast: true },
          p95: { seconds: 1620, atLeast: true },
          p99: { seconds: 90, atLeast: false },
          claims: 96,
          unclaimed: 2,
          breaches: 2,
          cold: { claims: 40, p50: { seconds: 60, atLeast: false } },
          warm: { claims: 56, p50: { seconds: 5, atLeast: false } },
          coldAt: null,
          workersCreated: { lastHour: 2, usual: null, hours: [3, 2], total: 7 },
          spark: [null, { seconds: 1.5, unclaimed: true }],
          objective: {
            target: 0.95,
            under: 1200,
            over: 1_209_600,
            kept: 90,
            missed: 10,
            compliance: 0.9,
            budgetLeft: -1,
            fast: { long: { over: 21_600, rate: 4 }, short: { over: 3600, rate: 5 }, limit: 2.8, burning: true },
            slow: { long: { over: 259_200, rate: null }, short: { over: 21_600, rate: null }, limit: 1, burning: false },
          },
          incident: incident.id,
        },
        {
          name: 'new/pool',
          pool: 'new/pool',
          verdict: 'unknown',
          why: 'not-asked-yet',
          verdictSince: null,
          silenced: null,
          warnAfter: null,
          pageAfter: null,
          lastClaim: null,
          pending: null,
          p50: null,
          p95: null,
          p99: null,
          claims: 0,
          unclaimed: 0,
          breaches: 0,
          cold: { claims: 0, p50: null },
          warm: { claims: 0, p50: null },
          coldAt: null,
          workersCreated: null,
          spark: [],
          objective: null,
          incident: null,
        },
      ],
      incidents: [
        {
          id: incident.id,
          anchor: 'probe:gecko-3/decision',
          class: 'pool',
          cause: 'unexplained',
          level: 'page',
          since: '2021-10-08T11:33:00.000Z',
          opened: '2021-10-08T11:40:00.000Z',
          ended: null,
          end: null,
          into: null,
          silenced: null,
          reopened: [],
          flappingSince: null,
          runbook: null,
          fleet: null,
          burning: null,
          diagnosis: null,
          stall: null,
          timeline: [{ at: '2021-10-08T00:10:00.000Z', what: 'opened', text: 'canary unclaimed for 10m' }],
        },
      ],
      silences: [{ match: 'gecko-3/*', by: 'probes/x.yml:42', until: at, reason: 'moved', probes: ['gecko-3/decision'] }],
      dwell: { page: { count: 2, p50: 0.25, p99: 1.5 }, warn: null },
      undelivered: [{ route: 'slack:C1', incident: incident.id, refused: true, why: 'invalid_auth', level: 'page', since: at }],
    });
  });

  test('has every pool of several that are bad together', () => {
    const members = [
      {
        probe: 'p',
        pool: 'a/b',
        level: 'page' as const,
        taskId: 'A'.repeat(22),
        since: NOW - MINUTE,
        age: 60_250,
        claimed: false,
      },
    ];
    const evidence = { kind: 'fleet' as const, since: 0, members, recovered: 2, witnesses: 5, common: ['provider gcp'] };
    const over = {
      ended: NOW,
      end: 'folded' as const,
      into: 'other',
      flappingSince: NOW,
      reopened: [NOW],
      runbook: 'https://x/',
    };
    const silenced = { by: 'x', until: NOW, reason: 'y' };
    const { incidents } = reportJson(reportOf([], { incidents: [poolIncident({ evidence, silenced, ...over })] }));
    const at = '2021-10-08T12:00:00.000Z';
    expect(incidents[0]).toMatchObject({
      end: 'folded',
      into: 'other',
      silenced: { by: 'x', until: at, reason: 'y' },
      reopened: [at],
      flappingSince: at,
      runbook: 'https://x/',
      fleet: {
        members: [{ probe: 'p', pool: 'a/b', level: 'page', since: '2021-10-08T11:59:00.000Z', age: 60.25, claimed: false }],
        recovered: 2,
        witnesses: 5,
        common: ['provider gcp'],
      },
    });
  });

  test('escapes what a terminal would obey, and means the same', () => {
    const value = { text: 'a\u001b[2J\u009b31m\u202e\u{e0041}\u2028b\n' };
    expect(jsonText(value).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    expect(JSON.parse(jsonText(value))).toEqual(value);
  });
});
