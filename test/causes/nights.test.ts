import { beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/evidence/incident.ts';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Fault } from '../../src/world/fault.ts';
import { entry, everyMinutes } from '../support/judging.ts';
import { emptyableStore } from '../support/store.ts';
import { FLEET, nightOf, ONSET, pool, type Told, tell } from './night.ts';

const { db, empty } = await emptyableStore();
beforeEach(empty);

/** An hour and a half of trouble, and two hours to recover. */
const LASTS = { from: ONSET, until: ONSET + 1.5 * HOUR };
const LINUX = ['gecko-3/b-linux'];
const FULL = {
  kind: 'creation-error',
  title: 'Instance Creation Error',
  description: 'The zone does not have enough resources',
  code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
};

const ofPools = ({ incidents }: Told): Incident[] =>
  incidents.filter((incident) => incident.class === 'pool' && incident.end !== 'folded');

/** How many times each team was woken. */
function woken({ pagerduty }: Told): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { routingKey } of pagerduty.alerts) counts[routingKey.slice(0, 1)] = (counts[routingKey.slice(0, 1)] ?? 0) + 1;
  return counts;
}

/** Everything that was opened has ended, in the world's eyes too. */
function isOver({ incidents, pagerduty }: Told): void {
  expect(incidents.filter(({ ended }) => ended === undefined)).toEqual([]);
  expect(pagerduty.open).toEqual([]);
}

describe('a pool', () => {
  it.each<[string, string, Fault[], number]>([
    ['that the provisioner leaves out', 'not-provisioned', [{ kind: 'pool-skipped', pools: LINUX, ...LASTS }], 1],
    ['whose cloud is full', 'provisioning-errors', [{ kind: 'creation-fails', error: FULL, pools: LINUX, ...LASTS }], 1],
    [
      'whose workers hang as they boot',
      'boot-stalled',
      [{ kind: 'boot-slow', factor: 60, pools: LINUX, from: ONSET, until: ONSET + HOUR }],
      1,
    ],
    ['whose workers die as they boot', 'boot-stalled', [{ kind: 'boot-fails', pools: LINUX, ...LASTS }], 1],
    [
      'whose new workers never claim, while the old ones do',
      'workers-not-claiming',
      [{ kind: 'workers-mute', pools: LINUX, ...LASTS }],
      1,
    ],
    ['whose workers fall silent', 'workers-not-claiming', [{ kind: 'workers-mute', all: true, pools: LINUX, ...LASTS }], 1],
    [
      'that gets workers without end, none of which claims',
      'over-provisioned',
      [
        { kind: 'runaway', batch: 10, upTo: 400, pools: LINUX, ...LASTS },
        { kind: 'workers-mute', all: true, pools: LINUX, ...LASTS },
      ],
      1,
    ],
    [
      'with a long queue',
      'at-capacity',
      [
        {
          kind: 'backlog',
          tasks: 900,
          duration: { p50: 5 * MINUTE, p95: 10 * MINUTE },
          pools: LINUX,
          from: ONSET,
          until: ONSET + 5 * MINUTE,
        },
      ],
      0,
    ],
  ])('%s is told as %s', async (_what, cause, faults, pages) => {
    const told = await tell(db, nightOf(faults, { length: 5 * HOUR }));
    expect(ofPools(told).map((incident) => [incident.anchor, incident.cause])).toEqual([['probe:gecko-3/b-linux', cause]]);
    expect(woken(told)).toEqual(pages === 0 ? {} : { k: pages });
    isOver(told);
  });

  it('that gets workers without end is told of before any canary is late, and without one', async () => {
    const faults: Fault[] = [
      { kind: 'runaway', batch: 10, upTo: 400, pools: LINUX, ...LASTS },
      { kind: 'workers-mute', all: true, pools: LINUX, ...LASTS },
    ];
    const others = nightOf([]).probes.filter(({ pool: name }) => name !== LINUX[0]);
    const told = await tell(db, nightOf(faults, { probes: others }));
    expect(ofPools(told)).toMatchObject([{ anchor: 'pool:gecko-3/b-linux', cause: 'over-provisioned', level: 'page' }]);
    expect(woken(told)).toEqual({ k: 1 });
    isOver(told);
  });
});

