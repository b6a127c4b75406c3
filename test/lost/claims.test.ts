import { beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { entry, everyMinutes } from '../support/judging.ts';
import { fleetNight, night, POOL } from '../support/nights.ts';
import { play, type Scenario } from '../support/play.ts';
import { emptyableStore } from '../support/store.ts';
import { countsOf, knownOf, passOver } from './prober.ts';

const { db, empty } = await emptyableStore();
beforeEach(empty);
vi.setConfig({ testTimeout: 240_000 });

async function lostAtTheEndOf(scenario: Scenario) {
  const { world, config } = await play(db, scenario);
  const names = config.probes.map(({ name, pool }) => name ?? pool);
  const look = async () => ({
    probes: await knownOf(db, names),
    counts: await countsOf(db, scenario.start - HOUR, world.now + HOUR),
  });
  // What was claimed since the last look of the night is known to both.
  await passOver(db, world, config);
  const before = await look();
  await empty();
  await passOver(db, world, config);
  return { before, after: await look() };
}

const thresholds = { warnAfter: MINUTE, pageAfter: 90 * SECOND };

describe('claims that were lost with the store are those of the queue:', () => {
  it.each([
    ['a night that is over', night({ length: 15 * MINUTE })],
    ['a pool that is bad', night({ length: 4 * MINUTE })],
    ['one that recovers', night({ length: 6 * MINUTE + 25 * SECOND })],
    ['pools that went bad together', fleetNight({ length: 8 * MINUTE })],
    ['pools of which some have recovered', fleetNight({ length: 11 * MINUTE })],
    [
      'two probes on one pool',
      night({
        length: 7 * MINUTE,
        probes: [
          entry(POOL, { schedule: everyMinutes(1), thresholds }),
          entry(POOL, { name: 'twice', schedule: everyMinutes(2), thresholds }),
        ],
      }),
    ],
    [
      'one that only observes, and one that has earned its thresholds',
      night({
        length: 75 * MINUTE,
        probes: [{ ...entry(POOL, { schedule: everyMinutes(1) }), mode: 'observe' }, unpaged()],
      }),
    ],
  ])('%s', async (_what, scenario) => {
    const { before, after } = await lostAtTheEndOf(scenario);
    expect(after.probes).toEqual(before.probes);
    expect(after.counts).toEqual(before.counts);
    expect(before.probes.some(({ claims }) => (claims ?? 0) > 1)).toBe(true);
  });
});

function unpaged() {
  const { thresholds: _none, ...bare } = entry('gecko-t/t-linux-large', { schedule: everyMinutes(1) });
  return bare;
}
