import fc from 'fast-check';
import { evolve } from '../../src/evidence/evolve.ts';
import type { Fact } from '../../src/evidence/fact.ts';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { Bench, configOf, entry, everyMinutes } from '../support/judging.ts';
import { DAY_ZERO } from '../support/values.ts';

export const NAMES = ['gecko-1/a', 'gecko-1/b', 'gecko-3/c', 'gecko-3/d', 'proj/e'];

/** What happens before the next judgement, and what the queue then says. */
export interface Step {
  /** Seconds since the last one. */
  wait: number;
  /** For each pool whether its workers are there. */
  alive: boolean[];
  what: 'look' | 'nothing' | 'unreachable' | 'cancelled' | 'silence' | 'refused';
}

const WAITS = [2, 30, 60, 200, 600, 1800];

/** Pools rarely change together, and mostly time just passes. */
export const histories: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    wait: fc.constantFrom(...WAITS),
    alive: fc.oneof(
      fc.constant(NAMES.map(() => true)),
      fc.constant(NAMES.map(() => false)),
      fc.array(fc.boolean(), { minLength: NAMES.length, maxLength: NAMES.length }),
    ),
    what: fc.oneof(
      { weight: 12, arbitrary: fc.constant('look' as const) },
      { weight: 1, arbitrary: fc.constantFrom('nothing', 'unreachable', 'cancelled', 'silence', 'refused') },
    ),
  }),
  { maxLength: 80 },
);

/** Five pools and a queue that tells of them. */
export function historyBench(): Bench {
  const thresholds = { warnAfter: 5 * MINUTE, pageAfter: 10 * MINUTE };
  const late = { warnAfter: 20 * MINUTE, pageAfter: 40 * MINUTE };
  const probes = NAMES.map((name, i) => entry(name, { schedule: everyMinutes(5), thresholds: i === 4 ? late : thresholds }));
  const incidents = { groupWait: 30 * SECOND, fleetAt: 3, remindEvery: HOUR, reopenWithin: 30 * MINUTE };
  return new Bench(configOf(probes, { incidents }), DAY_ZERO);
}

/** The facts that a step brings. */
export function factsOf(bench: Bench, { alive, what }: Step, now: number): Fact[] {
  if (what === 'nothing' || what === 'silence') return [];
  if (what === 'unreachable') return [{ kind: 'failed', ask: 'look', why: 'unreachable', detail: '503', at: now }];
  if (what === 'refused') return [{ kind: 'channels', refused: [{ route: 'slack:C1', why: 'token revoked' }], at: now }];
  const facts: Fact[] = [{ kind: 'channels', refused: [], at: now }];
  for (const [i, name] of NAMES.entries()) {
    const open = bench.state.probes.get(name)?.open;
    if (open === undefined) continue;
    const scheduled = open.scheduled ?? open.slot + SECOND;
    if (scheduled >= now) continue;
    const started = Math.max(scheduled, now - SECOND);
    const run =
      what === 'cancelled'
        ? { state: 'exception' as const, reasonResolved: 'canceled', resolved: now }
        : alive[i]
          ? { state: 'running' as const, started }
          : {};
    facts.push({
      kind: 'status',
      taskId: open.taskId,
      status: bench.status(name, { scheduled, ...run }),
      at: now,
      start: 'warm',
    });
  }
  return facts;
}

/** What somebody at the command line commits beside the passes. */
export function silences(bench: Bench, step: Step, now: number) {
  const i = step.alive.indexOf(false);
  const silence = { id: `s${now}`, match: NAMES[i] ?? 'unexplained', from: now, until: now + HOUR, reason: 'work', by: 'jane' };
  bench.state = evolve(bench.state, [{ kind: 'silence', silence }]);
  return [{ kind: 'silence' as const, silence }];
}
