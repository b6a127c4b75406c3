import { describe, expect, it } from 'vitest';
import type { Confidence, PoolFigures } from '../../src/evidence/diagnosis.ts';
import type { Cause } from '../../src/evidence/incident.ts';
import { type Context, diagnose } from '../../src/judge/causes/diagnose.ts';
import { figuresOf, HOUR, MINUTE, SECOND, without } from './makers.ts';

type Row = [what: string, figures: PoolFigures, context: Partial<Context>, expected: Cause, confidence?: Confidence];

function table(rows: Row[]): void {
  it.each(rows)('%s', (_what, figures, context, cause, confidence) => {
    const found = diagnose(figures, { over: 0, ...context });
    expect([found.cause, confidence && found.confidence]).toEqual([cause, confidence]);
    expect(found.figures).toBe(figures);
  });
}

/** A pool without workers in which nothing is claimed. */
const dead = (over: Partial<PoolFigures> = {}) =>
  figuresOf({ claims: 'stand', claimRate: 0, claimed: 0, running: 0, pending: 3, newestWorker: 2 * HOUR, created: 0, ...over });

describe('over-provisioned', () => {
  const over = (more: Partial<PoolFigures> = {}) =>
    dead({ maxCapacity: 10, running: 60, requested: 20, pending: 86, created: 80, newestWorker: MINUTE, ...more });
  table([
    ['is far too much capacity in two samples while nothing is claimed', over(), { over: 2 }, 'over-provisioned', 'sure'],
    [
      'needs no comparison of claims where none is there',
      over({ claims: 'cannot tell' }),
      { over: 2 },
      'over-provisioned',
      'sure',
    ],
    ['is not said after one sample', over({ newestWorker: 3 * MINUTE }), { over: 1 }, 'workers-not-claiming'],
    ['is not said where claims move', over({ claims: 'move', claimed: 5 }), { over: 5 }, 'at-capacity'],
    ['is not said where nobody can tell', without(over({ claims: 'cannot tell' }), 'claimed'), { over: 5 }, 'unexplained'],
    [
      'is not said of workers with nothing to do, as after a maximum was lowered',
      over({ pending: 0 }),
      { over: 5 },
      'unexplained',
    ],
    [
      'is not said of a pool whose maximum was lowered while its workers are at long tasks',
      over({ claims: 'stand', claimed: 60, requested: 0 }),
      { over: 5 },
      'at-capacity',
    ],
  ]);
});

describe('provisioning-errors', () => {
  table([
    ['are a rise of errors while no worker comes', dead({ errors: 20, usualErrors: 1 }), {}, 'provisioning-errors', 'sure'],
    ['are three where none is usual', dead({ errors: 3 }), {}, 'provisioning-errors', 'sure'],
    ['are not two', dead({ errors: 2 }), { unmetFor: 9 * MINUTE }, 'not-provisioned'],
    ['are not what is usual', dead({ errors: 40, usualErrors: 20 }), { unmetFor: 9 * MINUTE }, 'not-provisioned'],
    ['are judged without a history too', without(dead({ errors: 9 }), 'usualErrors'), {}, 'provisioning-errors', 'sure'],
    [
      'may not be the reason where as many workers came',
      dead({ errors: 5, created: 9, newestWorker: 4 * MINUTE }),
      {},
      'provisioning-errors',
      'likely',
    ],
    [
      'are none where workers come and tasks are claimed: some errors are no break',
      figuresOf({ errors: 5, created: 40, newestWorker: MINUTE, pending: 30 }),
      {},
      'backlog',
    ],
    [
      'are none where half of the workers have long had no task: more of them would not help',
      figuresOf({ errors: 90, created: 20, claimed: 4, newestWorker: 6 * MINUTE, pending: 30 }),
      { idleFor: 9 * MINUTE, mostIdleFor: 6 * MINUTE },
      'workers-not-claiming',
    ],
    ['cannot be said where nobody may read them', without(dead(), 'errors', 'usualErrors'), {}, 'unexplained'],
  ]);
});

