import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/evidence/change.ts';
import { emptyState, evolve } from '../../src/evidence/evolve.ts';
import type { Fact } from '../../src/evidence/fact.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { GroupTask } from '../../src/evidence/reading.ts';
import type { State } from '../../src/evidence/state.ts';
import type { Run } from '../../src/evidence/task.ts';
import { plan } from '../../src/judge/plan.ts';
import { judgeAll } from '../../src/judge/rebuild/judge-all.ts';
import { tellsPresent } from '../../src/judge/rebuild/present.ts';
import { wording } from '../../src/notify/wording.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { messageOf } from '../notify-incidents.ts';
import { ADDRESSES, configOf, entry } from '../support/judging.ts';
import { DAY_ZERO } from '../support/values.ts';

const POOL = 'gecko-3/decision';
const config = configOf([entry(POOL)], { provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [] } });
const rules = { draft: draftFor(config), addressees: (_: unknown, level: 'warn' | 'page') => ADDRESSES[level], groupWait: 0 };
const NOW = DAY_ZERO + 12 * HOUR;

function task(slot: number, run: Partial<Run>): GroupTask {
  const canary = draftFor(config)({ ...entry(POOL), name: POOL }, slot, 'generic-worker');
  const { taskId, schedulerId, taskGroupId, deadline } = canary;
  const full: Run = { state: 'pending', scheduled: slot + SECOND, ...run };
  const status = { taskId, taskQueueId: POOL, schedulerId, taskGroupId, state: full.state, deadline, runs: [full] };
  return { status, tags: { 'tc-canary-deployment': 'test', 'tc-canary-probe': POOL, 'tc-canary-slot': String(slot) } };
}

const claimed = (slot: number) => task(slot, { state: 'completed', started: slot + 20 * SECOND });

/** What the first judgement makes of the queue's canaries and of what a channel shows as open. */
function found(tasks: GroupTask[], shown: string[], deaf = false): { state: State; changes: Change[] } {
  const facts: Fact[] = plan(config, emptyState(), NOW).blind.map((day) => ({
    kind: 'group',
    day,
    tasks: day === DAY_ZERO ? tasks : [],
    at: NOW,
  }));
  const incidents = shown.map((id) => ({ id, probes: [] }));
  const changes = judgeAll(config, rules, emptyState(), [...facts, { kind: 'standing', incidents, deaf, at: NOW }], NOW);
  return { state: evolve(emptyState(), changes), changes };
}

const told = (changes: readonly Change[]) =>
  changes.flatMap((change) => (change.kind === 'incident' ? [{ ...change.incident, routes: change.routes }] : []));

