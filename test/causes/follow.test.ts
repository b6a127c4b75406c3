import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/evidence/fact.ts';
import { HOUR, MINUTE, NOW, read, SECOND } from './makers.ts';
import { probe, type Standing, Watched } from './watch.ts';

const DEAD: Standing = { pending: 3, newest: NOW - HOUR };

/** One pool whose canary waits, which is examined whenever the test says so. */
function waiting(standing: Standing = DEAD): Watched {
  const watched = new Watched(
    [probe('a/a')],
    { 'a/a': standing, 'b/b': { newest: NOW } },
    { provisioning: { mode: 'observe', silence: 6 * HOUR, pools: [] } },
  );
  watched.pass(20);
  return watched;
}

function examine(watched: Watched, ...facts: Fact[]): void {
  const now = watched.now + 2 * MINUTE;
  watched.judge([...watched.facts(now), ...facts, { kind: 'examined', pools: ['a/a'], at: now }], now);
}

/** Tasks that nobody had before are claimed. */
function claims(watched: Watched, seed: number): Fact {
  const taskIds = Array.from({ length: 4 }, (_, i) => `${seed}${i}`.padEnd(22, 'A'));
  return read({ what: 'claimed', pool: 'a/a' }, { what: 'claimed', taskIds }, watched.now + 2 * MINUTE);
}

const causeOf = ({ told }: Watched) => told.find(({ anchor }) => anchor === 'probe:a/a')?.cause;
const lines = ({ told }: Watched) =>
  told.flatMap(({ timeline }) => timeline.map(({ text }) => text)).filter((text) => text.startsWith('the cause'));

