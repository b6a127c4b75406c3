import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../src/evidence/change.ts';
import { emptyState } from '../src/evidence/evolve.ts';
import type { Fact } from '../src/evidence/fact.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Config } from '../src/evidence/probe.ts';
import type { GroupTask } from '../src/evidence/reading.ts';
import type { Run } from '../src/evidence/task.ts';
import { plan } from '../src/judge/plan.ts';
import { offsetOf } from '../src/judge/schedule.ts';
import { storeOver } from '../src/store/store.ts';
import { draftFor } from '../src/taskcluster/definition.ts';
import { Bench, configOf, entry, everyMinutes } from './support/judging.ts';
import { emptyableStore } from './support/store.ts';
import { DAY_ZERO } from './support/values.ts';

const POOL = 'gecko-3/decision';
const NIGHT = DAY_ZERO + 23 * HOUR + 15 * MINUTE;
const DAILY = { ...everyMinutes(60), minute: [0], hour: [23], expression: '0 23 * * *' };

const { db, path, empty } = await emptyableStore();
beforeEach(empty);

function oneProbe(over = {}) {
  const bench = new Bench(configOf([entry(POOL, over)]), NIGHT);
  return { bench, slot: bench.open(POOL).slot };
}

/** The same prober after a deploy of another configuration. */
function deployed(bench: Bench, config: Config): Bench {
  const next = new Bench(config, bench.now);
  next.state = bench.state;
  next.changes.splice(0, next.changes.length, ...bench.changes);
  return next;
}

/** The queue says that the canary in flight was cancelled at an instant, and we learn of it at `now`. */
function cancelled(bench: Bench, resolved: number, now: number): Change[] {
  const status = bench.status(POOL, { state: 'exception', reasonResolved: 'canceled', resolved });
  return bench.judge([{ kind: 'status', taskId: status.taskId, status, at: now }], now);
}

const endings = (bench: Bench) => bench.changes.flatMap((change) => (change.kind === 'canary' ? [change.canary.reason] : []));
const story = (bench: Bench) => bench.revisions().map((incident) => incident.timeline.at(-1)?.what);

describe('a canary that was seen late and is claimed after the queue was silent', () => {
  it('was not in time, whatever silence is taken off, and closes nothing', () => {
    const { bench, slot } = oneProbe({ resolveAfter: 1 });
    for (let minute = 1; minute <= 16; minute++) bench.pending(POOL, slot + minute * MINUTE);
    expect(bench.incident()?.level).toBe('page');
    const { taskId } = bench.open(POOL);
    for (let minute = 17; minute <= 24; minute++) {
      const at = slot + minute * MINUTE;
      bench.judge([{ kind: 'failed', ask: 'look', why: 'unreachable', detail: '502', taskId, at }], at);
    }
    bench.claimed(POOL, 24 * MINUTE + 50 * SECOND, slot + 25 * MINUTE);
    expect(bench.state.incidents.get(`probe:${POOL}`)?.timeline.at(-1)).toMatchObject({ what: 'claimed' });
    expect(bench.state.probes.get(POOL)?.good).toBe(0);
  });
});