describe('a night in which nothing breaks', () => {
  it('wakes nobody', async () => {
    const told = await tell(db, nightOf([], { length: 6 * HOUR }));
    expect([woken(told), told.incidents]).toEqual([{}, []]);
  });

  it('wakes nobody in a deployment where hardly anything runs, and Windows boots for an hour', async () => {
    const slow = { boot: { p50: HOUR, p95: 1.1 * HOUR }, provider: 'azure', runs: 'generic-worker-windows' as const };
    const pools = [
      pool('a/rare', 0.5),
      pool('a/win', 1, slow),
      pool('a/win-rare', 0.3, slow),
      pool('b/full', 30, { minCapacity: 4, maxCapacity: 4 }),
    ];
    const told = await tell(db, nightOf([], { pools, probes: [], length: 12 * HOUR }));
    expect([woken(told), told.incidents]).toEqual([{}, []]);
  });

  it('wakes nobody because worker-manager is down while the queue works', async () => {
    const told = await tell(db, nightOf([{ kind: 'api-down', services: ['workerManager'], from: ONSET, until: ONSET + HOUR }]));
    expect([woken(told), told.incidents]).toEqual([{}, []]);
  });

  it('tells of the queue alone where the queue is down', async () => {
    const told = await tell(db, nightOf([{ kind: 'api-down', services: ['queue'], from: ONSET, until: ONSET + 40 * MINUTE }]));
    expect(told.incidents.map(({ cause }) => cause)).toEqual(['queue-unreachable']);
    expect(woken(told)).toEqual({ k: 1 });
    isOver(told);
  });

  it('tells of no stall where one pool has been dead for days and nothing else is wanted', async () => {
    const pools = [pool('a/dead', 6), pool('a/quiet', 0), pool('a/idle', 0)];
    const faults: Fault[] = [{ kind: 'pool-skipped', pools: ['a/dead'], from: 0, until: Number.MAX_SAFE_INTEGER }];
    const told = await tell(
      db,
      nightOf(faults, { pools, probes: [entry('a/quiet', { schedule: everyMinutes(30), payload: 'auto' })], length: 6 * HOUR }),
    );
    expect([woken(told), told.incidents]).toEqual([{}, []]);
  });
});