describe('the cause of an incident', () => {
  it('is named by the first examination that shows one', () => {
    const watched = waiting();
    expect(causeOf(watched)).toBe('unexplained');
    examine(watched);
    expect(causeOf(watched)).toBe('not-provisioned');
    expect(lines(watched)).toEqual(['the cause seems to be not-provisioned']);
  });

  it('changes where two examinations show another, however often one is judged', () => {
    const watched = waiting();
    examine(watched);
    watched.set('a/a', { workers: { running: 3 } });
    examine(watched);
    for (let i = 0; i < 5; i++) watched.judge([], watched.now + SECOND);
    expect(causeOf(watched)).toBe('not-provisioned');
    examine(watched);
    expect(causeOf(watched)).toBe('workers-not-claiming');
    expect(lines(watched).at(-1)).toBe('the cause is workers-not-claiming now, it was not-provisioned');
  });

  it('does not change by two examinations that are not in a row', () => {
    const watched = waiting();
    examine(watched);
    for (let i = 0; i < 3; i++) {
      watched.set('a/a', { workers: { running: 3 } });
      examine(watched);
      watched.set('a/a', { workers: {} });
      examine(watched);
    }
    expect(causeOf(watched)).toBe('not-provisioned');
    expect(lines(watched)).toHaveLength(1);
  });

  it('stays where nothing stands out any more, and nothing is written for that', () => {
    const watched = waiting();
    examine(watched);
    watched.set('a/a', { pending: 0 });
    examine(watched);
    expect(causeOf(watched)).toBe('not-provisioned');
    watched.judge([]);
    expect(watched.judge([])).toEqual([]);
  });

  it.each([
    ['one is paged, is that of the one', HOUR],
    ['all are paged, is that of the one that is broken', 10 * MINUTE],
  ])('of several pools, of which %s, and not the queue of the others', (_which, pageAfter) => {
    const names = ['a/a', 'b/b', 'c/c'];
    const thresholds = { warnAfter: 5 * MINUTE, pageAfter };
    const queue: Standing = { pending: 300, claimed: 40, workers: { running: 40, requested: 5 }, newest: NOW };
    const watched = new Watched(
      [probe('a/a'), probe('b/b', { thresholds, pageOnBacklog: true }), probe('c/c', { thresholds, pageOnBacklog: true })],
      { 'a/a': DEAD, 'b/b': queue, 'c/c': queue },
      { provisioning: { mode: 'observe', silence: 6 * HOUR, pools: [] } },
    );
    watched.pass(16);
    for (let seed = 0; seed < 4; seed++) {
      const now = watched.now + 2 * MINUTE;
      const moving = names.slice(1).map((pool) => ({ ...claims(watched, seed), request: { what: 'claimed' as const, pool } }));
      watched.judge([...watched.facts(now), ...moving, { kind: 'examined', pools: names, at: now }], now);
    }
    const [fleet] = watched.told;
    expect(fleet).toMatchObject({
      level: 'page',
      cause: 'not-provisioned',
      evidence: { kind: 'fleet', diagnosis: { cause: 'not-provisioned' } },
    });
    expect(fleet?.timeline.map(({ text }) => text).join()).not.toContain('backlog');
  });

  it('is not taken for a queue while half of the workers have no task, though nobody had looked for a while', () => {
    const watched = waiting({ pending: 300, claimed: 10, workers: { running: 40, requested: 5 }, newest: NOW });
    for (let seed = 0; seed < 5; seed++) examine(watched, claims(watched, seed));
    expect(causeOf(watched)).toBe('workers-not-claiming');
    watched.judge([], watched.now + 20 * MINUTE);
    for (let seed = 5; seed < 8; seed++) examine(watched, claims(watched, seed));
    expect(causeOf(watched)).toBe('workers-not-claiming');
    watched.set('a/a', { claimed: 40 });
    for (let seed = 8; seed < 10; seed++) examine(watched, claims(watched, seed));
    expect(causeOf(watched)).toBe('backlog');
  });

  it('of a queue is taken back where two examinations show that nobody claims any more', () => {
    const watched = waiting({ pending: 300, claimed: 40, workers: { running: 40, requested: 5 }, newest: NOW });
    for (let i = 0; i < 3; i++) {
      watched.set('a/a', { newest: watched.now });
      examine(watched, claims(watched, 10 + i));
    }
    expect(causeOf(watched)).toBe('backlog');
    watched.set('a/a', { claimed: 40, newest: watched.now });
    examine(watched, claims(watched, 12));
    expect(causeOf(watched)).toBe('backlog');
    examine(watched, claims(watched, 12));
    expect(causeOf(watched)).toBe('unexplained');
    expect(lines(watched)).toHaveLength(1);
    expect(watched.told.flatMap(({ timeline }) => timeline.map(({ text }) => text)).at(-1)).toBe(
      'no mere queue, as it seemed (backlog): claims stand still',
    );
  });

  it('of what was a queue by mere guess, and is none, is not guessed again with the next task that is claimed', () => {
    const watched = waiting({ pending: 30, claimed: 4, workers: { running: 4, requested: 5 }, newest: NOW });
    const blind = (seed: number) => {
      const now = watched.now + 2 * MINUTE;
      const facts = watched.facts(now).filter((fact) => fact.kind !== 'read' || fact.request.what !== 'fleet');
      watched.judge([...facts, claims(watched, seed), { kind: 'examined', pools: ['a/a'], at: now }], now);
    };
    for (let i = 0; i < 8; i++) blind(10 + i);
    expect(watched.told).toMatchObject([{ cause: 'backlog', evidence: { diagnosis: { confidence: 'likely' } } }]);
    for (const seed of [17, 17, 18, 18, 18, 19, 20, 20, 20]) blind(seed);
    expect(causeOf(watched)).toBe('unexplained');
    const story = watched.told.flatMap(({ timeline }) => timeline.map(({ text }) => text));
    expect(story.filter((text) => text.startsWith('no mere queue'))).toHaveLength(1);
    expect(story.filter((text) => text.startsWith('the cause seems'))).toHaveLength(1);
  });

  it('of a queue is no news each time it is a little below its maximum', () => {
    const watched = waiting({ pending: 300, claimed: 50, workers: { running: 50 }, newest: NOW - HOUR });
    for (let i = 0; i < 20; i++) {
      const running = i % 4 < 2 ? 50 : 40;
      watched.set('a/a', { claimed: running, workers: { running }, newest: watched.now });
      examine(watched, claims(watched, 10 + i));
    }
    expect(['at-capacity', 'backlog']).toContain(causeOf(watched));
    expect(lines(watched)).toHaveLength(1);
  });
});

describe('a canary past its page in a queue whose tasks are claimed', () => {
  /** `since`: when the oldest task that waits came, before now. */
  function queue(since: number, over: Parameters<typeof probe>[1] = {}): Watched {
    const watched = new Watched([probe('a/a', over)], { 'a/a': { pending: 300, claimed: 50, workers: { running: 50 } } });
    for (let i = 0; i < 10; i++) {
      watched.set('a/a', { newest: watched.now });
      const at = watched.now + 2 * MINUTE;
      const oldest = read({ what: 'oldest', pool: 'a/a' }, { what: 'oldest', inserted: at - since }, at);
      examine(watched, claims(watched, 10 + i), oldest);
    }
    return watched;
  }

  it('waits its turn and pages nobody', () =>
    expect(queue(2 * HOUR).told).toMatchObject([{ cause: 'at-capacity', level: 'warn' }]));
  it('pages where its probe asks for that', () =>
    expect(queue(2 * HOUR, { pageOnBacklog: true }).told).toMatchObject([{ level: 'page' }]));
  it('pages where all that wait have come after it: the queue has lost it, and is no reason', () => {
    const [told, ...others] = queue(5 * MINUTE).told;
    expect(others).toEqual([]);
    expect(told).toMatchObject({
      level: 'page',
      cause: 'unexplained',
      evidence: { diagnosis: { cause: 'unexplained', figures: { overtaken: true } } },
    });
  });
});