describe('an incident', () => {
  it('that comes back under its id is told again, as the next revisions of one story', async () => {
    const store = storeOver(db, path);
    const keep = async (bench: Bench, changes: Change[]) => {
      expect(await store.commit((await store.load()).revision, changes)).toBe('committed');
      bench.state = await store.load();
    };
    const told = async (now: number) => {
      const heard: string[] = [];
      for (;;) {
        const delivery = await store.claimDelivery(now, new Set());
        if (delivery === undefined) return heard;
        const { route, incident } = delivery;
        heard.push(`${route} ${incident.revision} ${incident.end ?? incident.level}`);
        await store.settleDelivery(delivery, { as: 'accepted', ref: 'r', more: false }, now);
      }
    };
    const { bench, slot } = oneProbe();
    bench.pending(POOL, slot + 16 * MINUTE);
    await keep(bench, bench.changes);
    const id = bench.incident()?.id;
    expect(await told(bench.now)).toEqual([]);
    expect(await told(bench.now + 30 * SECOND)).toEqual(['pagerduty:k 1 page', 'slack:C1 1 page']);

    const observing = deployed(bench, configOf([entry(POOL, { mode: 'observe' })]));
    await keep(observing, observing.pending(POOL, bench.now + MINUTE));
    expect(await told(observing.now)).toEqual(['pagerduty:k 2 withdrawn', 'slack:C1 2 withdrawn']);

    const again = deployed(observing, bench.config);
    await keep(again, again.pending(POOL, observing.now + MINUTE));
    expect(await store.nextDelivery(again.now)).toBeDefined();
    expect(await told(again.now + 30 * SECOND)).toEqual(['pagerduty:k 3 page', 'slack:C1 3 page']);
    expect(again.incident()).toMatchObject({ id, revision: 1 });

    await keep(again, again.claimed(POOL, 20 * MINUTE, again.now + 2 * MINUTE));
    expect(await told(again.now)).toEqual(['pagerduty:k 4 page', 'slack:C1 4 page']);
  });

  it('is withdrawn by observe mode', () => {
    const { bench, slot } = oneProbe();
    bench.pending(POOL, slot + 16 * MINUTE);
    const observing = deployed(bench, configOf([entry(POOL, { mode: 'observe' })]));
    observing.pending(POOL, bench.now + MINUTE);
    expect(observing.incident()).toBeUndefined();
    expect(observing.revisions().at(-1)?.end).toBe('withdrawn');
  });

  it('of a probe that was removed is withdrawn although its canary is still followed', () => {
    const { bench, slot } = oneProbe({ deadline: 16 * HOUR });
    bench.pending(POOL, slot + 16 * MINUTE);
    const without = deployed(bench, configOf([entry('other/pool')]));
    while (without.incident() !== undefined && without.now < slot + 2 * HOUR) without.pending(POOL, without.now + MINUTE);
    expect(without.revisions().at(-1)).toMatchObject({ anchor: `probe:${POOL}`, end: 'withdrawn' });
    expect(without.open(POOL).slot).toBe(slot);
  });

  it('of a pool that stays slow does not get a line of its story with every canary', () => {
    const { bench } = oneProbe();
    while (bench.now < NIGHT + DAY) {
      const at = bench.now + 6 * MINUTE;
      if (bench.state.probes.get(POOL)?.open) bench.claimed(POOL, 5.5 * MINUTE, at);
      else bench.judge([], at);
    }
    expect(story(bench)).toEqual(['opened']);
    expect(bench.incident()?.level).toBe('warn');
  });

  it('that was claimed after an hour and pends again past pageAfter is said to be back, once, and goes on as before', () => {
    const { bench, slot } = oneProbe();
    for (let minute = 1; minute <= 59; minute++) bench.pending(POOL, slot + minute * MINUTE);
    bench.claimed(POOL, HOUR, slot + HOUR + 2 * SECOND);
    const { slot: next } = bench.open(POOL);
    for (let minute = 1; minute <= 40; minute++) bench.pending(POOL, next + minute * MINUTE);
    expect(story(bench).slice(-2)).toEqual(['claimed', 'changed']);
    expect(bench.incident()).toMatchObject({ level: 'page', evidence: { claimed: false } });
    expect(bench.incident()?.timeline.at(-1)).toMatchObject({
      text: expect.stringMatching(/^again a canary unclaimed/),
      loud: true,
    });
  });

  it('is not closed with the help of a claim from before a canary that nobody claimed', () => {
    const { bench, slot } = oneProbe();
    bench.pending(POOL, slot + 16 * MINUTE);
    bench.claimed(POOL, 17 * MINUTE, slot + 17 * MINUTE + 2 * SECOND);
    const good = () => bench.claimed(POOL, 20 * SECOND, bench.open(POOL).slot + 30 * SECOND);
    good();
    const near = bench.open(POOL).deadline - 5 * MINUTE + SECOND;
    bench.pending(POOL, near - MINUTE);
    cancelled(bench, near, near);
    good();
    expect(bench.incident()).toBeDefined();
    good();
    expect(bench.incident()).toBeUndefined();
  });

  it('pages by the age of the first unclaimed canary, although a human cancelled that one', () => {
    const { bench, slot } = oneProbe();
    bench.pending(POOL, slot + 6 * MINUTE);
    cancelled(bench, slot + 10 * MINUTE, slot + 10 * MINUTE);
    expect(bench.open(POOL).slot).toBe(slot + 10 * MINUTE);
    bench.pending(POOL, slot + 15 * MINUTE);
    expect(bench.incident()?.level).toBe('warn');
    bench.pending(POOL, slot + 15 * MINUTE + 2 * SECOND);
    expect(bench.incident()?.level).toBe('page');
  });

  it('is confirmed at once, although its claim is learned of 20 minutes late', () => {
    const { bench, slot } = oneProbe({ schedule: DAILY });
    bench.pending(POOL, slot + 16 * MINUTE);
    const learned = slot + 36 * MINUTE;
    bench.claimed(POOL, 16 * MINUTE, learned);
    bench.judge([], learned + SECOND);
    expect(bench.open(POOL).slot).toBeGreaterThanOrEqual(learned);
  });

  it('is followed on at once, although the end of its canary is learned of 20 minutes late', () => {
    const { bench, slot } = oneProbe({ schedule: DAILY });
    bench.pending(POOL, slot + 20 * MINUTE);
    const { taskId, deadline } = bench.open(POOL);
    const status = bench.status(POOL, { state: 'exception', reasonResolved: 'deadline-exceeded', resolved: deadline + SECOND });
    const learned = deadline + 20 * MINUTE;
    bench.judge([{ kind: 'status', taskId, status, at: learned }], learned);
    bench.judge([], learned + SECOND);
    expect(bench.open(POOL).slot).toBeGreaterThanOrEqual(learned);
    expect(bench.incident()).toMatchObject({ level: 'page', since: slot + 2 * SECOND });
  });

  it('is not opened for a canary that was claimed right after the queue was out of reach', () => {
    const { bench, slot } = oneProbe();
    const { taskId } = bench.open(POOL);
    bench.pending(POOL, slot + 20 * SECOND);
    for (let s = 30; s <= 20 * 60; s += 10) {
      const at = slot + s * SECOND;
      bench.judge([{ kind: 'failed', ask: 'look', why: 'unreachable', detail: 'ECONNREFUSED', taskId, at }], at);
    }
    const back = slot + 20 * MINUTE + 10 * SECOND;
    bench.pending(POOL, back);
    bench.claimed(POOL, 20 * MINUTE + 30 * SECOND, back + 40 * SECOND);
    expect(bench.state.probes.get(POOL)?.lastClaim?.taskId).toBe(taskId);
    expect(new Set(bench.revisions().map((incident) => incident.anchor))).toEqual(new Set(['ask:queue-unreachable']));
  });
});

