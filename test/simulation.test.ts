import { beforeEach, describe, expect, it } from 'vitest';
import { loadDrill } from '../src/drill/load.ts';
import { fileWith } from './config-files.ts';
import { asDrill } from './simulation/as-drill.ts';
import { fleetNight, night, POOL, randomFleetNight, randomNight } from './simulation/nights.ts';
import { type Played, play, type Scenario } from './simulation/play.ts';
import { brokenFleetPromises, brokenPromises } from './simulation/promises.ts';
import { emptyableStore } from './support/store.ts';

const { db, empty } = await emptyableStore();
beforeEach(empty);

/** Of each process of the first machine. */
function effectsOf({ machines }: Played): readonly number[] {
  return machines[0]?.effects ?? [];
}

async function keeps(scenario: Scenario): Promise<void> {
  await empty();
  const played = await play(db, scenario);
  const faults = brokenPromises(scenario, played);
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\nin\n${asDrill(scenario)}`);
}

describe('a night in which a pool gets no workers', () => {
  it('pages once and resolves, and leaves the other pool alone', async () => {
    const played = await play(db, night());
    expect(brokenPromises(night(), played)).toEqual([]);
    expect(played.pages.map(({ what }) => what)).toEqual(['opened', 'resolved']);
    expect(played.pagerduty.alerts[0]?.dedupKey).toContain(POOL);
    expect(played.slack.posts).toHaveLength(1);
  });

  it('does the same from a CronJob', async () => {
    const played = await play(db, night({ mode: 'cron' }));
    expect(brokenPromises(night({ mode: 'cron' }), played)).toEqual([]);
    expect(played.pages.map(({ what }) => what)).toEqual(['opened', 'resolved']);
  });

  it('plays the same twice', async () => {
    const first = await play(db, night());
    await empty();
    const second = await play(db, night());
    expect(second.pages).toEqual(first.pages);
    expect(effectsOf(second)).toEqual(effectsOf(first));
  });
});

describe('a night that breaks a promise', () => {
  it.each([1, 2, 3])('can be read as a drill file (random night %i)', async (seed) => {
    const night = randomNight(seed);
    const { scenario } = await loadDrill(fileWith(asDrill(night)));
    expect(scenario.faults).toHaveLength(night.faults.length + night.slackDown.length + night.pagerdutyDown.length);
    expect(scenario).toMatchObject({ seed, start: night.start, end: night.start + night.length });
  });
});

describe('a prober that is killed', () => {
  // Both points at every effect take four minutes; each effect at one of them, in turn, half of that.
  const points = (['before', 'after'] as const).slice(0, process.env['TC_CANARY_SEEDS'] === undefined ? 1 : 2);
  for (const mode of ['service', 'cron'] as const) {
    for (const point of points) {
      it(`at any one of its effects, before it was applied or after, keeps every promise (${mode}, ${point} first)`, async () => {
        const total = effectsOf(await play(db, night({ mode })))[0] ?? 0;
        expect(total).toBeGreaterThan(30);
        for (let effect = 1; effect <= total; effect++) {
          const odd = effect % 2 === 1;
          const here = odd === (point === 'before') ? 'before' : 'after';
          await keeps(night({ mode, deaths: [{ effect, point: here }] }));
        }
      }, 900_000);
    }
  }
});

describe('random nights', () => {
  const SEEDS = Number(process.env['TC_CANARY_SEEDS'] ?? 40);

  it(`keep every promise (${SEEDS} seeds)`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) await keeps(randomNight(seed));
  }, 600_000);
});

describe('a night in which all pools break together', () => {
  const FLEETS = Number(process.env['TC_CANARY_SEEDS'] ?? 10);

  for (const mode of ['service', 'cron'] as const) {
    it(`pages once, tells of all in one message, and ends once (${mode})`, async () => {
      const played = await play(db, fleetNight({ mode }));
      expect(brokenFleetPromises(played)).toEqual([]);
      const [post] = played.slack.posts.filter(({ text }) => text.includes('Resolved'));
      expect(post?.text).toContain('pools');
    });
  }

  it(`does so whoever dies and whatever is down (${FLEETS} seeds)`, async () => {
    for (let seed = 1; seed <= FLEETS; seed++) {
      await empty();
      const scenario = randomFleetNight(seed);
      const faults = brokenFleetPromises(await play(db, scenario));
      if (faults.length > 0) throw new Error(`${faults.join('\n')}\nin\n${asDrill(scenario)}`);
    }
  }, 600_000);
});
