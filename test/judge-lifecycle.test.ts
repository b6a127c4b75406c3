import { describe, expect, it } from 'vitest';
import type { Change } from '../src/evidence/change.ts';
import { evolve } from '../src/evidence/evolve.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Config } from '../src/evidence/probe.ts';
import type { Silence } from '../src/evidence/silence.ts';
import { nextWake } from '../src/judge/wake.ts';
import { Bench, configOf, entry, everyMinutes } from './support/judging.ts';
import { DAY_ZERO } from './support/values.ts';

const POOL = 'gecko-3/decision';
const START = DAY_ZERO + 10 * HOUR;

/** One pool whose workers are there or not, told of each half minute. */
class Day extends Bench {
  dead = false;

  constructor(over: Partial<Config['incidents']> = {}) {
    const thresholds = { warnAfter: 5 * MINUTE, pageAfter: 10 * MINUTE };
    const incidents = { groupWait: 30 * SECOND, fleetAt: 3, reopenWithin: 30 * MINUTE, ...over };
    super(
      configOf([entry(POOL, { schedule: everyMinutes(5), thresholds, runbook: 'https://example.com/book' })], { incidents }),
      START,
    );
  }

  pass(length: number): Change[] {
    const from = this.changes.length;
    for (const end = this.now + length; this.now < end; ) {
      const now = this.now + 30 * SECOND;
      const open = this.state.probes.get(POOL)?.open;
      if (open === undefined) this.judge([], now);
      else if (this.dead || now < open.slot + 10 * SECOND) this.pending(POOL, now);
      else this.claimed(POOL, Math.max(SECOND, now - 5 * SECOND - (open.scheduled ?? open.slot + 2000)), now);
    }
    return this.changes.slice(from);
  }

  /** The pool is without workers for so long, and then well for so long. */
  spell(bad: number, good: number): void {
    this.dead = true;
    this.pass(bad);
    this.dead = false;
    this.pass(good);
  }

  silence(over: Partial<Silence> = {}): void {
    const silence = {
      id: 'a1b2c3',
      match: POOL,
      from: this.now,
      until: this.now + 2 * HOUR,
      reason: 'new images',
      by: 'jane',
      ...over,
    };
    this.state = evolve(this.state, [{ kind: 'silence', silence }]);
  }

  get story() {
    return (
      this.revisions()
        .at(-1)
        ?.timeline.map(({ what }) => what) ?? []
    );
  }

  get loud() {
    return (
      this.revisions()
        .at(-1)
        ?.timeline.flatMap(({ what, loud }) => (loud ? [what] : [])) ?? []
    );
  }

  get ids() {
    return [...new Set(this.revisions().map(({ id }) => id))];
  }
}

describe('an incident that comes back', () => {
  it('within reopenWithin is opened again under its id', () => {
    const day = new Day();
    day.spell(20 * MINUTE, 10 * MINUTE);
    expect(day.incident()).toBeUndefined();
    day.spell(20 * MINUTE, 10 * MINUTE);
    expect(day.ids).toHaveLength(1);
    expect(day.story.filter((what) => what === 'reopened')).toHaveLength(1);
    expect(day.story.filter((what) => what === 'resolved')).toHaveLength(2);
  });

  it('later is another', () => {
    const day = new Day();
    day.spell(20 * MINUTE, 50 * MINUTE);
    day.spell(20 * MINUTE, 10 * MINUTE);
    expect(day.ids).toHaveLength(2);
    expect(day.story).not.toContain('reopened');
  });

  it('again and again is said once to come and go, and ends when it has been good for reopenWithin', () => {
    const day = new Day();
    for (let i = 0; i < 8; i++) day.spell(20 * MINUTE, 15 * MINUTE);
    expect(day.ids).toHaveLength(1);
    expect(day.story.filter((what) => what === 'flapping')).toHaveLength(1);
    expect(day.story.filter((what) => what === 'resolved')).toHaveLength(3);
    expect(day.incident()?.flappingSince).toBeDefined();
    day.pass(40 * MINUTE);
    expect(day.incident()).toBeUndefined();
    expect(day.story.filter((what) => what === 'resolved')).toHaveLength(4);
  });

  it('is never opened again where reopenWithin is 0', () => {
    const day = new Day({ reopenWithin: 0 });
    for (let i = 0; i < 4; i++) day.spell(20 * MINUTE, 10 * MINUTE);
    expect(day.ids).toHaveLength(4);
  });
});

describe('reminders', () => {
  it('come at growing gaps while the trouble lasts, and no more after its end', () => {
    const day = new Day({ remindEvery: HOUR });
    day.spell(16 * HOUR, 3 * HOUR);
    const reminders =
      day
        .revisions()
        .at(-1)
        ?.timeline.filter(({ what }) => what === 'reminder') ?? [];
    const paged =
      day
        .revisions()
        .find(({ level }) => level === 'page')
        ?.timeline.at(-1)?.at ?? 0;
    expect(reminders.map(({ at }) => Math.round((at - paged) / HOUR))).toEqual([1, 3, 7, 15]);
    expect(reminders.every(({ loud }) => loud)).toBe(true);
    expect(reminders.map(({ text }) => text)[0]).toMatch(/^still unclaimed after 1h 1\dm$/);
  });
});

