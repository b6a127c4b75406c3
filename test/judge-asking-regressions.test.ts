import { describe, expect, it } from 'vitest';
import { Asker, create, look } from '../src/asking.ts';
import type { Fact } from '../src/evidence/fact.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { incidentId } from '../src/judge/incident-id.ts';
import { dueCreates, plan } from '../src/judge/plan.ts';
import { nextWake } from '../src/judge/wake.ts';
import type { Taskcluster } from '../src/ports.ts';
import { clockOf } from './support/clock.ts';
import { Bench, configOf, definition, entry, everyMinutes } from './support/judging.ts';
import { DAY_ZERO } from './support/values.ts';

const POOL = 'gecko-3/decision';
const NIGHT = DAY_ZERO + 23 * HOUR + 15 * MINUTE;
const UNREACHABLE = { ok: false, why: 'unreachable', detail: 'ECONNRESET' } as const;

type Failed = Extract<Fact, { kind: 'failed' }>;

function oneProbe(over = {}) {
  const bench = new Bench(configOf([entry(POOL, over)]), NIGHT);
  return { bench, slot: bench.open(POOL).slot };
}

function failed(bench: Bench, ask: Failed['ask'], why: Failed['why'], at: number, probe = POOL): Fact {
  return { kind: 'failed', ask, why, detail: 'x', taskId: bench.open(probe).taskId, at };
}

const passed = (at: number, complete = true): Fact => ({ kind: 'pass', complete, at });

/** A pass each minute in which the pool claims what is in flight. */
function healthy(bench: Bench, minutes: number): void {
  for (let i = 0; i < minutes; i++) {
    const at = bench.now + MINUTE;
    if (bench.state.probes.get(POOL)?.open) bench.claimed(POOL, 20 * SECOND, at);
    else bench.judge([], at);
    bench.judge([passed(at)], at);
  }
}

/** A pass each minute in which nothing is submitted, and nothing found where it is looked for. */
function barren(bench: Bench, minutes: number, complete: boolean): void {
  for (let i = 0; i < minutes; i++) {
    const at = bench.now + MINUTE;
    const { looks } = plan(bench.config, bench.state, at);
    bench.judge([...looks.map((taskId): Fact => ({ kind: 'absent', taskId, at })), passed(at, complete)], at);
  }
}

const anchors = (bench: Bench) => [...bench.state.incidents.keys()];

describe('submitting that fails', () => {
  it('stays one page, although one look fails too', () => {
    const { bench, slot } = oneProbe();
    for (let s = 0; s <= 3600; s += 20) {
      const at = slot + s * SECOND;
      const taskId = bench.state.probes.get(POOL)?.open?.taskId;
      if (taskId === undefined) bench.judge([], at);
      else if (s === 700) bench.judge([failed(bench, 'create', 'unreachable', at), failed(bench, 'look', 'unreachable', at)], at);
      else bench.judge([failed(bench, 'create', 'unreachable', at), { kind: 'absent', taskId, at }], at);
    }
    expect(bench.revisions().map(({ anchor, level, end }) => [anchor, level, end])).toEqual([
      ['ask:cannot-submit', 'warn', undefined],
      ['ask:cannot-submit', 'page', undefined],
    ]);
    expect(anchors(bench)).toEqual(['ask:cannot-submit']);
  });

  it('once after an outage that is over does not page', () => {
    const { bench, slot } = oneProbe();
    for (let s = 0; s <= 11 * 60; s += 20) {
      const at = slot + s * SECOND;
      bench.judge([failed(bench, 'create', 'unreachable', at), failed(bench, 'look', 'unreachable', at)], at);
    }
    expect(anchors(bench)).toEqual(['ask:queue-unreachable']);
    const back = slot + 11 * MINUTE + 20 * SECOND;
    const status = bench.status(POOL, { scheduled: back });
    bench.judge([{ kind: 'created', taskId: status.taskId, status, at: back }], back);
    bench.claimed(POOL, 20 * SECOND, back + 25 * SECOND);
    const next = slot + 15 * MINUTE;
    bench.judge([], next);
    const { taskId } = bench.open(POOL);
    bench.judge([failed(bench, 'create', 'unreachable', next), { kind: 'absent', taskId, at: next }], next + SECOND);
    expect(anchors(bench)).toEqual([]);
  });

  it.each([7, 10, 15])('because the queue is out of reach is told by passes that come every %i minutes', (period) => {
    const { bench, slot } = oneProbe();
    for (let at = slot + MINUTE; at < slot + 10 * HOUR; at += period * MINUTE) {
      const open = bench.state.probes.get(POOL)?.open;
      const asked = open ? [failed(bench, 'create', 'unreachable', at), failed(bench, 'look', 'unreachable', at)] : [];
      bench.judge([...asked, passed(at)], at);
    }
    expect(bench.incident()).toMatchObject({ cause: 'queue-unreachable', level: 'page' });
  });
});

