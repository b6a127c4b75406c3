import type { Hush } from '../evidence/incident.ts';
import { iso } from '../evidence/instant.ts';
import { instant, seconds } from '../evidence/json-values.ts';
import type { BurnReport, DwellReport, ObjectiveReport, ProbeReport, Quantile, Report } from '../evidence/report.ts';
import { doubtOf } from './doubt.ts';
import { incidentJson } from './incident-json.ts';

/**
 * A value as indented JSON. Control characters and marks that reorder text are escaped, those too that JSON lets stand, for the reader may
 * be a terminal.
 */
export function jsonText(value: unknown): string {
  const escaped = (char: string) =>
    Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
  return `${JSON.stringify(value, null, 2).replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped)}\n`;
}

/** Instants as ISO 8601 and durations in seconds; absent values are `null`, so that every key is always there. */
export function reportJson(report: Report) {
  return {
    deployment: report.deployment,
    rootUrl: report.rootUrl,
    at: iso(report.at),
    since: iso(report.since),
    lastPass: instant(report.passAt),
    clockSkew: seconds(report.skew),
    doubt: doubtOf(report) ?? null,
    blind: report.blind ?? null,
    probes: report.probes.map(probeJson),
    incidents: report.incidents.map(incidentJson),
    silences: report.silences.map(({ match, probes, ...hush }) => ({ match, ...hushJson(hush), probes })),
    dwell: { page: dwellJson(report.dwell.page), warn: dwellJson(report.dwell.warn) },
    undelivered: report.undelivered.map(({ since, ...delivery }) => ({ ...delivery, since: iso(since) })),
  };
}

function hushJson({ by, until, reason }: Hush) {
  return { by, until: iso(until), reason };
}

function dwellJson(dwell: DwellReport | undefined) {
  return dwell === undefined ? null : { count: dwell.count, p50: seconds(dwell.p50), p99: seconds(dwell.p99) };
}

const quantileJson = (quantile: Quantile | undefined) =>
  quantile === undefined ? null : { seconds: seconds(quantile.ms), atLeast: quantile.atLeast };

export function probeJson(probe: ProbeReport) {
  const { thresholds, lastClaim, pending } = probe;
  return {
    name: probe.name,
    pool: probe.pool,
    verdict: probe.verdict,
    why: probe.why,
    verdictSince: instant(probe.verdictSince),
    silenced: probe.silenced ? hushJson(probe.silenced) : null,
    warnAfter: seconds(thresholds?.warnAfter),
    pageAfter: seconds(thresholds?.pageAfter),
    lastClaim: lastClaim
      ? { taskId: lastClaim.taskId, at: iso(lastClaim.at), timeToClaim: seconds(lastClaim.ms), start: lastClaim.start }
      : null,
    pending: pending ? { taskId: pending.taskId, since: iso(pending.since), age: seconds(pending.ms) } : null,
    p50: quantileJson(probe.p50),
    p95: quantileJson(probe.p95),
    p99: quantileJson(probe.p99),
    claims: probe.claims,
    unclaimed: probe.unclaimed,
    breaches: probe.breaches,
    cold: { claims: probe.cold.claims, p50: quantileJson(probe.cold.p50) },
    warm: { claims: probe.warm.claims, p50: quantileJson(probe.warm.p50) },
    coldAt: instant(probe.coldAt),
    workersCreated: probe.created ? { ...probe.created, usual: probe.created.usual ?? null } : null,
    spark: probe.spark.map((point) => (point === undefined ? null : { seconds: seconds(point.ms), unclaimed: point.censored })),
    objective: probe.objective ? objectiveJson(probe.objective) : null,
    incident: probe.incident?.id ?? null,
  };
}

export function objectiveJson(objective: ObjectiveReport) {
  return {
    target: objective.target,
    under: seconds(objective.under),
    over: seconds(objective.over),
    kept: objective.kept,
    missed: objective.missed,
    compliance: objective.compliance ?? null,
    budgetLeft: objective.budgetLeft ?? null,
    fast: burnJson(objective.fast),
    slow: burnJson(objective.slow),
  };
}

function burnJson({ long, short, rates, limit, burning }: BurnReport) {
  const of = (span: number, rate: number | undefined) => ({ over: seconds(span), rate: rate ?? null });
  return { long: of(long, rates.long), short: of(short, rates.short), limit, burning };
}
