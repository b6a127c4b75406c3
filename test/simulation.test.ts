import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDrill } from '../src/drill/load.ts';
import { printScenario } from '../src/drill/print.ts';
import type { Effect, Fault, PoolGroup, Prober, Scenario } from '../src/drill/scenario.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { fileWith } from './config-files.ts';
import { broken } from './simulation/invariants/all.ts';
import { alertsOf } from './simulation/invariants/pages.ts';
import { DEFAULTS, scheduleOf } from './simulation/probers.ts';
import { scenarios } from './simulation/scenarios.ts';
import { trial } from './simulation/seed.ts';
import { type Night, stage } from './simulation/stage.ts';
import { DAY_ZERO } from './support/values.ts';

const START = DAY_ZERO + 23 * HOUR;
const POOL = 'gecko-3/decision';
const POOLS: PoolGroup[] = [
  {
    names: [POOL, 'gecko-t/t-linux-large'],
    runs: 'generic-worker',
    maxCapacity: 10,
    boot: { p50: 5 * SECOND, p95: 8 * SECOND },
    idleTimeout: 5 * SECOND,
    claim: { min: 200, max: 3 * SECOND },
  },
];

/** Two pools, of which one gets no workers for a few minutes: the shortest night with a page and its end. */
function night(mode: 'service' | 'cron', faults: Fault[] = []): Scenario {
  const prober: Prober = {
    mode,
    unreachableAfter: 5 * MINUTE,
    incidents: { groupWait: 10 * SECOND, fleetAt: 3, reopenWithin: 0, remindEvery: 'never' },
    provisioning: { mode: 'off', silence: 10 * MINUTE, pools: [] },
    silences: [],
    defaults: { ...DEFAULTS, warnAfter: 45 * SECOND, pageAfter: MINUTE },
    probes: [{ pool: POOL, schedule: scheduleOf('* * * * *') }, { pool: 'gecko-t/t-linux-large' }],
  };
  return {
    title: 'One pool gets no workers',
    seed: 1,
    start: START,
    end: START + 8 * MINUTE,
    broke: START + 45 * SECOND,
    pools: POOLS,
    prober,
    faults: [{ kind: 'pool-skipped', pools: [POOL], from: START + 45 * SECOND, until: START + 3.5 * MINUTE }, ...faults],
    people: [],
    expect: { pages: 1 },
  };
}

const pagesOf = (played: Night) => alertsOf(played).map(({ id, resolved }) => ({ id, resolved: resolved !== undefined }));

describe('a night in which a pool gets no workers', () => {
  it.each(['service', 'cron'] as const)('pages once and resolves, and leaves the other pool alone (%s)', async (mode) => {
    const played = await stage(night(mode));
    expect(broken(played)).toEqual([]);
    expect(pagesOf(played)).toEqual([{ id: expect.stringContaining(`probe:${POOL}/`) as string, resolved: true }]);
    expect(played.slack.posts).toHaveLength(1);
  });
});

/** The courier looked for something to tell and found nothing: whoever dies there has left nothing behind. */
function isIdle(effects: readonly { at: number; effect: Effect }[], i: number): boolean {
  const { at, effect } = effects[i] ?? { at: 0 };
  const next = effects.slice(i + 1).find((later) => later.effect === 'tell');
  return effect === 'claim' && (next === undefined || next.at - at > SECOND);
}

/** From before anything is late until after it is over; before and after it the nights are as quiet as any. */
describe('a prober that is killed', () => {
  for (const mode of ['service', 'cron'] as const) {
    it(`at any one of its effects, before it was applied or after, in turn, keeps every promise (${mode})`, async () => {
      const effects = (await stage(night(mode))).machines[0]?.effects ?? [];
      const telling = effects.filter(({ at }, i) => at > START + MINUTE && at < START + 5.5 * MINUTE && !isIdle(effects, i));
      expect(telling.length).toBeGreaterThan(30);
      const lost: string[] = [];
      for (const [i, one] of telling.entries()) {
        const { at } = one;
        const nth = 1 + effects.slice(0, effects.indexOf(one)).filter((earlier) => earlier.at === at).length;
        const point = i % 2 === 0 ? 'before' : 'after';
        const kill: Fault = { kind: 'prober-killed', nth, point, from: at, until: at + 5 * SECOND };
        lost.push(...broken(await stage(night(mode, [kill]))).map((what) => `${point} ${one.effect} ${i + 1}: ${what}`));
      }
      expect(lost).toEqual([]);
    }, 600_000);
  }
});

describe('a night that fast-check makes', () => {
  it('is read again from the drill file that it prints, and plays the same', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { scenario: read } = await loadDrill(fileWith(printScenario(scenario)));
        expect(read).toEqual(scenario);
      }),
      { numRuns: 100 },
    );
    const [scenario] = fc.sample(scenarios, { seed: 7, numRuns: 1 });
    if (scenario === undefined) throw new Error('no night');
    const [once, again] = [await stage(scenario), await stage(scenario)];
    expect(again.notices).toEqual(once.notices);
    expect(again.machines.map(({ effects }) => effects)).toEqual(once.machines.map(({ effects }) => effects));
  });
});

const KEPT = new URL('./simulation/kept/', import.meta.url).pathname;

describe('a night that once broke a promise keeps it:', () => {
  it.each(readdirSync(KEPT))('%s', async (name) => {
    const { scenario } = await loadDrill(join(KEPT, name));
    expect(await trial(scenario)).toEqual([]);
  });
});