describe('a queue that answers some calls and others not', () => {
  /** A pass each ten seconds, in which the canary in flight is looked at; `answers` says of each whether it is told anything. */
  function looked(bench: Bench, minutes: number, answers: (nth: number) => boolean): void {
    for (let nth = 0; nth < 6 * minutes; nth++) {
      const at = bench.now + 10 * SECOND;
      const { open } = bench.state.probes.get(POOL) ?? {};
      if (open === undefined) bench.judge([passed(at)], at);
      else if (!answers(nth)) bench.judge([failed(bench, 'look', 'unreachable', at), passed(at)], at);
      else if (at - open.slot > MINUTE) bench.claimed(POOL, 50 * SECOND, at);
      else bench.pending(POOL, at);
    }
  }
  const told = (bench: Bench) => bench.revisions().map(({ anchor, level, end }) => [anchor, level, end]);
  const degraded = ['ask:queue-degraded', 'warn', undefined];
  const each = { schedule: everyMinutes(1) };

  it('is a warning while most fail, and over once nearly all are answered', () => {
    const { bench } = oneProbe(each);
    looked(bench, 5, () => true);
    looked(bench, 11, (nth) => nth % 10 === 9);
    expect(told(bench)).toEqual([degraded]);
    expect(bench.incident()?.evidence).toMatchObject({
      detail: expect.stringMatching(/^\d\d of \d\d looks at canaries in 5m got no answer: x$/),
    });
    looked(bench, 11, (nth) => nth % 10 !== 9);
    expect(told(bench)).toEqual([degraded, ['ask:queue-degraded', 'warn', 'resolved']]);
    looked(bench, 6, () => true);
    expect(bench.state.watch.calls).toEqual({});
  });

  it('is none where few fail', () => {
    const { bench } = oneProbe(each);
    looked(bench, 60, (nth) => nth % 10 !== 9);
    expect(told(bench)).toEqual([]);
  });

  it('is none while it answers nothing, and after that', () => {
    const { bench } = oneProbe(each);
    looked(bench, 5, () => true);
    looked(bench, 8, () => false);
    looked(bench, 20, () => true);
    expect(told(bench).map(([anchor]) => anchor)).toEqual(['ask:queue-unreachable', 'ask:queue-unreachable']);
  });

  it('is none where an outage that is too short to tell of comes and goes as it ends', () => {
    const { bench } = oneProbe(each);
    looked(bench, 5, () => true);
    looked(bench, 4, () => false);
    looked(bench, 1, (nth) => nth % 2 === 0);
    looked(bench, 20, () => true);
    expect(told(bench)).toEqual([]);
  });

  it('is none by a few calls that fail, where hardly any are made', () => {
    const { bench } = oneProbe({ schedule: everyMinutes(15) });
    for (let hour = 0; hour < 4; hour++) looked(bench, 60, (nth) => nth % 6 !== 3);
    expect(told(bench)).toEqual([]);
  });

  it('is told by the few calls of a single probe, as soon as there are enough of them', () => {
    const { bench } = oneProbe({ schedule: everyMinutes(15) });
    looked(bench, 90, (nth) => nth % 4 === 3);
    expect(told(bench)[0]).toEqual(degraded);
  });

  it('is none where it takes no task and answers all else', () => {
    const { bench } = oneProbe();
    for (let minute = 0; minute < 30; minute++) {
      const at = bench.now + MINUTE;
      const taskId = bench.state.probes.get(POOL)?.open?.taskId;
      bench.judge(taskId ? [failed(bench, 'create', 'unreachable', at), { kind: 'absent', taskId, at }] : [], at);
    }
    expect(anchors(bench)).toEqual(['ask:cannot-submit']);
  });

  /** A pass each ten seconds over many probes: canaries are claimed at once, and `takes` says whether the queue takes one that is sent. */
  function sent(bench: Bench, minutes: number, takes: (probe: string, nth: number) => boolean): void {
    let nth = 0;
    for (let pass = 0; pass < 6 * minutes; pass++) {
      const at = bench.now + 10 * SECOND;
      bench.judge(
        plan(bench.config, bench.state, at).looks.map((taskId): Fact => ({ kind: 'absent', taskId, at })),
        at,
      );
      const facts = dueCreates(bench.state, at).map(({ probe, taskId }): Fact => {
        if (!takes(probe, nth++)) return failed(bench, 'create', 'unreachable', at, probe);
        const status = bench.status(probe, { state: 'running', scheduled: at, started: at });
        return { kind: 'created', taskId, status, at };
      });
      bench.judge([...facts, passed(at)], at);
    }
  }
  const many = () => new Bench(configOf(Array.from({ length: 60 }, (_, i) => entry(`a/p${i}`))), NIGHT);

  it('is told of by canaries alone where all else is answered', () => {
    const bench = many();
    sent(bench, 45, (_probe, nth) => nth % 10 === 9);
    expect(bench.incident()?.evidence).toMatchObject({
      detail: expect.stringMatching(/of \d+ canaries sent in .* got no answer: x$/),
    });
    expect(told(bench)).toEqual([degraded]);
  });

  it('is over where few canaries are sent, once none of them has failed for a while', () => {
    const bench = many();
    sent(bench, 44, (_probe, nth) => nth % 10 === 9);
    expect(told(bench)).toEqual([degraded]);
    bench.config = configOf([entry('a/p1', each), entry('a/p2', each)]);
    sent(bench, 7, () => true);
    expect(told(bench)).toEqual([degraded, ['ask:queue-degraded', 'warn', 'resolved']]);
  });

  it('is none where a few canaries fail however often they are sent', () => {
    const bench = many();
    sent(bench, 44, (probe) => !/p[12]$/.test(probe));
    expect(told(bench).filter(([anchor]) => anchor === 'ask:queue-degraded')).toEqual([]);
  });

  it('is told by itself while nobody is told that it answers nothing', () => {
    const { bench } = oneProbe(each);
    looked(bench, 11, (nth) => nth % 10 === 9);
    const until = bench.now + 2 * HOUR;
    const silence = { id: 's', match: 'queue-unreachable', by: 'me', reason: 'moving', from: bench.now, until };
    bench.state = { ...bench.state, silences: new Map([[silence.id, silence]]) };
    looked(bench, 30, () => false);
    expect(anchors(bench)).toEqual(['ask:queue-degraded', 'ask:queue-unreachable']);
    expect(bench.revisions().filter(({ end }) => end === 'folded')).toEqual([]);
  });

  it('goes on in the page of one that answers nothing, and after that anew', () => {
    const { bench } = oneProbe(each);
    looked(bench, 11, (nth) => nth % 10 === 9);
    looked(bench, 60, () => false);
    const page = bench.incident();
    expect(told(bench)).toEqual([
      degraded,
      ['ask:queue-unreachable', 'warn', undefined],
      ['ask:queue-degraded', 'warn', 'folded'],
      ['ask:queue-unreachable', 'page', undefined],
    ]);
    expect(bench.revisions()[2]).toMatchObject({ into: page?.id });
    looked(bench, 6, () => true);
    expect(anchors(bench)).toEqual([]);
    looked(bench, 11, (nth) => nth % 10 === 9);
    expect(anchors(bench)).toEqual(['ask:queue-degraded']);
    expect(new Set(bench.revisions().map(({ id }) => id)).size).toBe(3);
  });
});