/** A canary that another replica has submitted. */
function submitted() {
  const { bench, slot } = oneProbe();
  const { taskId } = bench.open(POOL);
  const created = slot + 4 * SECOND;
  bench.judge([{ kind: 'created', taskId, status: bench.status(POOL, { scheduled: slot + 3 * SECOND }), at: created }], created);
  return { bench, slot, taskId, created };
}

describe('a canary', () => {
  it('that another replica submitted is kept, although our own look before that did not find it', () => {
    const { bench, slot, taskId } = submitted();
    const at = slot + 2.5 * SECOND;
    const lost: Fact[] = [
      { kind: 'failed', ask: 'create', why: 'unreachable', detail: 'ECONNRESET', taskId, at: slot + 2 * SECOND },
      { kind: 'absent', taskId, at },
    ];
    bench.judge(lost, slot + 5 * SECOND);
    expect(bench.open(POOL)).toMatchObject({ taskId, stage: 'pending' });
  });

  it('that another replica submitted a moment ago is not lost, though it was not there when we asked', () => {
    const { bench, taskId, created } = submitted();
    const absent = (at: number) => bench.judge([{ kind: 'absent', taskId, at }], at + SECOND);
    absent(created + SECOND);
    expect(bench.open(POOL)).toMatchObject({ taskId, stage: 'pending' });
    absent(created + 10 * SECOND);
    expect(endings(bench)).toEqual(['vanished']);
  });

  it('that we cancelled a moment early by the clock of the queue is replaced at once', () => {
    const { bench, slot } = oneProbe({ mode: 'observe', schedule: DAILY });
    bench.pending(POOL, slot + 16 * MINUTE);
    const first = bench.open(POOL);
    const near = first.deadline - 5 * MINUTE;
    expect(plan(bench.config, bench.state, near).cancels).toEqual([first.taskId]);
    cancelled(bench, near - 300, near + SECOND);
    bench.judge([], near + 2 * SECOND);
    expect(endings(bench)).toEqual(['replaced']);
    expect(bench.open(POOL).taskId).not.toBe(first.taskId);
  });

  it('that a clock running ahead made due is dropped, and the next slot is kept as usual', () => {
    const { bench, slot } = oneProbe();
    bench.claimed(POOL, 20 * SECOND, NIGHT + MINUTE);
    bench.judge([], NIGHT + HOUR);
    const { taskId } = bench.open(POOL);
    const at = NIGHT + 1.5 * MINUTE;
    bench.judge(
      [
        { kind: 'failed', ask: 'create', why: 'invalid', detail: '`created` cannot be in the future', taskId, at },
        { kind: 'absent', taskId, at },
        { kind: 'clock', offset: 0, at },
      ],
      at,
    );
    expect(bench.state.probes.get(POOL)?.open).toBeUndefined();
    bench.judge([], slot + 15 * MINUTE);
    expect(bench.open(POOL).slot).toBe(slot + 15 * MINUTE);
    expect(bench.revisions()).toEqual([]);
  });

  it('that a clock running ahead had submitted is counted once, though its slot comes again', () => {
    const { bench, slot } = oneProbe();
    bench.claimed(POOL, 20 * SECOND, NIGHT + MINUTE);
    const next = slot + 30 * MINUTE;
    bench.judge([], next + SECOND);
    const early = bench.open(POOL);
    const at = NIGHT + 2 * MINUTE;
    const status = bench.status(POOL, { state: 'running', scheduled: at, started: at + 3 * SECOND });
    const told = at + 5 * SECOND;
    bench.judge(
      [
        { kind: 'clock', offset: -28 * MINUTE, at: told },
        { kind: 'created', taskId: early.taskId, status: { ...status, state: 'running' }, at: told },
      ],
      told,
    );
    bench.judge([], next + SECOND);
    expect(bench.open(POOL).taskId).toBe(early.taskId);
    bench.judge([{ kind: 'created', taskId: early.taskId, status, at: next + 2 * SECOND }], next + 2 * SECOND);
    expect(bench.state.probes.get(POOL)?.open).toBeUndefined();
    expect(bench.changes.filter((change) => change.kind === 'observation' && change.at === early.slot)).toHaveLength(1);
    bench.judge([], next + 15 * MINUTE);
    expect(bench.open(POOL).slot).toBe(next + 15 * MINUTE);
  });

  it('that is to confirm a late claim is not put off by a clock that ran ahead while the first one was pending', () => {
    const { bench, slot } = oneProbe();
    bench.pending(POOL, slot + MINUTE);
    const { taskId } = bench.open(POOL);
    const ahead = slot + 31 * MINUTE;
    bench.judge([{ kind: 'failed', ask: 'look', why: 'unreachable', detail: 'no answer in time', taskId, at: ahead }], ahead);
    expect(bench.state.probes.get(POOL)?.lastSlot).toBe(slot + 30 * MINUTE);
    const at = slot + 12 * MINUTE;
    const run = { state: 'running' as const, scheduled: slot + SECOND, started: at - 3 * SECOND };
    bench.judge(
      [
        { kind: 'clock', offset: 0, at },
        { kind: 'status', taskId, status: bench.status(POOL, run), at, start: 'cold' },
      ],
      at,
    );
    bench.judge([{ kind: 'clock', offset: 0, at: at + 2 * SECOND }], at + 2 * SECOND);
    expect(bench.open(POOL).slot).toBeLessThanOrEqual(at + 2 * SECOND);
  });

  it('is not given up by a process whose own clock is behind, as long as the queue does not tell its time', () => {
    const { bench } = oneProbe();
    const { taskId, slot } = bench.open(POOL);
    const early = slot - 20 * MINUTE;
    bench.judge([{ kind: 'failed', ask: 'look', why: 'unreachable', detail: 'no answer in time', taskId, at: early }], early);
    expect(bench.state.probes.get(POOL)).toMatchObject({ lastSlot: slot, open: { taskId } });
  });

  it('that a clock a little ahead made due is followed, for the queue may have taken it', () => {
    const { bench, slot } = oneProbe();
    bench.claimed(POOL, 20 * SECOND, NIGHT + MINUTE);
    bench.judge([], slot + 15 * MINUTE);
    const { taskId } = bench.open(POOL);
    const at = slot + 5 * MINUTE;
    bench.judge([{ kind: 'failed', ask: 'create', why: 'unreachable', detail: 'status 503', taskId, at }], at);
    expect(bench.open(POOL).taskId).toBe(taskId);
  });

  it('that was slow once while thresholds were learned does not ruin them', () => {
    const { thresholds: _none, ...bare } = entry(POOL);
    const bench = new Bench(configOf([bare]), NIGHT);
    for (let i = 0; i < 60; i++) {
      while (bench.state.probes.get(POOL)?.open === undefined) bench.judge([], bench.now + MINUTE);
      const ms = i === 20 ? 3 * HOUR : 20 * SECOND;
      bench.claimed(POOL, ms, bench.now + ms + 5 * SECOND);
    }
    expect(bench.state.probes.get(POOL)?.earned).toEqual({ warnAfter: 5 * MINUTE, pageAfter: 15 * MINUTE });
  });
});