describe('a provisioner that has stopped', () => {
  const STOPPED: Fault[] = [{ kind: 'provisioner-stopped', ...LASTS }];

  /** When the first task of the night had to wait for a worker that nobody asked for, by the world's own record. */
  function onlyStall(told: Told): Incident {
    const [stall, ...others] = ofPools(told).filter(({ cause }) => cause === 'provisioning-stalled');
    if (stall === undefined) throw new Error('nobody was told of a stall');
    expect(others).toEqual([]);
    return stall;
  }

  it.each(['service', 'cron'] as const)(
    'is one page within a quarter of an hour of the first demand, for all providers (%s)',
    async (mode) => {
      const told = await tell(db, nightOf(STOPPED, { mode, length: 5 * HOUR }));
      const stall = onlyStall(told);
      const [opened] = told.pages;
      expect(opened).toMatchObject({ what: 'opened', key: stall.id });
      expect((opened?.at ?? 0) - ONSET).toBeLessThan(18 * MINUTE);
      expect(stall.timeline[0]?.text).toMatch(/^no worker was created in any of 6 watched pools for /);
      expect(woken(told)).toEqual({ k: 1 });
      isOver(told);
      const recovered = stall.timeline.find(({ text }) => text.startsWith('workers come to be again'));
      expect((recovered?.at ?? 0) - LASTS.until).toBeLessThan(4 * MINUTE);
      expect(recovered?.at).toBeGreaterThan(LASTS.until);
    },
  );

  it('on a busy night is paged within a quarter of an hour of the stop', async () => {
    const pools = FLEET.map(({ pool: name, load: _load, ...spec }) => pool(name, 200, { ...spec, idleTimeout: 10 * SECOND }));
    const told = await tell(db, nightOf(STOPPED, { pools, length: 5 * HOUR }));
    // A first page waits groupWait, 30 s, on top.
    expect((told.pages[0]?.at ?? 0) - ONSET).toBeLessThan(15.5 * MINUTE);
    expect(woken(told)).toEqual({ k: 1 });
    onlyStall(told);
    isOver(told);
  });

  it('ends its page with the new workers, though what waited all night is still to be worked off', async () => {
    const pools = FLEET.map((spec) => ({ ...spec, maxCapacity: 20 }));
    const told = await tell(db, nightOf(STOPPED, { pools, length: 5 * HOUR }));
    const stall = onlyStall(told);
    const ended = told.pages.filter(({ what, key }) => what === 'resolved' && key === stall.id);
    expect((ended[0]?.at ?? 0) - LASTS.until).toBeLessThan(5 * MINUTE);
    expect(ended[0]?.at).toBeGreaterThan(LASTS.until);
    expect((stall.ended ?? 0) - LASTS.until).toBeGreaterThan(10 * MINUTE);
    expect(stall.timeline.map(({ what }) => what)).toContain('eased');
    expect(woken(told)).toEqual({ k: 1 });
    isOver(told);
  });

  it('pages again for a pool that gets no worker when the others do', async () => {
    const still: Fault = { kind: 'pool-skipped', pools: LINUX, from: LASTS.until, until: LASTS.until + HOUR };
    const config = { provisioning: { mode: 'alert' as const, silence: 40 * MINUTE, pools: [] } };
    const told = await tell(db, nightOf([...STOPPED, still], { config, length: 6 * HOUR }));
    const again = told.pages.filter(({ what, at }) => what === 'opened' && at > LASTS.until);
    expect(again).toHaveLength(1);
    expect((again[0]?.at ?? 0) - LASTS.until).toBeGreaterThan(10 * MINUTE);
    expect((again[0]?.at ?? 0) - LASTS.until).toBeLessThan(20 * MINUTE);
    const second = told.notices.find(({ via, what, at }) => via === 'pagerduty' && what === 'opened' && at > LASTS.until);
    expect(second?.incident.cause).toBe('not-provisioned');
    expect(second?.lines[0]).toContain('no worker is requested for the tasks that wait');
    isOver(told);
  });

  it('is told without any canary, and once by two replicas', async () => {
    const told = await tell(db, nightOf(STOPPED, { probes: [], replicas: 2 }));
    expect(onlyStall(told)).toMatchObject({ anchor: 'provider:gcp', evidence: { members: [] } });
    expect(woken(told)).toEqual({ k: 1 });
    isOver(told);
  });

  it('is not over because a warm worker claims: only a new one shows that it works', async () => {
    const pools = FLEET.map((spec) => ({ ...spec, minCapacity: 2 }));
    const told = await tell(db, nightOf(STOPPED, { pools }));
    const stall = onlyStall(told);
    expect(stall.ended).toBeGreaterThan(LASTS.until);
    expect(woken(told)).toEqual({ k: 1 });
  });

  it('is not told again and again of a provider that makes workers now and then, and passes over one pool', async () => {
    const load = (perHour: number, batch: number, minutes: number) => ({
      idleTimeout: 5 * MINUTE,
      load: { perHour, batch, duration: { p50: minutes * MINUTE, p95: 3 * minutes * MINUTE } },
    });
    const pools = [
      pool('gecko-3/decision', 60, { minCapacity: 1, ...load(60, 3, 3) }),
      pool('gecko-3/b-linux', 40, load(40, 5, 15)),
      pool('gecko-3/images', 4, load(4, 1, 10)),
    ];
    const over: Fault = { kind: 'pool-skipped', pools: LINUX, from: ONSET, until: ONSET + 2.5 * HOUR };
    const told = await tell(db, nightOf([over], { pools, probes: [], length: 4 * HOUR }));
    expect(told.pages.filter(({ what }) => what === 'opened').length).toBeLessThanOrEqual(1);
    isOver(told);
  });

  it('in one provider alone is told of that one', async () => {
    const told = await tell(db, nightOf([{ kind: 'provisioner-stopped', providers: ['azure'], ...LASTS }]));
    const stall = onlyStall(told);
    expect(stall.timeline.map(({ text }) => text).join('\n')).toContain('2 watched pools of provider azure');
    expect(woken(told)).toEqual({ k: 1 });
    isOver(told);
  });

  it('noticed later than its canaries makes one of what was told', async () => {
    const config = { provisioning: { mode: 'alert' as const, silence: 40 * MINUTE, pools: [] } };
    const told = await tell(db, nightOf(STOPPED, { config, length: 5 * HOUR }));
    const stall = onlyStall(told);
    expect(stall.anchor).toMatch(/^probe:/);
    expect(stall.timeline.map(({ what }) => what)).toContain('promoted');
    isOver(told);
  });

  it('wakes each team once', async () => {
    const teams = { 'gecko-t/win11': 'w'.repeat(32), 'gecko-3/b-win': 'w'.repeat(32), 'gecko-3/decision': 'd'.repeat(32) };
    const told = await tell(db, nightOf(STOPPED, { teams, length: 5 * HOUR }));
    expect(woken(told)).toEqual({ k: 1, w: 1, d: 1 });
    isOver(told);
  });

  it('is told by the canaries alone where the watch is off or observes', async () => {
    for (const mode of ['observe', 'off'] as const) {
      await empty();
      const config = { provisioning: { mode, silence: 10 * MINUTE, pools: [] } };
      const told = await tell(db, nightOf(STOPPED, { config, length: 5 * HOUR }));
      expect(told.incidents.map(({ anchor }) => anchor.split(':')[0])).not.toContain('provider');
      expect(told.incidents.some(({ cause }) => cause === 'provisioning-stalled')).toBe(mode === 'observe');
      isOver(told);
      await empty();
      const unwatched = await tell(db, nightOf(STOPPED, { config, probes: [] }));
      expect(unwatched.incidents).toEqual([]);
    }
  }, 120_000);
});