describe('a scope that is missing', () => {
  it('for one probe is one incident while others submit, and ends after it was granted', () => {
    const hourly = { ...everyMinutes(60), minute: [0], expression: '0 * * * *' };
    const bench = new Bench(configOf([entry('a/fine'), entry('a/fine-too'), entry('b/lacks', { schedule: hourly })]), DAY_ZERO);
    const submit = (hours: number, lacking: string) => {
      for (const until = bench.now + hours * HOUR; bench.now < until; ) {
        const at = bench.now + 30 * SECOND;
        const { looks } = plan(bench.config, bench.state, at);
        const creates = dueCreates(bench.state, at);
        const answers = creates.map(({ probe, taskId }): Fact => {
          if (probe === lacking) return failed(bench, 'create', 'refused', at, probe);
          const status = bench.status(probe, { state: 'completed', scheduled: at - SECOND, started: at });
          return { kind: 'created', taskId, status, at };
        });
        bench.judge([...answers, ...looks.map((taskId): Fact => ({ kind: 'absent', taskId, at })), passed(at)], at);
      }
    };
    submit(12, 'b/lacks');
    expect(bench.revisions().map((incident) => incident.timeline.at(-1)?.what)).toEqual(['opened']);
    expect(bench.incident()).toMatchObject({ cause: 'access-refused', evidence: { probes: ['b/lacks'] } });
    submit(3, '');
    expect(bench.revisions().map((incident) => incident.timeline.at(-1)?.what)).toEqual(['opened', 'resolved']);
  });

  it('for a further probe is told', () => {
    const bench = new Bench(configOf([entry(POOL), entry('b/too')]), NIGHT);
    for (let s = 0; s <= 180; s += 30) bench.judge([failed(bench, 'create', 'refused', NIGHT + s * SECOND)], NIGHT + s * SECOND);
    const before = bench.revisions().length;
    const at = NIGHT + 210 * SECOND;
    bench.judge([failed(bench, 'create', 'refused', at), failed(bench, 'create', 'refused', at, 'b/too')], at);
    expect(bench.revisions().slice(before)).toMatchObject([{ evidence: { probes: [POOL, 'b/too'] } }]);
    expect(bench.incident()?.timeline.at(-1)).toMatchObject({ what: 'changed', text: 'now also b/too: x', loud: true });
  });
});

