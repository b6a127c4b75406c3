import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { it } from 'vitest';
import { SECOND } from '../../src/evidence/instant.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import { World } from '../../src/world/world.ts';
import { print, usageOf } from './figures.ts';

const WARM_UP = 70;
const MEASURED = 120;

it('load', async () => {
  const rows = [];
  for (const pools of [400, 1000]) rows.push(await loadOf(pools));
  print(`The service at a canary a minute for each pool, over HTTP, ${MEASURED} s after ${WARM_UP} s`, rows);
});

async function loadOf(pools: number): Promise<Record<string, string | number>> {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-bench-'));
  const names = Array.from({ length: pools }, (_, i) => `fleet-${i % 8}/pool-${i}`);
  const world = new World({
    seed: 1,
    start: Date.now(),
    pools: names.map((pool) => ({
      pool,
      runs: 'generic-worker',
      minCapacity: 1,
      maxCapacity: 4,
      boot: { p50: SECOND, p95: 2 * SECOND },
    })),
  });
  const client = { clientId: 'bench', accessToken: 'bench-access-token', scopes: ['*'] };
  let requests = 0;
  const server = await serveTaskcluster(world, {
    port: 0,
    clients: [client],
    anonymousScopes: [],
    advance: () => {
      requests++;
      world.advanceTo(Date.now());
    },
  });
  const config = join(folder, 'bench.yml');
  const probes = names.map((pool) => `  - pool: ${pool}`).join('\n');
  writeFileSync(
    config,
    `deployment: bench\ntaskcluster:\n  rootUrl: ${server.url}\nstore: sqlite:${join(folder, 'canary.db')}\ntask:\n  schedulerId: tc-canary\n  owner: a@example.com\n  source: https://example.com\ndefaults:\n  schedule: "* * * * *"\n  warnAfter: 5m\n  pageAfter: 15m\nprobes:\n${probes}\n`,
  );
  const env = {
    ...process.env,
    TASKCLUSTER_CLIENT_ID: client.clientId,
    TASKCLUSTER_ACCESS_TOKEN: client.accessToken,
    TC_CANARY_LOG_LEVEL: 'warn',
  };
  const child = spawn(process.execPath, ['dist/cli.js', 'run', '--config', config], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the service did not start');
  await wait(WARM_UP * SECOND);
  const [before, asked, made] = [usageOf(pid), requests, world.truth.tasks.size];
  await wait(MEASURED * SECOND);
  const [after, canaries] = [usageOf(pid), world.truth.tasks.size - made];
  child.kill('SIGTERM');
  await server.close();
  return {
    pools,
    'canaries a minute': Math.round((canaries * 60) / MEASURED),
    'calls per canary': ((requests - asked) / canaries).toFixed(2),
    'of one core': `${(((after.cpu - before.cpu) / MEASURED) * 100).toFixed(1)} %`,
    'ms of CPU per canary': (((after.cpu - before.cpu) * 1000) / canaries).toFixed(2),
    'resident, MB': Math.round(after.rss),
    'peak, MB': Math.round(after.peak),
  };
}