describe('what a channel shows as open', () => {
  const stuck = NOW - 20 * MINUTE;

  it('gives what is open its name, where the queue alone would give another', () => {
    const id = `test/probe:${POOL}/2021-10-01T08:00:00Z`;
    const { changes, state } = found([claimed(NOW - 2 * HOUR), claimed(NOW - HOUR), task(stuck, {})], [id]);
    expect(told(changes)).toMatchObject([{ id, level: 'page', relived: NOW }]);
    expect([...state.incidents.values()].map((open) => open.id)).toEqual([id]);
    const revisionsAtMost = (NOW - Date.parse('2021-10-01T08:00:00Z')) / SECOND;
    expect(told(changes)[0]?.revision).toBeGreaterThanOrEqual(revisionsAtMost);
  });

  it('is resolved in every channel where the queue shows that its pool is well', () => {
    const id = `test/probe:${POOL}/2021-10-08T10:00:00Z`;
    const { changes, state } = found([claimed(NOW - 20 * MINUTE), claimed(NOW - 5 * MINUTE)], [id]);
    expect(told(changes)).toMatchObject([{ id, end: 'resolved', routes: ['slack:C1', 'pagerduty:k'] }]);
    expect(state.incidents.size).toBe(0);
  });

  it('is withdrawn where nobody watches its pool any more', () => {
    const { changes } = found([claimed(NOW - HOUR)], ['test/probe:gecko-9/gone/2021-10-08T10:00:00Z']);
    expect(told(changes)).toMatchObject([{ end: 'withdrawn', anchor: 'probe:gecko-9/gone' }]);
  });

  it.each(['provider:gcp', 'ask:access-refused', `pool:${POOL}`])(
    'of %s is over when nothing has shown it for a while',
    (anchor) => {
      const id = `test/${anchor}/2021-10-08T11:00:00Z`;
      let { state, changes } = found([claimed(NOW - HOUR)], [id]);
      expect(told(changes)).toEqual([]);
      for (const minute of [5, 16]) {
        changes = judgeAll(config, rules, state, [], NOW + minute * MINUTE);
        state = evolve(state, changes);
        expect(told(changes).map((each) => each.id)).toEqual(minute === 5 ? [] : [id]);
      }
      expect(told(changes)).toMatchObject([{ end: 'resolved', level: 'page', routes: ['slack:C1', 'pagerduty:k'] }]);
      expect(state.watch.standing).toEqual([]);
    },
  );

  it('of error budgets is over like that, for those who hear of warnings', () => {
    const id = 'test/objective:budget/2021-10-08T11:00:00Z';
    let { state, changes } = found([claimed(NOW - HOUR)], [id]);
    for (const minute of [5, 16]) {
      changes = judgeAll(config, rules, state, [], NOW + minute * MINUTE);
      state = evolve(state, changes);
    }
    expect(told(changes)).toMatchObject([{ id, end: 'resolved', level: 'warn', cause: 'budget-burning', routes: ['slack:C1'] }]);
    const [over] = changes.flatMap((change) => (change.kind === 'incident' ? [change.incident] : []));
    expect(over && wording(messageOf(over)).headline).toBe('error budgets spent slowly enough again');
    expect(state.watch.standing).toEqual([]);
  });

  it('goes on under its name where the trouble is found anew', () => {
    const id = 'test/ask:queue-unreachable/2021-10-08T11:00:00Z';
    let { state } = found([claimed(NOW - HOUR)], [id]);
    for (let now = NOW + MINUTE; now <= NOW + 7 * MINUTE; now += MINUTE) {
      const failed: Fact = { kind: 'failed', ask: 'look', why: 'unreachable', detail: 'down', at: now };
      state = evolve(state, judgeAll(config, rules, state, [failed], now));
    }
    const [open] = state.incidents.values();
    expect(open).toMatchObject({ id, cause: 'queue-unreachable' });
    // Higher than any that it had in the hour before, for a receiver knows by the revision what it has been told.
    expect(open?.revision).toBeGreaterThan(HOUR / SECOND);
  });

  it('of a queue that failed many calls goes on where it is found to answer none', () => {
    const id = 'test/ask:queue-degraded/2021-10-08T11:00:00Z';
    let { state } = found([claimed(NOW - HOUR)], [id]);
    const ends: unknown[] = [];
    for (let now = NOW + MINUTE; now <= NOW + 40 * MINUTE; now += MINUTE) {
      const changes = judgeAll(
        config,
        rules,
        state,
        [{ kind: 'failed', ask: 'look', why: 'unreachable', detail: 'down', at: now }],
        now,
      );
      ends.push(...told(changes).flatMap(({ id: of, end }) => (of === id ? [end] : [])));
      state = evolve(state, changes);
    }
    expect(ends).toEqual(['folded']);
  });

  it('goes on in a silence for whoever was told before it, and for nobody else', () => {
    const id = 'test/ask:access-refused/2021-10-08T11:00:00Z';
    for (const shown of [[id], []]) {
      let { state } = found([claimed(NOW - HOUR)], shown);
      const silence = { id: 's', match: POOL, by: 'me', reason: 'moving', from: NOW, until: NOW + HOUR };
      state = { ...state, silences: new Map([[silence.id, silence]]) };
      const heard: unknown[] = [];
      for (let now = NOW + 30 * SECOND; now <= NOW + 8 * MINUTE; now += 30 * SECOND) {
        const { taskId = '' } = state.probes.get(POOL)?.open ?? {};
        const failed: Fact = { kind: 'failed', ask: 'create', why: 'refused', detail: 'no scope', taskId, at: now };
        const changes = judgeAll(config, rules, state, now > NOW + 4 * MINUTE ? [] : [failed], now);
        heard.push(...told(changes).map(({ addressed, routes }) => [addressed, routes]));
        state = evolve(state, changes);
      }
      expect(heard[0]).toEqual([{}, shown.length === 0 ? [] : ['slack:C1']]);
    }
  });

  it('of another deployment is none of our business', () => {
    expect(told(found([claimed(NOW - HOUR)], ['other/probe:a/b/2021-10-08T10:00:00Z']).changes)).toEqual([]);
  });
});