describe('a pool that worker-manager knows no more', () => {
  const deleted = (from: number, until: number): Fault => ({ kind: 'pool-deleted', pools: LINUX, from, until });

  it('takes its incident and its canary along, and is said until it is back', async () => {
    const gone = ONSET + 40 * MINUTE;
    const faults: Fault[] = [{ kind: 'pool-skipped', pools: LINUX, from: ONSET, until: gone }, deleted(gone, gone + 2 * HOUR)];
    const told = await tell(db, nightOf(faults, { length: 6 * HOUR }));
    const own = told.incidents.find(({ anchor }) => anchor === 'probe:gecko-3/b-linux');
    expect(own).toMatchObject({ end: 'withdrawn', cause: 'not-provisioned' });
    expect((own?.ended ?? 0) - gone).toBeLessThan(15 * MINUTE);
    const ends = [...told.world.truth.tasks.values()].filter(
      ({ pool: name, claimed }) => name === LINUX[0] && claimed === undefined,
    );
    expect(ends.map(({ reason }) => reason)).toEqual(['canceled']);
    const finding = told.incidents.find(({ cause }) => cause === 'pool-gone');
    expect(finding).toMatchObject({ level: 'warn', class: 'configuration', end: 'resolved' });
    expect(woken(told)).toEqual({ k: 1 });
    isOver(told);
  });

  it.each([
    ['that a probe names', 'gecko-3/b-linux', 'alert'],
    ['of few that are read one by one', 'gecko-3/b-linux', 'off'],
    ['that a glob found', 'gecko-*/*', 'alert'],
  ] as const)('and that was made anew, one %s, is asked of again within minutes', async (_which, name, mode) => {
    const back = ONSET + 80 * MINUTE;
    const probes = [entry(name, { schedule: everyMinutes(15), payload: 'auto' })];
    const config = { provisioning: { mode, silence: 10 * MINUTE, pools: [] } };
    const told = await tell(db, nightOf([deleted(ONSET, back)], { probes, config, length: 4 * HOUR }));
    const created = [...told.world.truth.tasks.values()].flatMap((task) => (task.pool === LINUX[0] ? task.created : []));
    expect(Math.min(...created.filter((at) => at > back)) - back).toBeLessThan(20 * MINUTE);
    isOver(told);
  });

  it('is said where a glob loses more than a tenth of its pools, and wakes nobody', async () => {
    const probes = [entry('gecko-*/*', { schedule: everyMinutes(15), payload: 'auto' })];
    const told = await tell(db, nightOf([deleted(ONSET, ONSET + 2 * HOUR)], { probes, length: 5 * HOUR }));
    expect(told.incidents.map(({ cause, level }) => [cause, level])).toEqual([['pool-gone', 'warn']]);
    expect(told.incidents[0]?.timeline[0]?.text).toContain('1 of 6 pools that match gecko-*/* are gone: gecko-3/b-linux');
    expect(woken(told)).toEqual({});
    isOver(told);
  });
});
