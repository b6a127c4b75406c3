import { it } from 'vitest';
import { Bell } from '../../src/bell.ts';
import { VirtualTime } from '../../src/drill/virtual-time.ts';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Provisioning } from '../../src/evidence/probe.ts';
import { serve } from '../../src/serve.ts';
import { openSqlite } from '../../src/store/open.ts';
import { storeOver } from '../../src/store/store.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../../src/taskcluster/door.ts';
import { worldCall } from '../../src/world/call.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { World } from '../../src/world/world.ts';
import { configOf, entry, everyMinutes } from '../support/judging.ts';
import { DAY_ZERO, silent } from '../support/values.ts';
import { print } from './figures.ts';

const POOLS = 384;
const HOURS = 1;
const PROVIDERS = ['fxci-gcp', 'fxci-azure', 'fxci-aws'];

/** Some pools are busy and most are not: at FirefoxCI some 3,300 workers an hour come to be, most of them in a few dozen pools. */
function poolSpec(i: number): PoolSpec {
  const perHour = i % 16 === 0 ? 120 : i % 4 === 0 ? 8 : 0;
  return {
    pool: `fleet-${i % 8}/pool-${i}`,
    runs: 'generic-worker',
    provider: PROVIDERS[i % 3] ?? 'fxci-gcp',
    maxCapacity: 40,
    boot: { p50: (20 + i / 2) * SECOND, p95: (60 + 2 * i) * SECOND },
    idleTimeout: 2 * MINUTE,
    ...(perHour > 0 && { load: { perHour, duration: { p50: 5 * MINUTE, p95: 20 * MINUTE } } }),
  };
}

async function callsWith(mode: Provisioning['mode']): Promise<Map<string, number>> {
  const pools = Array.from({ length: POOLS }, (_, i) => poolSpec(i));
  const world = new World({ seed: 1, start: DAY_ZERO, pools });
  const time = new VirtualTime(DAY_ZERO);
  const clock = time.clock();
  const calls = new Map<string, number>();
  const call = worldCall(world, clock);
  const counted: typeof call = (service, method, ...rest) => {
    calls.set(method, (calls.get(method) ?? 0) + 1);
    return call(service, method, ...rest);
  };
  const thresholds = { warnAfter: 30 * MINUTE, pageAfter: 60 * MINUTE };
  const probes = pools.map(({ pool }) => entry(pool, { schedule: everyMinutes(15), thresholds, payload: 'auto' }));
  const config = configOf(probes, { provisioning: { mode, silence: 10 * MINUTE, pools: [] } });
  const store = storeOver(await openSqlite(':memory:'), 'memory');
  const stop = new AbortController();
  const ports = { clock, taskcluster: taskclusterDoor(counted, clock), store, channels: new Map(), log: silent };
  const serving = serve(
    ports,
    config,
    { draft: draftFor(config), addressees: () => [], groupWait: 0 },
    new Bell(stop.signal),
    stop.signal,
  );
  await time.runUntil(DAY_ZERO + HOURS * HOUR);
  stop.abort();
  await time.runUntil(DAY_ZERO + HOURS * HOUR + MINUTE);
  await serving;
  return calls;
}

it('calls', async () => {
  const [without, all] = [await callsWith('off'), await callsWith('alert')];
  const perCanary = (calls: Map<string, number>, method: string) =>
    ((calls.get(method) ?? 0) / (calls.get('createTask') ?? 1)).toFixed(3);
  const methods = [...new Set([...without.keys(), ...all.keys()])];
  const total = (calls: Map<string, number>) => [...calls.values()].reduce((sum, n) => sum + n, 0);
  for (const calls of [without, all]) calls.set('all', total(calls));
  print(
    `Calls to Taskcluster per canary, ${POOLS} pools of three providers, a canary each 15 minutes, ${HOURS} simulated hours`,
    [...methods, 'all'].map((method) => ({
      call: method,
      'canaries alone': perCanary(without, method),
      'with the provisioning watch': perCanary(all, method),
    })),
  );
});
