import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../src/evidence/fact.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { dueCreates, plan } from '../src/judge/plan.ts';
import { offsetOf } from '../src/judge/schedule.ts';
import { Bench, configOf, entry, everyMinutes } from './support/judging.ts';
import { DAY_ZERO } from './support/values.ts';

const POOL = 'gecko-3/decision';
const NIGHT = DAY_ZERO + 23 * HOUR + 15 * MINUTE;

/** A bench whose only canary has just come due. */
function oneProbe(over = {}) {
  const bench = new Bench(configOf([entry(POOL, over)]), NIGHT);
  return { bench, slot: bench.open(POOL).slot };
}

describe('canaries', () => {
  it('belong to the newest slot of the schedule, spread by the name of the probe', () => {
    const { slot } = oneProbe();
    expect(slot % (15 * MINUTE)).toBe(offsetOf(everyMinutes(15), POOL));
    expect(slot).toBeLessThanOrEqual(NIGHT);
  });

  it('are one at a time: while one is pending no slot submits another', () => {
    const { bench, slot } = oneProbe();
    const { taskId } = bench.open(POOL);
    for (let minute = 1; minute < 120; minute++) bench.pending(POOL, slot + minute * MINUTE);
    expect(bench.open(POOL).taskId).toBe(taskId);
    expect(dueCreates(bench.state, bench.now)).toEqual([]);
  });

  it('count every slot that was skipped while one was pending, from that slot to the claim', () => {
    const { bench, slot } = oneProbe();
    bench.pending(POOL, slot + MINUTE);
    bench.claimed(POOL, HOUR, slot + HOUR + 2 * SECOND);
    const seen = bench.changes.flatMap((change) => (change.kind === 'observation' ? [change.ms] : []));
    expect(seen).toEqual(
      [60, 45, 30, 15, 0]
        .filter((m) => m > 0)
        .map((m) => m * MINUTE + (m === 60 ? 0 : 2 * SECOND))
        .concat(2 * SECOND),
    );
  });

  it('are replaced five minutes before their deadline, and the outage keeps its age', () => {
    const { bench, slot } = oneProbe();
    bench.pending(POOL, slot + 16 * MINUTE);
    const first = bench.open(POOL);
    const near = first.deadline - 5 * MINUTE;
    expect(plan(bench.config, bench.state, near).cancels).toEqual([first.taskId]);
    const status = bench.status(POOL, { state: 'exception', reasonResolved: 'canceled', resolved: near + 500 });
    bench.judge([{ kind: 'cancelled', taskId: first.taskId, status, at: near + SECOND }], near + SECOND);
    expect(bench.open(POOL).taskId).not.toBe(first.taskId);
    bench.pending(POOL, near + MINUTE);
    expect(bench.incident()).toMatchObject({ level: 'page', since: slot + 2 * SECOND, revision: 1 });
  });

  it('that a human cancelled say nothing about the pool', () => {
    const { bench, slot } = oneProbe();
    const { taskId } = bench.open(POOL);
    const status = bench.status(POOL, { state: 'exception', reasonResolved: 'canceled', resolved: slot + MINUTE });
    bench.judge([{ kind: 'status', taskId, status, at: slot + MINUTE }], slot + MINUTE);
    expect(bench.state.probes.get(POOL)?.open).toBeUndefined();
    expect(bench.revisions()).toEqual([]);
    expect(bench.changes).toContainEqual(expect.objectContaining({ kind: 'observation', censored: true }));
  });

  it('whose slot is too old to submit are looked for, and given up where the queue has none', () => {
    const { bench, slot } = oneProbe();
    const { taskId } = bench.open(POOL);
    const late = slot + 15 * MINUTE;
    expect(dueCreates(bench.state, late)).toEqual([]);
    expect(plan(bench.config, bench.state, late).looks).toEqual([taskId]);
    bench.judge([{ kind: 'absent', taskId, at: late }], late);
    expect(bench.open(POOL).taskId).not.toBe(taskId);
  });
});

