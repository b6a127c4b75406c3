import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Report } from '../src/evidence/report.ts';
import { chartOf, chartSvg } from '../src/views/chart/chart.ts';
import { COLORS } from '../src/views/chart/look.ts';
import { scaleOf } from '../src/views/chart/scale.ts';
import { cannotAsk } from './notify-incidents.ts';
import { healthy, NOW, paged, reportOf, stuck } from './support/reports.ts';

const count = (text: string, part: string) => text.split(part).length - 1;
const shades = (report: Report, kind: keyof typeof COLORS.shades) => count(chartSvg(report), COLORS.shades[kind]);

describe('the chart', () => {
  test('is a PNG picture of some size, in words too', async () => {
    const chart = chartOf(reportOf([stuck('gecko-3/decision'), healthy('gecko-1/decision')]));
    const png = Buffer.from((await chart?.draw()) ?? []);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1000);
    expect(png.readUInt32BE(20)).toBeGreaterThan(400);
    expect(chart?.alt).toBe('Time to claim of 2 pools over the last 24 h; first gecko-3/decision, p95 at least 34m');
  });

  test('has a panel for each of the six worst pools, and none without pools', () => {
    const names = (svg: string) => [...svg.matchAll(/font-weight="600">(p\/[a-z]+)</g)].map(([, name]) => name);
    const bad = healthy('p/bad', { verdict: 'slow', why: 'claimed-late' });
    const svg = chartSvg(
      reportOf([...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => healthy(`p/${name}`)), bad, stuck('p/dead')]),
    );
    expect(names(svg)).toEqual(['p/dead', 'p/bad', 'p/a', 'p/b', 'p/c', 'p/d']);
    expect(chartOf(reportOf([]))).toBeUndefined();
  });

  test('draws a canary that nobody claimed otherwise than one that was claimed late', () => {
    expect(count(chartSvg(reportOf([stuck('a/b', 3 * HOUR - MINUTE)])), '<polygon')).toBe(3);
    const { pending: _claimed, ...late } = stuck('a/b', 3 * HOUR - MINUTE);
    const spark = late.spark.map((point) => point && { ...point, censored: false });
    expect(count(chartSvg(reportOf([{ ...late, spark }])), '<polygon')).toBe(0);
  });

  test('has the thresholds as lines, where there are any', () => {
    const { thresholds: _none, ...observed } = healthy('a/b');
    expect(count(chartSvg(reportOf([healthy('a/b')])), 'stroke-dasharray')).toBe(2);
    expect(count(chartSvg(reportOf([observed])), 'stroke-dasharray')).toBe(0);
  });

  test("shades a pool's own outages, those that are over too, and the time in which nobody could tell", () => {
    const over = paged('a/b', 5 * HOUR, { ended: NOW - 3 * HOUR, end: 'resolved', level: 'warn' });
    const other = paged('x/y', HOUR);
    const blind = { ...cannotAsk('queue-unreachable'), since: NOW - 2 * HOUR, ended: NOW - HOUR };
    const report = reportOf([healthy('a/b')], { incidents: [paged('a/b'), over, other, blind] });
    expect([shades(report, 'page'), shades(report, 'warn'), shades(report, 'blind')]).toEqual([1, 1, 1]);
  });

  test('shades an outage that went on in that of several pools to the end of that', () => {
    const fleet = paged('x/y', HOUR, { id: 'fleet', anchor: 'probe:x/y' });
    const folded = paged('a/b', 4 * HOUR, { ended: NOW - 3 * HOUR, end: 'folded', into: 'fleet' });
    const widthOf = (incidents: Report['incidents']) => {
      const svg = chartSvg(reportOf([healthy('a/b')], { incidents }));
      return Number(new RegExp(`width="([\\d.]+)"[^>]*fill="${COLORS.shades.page.replace(/[()]/g, '\\$&')}"`).exec(svg)?.[1]);
    };
    expect(widthOf([folded, fleet]) / widthOf([folded])).toBeCloseTo(4, 1);
  });

  test('is the same drawing as long as nothing has happened', () => {
    const report = reportOf([healthy('a/b')]);
    expect(chartOf({ ...report, at: NOW + MINUTE })?.digest).toBe(chartOf(report)?.digest);
  });

  test('holds no markup that a name brings along', () => {
    const svg = chartSvg(reportOf([healthy('<b>&"\u0007')]));
    expect(svg).toContain('&#60;b&#62;&#38;&#34;');
  });
});

describe('a scale', () => {
  test('is logarithmic, with all values in it and some air', () => {
    const { share, ticks } = scaleOf([SECOND, HOUR]);
    expect(share(MINUTE) - share(SECOND)).toBeCloseTo(share(HOUR) - share(MINUTE), 5);
    for (const ms of [SECOND, HOUR]) expect(share(ms)).toBeGreaterThan(0.05);
    expect(share(HOUR)).toBeLessThan(0.98);
    expect(ticks.map(({ label }) => label)).toEqual(['1s', '10s', '1m', '10m', '1h']);
  });

  test('of nothing, and of a single value, still is one', () => {
    for (const values of [[], [0], [5]]) expect(scaleOf(values).ticks.every(({ share }) => share >= 0 && share <= 1)).toBe(true);
  });
});
