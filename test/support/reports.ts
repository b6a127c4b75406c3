import type { Incident } from '../../src/evidence/incident.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { ProbeReport, Report, SparkPoint } from '../../src/evidence/report.ts';
import { DAY_ZERO, poolIncident } from './values.ts';

/** Twenty to two at night. */
export const NOW = DAY_ZERO + DAY + HOUR + 40 * MINUTE;

/** A day of claims of about so long, each hour a little other than the one before. */
function sparkOf(ms: number): SparkPoint[] {
  return Array.from({ length: 24 }, (_, i) => ({ ms: ms * (1 + 0.6 * Math.abs(Math.sin(i * 1.7))), censored: false }));
}

export function healthy(name: string, over: Partial<ProbeReport> = {}, usual = 40 * SECOND): ProbeReport {
  return {
    name,
    pool: name,
    verdict: 'healthy',
    why: 'claimed-in-time',
    verdictSince: NOW - 3 * DAY,
    thresholds: { warnAfter: 5 * MINUTE, pageAfter: 15 * MINUTE },
    lastClaim: { taskId: 'A'.repeat(22), at: NOW - 4 * MINUTE, ms: usual, start: 'cold' },
    p50: { ms: usual, atLeast: false },
    p95: { ms: 1.6 * usual, atLeast: false },
    p99: { ms: 2 * usual, atLeast: false },
    claims: 96,
    unclaimed: 0,
    breaches: 0,
    cold: { claims: 60 },
    warm: { claims: 36 },
    spark: sparkOf(usual),
    ...over,
  };
}

/** Nobody has claimed its canary for so long; a page. */
export function stuck(name: string, ms = 34 * MINUTE, over: Partial<ProbeReport> = {}): ProbeReport {
  const hours = Math.min(24, Math.ceil(ms / HOUR));
  const good = sparkOf(40 * SECOND).slice(hours);
  const bad = Array.from({ length: hours }, (_, i) => ({ ms: ms - i * HOUR, censored: true }));
  return healthy(name, {
    verdict: 'stuck',
    why: 'pending-past-page',
    verdictSince: NOW - ms + 15 * MINUTE,
    pending: { taskId: 'B'.repeat(22), since: NOW - ms, ms },
    p95: { ms, atLeast: true },
    unclaimed: 3,
    spark: [...good, ...bad],
    incident: paged(name, ms),
    ...over,
  });
}

export function paged(name: string, ms = 34 * MINUTE, over: Partial<Incident> = {}): Incident {
  const base = poolIncident();
  if (base.evidence.kind !== 'pool') throw new Error('not of a pool');
  return {
    ...base,
    id: `test/probe:${name}/2021-10-09T01:00:00Z`,
    anchor: `probe:${name}`,
    since: NOW - ms,
    opened: NOW - ms + 5 * MINUTE,
    evidence: { ...base.evidence, probe: name, pool: name, since: NOW - ms, age: ms },
    ...over,
  };
}

export function reportOf(probes: ProbeReport[], over: Partial<Report> = {}): Report {
  return {
    deployment: 'firefox-ci',
    rootUrl: 'https://tc.example.com',
    at: NOW,
    since: NOW - DAY,
    skew: 0,
    probes,
    incidents: probes.flatMap(({ incident }) => (incident === undefined ? [] : [incident])),
    passAt: NOW - 20 * SECOND,
    silences: [],
    dwell: {},
    undelivered: [],
    ...over,
  };
}
