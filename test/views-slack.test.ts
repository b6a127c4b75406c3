import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Composed, Look } from '../src/evidence/board.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Report } from '../src/evidence/report.ts';
import { renderSlackMessage } from '../src/sandbox/receivers/slack-render.ts';
import { chartSvg } from '../src/views/chart/chart.ts';
import { dashboard } from '../src/views/slack/dashboard.ts';
import { digest } from '../src/views/slack/digest.ts';
import { cannotAsk } from './notify-incidents.ts';
import { anyReport } from './support/any-report.ts';
import { healthy, NOW, paged, reportOf, stuck } from './support/reports.ts';
import { troublesOfMessage } from './support/slack-limits.ts';

const next = NOW + 5 * MINUTE;
const linesOf = (composed: Composed) => renderSlackMessage({ text: composed.text, blocks: composed.blocks });
const shown = (report: Report, look: Look = { table: true }) => linesOf(dashboard(report, { next }, look));
const many = (count: number) => Array.from({ length: count }, (_, i) => healthy(`gecko-1/b-linux-${i}`, {}, (20 + i) * SECOND));

/** One that is kept, one whose budget is spent, one whose budget burns, and one of which nothing is known yet. */
function withObjectives() {
  const burn = { long: 6 * HOUR, short: HOUR, rates: {}, limit: 2.8, kept: 0, missed: 0, burning: false };
  const objective = { target: 0.95, under: 20 * MINUTE, over: 14 * DAY, kept: 0, missed: 0, fast: burn, slow: burn };
  return [
    healthy('a/good', { objective: { ...objective, compliance: 0.99, budgetLeft: 0.8 } }),
    healthy('a/spent', { objective: { ...objective, compliance: 0.931, budgetLeft: -0.38 } }),
    healthy('a/fast', { objective: { ...objective, compliance: 0.97, budgetLeft: 0.4, fast: { ...burn, burning: true } } }),
    healthy('a/new', { objective }),
  ];
}

