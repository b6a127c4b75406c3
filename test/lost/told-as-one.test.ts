import { describe, expect, it } from 'vitest';
import { emptyState, evolve } from '../../src/evidence/evolve.ts';
import type { Fact, Standing } from '../../src/evidence/fact.ts';
import type { Incident } from '../../src/evidence/incident.ts';
import { HOUR, iso, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { GroupTask } from '../../src/evidence/reading.ts';
import { plan } from '../../src/judge/plan.ts';
import { judgeAll } from '../../src/judge/rebuild/judge-all.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { ADDRESSES, configOf, entry } from '../support/judging.ts';
import { DAY_ZERO } from '../support/values.ts';

const [FIRST, SECOND_POOL, OTHER] = ['gecko-t/a', 'gecko-t/b', 'gecko-t/c'] as const;
const config = configOf(
  [FIRST, SECOND_POOL, OTHER].map((pool) => entry(pool)),
  { incidents: { groupWait: 0, fleetAt: 4, reopenWithin: 30 * MINUTE } },
);
const rules = { draft: draftFor(config), addressees: (_: unknown, level: 'warn' | 'page') => ADDRESSES[level], groupWait: 0 };
const NOW = DAY_ZERO + 12 * HOUR;

/** A canary that nobody has claimed; each pool's came a minute after the one before. */
function waiting(pool: string, age: number): GroupTask {
  const slot = NOW - age;
  const { taskId, schedulerId, taskGroupId, deadline } = rules.draft({ ...entry(pool), name: pool }, slot, 'generic-worker');
  const runs = [{ state: 'pending' as const, scheduled: slot + SECOND }];
  const status = { taskId, taskQueueId: pool, schedulerId, taskGroupId, state: 'pending' as const, deadline, runs };
  return { status, tags: { 'tc-canary-deployment': 'test', 'tc-canary-probe': pool, 'tc-canary-slot': String(slot) } };
}

const AGES = { [FIRST]: 22 * MINUTE, [SECOND_POOL]: 21 * MINUTE, [OTHER]: 20 * MINUTE };
const idOf = (pool: keyof typeof AGES) => `test/probe:${pool}/${iso(NOW - AGES[pool]).replace('.000Z', 'Z')}`;

/** What is made of the queue's canaries and of what a channel shows as open. */
function lived(incidents: Standing[]) {
  const tasks = Object.entries(AGES).map(([pool, age]) => waiting(pool, age));
  const facts = plan(config, emptyState(), NOW).blind.map(
    (day): Fact => ({ kind: 'group', day, tasks: day === DAY_ZERO ? tasks : [], at: NOW }),
  );
  const changes = judgeAll(config, rules, emptyState(), [...facts, { kind: 'standing', incidents, deaf: false, at: NOW }], NOW);
  return { changes, open: [...evolve(emptyState(), changes).incidents.values()] };
}

const membersOf = ({ evidence }: Incident) => (evidence.kind === 'fleet' ? evidence.members.map(({ probe }) => probe) : []);

describe('pools that were told as one before the store was lost', () => {
  const alone = { id: idOf(OTHER), probes: [] };

  it('are told one by one where no channel shows it', () => {
    expect(lived([]).open.map(({ id }) => id)).toEqual([idOf(FIRST), idOf(SECOND_POOL), idOf(OTHER)]);
  });

  it('go on in the one that a channel shows, without a page of their own, and others apart from it', () => {
    const { changes, open } = lived([{ id: idOf(FIRST), probes: [FIRST, SECOND_POOL], provider: 'gcp' }, alone]);
    expect(open.map(({ id }) => id).sort()).toEqual([idOf(FIRST), idOf(OTHER)]);
    expect(open.map(membersOf)).toContainEqual([FIRST, SECOND_POOL]);
    expect(changes).toContainEqual(
      expect.objectContaining({
        kind: 'incident',
        incident: expect.objectContaining({ id: idOf(SECOND_POOL), end: 'folded', into: idOf(FIRST), relived: NOW }),
      }),
    );
  });

  it('go on in the one of their provider, of which the queue tells nothing', () => {
    const id = 'test/provider:gcp/2021-10-08T11:30:00Z';
    const { changes, open } = lived([{ id, probes: [FIRST, SECOND_POOL], provider: 'gcp' }, alone]);
    expect(open).toContainEqual(expect.objectContaining({ id, level: 'page', cause: 'provisioning-stalled' }));
    expect(open.map(({ id }) => id).sort()).toEqual([idOf(OTHER), id]);
    expect(open.map(membersOf)).toContainEqual([FIRST, SECOND_POOL]);
    expect(changes).toContainEqual(
      expect.objectContaining({ incident: expect.objectContaining({ id }), routes: ['slack:C1', 'pagerduty:k'] }),
    );
  });

  it('stay apart where each is shown by itself', () => {
    const shown = [{ id: idOf(FIRST), probes: [FIRST, SECOND_POOL] }, { id: idOf(SECOND_POOL), probes: [] }, alone];
    expect(
      lived(shown)
        .open.map(({ id }) => id)
        .sort(),
    ).toEqual([idOf(FIRST), idOf(SECOND_POOL), idOf(OTHER)]);
  });
});