it('a reminder that is overdue does not keep the prober from sleeping', () => {
  const day = new Day({ remindEvery: HOUR });
  day.dead = true;
  day.pass(30 * MINUTE);
  day.silence({ until: day.now + 10 * HOUR });
  day.pass(3 * HOUR);
  day.judge([{ kind: 'looked', at: day.now }], day.now);
  expect(nextWake(day.config, day.state, day.now)).toBeGreaterThan(day.now + SECOND);
  const without = { ...day.config, incidents: { groupWait: 0, fleetAt: 3, reopenWithin: 0 } };
  expect(nextWake(without, day.state, day.now)).toBeGreaterThan(day.now + SECOND);
});

describe('a first notice', () => {
  it('is held for groupWait, by our own clock, and later ones are not', () => {
    const day = new Day();
    day.judge([{ kind: 'clock', offset: 5 * SECOND, at: day.now }], day.now);
    day.dead = true;
    const told = day.pass(30 * MINUTE).flatMap((change) => (change.kind === 'incident' ? [change] : []));
    expect(
      told.map(({ hold, incident }) => [
        incident.timeline.at(-1)?.what,
        (hold ?? 0) + 5 * SECOND - (incident.timeline.at(-1)?.at ?? 0),
      ]),
    ).toEqual([
      ['opened', 30 * SECOND],
      ['escalated', 30 * SECOND],
    ]);
    day.dead = false;
    const after = day.pass(10 * MINUTE).flatMap((change) => (change.kind === 'incident' ? [change.hold] : []));
    expect(after.length).toBeGreaterThan(0);
    expect(after.every((hold) => hold === undefined)).toBe(true);
  });

  it('that is still held back when the incident ends is none, and neither is its end; once it is back there is one', () => {
    const day = new Day({ reopenWithin: HOUR, groupWait: 4 * MINUTE });
    day.dead = true;
    while (day.incident() === undefined) day.pass(30 * SECOND);
    day.dead = false;
    const brief = day.pass(3 * MINUTE).flatMap((change) => (change.kind === 'incident' ? [change.incident] : []));
    expect(brief.at(-1)).toMatchObject({ end: 'resolved', unheard: true });
    day.dead = true;
    while (day.incident() === undefined) day.pass(30 * SECOND);
    expect(day.incident()?.timeline.at(-1)?.what).toBe('reopened');
    expect(day.incident()).not.toHaveProperty('unheard');
    day.pass(5 * MINUTE);
    day.dead = false;
    const long = day.pass(10 * MINUTE).flatMap((change) => (change.kind === 'incident' ? [change.incident] : []));
    expect(long.at(-1)).toMatchObject({ end: 'resolved' });
    expect(long.at(-1)).not.toHaveProperty('unheard');
  });

  it('carries the runbook, and says when each threshold was crossed', () => {
    const day = new Day();
    day.dead = true;
    day.pass(20 * MINUTE);
    const scheduled = day.open(POOL).scheduled ?? 0;
    expect(day.incident()).toMatchObject({
      runbook: 'https://example.com/book',
      crossed: { warn: scheduled + 5 * MINUTE, page: scheduled + 10 * MINUTE },
    });
  });
});

describe('a silence', () => {
  it('keeps the incident on record and from everybody, and lets it speak up when it ends', () => {
    const day = new Day({ remindEvery: HOUR });
    day.silence({ until: START + 4 * HOUR });
    day.dead = true;
    const quiet = day.pass(3 * HOUR).flatMap((change) => (change.kind === 'incident' ? [change] : []));
    expect(quiet.length).toBeGreaterThan(0);
    expect(quiet.flatMap(({ routes }) => routes)).toEqual([]);
    expect(day.loud).toEqual([]);
    expect(day.incident()).toMatchObject({ level: 'page', silenced: { reason: 'new images', until: START + 4 * HOUR } });
    const spoken = day.pass(90 * MINUTE).flatMap((change) => (change.kind === 'incident' ? [change] : []));
    expect(day.loud).toEqual(['unsilenced']);
    expect(spoken[0]?.routes).toEqual(['slack:C1', 'pagerduty:k']);
    expect(day.incident()?.silenced).toBeUndefined();
  });

  it('that begins later makes a told incident go on quietly, and its end is told all the same', () => {
    const day = new Day({ remindEvery: HOUR });
    day.dead = true;
    day.pass(20 * MINUTE);
    day.silence({ until: day.now + 10 * HOUR });
    day.pass(3 * HOUR);
    expect(day.loud).toEqual(['opened', 'escalated']);
    expect(day.story).toContain('silenced');
    day.dead = false;
    day.pass(20 * MINUTE);
    expect(day.revisions().at(-1)).toMatchObject({ end: 'resolved' });
    expect(day.loud).toEqual(['opened', 'escalated']);
  });

  it('of a cause covers every incident of it and no other', () => {
    const day = new Day();
    day.silence({ match: 'queue-unreachable' });
    const failed = { kind: 'failed' as const, ask: 'look' as const, why: 'unreachable' as const, detail: '503' };
    for (let i = 0; i < 30; i++) day.judge([{ ...failed, at: day.now + 30 * SECOND }], day.now + 30 * SECOND);
    expect(day.state.incidents.get('ask:queue-unreachable')).toMatchObject({ level: 'page', addressed: {} });
    expect(day.loud).toEqual([]);
  });
});