it('a further pool that worker-manager does not know is told', () => {
  const bench = new Bench(configOf([...['x/one', 'x/two', 'x/three'].map((pool) => entry(pool, { payload: 'auto' }))]), NIGHT);
  bench.judge([definition('x/one', undefined, NIGHT), definition('x/two', { payload: 'generic-worker' }, NIGHT)]);
  expect(bench.incident()).toMatchObject({ cause: 'pool-unknown', evidence: { probes: ['x/one'] } });
  bench.judge([definition('x/three', undefined, NIGHT + HOUR)], NIGHT + HOUR);
  expect(bench.incident()).toMatchObject({ revision: 2, evidence: { probes: ['x/one', 'x/three'] } });
});

describe('silence', () => {
  it('is not said of a probe that a deploy has just added, but once its slots have passed', () => {
    const { bench } = oneProbe();
    healthy(bench, 600);
    const added = new Bench(configOf([entry(POOL), entry('b/new')]), bench.now);
    added.state = bench.state;
    healthy(added, 30);
    expect(anchors(added)).toEqual([]);
    healthy(added, 60);
    expect(added.incident()).toMatchObject({ cause: 'no-evidence', evidence: { probes: ['b/new'] } });
  });

  it('of a night outside office hours is none, that of the morning after it is', () => {
    const schedule = { ...everyMinutes(15), hour: [9, 10, 11, 12], expression: '*/15 9-12 * * *' };
    const bench = new Bench(configOf([entry(POOL, { schedule })]), DAY_ZERO + 9 * HOUR);
    healthy(bench, 24 * 60);
    expect(bench.revisions()).toEqual([]);
    barren(bench, 60, true);
    expect(bench.incident()).toMatchObject({ cause: 'no-evidence' });
  });

  it('is said although no pass completes', () => {
    const { bench } = oneProbe();
    healthy(bench, 60);
    barren(bench, 90, false);
    expect(bench.incident()).toMatchObject({ cause: 'no-evidence', evidence: { probes: [POOL] } });
  });

  it.each([
    ['failed', 'unreachable', ['ask:cannot-submit']],
    ['were refused', 'refused', ['ask:access-refused']],
  ] as const)(
    'is not said of a probe whose next slot is still to come when creates work that %s for hours',
    (_how, why, told) => {
      const bench = new Bench(configOf([entry(POOL), entry('b/rarely', { schedule: everyMinutes(30) })]), NIGHT);
      healthy(bench, 60);
      for (let minute = 0; minute < 180; minute++) {
        const at = bench.now + MINUTE;
        const open = [POOL, 'b/rarely'].filter((name) => bench.state.probes.get(name)?.open !== undefined);
        bench.judge([...open.map((name) => failed(bench, 'create', why, at, name)), passed(at)], at);
      }
      expect(anchors(bench)).toEqual(told);
      const heard = bench.revisions().length;
      for (let minute = 0; minute < 6; minute++) {
        const at = bench.now + MINUTE;
        const taskId = bench.state.probes.get(POOL)?.open?.taskId;
        const run = {
          scheduled: at - 2 * SECOND,
          state: 'running',
          started: at - SECOND,
          workerGroup: 'g',
          workerId: 'w',
        } as const;
        const status = taskId && bench.status(POOL, run);
        bench.judge(status ? [{ kind: 'created', taskId: status.taskId, status, at }, passed(at)] : [passed(at)], at);
      }
      expect(
        bench
          .revisions()
          .slice(heard)
          .map(({ anchor, end }) => [anchor, end]),
      ).toEqual([[told[0], 'resolved']]);
      healthy(bench, 95);
      expect(bench.incident()).toMatchObject({ cause: 'no-evidence', evidence: { probes: ['b/rarely'] } });
    },
  );

  it('is said although something else stands about another probe', () => {
    const bench = new Bench(configOf([entry(POOL), entry('x/unknown', { payload: 'auto' })]), NIGHT);
    bench.judge([definition('x/unknown', undefined, bench.now)]);
    healthy(bench, 60);
    expect(anchors(bench)).toEqual(['ask:pool-unknown']);
    barren(bench, 90, true);
    expect(anchors(bench)).toEqual(['ask:pool-unknown', 'ask:no-evidence']);
    expect(bench.state.incidents.get('ask:no-evidence')?.evidence).toMatchObject({ probes: [POOL] });
  });

  it('goes on through short gaps of the queue', () => {
    const bench = new Bench(configOf([entry(POOL), entry('b/silent')]), NIGHT);
    for (let minute = 0; minute < 120; minute++) {
      if (minute % 40 >= 2) healthy(bench, 1);
      else {
        const at = bench.now + MINUTE;
        bench.judge([{ kind: 'failed', ask: 'look', why: 'unreachable', detail: '502', at }, passed(at)], at);
      }
    }
    expect(bench.state.watch.gaps.length).toBeGreaterThan(1);
    expect(bench.incident()).toMatchObject({ cause: 'no-evidence', evidence: { probes: ['b/silent'] } });
  });
});

