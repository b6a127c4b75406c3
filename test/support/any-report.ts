import fc from 'fast-check';
import type { ProbeReport, Quantile, Report, SparkPoint } from '../../src/evidence/report.ts';
import type { Reason } from '../../src/evidence/state.ts';
import { anyMessage, NIGHT, outside } from '../notify-incidents.ts';

const DAY = 24 * 3_600_000;
const instant = fc.integer({ min: NIGHT - 2 * DAY, max: NIGHT });
const duration = fc.integer({ min: 0, max: 5 * DAY });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const quantile: fc.Arbitrary<Quantile> = fc.record({ ms: duration, atLeast: fc.boolean() });
const point: fc.Arbitrary<SparkPoint> = fc.record({ ms: duration, censored: fc.boolean() });
const REASONS: Reason[] = ['claimed-in-time', 'claimed-late', 'pending-past-page', 'confirming', 'not-asked-yet', 'queue-silent'];
const hush = fc.record({ by: outside, until: instant, reason: outside });

/** Names as Taskcluster allows them, up to the longest, and names that nobody should have. */
const name = fc.oneof(outside, fc.stringMatching(/^[a-z0-9-]{1,38}\/[a-z][-a-z0-9]{36}[a-z0-9]$/));

const probe: fc.Arbitrary<ProbeReport> = fc
  .record({
    name,
    pool: name,
    verdict: fc.constantFrom('healthy', 'slow', 'stuck', 'unknown'),
    why: fc.constantFrom(...REASONS),
    verdictSince: maybe(instant),
    silenced: maybe(hush),
    thresholds: maybe(fc.record({ warnAfter: duration, pageAfter: duration })),
    lastClaim: maybe(
      fc.record({ taskId: outside, at: instant, ms: duration, start: fc.constantFrom('cold', 'warm', 'unknown') }),
    ),
    pending: maybe(fc.record({ taskId: outside, since: instant, ms: duration })),
    p50: maybe(quantile),
    p95: maybe(quantile),
    p99: maybe(quantile),
    created: maybe(
      fc.record({
        lastHour: fc.nat(),
        usual: fc.double({ min: 0, max: 1e6, noNaN: true }),
        hours: fc.constant([]),
        total: fc.nat(),
      }),
    ),
    claims: fc.nat(),
    unclaimed: fc.nat(),
    breaches: fc.nat(),
    objective: maybe(
      fc
        .record({ compliance: fc.double({ min: 0, max: 1, noNaN: true }), burning: fc.boolean() })
        .map(({ compliance, burning }) => {
          const burn = { long: 6, short: 1, rates: { long: 4, short: 5 }, limit: 2.8, kept: 9, missed: 3, burning };
          const objective = { target: 0.95, under: 1_200_000, over: 14 * DAY, kept: 9, missed: 3, fast: burn, slow: burn };
          return { ...objective, compliance, budgetLeft: 1 - (1 - compliance) / 0.05 };
        }),
    ),
    spark: fc.array(maybe(point), { minLength: 24, maxLength: 24 }),
  })
  .map((made) => {
    const known = Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined));
    return { ...known, cold: { claims: 0 }, warm: { claims: 0 } } as unknown as ProbeReport;
  });

/** From none to 500 pools; many are alike, or making them would take longer than looking at them. */
export const anyReport: fc.Arbitrary<Report> = fc
  .record({
    deployment: outside,
    probes: fc.array(probe, { maxLength: 12 }),
    times: fc.integer({ min: 1, max: 42 }),
    messages: fc.array(anyMessage, { maxLength: 12 }),
    passAt: maybe(instant),
    blind: maybe(
      fc.record({
        providers: fc.array(outside, { maxLength: 6 }),
        overall: fc.boolean(),
        why: fc.array(outside, { minLength: 1, maxLength: 6 }),
      }),
    ),
    silences: fc.array(
      hush.chain((one) =>
        fc.record({ match: outside, probes: fc.array(outside, { maxLength: 3 }) }).map((more) => ({ ...one, ...more })),
      ),
      { maxLength: 8 },
    ),
  })
  .map(({ deployment, probes, times, messages, passAt, blind, silences }) => ({
    deployment,
    rootUrl: 'https://tc.example.com',
    at: NIGHT,
    since: NIGHT - DAY,
    skew: 0,
    probes: Array.from({ length: times }, () => probes)
      .flat()
      .slice(0, 500),
    incidents: messages.map(({ incident }) => incident),
    ...(passAt !== undefined && { passAt }),
    ...(blind !== undefined && { blind }),
    silences,
    dwell: {},
    undelivered: [],
  }));