describe('what a channel could not tell', () => {
  const id = 'test/ask:access-refused/2021-10-08T11:00:00Z';
  const at = NOW + MINUTE;
  const { state: before } = found([claimed(NOW - HOUR)], [], true);
  const ofProbe = `test/probe:${POOL}/2021-10-08T11:00:00Z`;
  const heard: Fact = { kind: 'standing', incidents: [id, ofProbe].map((each) => ({ id: each, probes: [] })), deaf: false, at };

  it('is asked again until it is told, or for an hour', () => {
    expect(plan(config, before, NOW + 30 * SECOND).asksChannels).toBe(false);
    expect(plan(config, before, at).asksChannels).toBe(true);
    expect(plan(config, before, NOW + 2 * HOUR).asksChannels).toBe(false);
    expect(plan(config, evolve(before, judgeAll(config, rules, before, [heard], at)), at + HOUR / 2).asksChannels).toBe(false);
  });

  it('is over when nothing has shown it for a while; of a probe at once, for of those the queue has told', () => {
    const changes = judgeAll(config, rules, before, [heard], at);
    expect(told(changes)).toMatchObject([{ id: ofProbe, end: 'resolved', routes: ['slack:C1', 'pagerduty:k'] }]);
    let state = evolve(before, changes);
    for (const minute of [5, 16]) {
      const changes = judgeAll(config, rules, state, [], at + minute * MINUTE);
      state = evolve(state, changes);
      expect(told(changes).map((each) => each.id)).toEqual(minute === 5 ? [] : [id]);
    }
  });

  it('goes on as what was opened anew meanwhile', () => {
    let state = before;
    for (let now = at; now <= at + 3 * MINUTE; now += MINUTE) {
      const failed: Fact = { kind: 'failed', ask: 'look', why: 'refused', detail: 'no scope', at: now };
      state = evolve(state, judgeAll(config, rules, state, [failed], now));
    }
    const [open] = [...state.incidents.values()];
    const later = at + 4 * MINUTE;
    const changes = judgeAll(config, rules, state, [{ ...heard, at: later }], later);
    expect(told(changes)).toContainEqual(expect.objectContaining({ id, end: 'folded', into: open?.id }));
    expect([...evolve(state, changes).incidents.values()].map((each) => each.id)).toEqual([open?.id]);
  });
});

describe('days that the queue refuses to tell of', () => {
  /** Judged once a minute. */
  function refused(minutes: number): State {
    let state = emptyState();
    for (let now = NOW; now <= NOW + minutes * MINUTE; now += MINUTE) {
      const { blind } = plan(config, state, now);
      const facts = blind.map((day): Fact => ({ kind: 'failed', ask: 'look', why: 'refused', detail: 'no scope', day, at: now }));
      state = evolve(state, judgeAll(config, rules, state, facts, now));
    }
    return state;
  }

  it('are asked for again, and nothing is submitted meanwhile', () => {
    const state = refused(4);
    expect(plan(config, state, NOW + 5 * MINUTE).blind).toEqual(plan(config, emptyState(), NOW).blind);
    expect(state.probes.get(POOL)?.open).toBeUndefined();
  });

  it('are given up after five minutes, for without the scope they would be refused for ever', () => {
    const state = refused(5);
    expect(plan(config, state, NOW + 6 * MINUTE).recover).toEqual([]);
    expect(state.probes.get(POOL)?.open).toMatchObject({ stage: 'due' });
  });
});

describe('a canary that a clock that ran ahead has submitted for a slot of the next day', () => {
  const midnight = DAY_ZERO + DAY;
  const blindAt = (now: number) => plan(config, emptyState(), now).blind;

  it('is found where the queue may have taken one, up to a quarter of an hour before midnight', () => {
    expect(blindAt(midnight - 15 * MINUTE)).toEqual([midnight, ...blindAt(midnight - 16 * MINUTE)]);
  });

  it('is counted, and its slot comes again', () => {
    const [slot, now] = [midnight + 5 * MINUTE, midnight - 4 * MINUTE];
    const early = task(slot, { state: 'completed', scheduled: now - 2 * MINUTE, started: now - MINUTE });
    const facts = blindAt(now).map((day): Fact => ({ kind: 'group', day, tasks: day === midnight ? [early] : [], at: now }));
    const changes = judgeAll(config, rules, emptyState(), [{ kind: 'clock', offset: 0, at: now }, ...facts], now);
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'observation', at: slot, ms: MINUTE }));
    expect(evolve(emptyState(), changes).probes.get(POOL)?.lastSlot).toBeLessThanOrEqual(now);
  });
});

describe('an outage that is older than the days that are read first', () => {
  it('is seen to be, so that the days before are read too', () => {
    const group = (tasks: GroupTask[]): Fact => ({ kind: 'group', day: DAY_ZERO, tasks, at: NOW });
    const ended = task(NOW - 8 * HOUR, { state: 'exception', reasonResolved: 'canceled', resolved: NOW - 3 * HOUR });
    expect(tellsPresent(config, [group([ended, task(NOW - HOUR, {})])])).toBe(false);
    expect(tellsPresent(config, [group([claimed(NOW - 10 * HOUR), claimed(NOW - 9 * HOUR), ended, task(NOW - HOUR, {})])])).toBe(
      true,
    );
    expect(tellsPresent(config, [group([claimed(NOW - HOUR)])])).toBe(true);
  });
});