describe('a pool that is gone', () => {
  it('is named once, however many probes it has', () => {
    const bench = new Bench(configOf([entry(POOL), entry(POOL, { name: 'again' })]), NIGHT);
    bench.judge([definition(POOL, {}, NIGHT)]);
    bench.judge([definition(POOL, undefined, NIGHT + HOUR)], NIGHT + HOUR);
    expect(bench.incident()?.evidence).toMatchObject({
      detail: `worker-manager knew ${POOL} and does not any more: remove the probe, or correct its pool`,
      probes: [POOL, 'again'],
    });
  });
});

describe('the next pass', () => {
  it('comes at the instant of a threshold, although another probe is refused', () => {
    const bench = new Bench(configOf([entry(POOL), entry('b/other')]), NIGHT);
    const threshold = bench.open(POOL).slot + 2 * SECOND + 15 * MINUTE;
    for (let at = NIGHT; at < threshold; at += 20 * SECOND) bench.judge([failed(bench, 'create', 'refused', at, 'b/other')], at);
    const at = threshold - SECOND;
    bench.pending(POOL, at);
    bench.judge([failed(bench, 'create', 'refused', at, 'b/other'), { kind: 'looked', at }], at);
    expect(nextWake(bench.config, bench.state, at)).toBe(threshold);
  });

  it('comes at once where a threshold has passed, although meanwhile another canary alone was looked at', async () => {
    const bench = new Bench(configOf([entry(POOL), entry('b/unanswered')]), NIGHT);
    const threshold = bench.open(POOL).slot + 2 * SECOND + 15 * MINUTE;
    let now = threshold - 10 * SECOND;
    const pendingNow = (taskId: string) => bench.status(bench.open(POOL).taskId === taskId ? POOL : 'b/unanswered', {});
    const taskcluster: Taskcluster = {
      create: async () => UNREACHABLE,
      statuses: async (taskIds) => ({ ok: true, value: taskIds.map(pendingNow) }),
      cancel: async () => UNREACHABLE,
      read: async () => UNREACHABLE,
      calls: () => 0,
    };
    const asker = new Asker({ clock: clockOf(() => now), taskcluster });
    bench.judge(await look(asker, [bench.open(POOL).taskId], true), now);
    now = threshold + 5 * SECOND;
    const due = dueCreates(bench.state, now);
    expect(due.map((canary) => canary.probe)).toEqual(['b/unanswered']);
    bench.judge(await create(asker, due, now + SECOND), now);
    expect(bench.open('b/unanswered').stage).toBe('pending');
    expect(nextWake(bench.config, bench.state, now)).toBeLessThan(now + SECOND);
  });
});

