import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyState, evolve } from '../src/evidence/evolve.ts';
import type { Fact } from '../src/evidence/fact.ts';
import type { Incident } from '../src/evidence/incident.ts';
import { SECOND } from '../src/evidence/instant.ts';
import { fleetOf } from '../src/judge/members.ts';
import { storeOver } from '../src/store/store.ts';
import { factsOf, histories, historyBench, NAMES, type Step, silences } from './histories/history.ts';
import type { Bench } from './support/judging.ts';
import { emptyableStore } from './support/store.ts';

/** Lives a history, and says after every judgement what changed. */
function live(steps: readonly Step[], after: (bench: Bench, changes: ReturnType<Bench['judge']>, facts: Fact[]) => void): Bench {
  const bench = historyBench();
  for (const step of steps) {
    const now = bench.now + step.wait * SECOND;
    if (step.what === 'silence') silences(bench, step, now);
    const facts = factsOf(bench, step, now);
    after(bench, bench.judge(facts, now), facts);
  }
  return bench;
}

function incidentsIn(changes: ReturnType<Bench['judge']>): Incident[] {
  return changes.flatMap((change) => (change.kind === 'incident' ? [change.incident] : []));
}

/** The incident that a probe's breach is told in. */
function tellers(bench: Bench, name: string): Incident[] {
  const fleet = fleetOf(bench.state.incidents, name);
  const own = bench.state.incidents.get(`probe:${name}`);
  return [...(fleet ? [fleet] : []), ...(own?.evidence.kind === 'pool' ? [own] : [])];
}

describe('over random histories of several pools', () => {
  it('no incident opens twice without an end between, and its revisions rise by one', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const open = new Map<string, number>();
        const last = new Map<string, number>();
        live(steps, (_bench, changes) => {
          for (const { id, revision, ended, timeline } of incidentsIn(changes)) {
            const before = last.get(id) ?? 0;
            // Several turns of one judgement are one change; a quiet one repeats the revision.
            expect(revision).toBeGreaterThanOrEqual(before);
            expect(timeline).toHaveLength(revision);
            last.set(id, revision);
            const begun = timeline.filter(({ what }) => ['opened', 'reopened', 'flapping'].includes(what)).length;
            const done = timeline.filter(({ what }) => ['resolved', 'folded', 'withdrawn'].includes(what)).length;
            expect(begun - done).toBe(ended === undefined ? 1 : 0);
            if (ended === undefined) open.set(id, revision);
            else open.delete(id);
          }
        });
      }),
      { numRuns: 1500 },
    );
  });

  it('nothing pages without a canary that was seen unclaimed past pageAfter', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const paged = new Set<string>();
        live(steps, (bench, changes) => {
          for (const incident of incidentsIn(changes)) {
            if (incident.level !== 'page' || incident.class !== 'pool' || paged.has(incident.id)) continue;
            paged.add(incident.id);
            const { evidence } = incident;
            const probes =
              evidence.kind === 'fleet'
                ? evidence.members.map(({ probe }) => probe)
                : [NAMES.find((n) => incident.anchor === `probe:${n}`) ?? ''];
            const late = probes.filter((name) => {
              const { breach, open, evidenceAt = 0 } = bench.state.probes.get(name) ?? {};
              const pageAfter = bench.config.probes.find(({ pool }) => pool === name)?.thresholds?.pageAfter ?? 0;
              return breach !== undefined && Math.max(breach.age, evidenceAt - (open?.scheduled ?? evidenceAt)) >= pageAfter;
            });
            expect(late.length).toBeGreaterThan(0);
          }
        });
      }),
      { numRuns: 1500 },
    );
  });

  it('every breach is told in exactly one open incident, and every open incident of pools tells of one', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        live(steps, (bench) => {
          for (const { name, breach } of bench.state.probes.values()) {
            const told = tellers(bench, name).filter(({ flappingSince }) => breach !== undefined || flappingSince === undefined);
            if (bench.state.watch.trouble.look === undefined)
              expect([name, told.length]).toEqual([name, breach === undefined ? 0 : 1]);
          }
        });
      }),
      { numRuns: 1500 },
    );
  });

  it('the same facts, judged again from the beginning, give the same incidents', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const told: { facts: Fact[]; now: number; before: Bench['state']['silences'] }[] = [];
        const first = live(steps, (bench, _changes, facts) => told.push({ facts, now: bench.now, before: bench.state.silences }));
        const again = historyBench();
        for (const { facts, now, before } of told) {
          again.state = { ...again.state, silences: before };
          again.judge(facts, now);
        }
        expect(again.state.incidents).toEqual(first.state.incidents);
        expect(again.state.probes).toEqual(first.state.probes);
        expect(again.changes).toEqual(first.changes);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the state', () => {
  const stored = emptyableStore();
  beforeEach(async () => (await stored).empty());

  it('is after a judgement what its changes, written down, make of the one before', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const bench = historyBench();
        for (const step of steps) {
          const now = bench.now + step.wait * SECOND;
          if (step.what === 'silence') silences(bench, step, now);
          const before = bench.state;
          const changes = bench.judge(factsOf(bench, step, now), now);
          expect(bench.state).toEqual(evolve(before, [...changes]));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('survives a round trip through the store at every step', async () => {
    const { db, empty } = await stored;
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        await empty();
        const writer = storeOver(db, 'test');
        const bench = historyBench();
        await writer.commit(0, bench.changes);
        let state = evolve(emptyState(), bench.changes);
        for (const step of steps) {
          const now = bench.now + step.wait * SECOND;
          const beside = step.what === 'silence' ? silences(bench, step, now) : [];
          const changes = [...beside, ...bench.judge(factsOf(bench, step, now), now)];
          await writer.commit(state.revision, changes);
          state = evolve(state, changes);
          expect(await storeOver(db, 'test').load()).toEqual(state);
          expect(await writer.load()).toEqual(state);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
