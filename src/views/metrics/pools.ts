import type { BurnReport, ProbeReport, Report } from '../../evidence/report.ts';
import { CLAIM_BOUNDS, type ClaimCounts } from '../../evidence/tally.ts';
import { VERDICTS } from '../verdicts.ts';
import type { Family, Sample } from './exposition.ts';

const STARTS = ['cold', 'warm', 'unknown'] as const;
type Pools = ReadonlyMap<string, ProbeReport[]>;

/** What is measured of each worker pool; where several probes ask about one, their counts are added and the worst of them stands. */
export function poolFamilies(report: Report): Family[] {
  const pools = new Map<string, ProbeReport[]>();
  for (const probe of report.probes) pools.set(probe.pool, [...(pools.get(probe.pool) ?? []), probe]);
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
  return [
    {
      name: 'tc_canary_time_to_claim_seconds',
      help: 'From when the queue scheduled a canary, or a slot was skipped for one, until a worker claimed it.',
      type: 'histogram',
      samples: [...pools].flatMap(([pool, probes]) => STARTS.flatMap((start) => histogram(pool, start, probes))),
    },
    {
      name: 'tc_canary_results',
      help: 'Observations by what became of them: claimed in time, claimed past warnAfter, ended unclaimed.',
      type: 'counter',
      samples: [...pools].flatMap(([pool, probes]) => results(pool, probes)),
    },
    gauge('tc_canary_pending_age_seconds', 'How long the canary in flight has been waiting; 0 where none is.', pools, most, (p) =>
      seconds(p.pending?.ms ?? 0),
    ),
    gauge('tc_canary_last_claim_timestamp_seconds', 'When a canary was last claimed.', pools, most, (p) =>
      seconds(p.lastClaim?.at),
    ),
    {
      name: 'tc_canary_verdict',
      help: 'What the evidence says of the pool now: 1 for that verdict, 0 for the others.',
      type: 'gauge',
      samples: [...pools].flatMap(([pool, probes]) => {
        const worst = VERDICTS.find((verdict) => probes.some((probe) => probe.verdict === verdict));
        return VERDICTS.map((verdict) => ({ labels: { worker_pool: pool, verdict }, value: Number(verdict === worst) }));
      }),
    },
    {
      ...gauge(
        'tc_canary_workers_created',
        'Workers that were created for the pool, at least, since they were first counted.',
        pools,
        most,
        (p) => p.created?.total,
      ),
      type: 'counter',
    },
    ...objectiveFamilies(pools),
  ];
}

function objectiveFamilies(pools: Pools): Family[] {
  const burns = (value: (burn: BurnReport) => number | undefined): Sample[] =>
    (['fast', 'slow'] as const).flatMap((which) =>
      gauge('', '', pools, most, ({ objective }) => objective && value(objective[which])).samples.map((sample) => ({
        ...sample,
        labels: { ...sample.labels, burn: which },
      })),
    );
  return [
    gauge(
      'tc_canary_objective_compliance_ratio',
      'Share of observations that kept the objective.',
      pools,
      least,
      (p) => p.objective?.compliance,
    ),
    gauge(
      'tc_canary_error_budget_left_ratio',
      'Share of the error budget that is left; below 0 it is overspent.',
      pools,
      least,
      (p) => p.objective?.budgetLeft,
    ),
    {
      name: 'tc_canary_error_budget_burning',
      help: 'Whether the error budget is spent too fast, over hours (fast) or over days (slow).',
      type: 'gauge',
      samples: burns(({ burning }) => Number(burning)),
    },
    {
      name: 'tc_canary_error_budget_burn_rate',
      help: 'How many times faster than it may the error budget is spent; of the long and the short time the lower.',
      type: 'gauge',
      samples: burns(({ rates: { long, short } }) =>
        long === undefined || short === undefined ? undefined : Math.min(long, short),
      ),
    },
  ];
}

const most = (values: readonly number[]) => Math.max(...values);
const least = (values: readonly number[]) => Math.min(...values);

function gauge(
  name: string,
  help: string,
  pools: Pools,
  worst: (values: readonly number[]) => number,
  value: (probe: ProbeReport) => number | undefined,
): Family {
  const samples = [...pools].flatMap(([pool, probes]): Sample[] => {
    const values = probes.map(value).filter((one) => one !== undefined);
    return values.length === 0 ? [] : [{ labels: { worker_pool: pool }, value: worst(values) }];
  });
  return { name, help, type: 'gauge', samples };
}

/** Of starts that have occurred, which a store never forgets; three for each pool would be thrice what most have. */
function histogram(pool: string, start: (typeof STARTS)[number], probes: readonly ProbeReport[]): Sample[] {
  const counts = probes.map(({ tally }) => tally?.claims[start]).filter((one): one is ClaimCounts => one !== undefined);
  if (counts.length === 0) return [];
  const labels = { worker_pool: pool, start };
  let seen = 0;
  const buckets = [...CLAIM_BOUNDS, Number.POSITIVE_INFINITY].map((bound, i): Sample => {
    for (const one of counts) seen += one.buckets[i] ?? 0;
    const le = Number.isFinite(bound) ? String(bound / 1000) : '+Inf';
    return { suffix: '_bucket', labels: { ...labels, le }, value: seen };
  });
  const sum = counts.reduce((total, one) => total + one.sum, 0) / 1000;
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: seen }];
}

function results(pool: string, probes: readonly ProbeReport[]): Sample[] {
  let [inTime, late, unclaimed] = [0, 0, 0];
  for (const { tally } of probes) {
    if (tally === undefined) continue;
    const claims = Object.values(tally.claims).flatMap(({ buckets }) => buckets);
    inTime += claims.reduce((sum, count) => sum + count, 0) - tally.late;
    late += tally.late;
    unclaimed += tally.unclaimed;
  }
  return Object.entries({ in_time: inTime, late, unclaimed }).map(([result, value]) => ({
    labels: { worker_pool: pool, result },
    value,
  }));
}
