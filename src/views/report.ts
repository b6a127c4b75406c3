import type { Start } from '../evidence/canary.ts';
import type { History, HistoryQuery, HistoryRow, Sketch } from '../evidence/history.ts';
import { DAY } from '../evidence/instant.ts';
import type { Config, Probe } from '../evidence/probe.ts';
import type { ProbeReport, Report } from '../evidence/report.ts';
import type { State } from '../evidence/state.ts';
import { blindOf } from '../judge/causes/blind.ts';
import { expand, thresholdsOf } from '../judge/probes.ts';
import { covering, inForce } from '../judge/silences.ts';
import { verdictOf } from '../judge/verdicts.ts';
import { inFlight, waitsOf } from '../judge/waiting.ts';
import { objectiveReport } from '../stats/objective.ts';
import { emptySketch, merge, observe, quantile, quantiles, total } from '../stats/sketch.ts';
import { incidentsByProbe, silencesOf, subjectOf } from './concerns.ts';
import { createdByPool } from './created.ts';
import { dwellOf } from './dwell.ts';
import { sparkOf } from './spark.ts';

/** The history that a report over the time since then needs. */
export function reportQuery({ probes }: Pick<Config, 'probes'>, since: number, now: number): HistoryQuery {
  const longest = Math.max(...probes.map(({ objective }) => objective?.over ?? 0));
  return { since, until: now, ...(longest > 0 && { daysSince: Math.floor((now - longest) / DAY) * DAY }) };
}

/** The report on the span of time before `now`, the queue's clock, with the history that it needs read from the store. */
export async function reportFrom(store: Historian, config: Config, state: State, span: number, now: number): Promise<Report> {
  return report(config, state, await store.history(reportQuery(config, now - span, now)), now - span, now);
}

interface Historian {
  history: (query: HistoryQuery) => Promise<History>;
}

/** Puts state and history together, with canaries in flight counted as "at least this old". `now` is the queue's clock. */
export function report(config: Config, state: State, history: History, since: number, now: number): Report {
  const rows = groupByProbe(history.rows);
  const hours = groupByProbe(history.hours);
  const days = groupByProbe(history.days);
  const forces = inForce(config, state.silences, now);
  const incidents = incidentsByProbe(state);
  const created = createdByPool(state.pools, history.created, state.watch.fleetAt, now);
  const probes = expand(config, state.pools).map((probe): ProbeReport => {
    const incident = incidents.get(probe.name);
    const of = (groups: Map<string, HistoryRow[]>) => groups.get(probe.name) ?? [];
    const known = reportProbe(config, state, probe, { rows: of(rows), hours: of(hours), days: of(days) }, since, now);
    const workers = created.get(probe.pool);
    const shown = { ...known, ...(incident && { incident }), ...(workers && { created: workers }) };
    const silenced = covering(forces, subjectOf(shown));
    return { ...shown, ...(silenced && { silenced }) };
  });
  const { passAt, pace, offset } = state.watch;
  const blind = blindOf(config, state);
  return {
    deployment: config.deployment,
    rootUrl: config.rootUrl,
    at: now,
    since,
    probes,
    skew: offset,
    incidents: history.incidents.toSorted((a, b) => Number(a.ended !== undefined) - Number(b.ended !== undefined)),
    ...(passAt !== undefined && { passAt }),
    ...(pace !== undefined && { pace }),
    ...(blind && { blind }),
    silences: silencesOf(forces, probes),
    dwell: dwellOf(history.dwells),
    undelivered: history.undelivered.map((delivery) => ({ ...delivery, since: delivery.since + offset })),
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

function reportProbe(
  config: Config,
  state: State,
  probe: Probe,
  { rows, hours, days }: Pick<History, 'rows' | 'hours' | 'days'>,
  since: number,
  now: number,
): ProbeReport {
  const known = state.probes.get(probe.name);
  const thresholds = thresholdsOf(probe, known);
  const wait = inFlight(known, now);
  const allWaits = waitsOf(probe, wait);
  const waits = allWaits.filter(({ at }) => at >= since);
  const all = emptySketch();
  for (const row of rows) merge(all, row.sketch);
  for (const { ms } of waits) observe(all, ms, true);
  const breaches =
    rows.reduce((sum, row) => sum + row.breaches, 0) +
    waits.filter(({ ms }) => ms >= (thresholds?.warnAfter ?? Number.POSITIVE_INFINITY)).length;
  const { is, why } = verdictOf(config, state, probe, known, now);
  const waiting = wait && { taskId: wait.taskId, since: known?.chain?.since ?? wait.scheduled };
  return {
    name: probe.name,
    pool: probe.pool,
    verdict: is,
    why,
    ...(known?.verdict?.is === is && { verdictSince: known.verdict.since }),
    ...(thresholds && { thresholds }),
    ...(known?.tally && { tally: known.tally }),
    ...(known?.lastClaim && { lastClaim: known.lastClaim }),
    ...(wait && waiting && { pending: { ...waiting, ms: wait.seenAt - waiting.since } }),
    ...percentiles(all),
    claims: total(all.claimed),
    unclaimed: total(all.unclaimed),
    breaches,
    cold: startsOf(rows, 'cold'),
    warm: startsOf(rows, 'warm'),
    ...(known?.lastCold !== undefined && { coldAt: known.lastCold }),
    spark: sparkOf(hours, waits, now),
    ...(probe.objective && { objective: objectiveReport(probe.objective, days, hours, allWaits, now) }),
  };
}

function percentiles(sketch: Sketch): Pick<ProbeReport, 'p50' | 'p95' | 'p99'> {
  const [p50, p95, p99] = quantiles(sketch, [0.5, 0.95, 0.99]);
  return { ...(p50 && { p50 }), ...(p95 && { p95 }), ...(p99 && { p99 }) };
}

function startsOf(rows: readonly HistoryRow[], start: Start): ProbeReport['cold'] {
  const sketch = emptySketch();
  for (const row of rows) if (row.start === start) merge(sketch, row.sketch);
  const p50 = quantile(sketch, 0.5);
  return { claims: total(sketch.claimed), ...(p50 && { p50 }) };
}
