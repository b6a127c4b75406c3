import type { Start } from '../evidence/canary.ts';
import type { History, HistoryRow, Sketch } from '../evidence/history.ts';
import { HOUR, MINUTE } from '../evidence/instant.ts';
import type { Config, Probe, Thresholds } from '../evidence/probe.ts';
import type { ProbeReport, Report, SparkPoint, Verdict } from '../evidence/report.ts';
import type { ProbeState, State } from '../evidence/state.ts';
import { expand, thresholdsOf } from '../judge/probes.ts';
import { offsetOf, pitch, slots } from '../judge/schedule.ts';
import { waitingSince } from '../judge/waiting.ts';
import { durationOf, emptySketch, merge, observe, quantile, total } from '../stats/sketch.ts';

const SPARK_HOURS = 24;

/** Puts state and history together, with canaries in flight counted as "at least this old". `now` is the queue's clock. */
export function report(config: Config, state: State, history: History, since: number, now: number): Report {
  const rows = groupByProbe(history.rows);
  const hours = groupByProbe(history.hours);
  const probes = expand(config, state.pools).map((probe) => {
    const known = state.probes.get(probe.name);
    return reportProbe(config, state, probe, known, rows.get(probe.name) ?? [], hours.get(probe.name) ?? [], since, now);
  });
  const { passAt } = state.watch;
  return {
    deployment: config.deployment,
    rootUrl: config.rootUrl,
    at: now,
    since,
    probes,
    incidents: history.incidents.toSorted((a, b) => Number(a.ended !== undefined) - Number(b.ended !== undefined)),
    ...(passAt !== undefined && { passAt }),
    undelivered: history.undelivered,
  };
}

function groupByProbe(rows: readonly HistoryRow[]): Map<string, HistoryRow[]> {
  const groups = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const group = groups.get(row.probe);
    if (group === undefined) groups.set(row.probe, [row]);
    else group.push(row);
  }
  return groups;
}

/** The canary in flight, as far as the queue has told that nobody claimed it: what happened since we last looked is not known. */
interface Wait {
  taskId: string;
  slot: number;
  scheduled: number;
  seenAt: number;
}

function waitOf(known: ProbeState | undefined, now: number): Wait | undefined {
  const canary = known?.open;
  if (canary?.stage !== 'pending' || canary.scheduled === undefined) return undefined;
  const { taskId, slot, scheduled } = canary;
  return { taskId, slot, scheduled, seenAt: Math.max(scheduled, Math.min(now, known?.evidenceAt ?? scheduled)) };
}

/** The waits that are still going on: the canary's own, and that of every slot that was skipped for it. */
function waitsOf(probe: Probe, wait: Wait | undefined): { at: number; ms: number }[] {
  if (wait === undefined) return [];
  const { slot, scheduled, seenAt } = wait;
  const skipped = slots(probe.schedule, offsetOf(probe.schedule, probe.name), slot, seenAt);
  return [{ at: slot, ms: seenAt - scheduled }, ...skipped.map((at) => ({ at, ms: seenAt - at }))];
}

function reportProbe(
  config: Config,
  state: State,
  probe: Probe,
  known: ProbeState | undefined,
  rows: readonly HistoryRow[],
  hours: readonly HistoryRow[],
  since: number,
  now: number,
): ProbeReport {
  const thresholds = thresholdsOf(probe, known);
  const wait = waitOf(known, now);
  const waits = waitsOf(probe, wait).filter(({ at }) => at >= since);
  const all = emptySketch();
  for (const row of rows) merge(all, row.sketch);
  for (const { ms } of waits) observe(all, ms, true);
  const breaches =
    rows.reduce((sum, row) => sum + row.breaches, 0) +
    waits.filter(({ ms }) => ms >= (thresholds?.warnAfter ?? Number.POSITIVE_INFINITY)).length;
  const incident = state.incidents.get(`probe:${probe.name}`);
  const waiting = wait && { taskId: wait.taskId, since: known?.chain?.since ?? wait.scheduled };
  return {
    name: probe.name,
    pool: probe.pool,
    verdict: verdictOf(config, state, probe, thresholds, known, wait, now),
    ...(thresholds && { thresholds }),
    ...(known?.lastClaim && { lastClaim: known.lastClaim }),
    ...(wait && waiting && { pending: { ...waiting, ms: wait.seenAt - waiting.since } }),
    ...quantiles(all),
    claims: total(all.claimed),
    unclaimed: total(all.unclaimed),
    breaches,
    cold: startsOf(rows, 'cold'),
    warm: startsOf(rows, 'warm'),
    spark: sparkOf(hours, waits, now),
    ...(incident && { incident }),
  };
}