describe('boot-stalled', () => {
  const booting = (over: Partial<PoolFigures> = {}) =>
    dead({ requested: 1, oldestRequested: 20 * MINUTE, usualBoot: 4 * MINUTE, ...over });
  table([
    ['is a worker that takes longer than any before it', booting(), {}, 'boot-stalled', 'sure'],
    ['is not one that takes as long as the slowest', booting({ oldestRequested: 4 * MINUTE + 30 * SECOND }), {}, 'unexplained'],
    [
      'is judged by a limit where no boot was seen',
      without(booting({ oldestRequested: 31 * MINUTE }), 'usualBoot'),
      {},
      'boot-stalled',
      'likely',
    ],
    [
      'is not said of a Windows worker that boots for half an hour',
      without(booting({ oldestRequested: 29 * MINUTE }), 'usualBoot'),
      {},
      'unexplained',
    ],
    [
      "is judged by worker-manager's own limit where there is one",
      without(booting({ oldestRequested: 31 * MINUTE }), 'usualBoot'),
      { registrationTimeout: HOUR },
      'unexplained',
    ],
    ['is not why tasks wait where workers are free', booting({ running: 2, newestWorker: HOUR }), {}, 'workers-not-claiming'],
    [
      'is not why tasks wait in a full pool whose tasks are claimed',
      booting({ running: 49, claimed: 49, claims: 'move' }),
      {},
      'at-capacity',
    ],
    [
      'is why they wait where the pool could grow, though some are claimed',
      booting({ running: 9, claimed: 9, claims: 'move' }),
      {},
      'boot-stalled',
    ],
    [
      'is workers that are gone as soon as they come, while tasks wait',
      dead({ young: 20, youngGone: 19, oldestPending: 15 * MINUTE, created: 90, newestWorker: MINUTE, running: 2, claimed: 2 }),
      {},
      'boot-stalled',
      'sure',
    ],
    [
      'is so too while the last ones that came still claim',
      figuresOf({ young: 20, youngGone: 20, oldestPending: 15 * MINUTE, created: 90, pending: 30, claimRate: 30 }),
      {},
      'boot-stalled',
      'sure',
    ],
    [
      'is not workers of which each is made for one task',
      figuresOf({ young: 20, youngGone: 19, oldestPending: 15 * MINUTE, created: 90, pending: 30, claimRate: 80 }),
      {},
      'backlog',
    ],
    [
      'is not workers that were gone before the oldest task came',
      figuresOf({ young: 20, youngGone: 19, oldestPending: 5 * MINUTE, created: 90, pending: 30, claimRate: 30 }),
      {},
      'backlog',
    ],
    ['cannot be said where nobody may list the workers', without(booting(), 'oldestRequested'), {}, 'unexplained'],
  ]);
});

describe('workers-not-claiming', () => {
  const idle = (over: Partial<PoolFigures> = {}) => dead({ running: 4, pending: 5, newestWorker: 20 * MINUTE, ...over });
  table([
    ['is tasks that wait beside free workers, and nothing new among the claimed', idle(), {}, 'workers-not-claiming', 'sure'],
    [
      'is likely where nothing is claimed and nobody can compare',
      idle({ claims: 'cannot tell' }),
      {},
      'workers-not-claiming',
      'likely',
    ],
    ['is likely where nobody counts what is claimed', without(idle(), 'claimed'), {}, 'workers-not-claiming', 'likely'],
    [
      'is sure where all workers are in quarantine',
      idle({ claimed: 4, workers: 4, quarantined: 4 }),
      {},
      'workers-not-claiming',
      'sure',
    ],
    ['is not said of some in quarantine', idle({ claimed: 4, workers: 8, quarantined: 4 }), {}, 'unexplained'],
    ['is not said where claims move', idle({ claims: 'move', claimed: 2 }), {}, 'backlog'],
    [
      'is said where claims move, but half of the workers have had no task for long',
      idle({ claims: 'move', claimed: 2 }),
      { idleFor: 9 * MINUTE, mostIdleFor: 6 * MINUTE },
      'workers-not-claiming',
      'sure',
    ],
    [
      'is not said of half of them that have just come up',
      idle({ claims: 'move', claimed: 2 }),
      { idleFor: 9 * MINUTE, mostIdleFor: 4 * MINUTE },
      'backlog',
    ],
    [
      'is not said of one that was between two tasks at one look',
      idle({ claimed: 3, maxCapacity: 4 }),
      { movedFor: 20 * MINUTE, idleFor: 0 },
      'at-capacity',
    ],
    [
      'is said of one that has no task in look after look',
      idle({ claimed: 3, maxCapacity: 4 }),
      { movedFor: 20 * MINUTE, idleFor: 4 * MINUTE },
      'workers-not-claiming',
      'sure',
    ],
    ['is not said where nothing waits', idle({ pending: 0 }), {}, 'unexplained'],
    ['is not said where all workers are busy', idle({ claimed: 4 }), {}, 'unexplained'],
    ['is not said of a worker that has just come up', idle({ running: 1, newestWorker: MINUTE }), {}, 'unexplained'],
    ['is likely where others were there before it', idle({ newestWorker: MINUTE }), {}, 'workers-not-claiming', 'likely'],
    ['is not said without workers', idle({ running: 0 }), {}, 'unexplained'],
    [
      'is said of hardware, which only the queue knows',
      without(idle({ workers: 4, quarantined: 0 }), 'running', 'requested', 'newestWorker', 'maxCapacity'),
      {},
      'workers-not-claiming',
      'sure',
    ],
    [
      'is not said of hardware where nobody may list the workers',
      without(idle(), 'running', 'requested', 'newestWorker', 'maxCapacity'),
      {},
      'unexplained',
    ],
  ]);
});