describe('rebuilt history', () => {
  const config = configOf([entry(POOL)]);
  const dayOf = (instant: number) => Math.floor(instant / DAY) * DAY;

  function task(slot: number, run: Partial<Run>): GroupTask & { day: number } {
    const canary = draftFor(config)({ ...entry(POOL), name: POOL }, slot, 'generic-worker');
    const { taskId, schedulerId, taskGroupId, deadline } = canary;
    const full: Run = { state: 'pending', scheduled: slot + SECOND, ...run };
    const status = { taskId, taskQueueId: POOL, schedulerId, taskGroupId, state: full.state, deadline, runs: [full] };
    const tags = { 'tc-canary-deployment': 'test', 'tc-canary-probe': POOL, 'tc-canary-slot': String(slot) };
    return { status, tags, day: dayOf(slot) };
  }

  /** A prober that finds its store empty and reads the days newest first, as many in each pass as it is told. */
  function rebuilt(tasks: ReturnType<typeof task>[], now: number, perPass = Number.POSITIVE_INFINITY): Bench {
    const bench = new Bench(config, now);
    bench.state = emptyState();
    bench.changes.length = 0;
    for (let days = plan(config, bench.state, now).recover; days.length > 0; days = plan(config, bench.state, now).recover) {
      const read = days.slice(0, perPass);
      bench.judge(read.map((day) => ({ kind: 'group', day, tasks: tasks.filter((each) => each.day === day), at: now })));
    }
    return bench;
  }

  it('does not ask again for a replacement that is in flight', () => {
    const first = DAY_ZERO + 19 * HOUR;
    const ended = first + 6 * HOUR - 5 * MINUTE;
    const old = task(first, { state: 'exception', reasonResolved: 'canceled', resolved: ended });
    const bench = rebuilt([old, task(ended, {})], ended + 3 * MINUTE);
    expect(bench.open(POOL)).toMatchObject({ slot: ended, stage: 'pending' });
    const { status } = task(ended, { state: 'completed', started: ended + 4 * MINUTE });
    const at = ended + 4 * MINUTE;
    bench.judge([{ kind: 'status', taskId: status.taskId, status, at }], at);
    bench.judge([], at + MINUTE);
    expect(bench.state.probes.get(POOL)).toMatchObject({ claims: 1, lastClaim: { taskId: status.taskId } });
    expect(bench.state.probes.get(POOL)?.open).toBeUndefined();
  });

  it.each([
    ['in one pass', Number.POSITIVE_INFINITY],
    ['in a pass of its own', 1],
  ])('takes in an older day %s and changes nothing of the present by it', (_how, perPass) => {
    const offset = offsetOf(everyMinutes(15), POOL);
    const old = DAY_ZERO - 3 * DAY + offset;
    const unclaimed = task(old, { state: 'exception', reasonResolved: 'deadline-exceeded', resolved: old + 6 * HOUR });
    const claimed = Array.from({ length: 48 }, (_, i) => DAY_ZERO + offset + i * 15 * MINUTE).map((slot) =>
      task(slot, { state: 'completed', started: slot + 20 * SECOND }),
    );
    const noon = DAY_ZERO + 12 * HOUR;
    const bench = rebuilt([...claimed, unclaimed], noon, perPass);
    expect(endings(bench)).toContain('deadline-exceeded');
    expect(bench.state.probes.get(POOL)?.open).toBeUndefined();
    bench.judge([], noon + offset);
    bench.pending(POOL, noon + offset + 16 * MINUTE);
    expect(bench.incident()).toMatchObject({ since: noon + offset + 2 * SECOND });
  });
});
