import { expect, test } from 'vitest';
import { pass } from '../src/pass.ts';
import type { Taskcluster } from '../src/ports.ts';
import { storeOver } from '../src/store/store.ts';
import { draftFor } from '../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../src/taskcluster/door.ts';
import { worldCall } from '../src/world/call.ts';
import { World } from '../src/world/world.ts';
import { configOf, entry, everyMinutes } from './support/judging.ts';
import { clockAt } from './support/scripted.ts';
import { emptyableStore } from './support/store.ts';
import { silent } from './support/values.ts';
import { HOUR, MINUTE, pool, SECOND, START } from './support/world.ts';

const { db, path, empty } = await emptyableStore();
const POOL = 'gecko-3/decision';

/** A canary waits past its threshold; while the machine sleeps right after a look at it, its pool is mended and the canary claimed. */
async function lookedThenSlept(sleeps: (clock: ReturnType<typeof clockAt>) => void) {
  await empty();
  const clock = clockAt(START);
  const world = new World({
    seed: 1,
    start: START - HOUR,
    pools: [pool(POOL)],
    faults: [{ kind: 'pool-skipped', from: START - MINUTE, until: START + 30 * MINUTE }],
  });
  const config = configOf([
    entry(POOL, {
      schedule: everyMinutes(5),
      thresholds: { warnAfter: 10 * MINUTE, pageAfter: 20 * MINUTE },
      payload: 'generic-worker',
    }),
  ]);
  const door = taskclusterDoor(worldCall(world, clock, { advance: () => world.advanceTo(clock.at) }), clock);
  let slept = false;
  const taskcluster: Taskcluster = {
    ...door,
    async statuses(taskIds) {
      const answer = await door.statuses(taskIds);
      const waits = answer.ok ? answer.value.map(({ runs: [run] }) => clock.at - (run?.scheduled ?? clock.at)) : [];
      if (!slept && waits.some((wait) => wait >= 10 * MINUTE)) {
        slept = true;
        sleeps(clock);
      }
      return answer;
    },
  };
  const store = storeOver(db, path);
  const ports = { clock, taskcluster, store, channels: new Map(), log: silent };
  const rules = { draft: draftFor(config), addressees: () => [], groupWait: 0 };
  for (let i = 0; i < 100; i++) {
    await pass(ports, config, rules);
    clock.at += 10 * SECOND;
  }
  return { slept, incidents: await store.incidents(START) };
}

test('what was seen before the machine slept opens nothing when it wakes', async () => {
  const { slept, incidents } = await lookedThenSlept((clock) => {
    clock.at += 2 * HOUR;
    clock.slept += 2 * HOUR;
  });
  expect(slept).toBe(true);
  expect(incidents).toEqual([]);
});

test('and opens an incident where the machine did not sleep', async () => {
  const { slept, incidents } = await lookedThenSlept(() => undefined);
  expect(slept).toBe(true);
  expect(incidents).toHaveLength(1);
});