function quantiles(sketch: Sketch): Pick<ProbeReport, 'p50' | 'p95' | 'p99'> {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(sketch, q));
  return { ...(p50 && { p50 }), ...(p95 && { p95 }), ...(p99 && { p99 }) };
}

function startsOf(rows: readonly HistoryRow[], start: Start): ProbeReport['cold'] {
  const sketch = emptySketch();
  for (const row of rows) if (row.start === start) merge(sketch, row.sketch);
  const p50 = quantile(sketch, 0.5);
  return { claims: total(sketch.claimed), ...(p50 && { p50 }) };
}

/** Nothing was heard of the probe for as long as the judge takes for a hole in the watch: old claims say nothing of now. */
function isSilent(probe: Probe, known: ProbeState, thresholds: Thresholds | undefined, now: number): boolean {
  const heard = known.evidenceAt ?? Number.NEGATIVE_INFINITY;
  return now - heard > Math.max(3 * pitch(probe.schedule), thresholds?.pageAfter ?? 0);
}

/** What the evidence says now. An open incident stays until claims close it. */
function verdictOf(
  config: Config,
  state: State,
  probe: Probe,
  thresholds: Thresholds | undefined,
  known: ProbeState | undefined,
  wait: Wait | undefined,
  now: number,
): Verdict {
  if (known === undefined || state.watch.trouble.look !== undefined || isSilent(probe, known, thresholds, now)) return 'unknown';
  const incident = state.incidents.get(`probe:${known.name}`);
  if (incident !== undefined) return incident.level === 'page' ? 'stuck' : 'slow';
  // What observes is not alerted on, but shown as it is.
  const limits = thresholds ?? probe.thresholds ?? known.earned ?? customary(known);
  const age = wait ? wait.seenAt - waitingSince(wait.scheduled, state.watch, config.unreachableAfter) : 0;
  if (age >= limits.pageAfter) return 'stuck';
  if (age >= limits.warnAfter) return 'slow';
  if (known.lastClaim === undefined) return 'unknown';
  return thresholds !== undefined && known.lastClaim.ms >= thresholds.warnAfter ? 'slow' : 'healthy';
}

/** For a probe that has no thresholds at all yet: far past whatever it has shown so far. */
function customary({ recent }: ProbeState): Thresholds {
  const slowest = Math.max(0, ...recent);
  return { warnAfter: Math.max(15 * MINUTE, 2 * slowest), pageAfter: Math.max(HOUR, 4 * slowest) };
}

/** One point an hour for the last day: the slowest observation that began in it. */
function sparkOf(
  hours: readonly HistoryRow[],
  waits: readonly { at: number; ms: number }[],
  now: number,
): (SparkPoint | undefined)[] {
  const first = Math.floor(now / HOUR) * HOUR - (SPARK_HOURS - 1) * HOUR;
  const points: (SparkPoint | undefined)[] = Array.from({ length: SPARK_HOURS }, () => undefined);
  const add = (at: number, ms: number, censored: boolean) => {
    const i = Math.floor((at - first) / HOUR);
    const old = points[i];
    if (i >= 0 && i < SPARK_HOURS && (old === undefined || ms > old.ms)) points[i] = { ms, censored };
  };
  for (const row of hours) {
    for (const bucket of row.sketch.claimed.keys()) add(row.at, durationOf(bucket), false);
    for (const bucket of row.sketch.unclaimed.keys()) add(row.at, durationOf(bucket), true);
  }
  for (const wait of waits) add(wait.at, wait.ms, true);
  return points;
}