describe('not-provisioned', () => {
  table([
    [
      'is demand that nobody meets: no worker asked for, and no error',
      dead(),
      { unmetFor: 5 * MINUTE },
      'not-provisioned',
      'sure',
    ],
    ['is likely where that was seen once', dead(), { unmetFor: 0 }, 'not-provisioned', 'likely'],
    ['is likely where nobody may read errors', without(dead(), 'errors'), { unmetFor: 5 * MINUTE }, 'not-provisioned', 'likely'],
    ['is not said where a worker was asked for', dead({ requested: 1 }), { unmetFor: 5 * MINUTE }, 'unexplained'],
    ['is not said where one has just come', dead({ newestWorker: MINUTE }), { unmetFor: 5 * MINUTE }, 'unexplained'],
    ['is not said where there is no demand', dead(), {}, 'unexplained'],
    [
      'is not said of a queue whose tasks are claimed while the provisioner is a little late',
      figuresOf({ pending: 90, newestWorker: 4 * MINUTE }),
      { unmetFor: 4 * MINUTE },
      'backlog',
    ],
    [
      'is said of a queue whose tasks are claimed by the workers there are, and by no new ones',
      figuresOf({ pending: 90, newestWorker: 9 * MINUTE }),
      { unmetFor: 9 * MINUTE },
      'not-provisioned',
      'sure',
    ],
    [
      'cannot be said where nobody may read the statistics',
      without(dead(), 'requested', 'running'),
      { unmetFor: 5 * MINUTE },
      'unexplained',
    ],
  ]);
});

describe('at-capacity and backlog', () => {
  const full = (over: Partial<PoolFigures> = {}) => figuresOf({ running: 48, claimed: 48, pending: 200, created: 0, ...over });
  table([
    ['a full pool whose tasks are claimed has a queue', full(), {}, 'at-capacity', 'sure'],
    ['a pool that may have no worker proves no queue', dead({ maxCapacity: 0, requested: 0 }), {}, 'at-capacity', 'likely'],
    [
      'is likely full where nobody can compare claims and all workers are busy',
      full({ claims: 'cannot tell' }),
      {},
      'at-capacity',
      'likely',
    ],
    [
      'is likely full where no task has ended for a while and all workers are busy',
      full({ claims: 'stand' }),
      {},
      'at-capacity',
      'likely',
    ],
    [
      'is full where all workers are busy at long tasks, and one was seen to take another within the hour',
      full({ claims: 'stand' }),
      { movedFor: 50 * MINUTE },
      'at-capacity',
      'sure',
    ],
    [
      'is likely full where none was seen to for longer',
      full({ claims: 'stand' }),
      { movedFor: 70 * MINUTE },
      'at-capacity',
      'likely',
    ],
    [
      'hardware, which cannot grow, is full where all that the queue knows are busy',
      without(full({ claims: 'stand', claimed: 1, workers: 1 }), 'running', 'requested', 'maxCapacity'),
      { movedFor: 20 * MINUTE, hardware: true },
      'at-capacity',
      'sure',
    ],
    [
      'hardware is not full where some of it is free',
      without(full({ claims: 'stand', claimed: 1, workers: 2 }), 'running', 'requested', 'maxCapacity'),
      { movedFor: 20 * MINUTE, hardware: true, idleFor: 4 * MINUTE },
      'workers-not-claiming',
    ],
    [
      'nothing is said to be full where worker-manager tells nothing of it',
      without(full({ claims: 'stand', claimed: 1, workers: 1 }), 'running', 'requested', 'maxCapacity'),
      { movedFor: 20 * MINUTE },
      'unexplained',
    ],
    [
      'is not full where workers are free and none claims',
      full({ claims: 'stand', claimed: 20, newestWorker: HOUR }),
      { idleFor: 4 * MINUTE },
      'workers-not-claiming',
    ],
    ['a pool below its maximum has a backlog', full({ running: 30, claimed: 30 }), {}, 'backlog', 'sure'],
    [
      'a backlog is likely where worker-manager told of workers, and does no more: those few that still claim may be all there are',
      without(full(), 'running', 'requested'),
      { unread: true },
      'backlog',
      'likely',
    ],
    ['one task that waits is no backlog', figuresOf({ pending: 1 }), {}, 'unexplained'],
    ['nothing waits', figuresOf({ pending: 0 }), {}, 'unexplained'],
    ['nobody can tell whether claims move', figuresOf({ claims: 'cannot tell', pending: 30 }), {}, 'unexplained'],
    ['without the number of tasks nothing is said of a queue', without(full(), 'pending'), {}, 'unexplained'],
    ['hardware has a backlog too', without(full(), 'running', 'requested', 'maxCapacity'), {}, 'backlog', 'sure'],
  ]);
});

describe('of several the most specific is named', () => {
  table([
    ['errors before demand that nobody meets', dead({ errors: 9 }), { unmetFor: 9 * MINUTE }, 'provisioning-errors'],
    ['nothing known at all', { at: 0, claims: 'cannot tell' }, {}, 'unexplained', 'likely'],
  ]);
});
