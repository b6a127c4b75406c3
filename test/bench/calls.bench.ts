import { it } from 'vitest';
import { Bell } from '../../src/bell.ts';
import { VirtualTime } from '../../src/drill/virtual-time.ts';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { serve } from '../../src/serve.ts';
import { openSqlite } from '../../src/store/open.ts';
import { storeOver } from '../../src/store/store.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../../src/taskcluster/door.ts';
import { worldCall } from '../../src/world/call.ts';
import { World } from '../../src/world/world.ts';
import { configOf, entry, everyMinutes } from '../support/judging.ts';
import { DAY_ZERO, silent } from '../support/values.ts';
import { print } from './figures.ts';

const POOLS = 400;

it('calls', async () => {
  const names = Array.from({ length: POOLS }, (_, i) => `fleet-${i % 8}/pool-${i}`);
  const world = new World({
    seed: 1,
    start: DAY_ZERO,
    pools: names.map((pool, i) => ({
      pool,
      runs: 'generic-worker',
      maxCapacity: 20,
      boot: { p50: (20 + i) * SECOND, p95: (60 + 2 * i) * SECOND },
    })),
  });
  const time = new VirtualTime(DAY_ZERO);
  const clock = time.clock();
  const calls = new Map<string, number>();
  const call = worldCall(world, clock);
  const counted: typeof call = (service, method, ...rest) => {
    calls.set(method, (calls.get(method) ?? 0) + 1);
    return call(service, method, ...rest);
  };
  const thresholds = { warnAfter: 30 * MINUTE, pageAfter: 60 * MINUTE };
  const config = configOf(names.map((pool) => entry(pool, { schedule: everyMinutes(15), thresholds, payload: 'auto' })));
  const store = storeOver(await openSqlite(':memory:'), 'memory');
  const stop = new AbortController();
  const ports = { clock, taskcluster: taskclusterDoor(counted, clock), store, channels: new Map(), log: silent };
  const serving = serve(ports, config, { draft: draftFor(config), addressees: () => [], groupWait: 0 }, new Bell(), stop.signal);
  await time.runUntil(DAY_ZERO + 4 * HOUR);
  stop.abort();
  await time.runUntil(DAY_ZERO + 4 * HOUR + MINUTE);
  await serving;
  const canaries = calls.get('createTask') ?? 0;
  const total = [...calls.values()].reduce((sum, n) => sum + n, 0);
  const rows = [...calls].map(([method, n]) => ({ call: method, calls: n, 'per canary': (n / canaries).toFixed(3) }));
  print(`Calls to Taskcluster, ${POOLS} pools, a canary each 15 minutes, 4 simulated hours`, [
    ...rows,
    { call: 'all', calls: total, 'per canary': (total / canaries).toFixed(3) },
  ]);
});
