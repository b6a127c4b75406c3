import fc from 'fast-check';
import type { Fault, PoolGroup, Prober, Scenario } from '../../src/drill/scenario.ts';
import { DAY, HOUR, MINUTE } from '../../src/evidence/instant.ts';
import { deployments } from './deployments.ts';
import { faultsOn } from './faults.ts';
import { DEADLINE_AFTER, probersOf } from './probers.ts';

const DAY_ZERO = Date.UTC(2021, 9, 8);

/** Where everything has come back, and been told to be over, after the last fault. */
const RECOVERY = 12 * MINUTE;

/** Any night, as the drill file's own type. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .tuple(deployments, fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: DAY / MINUTE - 1 }))
  .map(([pools, seed, minute]) => ({ pools, seed, start: DAY_ZERO + minute * MINUTE }))
  .chain((night) => fc.tuple(fc.constant(night), probersOf(night.pools, night.start)))
  .chain(([night, prober]) =>
    faultsOn(night.pools, prober.replicas ?? 1, night.start).map((faults) =>
      nightOf({ ...night, prober: impatient(prober, faults), faults }),
    ),
  );

/** A task that nobody is offered waits to its deadline, for which the usual six hours would make a long night. */
function impatient(prober: Prober, faults: readonly Fault[]): Prober {
  if ('config' in prober || !faults.some(({ kind }) => kind === 'orphaned')) return prober;
  const hurried = ({ deadline, pageAfter = 0 }: (typeof prober.probes)[number]) => deadline ?? pageAfter + DEADLINE_AFTER;
  return { ...prober, probes: prober.probes.map((probe) => ({ ...probe, deadline: hurried(probe) })) };
}

/** A night with these faults, and time enough to recover from them. */
function nightOf(night: { seed: number; start: number; pools: PoolGroup[]; prober: Prober; faults: Fault[] }): Scenario {
  const { start, pools, prober, faults } = night;
  const last = Math.max(start + 5 * MINUTE, ...faults.map(({ until }) => until));
  return {
    title: 'A night of the simulation',
    ...night,
    end: last + RECOVERY + lingering(prober, faults) + drained(pools, faults),
    broke: start,
    people: [],
    expect: { pages: 1000 },
  };
}

/**
 * A task that nobody is offered waits to its deadline, what comes and goes ends when it stays away, and what only a channel shows after the
 * store was lost when nothing has shown it for as long as makes a stall.
 */
function lingering(prober: Prober, faults: readonly Fault[]): number {
  if ('config' in prober) return 0;
  const deadlines = prober.probes.map(({ deadline = 6 * HOUR }) => deadline);
  const strikes = (kind: Fault['kind']) => faults.some((fault) => fault.kind === kind);
  const orphaned = strikes('orphaned') ? Math.max(...deadlines) : 0;
  const unseen = strikes('store-lost') ? prober.provisioning.silence : 0;
  return Math.max(orphaned, unseen) + prober.incidents.reopenWithin;
}

/** How long a backlog keeps those waiting who come last. */
function drained(pools: readonly PoolGroup[], faults: readonly Fault[]): number {
  const backlogs = faults.flatMap((fault) => (fault.kind === 'backlog' ? [fault] : []));
  const slowest = backlogs.flatMap(({ tasks, duration, pools: struck }) => {
    const full = pools.filter(({ names }) => struck === undefined || names.some((name) => struck.includes(name)));
    return full.map(({ maxCapacity }) => (tasks * (duration?.p95 ?? 0)) / maxCapacity);
  });
  return Math.ceil(Math.max(0, ...slowest));
}