describe('a pool', () => {
  it('is warned of past warnAfter, paged past pageAfter, and resolved by two claims in time', () => {
    const { bench, slot } = oneProbe();
    const scheduled = slot + 2 * SECOND;
    bench.pending(POOL, scheduled + 5 * MINUTE - 1);
    expect(bench.incident()).toBeUndefined();
    bench.pending(POOL, scheduled + 5 * MINUTE);
    expect(bench.incident()?.level).toBe('warn');
    bench.pending(POOL, scheduled + 15 * MINUTE);
    expect(bench.incident()?.level).toBe('page');
    bench.claimed(POOL, 20 * MINUTE, scheduled + 20 * MINUTE);
    expect(bench.incident()?.ended).toBeUndefined();
    const first = bench.open(POOL).slot;
    expect(first - (scheduled + 20 * MINUTE)).toBeLessThan(2 * SECOND);
    bench.claimed(POOL, 30 * SECOND, first + 40 * SECOND);
    expect(bench.incident()?.ended).toBeUndefined();
    bench.claimed(POOL, 30 * SECOND, bench.open(POOL).slot + 40 * SECOND);
    expect(bench.incident()).toBeUndefined();
    expect(bench.revisions().map((incident) => incident.timeline.at(-1)?.what)).toEqual([
      'opened',
      'escalated',
      'claimed',
      'claimed',
      'resolved',
    ]);
    expect(new Set(bench.revisions().map((incident) => incident.id)).size).toBe(1);
  });

  it('is not judged by what was seen long ago: a process that was asleep looks again first', () => {
    const { bench, slot } = oneProbe();
    const seen = slot + 20 * MINUTE;
    const fact: Fact = { kind: 'status', taskId: bench.open(POOL).taskId, status: bench.status(POOL, {}), at: seen };
    bench.judge([fact], seen + 31 * SECOND);
    expect(bench.incident()).toBeUndefined();
    bench.pending(POOL, seen + 32 * SECOND);
    expect(bench.incident()?.level).toBe('page');
  });

  it('is judged anew after the queue was out of reach, for nobody could claim meanwhile', () => {
    const { bench, slot } = oneProbe();
    const { taskId } = bench.open(POOL);
    bench.pending(POOL, slot + MINUTE);
    for (let minute = 2; minute <= 30; minute++) {
      const at = slot + minute * MINUTE;
      bench.judge([{ kind: 'failed', ask: 'look', why: 'unreachable', detail: 'ECONNREFUSED', taskId, at }], at);
    }
    expect([...bench.state.incidents.keys()]).toEqual(['ask:queue-unreachable']);
    expect(bench.incident()?.level).toBe('page');
    for (let minute = 31; minute <= 35; minute++) bench.pending(POOL, slot + minute * MINUTE);
    expect([...bench.state.incidents.keys()]).toEqual([]);
    bench.pending(POOL, slot + 37 * MINUTE);
    expect(bench.incident()).toMatchObject({ anchor: `probe:${POOL}`, level: 'warn' });
  });

  it('without thresholds is never alerted on until it has earned some', () => {
    const { thresholds: _none, ...bare } = entry(POOL);
    const bench = new Bench(configOf([bare]), NIGHT);
    bench.pending(POOL, NIGHT + 5 * HOUR);
    expect(bench.incident()).toBeUndefined();
    bench.claimed(POOL, 20 * SECOND, bench.now + SECOND);
    for (let i = 0; i < 60; i++) {
      while (bench.state.probes.get(POOL)?.open === undefined) bench.judge([], bench.now + MINUTE);
      bench.claimed(POOL, 20 * SECOND, bench.now + 30 * SECOND);
    }
    expect(bench.state.probes.get(POOL)?.earned).toBeDefined();
  });

  it('told to observe is never alerted on', () => {
    const { bench, slot } = oneProbe({ mode: 'observe' });
    bench.pending(POOL, slot + 5 * HOUR);
    expect(bench.incident()).toBeUndefined();
  });
});

describe('asking', () => {
  const refused = (why: 'refused' | 'clock' | 'unreachable', bench: Bench, at: number): Fact => ({
    kind: 'failed',
    ask: 'create',
    why,
    detail: 'missing scopes: queue:create-task:x',
    taskId: bench.open(POOL).taskId,
    at,
  });

  it('that is refused for two minutes is a warning that names what is missing', () => {
    const { bench, slot } = oneProbe();
    for (let s = 0; s <= 150; s += 30) bench.judge([refused('refused', bench, slot + s * SECOND)], slot + s * SECOND);
    expect(bench.incident()).toMatchObject({ cause: 'access-refused', level: 'warn', class: 'cannot-ask' });
    expect(bench.incident()?.evidence).toMatchObject({ detail: 'missing scopes: queue:create-task:x', probes: [POOL] });
  });

  it('with a clock that is off says so at once, and never blames a scope', () => {
    const { bench, slot } = oneProbe();
    bench.judge([{ kind: 'clock', offset: -40 * MINUTE, at: slot }], slot);
    expect(bench.incident()).toMatchObject({ cause: 'clock-off', level: 'warn' });
  });

  it('that fails only for submitting is told apart from a queue out of reach', () => {
    const { bench, slot } = oneProbe();
    for (let minute = 0; minute <= 10; minute++) {
      const at = slot + minute * MINUTE;
      bench.judge([refused('unreachable', bench, at), { kind: 'absent', taskId: bench.open(POOL).taskId, at }], at);
    }
    expect(bench.incident()).toMatchObject({ cause: 'cannot-submit', level: 'page' });
  });

  it('that meets a conflict in three slots in a row says that two configurations share a name', () => {
    const { bench } = oneProbe();
    for (let i = 0; i < 3; i++) {
      const { taskId } = bench.open(POOL);
      bench.judge([
        { kind: 'failed', ask: 'create', why: 'conflict', detail: 'taken', taskId, at: bench.now },
        { kind: 'absent', taskId, at: bench.now },
      ]);
      expect(bench.incident() === undefined).toBe(i < 2);
      bench.judge([], bench.now + 15 * MINUTE);
    }
    expect(bench.incident()).toMatchObject({ cause: 'name-conflict' });
  });

  it('resolves by itself once it has worked for a minute, and not at the first success', () => {
    const { bench, slot } = oneProbe();
    for (let minute = 0; minute <= 6; minute++)
      bench.judge([refused('unreachable', bench, slot + minute * MINUTE)], slot + minute * MINUTE);
    expect(bench.incident()?.level).toBe('warn');
    const works = (at: number): Fact => ({
      kind: 'created',
      taskId: bench.open(POOL).taskId,
      status: bench.status(POOL, { scheduled: slot + 7 * MINUTE }),
      at,
    });
    bench.judge([works(slot + 7 * MINUTE)], slot + 7 * MINUTE);
    expect(bench.incident()).toBeDefined();
    bench.judge([works(slot + 8 * MINUTE + SECOND)], slot + 8 * MINUTE + SECOND);
    expect(bench.incident()).toBeUndefined();
  });
});