describe('a probe whose slots always fall too long before the passes', () => {
  const hourly = { ...everyMinutes(60), minute: [0], expression: '0 * * * *' };

  it.each([
    ['15 minutes', everyMinutes(15), 15, 16.5],
    ['30 minutes', hourly, 30, 20],
  ])('is silence that is said, with a pass every %s', (_how, schedule, period, phase) => {
    const bench = new Bench(configOf([entry(POOL, { schedule })]), DAY_ZERO + phase * MINUTE);
    for (let at = bench.now + period * MINUTE; at < DAY_ZERO + 20 * HOUR; at += period * MINUTE) {
      bench.judge([{ kind: 'pass', complete: true, at }], at);
      expect(bench.state.probes.get(POOL)?.open).toBeUndefined();
    }
    expect(bench.incident()).toMatchObject({ cause: 'no-evidence', evidence: { probes: [POOL] } });
  });
});

describe('a clock that is off', () => {
  function clocked() {
    const { bench } = oneProbe();
    /** What a channel that is asked just then shows as open: the warnings of a clock that was off so many minutes ago. */
    const measured = (offset: number, seconds: number, shown: number[] = []) => {
      const at = bench.now + seconds * SECOND;
      const { taskId } = bench.open(POOL);
      const ids = shown.map((minutes) => incidentId('test', 'ask:clock-off', at - minutes * MINUTE));
      bench.judge(
        [
          ...(shown.length === 0
            ? []
            : [{ kind: 'standing' as const, incidents: ids.map((id) => ({ id, probes: [] })), deaf: false, at }]),
          { kind: 'clock', offset, at },
          { kind: 'status', taskId, status: bench.status(POOL, {}), at },
        ],
        at,
      );
    };
    const happened = () =>
      bench.revisions().flatMap(({ anchor, timeline }) => (anchor === 'ask:clock-off' ? [timeline.at(-1)?.what] : []));
    return { bench, measured, happened };
  }

  it('in one of two processes is one warning, until both have been right for nine minutes', () => {
    const { measured, happened } = clocked();
    measured(5 * MINUTE, 10);
    measured(0, 20);
    for (let i = 0; i < 9; i++) {
      measured(5 * MINUTE, 20);
      for (let minute = 0; minute < 8; minute++) measured(0, 60);
    }
    expect(happened()).toEqual(['opened']);
    for (let minute = 0; minute < 2; minute++) measured(0, 60);
    expect(happened()).toEqual(['opened', 'resolved']);
  });

  it('and of which a channel shows warnings from before a loss of the store is over when it is put right', () => {
    const { bench, measured, happened } = clocked();
    measured(5 * MINUTE, 60, [1, 2]);
    expect(happened()).toEqual(['opened', 'folded', 'folded']);
    expect([...bench.state.incidents.keys()]).toContain('ask:clock-off');
    for (let minute = 0; minute < 9; minute++) measured(5 * MINUTE, 60);
    measured(0, 20);
    measured(0, 60);
    expect(happened()).toEqual(['opened', 'folded', 'folded', 'resolved']);
  });

  it('and is put right is over a minute later', () => {
    const { measured, happened } = clocked();
    for (let minute = 0; minute < 9; minute++) measured(5 * MINUTE, 60);
    measured(0, 20);
    measured(0, 60);
    expect(happened()).toEqual(['opened', 'resolved']);
  });
});

describe('a channel that refuses', () => {
  const refused = [{ route: 'slack:C1', why: 'token_revoked' }];

  it('and takes it again is not refusing once more because a slow pass learned of it before', () => {
    const { bench, slot } = oneProbe();
    const told = (at: number, routes: typeof refused, now = at) => bench.judge([{ kind: 'channels', refused: routes, at }], now);
    told(slot + 10 * SECOND, refused);
    expect(anchors(bench)).toEqual(['ask:channel-refused']);
    told(slot + 40 * SECOND, []);
    for (let s = 50; s <= 120; s += 10) bench.judge([], slot + s * SECOND);
    expect(anchors(bench)).toEqual([]);
    told(slot + 30 * SECOND, refused, slot + 121 * SECOND);
    expect(anchors(bench)).toEqual([]);
    told(slot + 130 * SECOND, refused);
    expect(anchors(bench)).toEqual(['ask:channel-refused']);
  });
});