describe('any report at all', () => {
  test("makes a dashboard and a digest within Slack's limits that ping nobody, in every form", () => {
    fc.assert(
      fc.property(anyReport, fc.boolean(), fc.boolean(), (report, table, pictured) => {
        const look = { table, ...(pictured && { picture: 'F0CANARY001' }) };
        const made = dashboard(report, { next, alt: report.deployment }, look);
        expect(troublesOfMessage(made)).toEqual([]);
        expect(troublesOfMessage(digest(report, table))).toEqual([]);
        expect(linesOf(made).join('').trim()).not.toBe('');
        expect(chartSvg(report)).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 100 },
    );
  });
});

describe('at a glance', () => {
  test('all is well', () => {
    expect(shown(reportOf(many(384)))[0]).toBe('🟢 firefox-ci: all 384 pools claim in time');
    expect(shown(reportOf(many(1)))[0]).toBe('🟢 firefox-ci: the pool claims in time');
  });

  test('something is not: how much, what, for how long and where to look', () => {
    const lines = shown(reportOf([...many(380), stuck('gecko-3/decision')]));
    expect(lines[0]).toBe('🔴 firefox-ci: 1 stuck, 380 fine');
    expect(lines[1]).toBe(
      `🔴 Page for 34m: gecko-3/decision: no worker has claimed our canary  ·  Task (https://tc.example.com/tasks/${'A'.repeat(22)})`,
    );
    expect(lines[2]).toMatch(/^Pool +State +Last +p50 +p95 +Last 24 h +For$/);
    expect(lines[3]).toMatch(/^🔴 gecko-3\/decision +stuck +34m waiting +40s +≥34m +[▁-█]{11}× +19m$/);
  });

  test('what is silenced or only observed raises no alarm, and is told of', () => {
    const hush = { by: 'jane', until: NOW + HOUR, reason: 'new images' };
    const { thresholds: _none, ...observed } = stuck('proj-bugbug/ci');
    const report = reportOf(
      [
        healthy('a/fine'),
        { ...stuck('a/silent'), silenced: hush },
        { ...observed, incident: paged('x/y', HOUR, { silenced: hush }) },
      ],
      { incidents: [], silences: [{ ...hush, match: 'a/silent', probes: ['a/silent'] }] },
    );
    const lines = shown(report);
    expect(lines[0]).toBe('🟢 firefox-ci: the pool claims in time, 1 silenced, 1 only observed (1 slow or stuck)');
    expect(lines.join('\n')).toContain('🔕 Silenced: a/silent (1) until 2021-10-09 02:40 UTC: new images');
  });

  test('a pool of which nothing is known yet is new, and no trouble', () => {
    const fresh = healthy('a/new', { verdict: 'unknown', why: 'not-asked-yet' });
    expect(shown(reportOf([healthy('a/fine'), fresh]))[0]).toBe('🟢 firefox-ci: the pool claims in time, 1 new');
  });

  test('as of when, and when to look again, is said last', () => {
    const lines = shown(reportOf(many(3)));
    expect(lines.at(-2)).toBe('As of 01:40:00 UTC, the next at 01:45:00 UTC: once that has passed, nobody is watching');
  });
});

describe('when the prober is ill, old figures do not pass for new', () => {
  const ill: [string, Report, string][] = [
    ['no pass is complete for two intervals', reportOf(many(3), { passAt: NOW - 12 * MINUTE }), 'no complete pass for 12m'],
    [
      'the queue is out of reach',
      reportOf(many(3), { incidents: [{ ...cannotAsk('queue-unreachable'), since: NOW - HOUR }] }),
      'the queue does not answer since 00:40:00 UTC',
    ],
    [
      'it is, and not for long enough to be an incident',
      reportOf([healthy('a/b', { verdict: 'unknown', why: 'queue-silent', verdictSince: NOW - 2 * MINUTE })]),
      'the queue does not answer since 01:38:00 UTC',
    ],
  ];
  test.each(ill)('%s', (_what, report, why) => {
    const lines = shown(report);
    expect(lines[0]).toBe(`⚠️ firefox-ci: cannot tell how the pools do: ${why}`);
    expect(lines[1]).toMatch(new RegExp(`^The figures below are old, from 2021-10-09 01:\\d\\d UTC or before: ${why}$`));
  });

  test('passes that are as far apart as they always are, are no illness', () => {
    expect(shown(reportOf(many(3), { passAt: NOW - 8 * MINUTE, pace: 5 * MINUTE }))[0]).toMatch(/^🟢/);
  });
});

describe('384 pools', () => {
  const bad = Array.from({ length: 60 }, (_, i) => stuck(`gecko-t/t-linux-docker-noscratch-amd-${i}`, (30 + i) * MINUTE));
  const night = reportOf([...many(324), ...bad]);

  test('are shown worst first, and those left out are counted', () => {
    const lines = shown(night);
    const rows = lines.filter((line) => line.startsWith('🔴 gecko-t'));
    expect(rows[0]).toContain('amd-59 ');
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(lines).toContain(`And 🔴 ${60 - rows.length} stuck, 🟢 324 fine, with a p95 of 9m 09s at most`);
  });

  test('on a good day are the slowest few', () => {
    const lines = shown(reportOf(many(384)));
    expect(lines.filter((line) => line.startsWith('🟢 gecko-1'))).toHaveLength(12);
    expect(lines).toContain('And 🟢 372 fine, with a p95 of 10m 26s at most');
  });

  test('are the same as lines of code where tables are refused', () => {
    const { blocks } = dashboard(night, { next }, { table: false });
    expect(JSON.stringify(blocks)).not.toContain('"table"');
    const lines = shown(night, { table: false });
    expect(lines.filter((line) => line.startsWith('■ gecko-t')).length).toBeGreaterThanOrEqual(20);
    expect(lines.find((line) => line.startsWith('Pool'))).toMatch(/^Pool +State +Last/);
  });
});

test('workers created per hour are a column where the report has them', () => {
  expect(shown(reportOf([healthy('a/b')])).join('\n')).not.toContain('New workers');
  const lines = shown(
    reportOf([
      healthy('a/b', { created: { lastHour: 0, usual: 9.4, hours: [], total: 0 } }),
      healthy('a/c', { created: { lastHour: 3, hours: [], total: 3 } }),
    ]),
  );
  expect(lines.find((line) => line.startsWith('Pool'))).toMatch(/New workers\/h/);
  expect(lines.find((line) => line.startsWith('🟢 a/b'))).toMatch(/ 0 of 9 /);
  expect(lines.find((line) => line.startsWith('🟢 a/c'))).toMatch(/ 3 /);
});

test('objectives: what is left of each budget is a column, how many are kept and which budgets burn a line below', () => {
  expect(shown(reportOf([healthy('a/b')])).join('\n')).not.toMatch(/Budget|Objectives/);
  const lines = shown(reportOf([...withObjectives(), healthy('a/none')]));
  expect(lines.find((line) => line.startsWith('Pool'))).toMatch(/ Budget +For$/);
  const budgets = ['a/good', 'a/spent', 'a/fast', 'a/new', 'a/none'].map((name) =>
    lines.find((line) => line.startsWith(`🟢 ${name} `))?.replace(/^.*[▁-█] {2,}(.*?) +3d$/, '$1'),
  );
  expect(budgets).toEqual(['80% left', 'overspent', '40% left, burning', '–', '–']);
  expect(lines).toContain('Objectives: 2 of 3 kept  ·  spent too fast: a/fast (40% left)');
});

describe('the digest of a week', () => {
  const ended = { ended: NOW - DAY, end: 'resolved' as const };
  const incidents = [
    paged('gecko-3/decision', 2 * DAY, ended),
    paged('gecko-1/decision', DAY + HOUR, { ...ended, level: 'warn' }),
    paged('gecko-t/win', DAY + HOUR, { ended: NOW - DAY, end: 'folded', into: 'x' }),
  ];
  const report = reportOf([healthy('gecko-3/decision', { breaches: 3 }), ...many(20)], { incidents, since: NOW - 7 * DAY });

  test('says how often somebody was woken and why, and which pools are slowest', () => {
    const lines = linesOf(digest(report, true));
    expect(lines[0]).toBe('📅 firefox-ci: 2021-10-02 to 2021-10-09, 1 page');
    expect(lines[1]).toBe('21 pools  ·  2,016 claims  ·  99.85 % in time  ·  1 page  ·  1 warning');
    expect(lines[2]).toBe('Pages by cause: unexplained 1');
    expect(lines[3]).toBe('• 2021-10-07 01:40 UTC, 24h: gecko-3/decision: no worker has claimed our canary (unexplained)');
    expect(lines[4]).toMatch(/^Slowest pools +p95 +p50 +p99 +Late +Claims$/);
    expect(lines[5]).toMatch(/^gecko-3\/decision +1m 04s +40s +1m 20s +3 +96$/);
    expect(lines).toHaveLength(15);
  });

  test('says how many objectives hold, and of which the error budget is spent', () => {
    const probes = withObjectives();
    const lines = linesOf(digest(reportOf(probes, { since: NOW - 7 * DAY }), true));
    expect(lines.slice(2, 5)).toEqual([
      'Objectives: 2 of 3 kept',
      '• a/spent: 93.1% in time, of 95% under 20m over 14d; overspent by 38%',
      '• a/fast: 97% in time, of 95% under 20m over 14d; 40% left of the error budget, and it burns',
    ]);
  });

  test('of a quiet one says that nobody was woken', () => {
    expect(linesOf(digest(reportOf(many(3)), true))[0]).toMatch(/, nobody was woken$/);
  });
});