describe('history that was lost', () => {
  it('is rebuilt from the task groups, the canary in flight adopted and none submitted before', () => {
    const config = configOf([entry(POOL)]);
    const lived = new Bench(config, NIGHT);
    const slot = lived.open(POOL).slot;
    lived.claimed(POOL, 20 * SECOND, slot + 30 * SECOND);
    const claimedTask = lived.changes.flatMap((c) => (c.kind === 'canary' ? [c.canary] : []))[0];
    lived.judge([], slot + 15 * MINUTE);
    const inFlight = lived.open(POOL);
    const tags = (s: number) => ({ 'tc-canary-deployment': 'test', 'tc-canary-probe': POOL, 'tc-canary-slot': String(s) });
    if (claimedTask?.scheduled === undefined || claimedTask.started === undefined) throw new Error('it was claimed');
    const { taskId, schedulerId, taskGroupId, deadline } = claimedTask;
    const done = {
      taskId,
      taskQueueId: POOL,
      schedulerId,
      taskGroupId,
      deadline,
      state: 'completed' as const,
      runs: [{ state: 'completed' as const, scheduled: claimedTask.scheduled, started: claimedTask.started }],
    };

    const now = slot + 16 * MINUTE;
    const bench = new Bench(config, now - DAY * 400);
    bench.state = {
      ...bench.state,
      probes: new Map(),
      watch: { trouble: {}, gaps: [], offset: 0, recover: [DAY_ZERO, DAY_ZERO - DAY] },
    };
    bench.judge([], now);
    expect(bench.state.probes.get(POOL)?.open).toBeUndefined();
    const tasks = [
      { status: lived.status(POOL, {}), tags: tags(inFlight.slot) },
      { status: done, tags: tags(slot) },
    ];
    bench.judge(
      [
        { kind: 'group', day: DAY_ZERO, tasks, at: now },
        { kind: 'group', day: DAY_ZERO - DAY, tasks: [], at: now },
      ],
      now,
    );
    expect(bench.open(POOL).taskId).toBe(inFlight.taskId);
    expect(bench.state.probes.get(POOL)?.lastClaim).toMatchObject({ ms: 20 * SECOND });
  });
});

describe('any history', () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('pending' as const), wait: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ what: fc.constant('claimed' as const), wait: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ what: fc.constant('unreachable' as const), wait: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ what: fc.constant('cancelled' as const), wait: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ what: fc.constant('nothing' as const), wait: fc.integer({ min: 1, max: 1800 }) }),
  );

  it('opens no incident without evidence past a threshold, never two at once, and ends each before the next', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { bench } = oneProbe();
        for (const { what, wait } of steps) {
          const now = bench.now + wait * SECOND;
          const open = bench.state.probes.get(POOL)?.open;
          if (open === undefined || what === 'nothing') bench.judge([], now);
          else if (what === 'pending') bench.pending(POOL, now);
          else if (what === 'unreachable')
            bench.judge([{ kind: 'failed', ask: 'look', why: 'unreachable', detail: 'x', taskId: open.taskId, at: now }], now);
          else if (what === 'claimed') bench.claimed(POOL, Math.max(1, now - (open.scheduled ?? open.slot + 2000)), now);
          else
            bench.judge(
              [
                {
                  kind: 'status',
                  taskId: open.taskId,
                  status: bench.status(POOL, { state: 'exception', reasonResolved: 'canceled', resolved: now }),
                  at: now,
                },
              ],
              now,
            );
        }
        const pool = bench.revisions().filter((incident) => incident.anchor.startsWith('probe:'));
        let current: string | undefined;
        for (const incident of pool) {
          const { evidence } = incident;
          if (incident.revision === 1 || ['reopened', 'flapping'].includes(incident.timeline.at(-1)?.what ?? '')) {
            expect(current).toBeUndefined();
            current = incident.id;
          }
          expect(incident.id).toBe(current);
          if (evidence.kind === 'pool' && incident.level === 'page' && incident.timeline.at(-1)?.what === 'escalated') {
            expect(evidence.age).toBeGreaterThanOrEqual(evidence.pageAfter);
          }
          if (evidence.kind === 'pool' && incident.revision === 1)
            expect(evidence.age).toBeGreaterThanOrEqual(evidence.warnAfter);
          if (incident.ended !== undefined) current = undefined;
        }
      }),
      { numRuns: 300 },
    );
  });
});
