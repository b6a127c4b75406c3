import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { offsetOf, slots } from '../../src/judge/schedule.ts';
import { servePagerDuty } from '../../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../../src/sandbox/receivers/pagerduty-model.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { World } from '../../src/world/world.ts';
import { Machine } from '../bad-days/machine.ts';
import { print } from './figures.ts';

/** Late in a day, so that nearly all of two days has to be read. */
const NOW = Date.UTC(2026, 9, 8, 23, 40);
/** How long the deployment has been watched. */
const HOURS = 47;
/** How long ago every other pool ceased to get workers, where some do. */
const BROKEN = 2 * HOUR;
const ROUTING_KEY = '0'.repeat(32);

/** Has a process say at its end what it took. */
const REPORTER = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS / 1024, wall: performance.now() / 1000 }));
});`;

it('rebuild', async () => {
  const rows = [];
  for (const pools of [30, 100, 384]) {
    const { kept, empty } = await rowsOf({ pools });
    rows.push(kept, empty);
  }
  for (const deployment of [
    { pools: 384, broken: true },
    { pools: 384, delay: SECOND / 4 },
  ])
    rows.push((await rowsOf(deployment)).empty);
  print(
    'A pass of `run --once` over HTTP on a store that was kept, and on one that is empty, a canary each so many minutes',
    rows,
  );
}, 1_800_000);

type Row = Record<string, string | number>;

interface Deployment {
  pools: number;
  /** Minutes from one canary to the next. Default: 15. */
  every?: number;
  /** Every other pool has had no workers for a while. */
  broken?: boolean;
  /** How long the queue takes over a page of a task group, in milliseconds. */
  delay?: number;
}

/** Passes over a store that was kept and over one that was lost. */
async function rowsOf({ pools, every = 15, broken = false, delay = 0 }: Deployment): Promise<Record<'empty' | 'kept', Row>> {
  const names = Array.from({ length: pools }, (_, i) => `fleet-${i % 8}/pool-${i}`);
  const struck = names.filter((_, i) => i % 2 === 1);
  const world = new World({
    seed: 1,
    start: NOW - (HOURS + 1) * HOUR,
    pools: names.map((pool) => ({
      pool,
      runs: 'generic-worker',
      maxCapacity: 4,
      boot: { p50: 20 * SECOND, p95: MINUTE },
      idleTimeout: 5 * MINUTE,
    })),
    faults: [
      ...(broken ? [{ kind: 'pool-skipped' as const, pools: struck, from: NOW - BROKEN, until: Number.POSITIVE_INFINITY }] : []),
      ...(delay > 0
        ? [{ kind: 'api-slow' as const, methods: ['listTaskGroup'], delay, from: 0, until: Number.POSITIVE_INFINITY }]
        : []),
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-bench-'));
  const machine = new Machine();
  const pagerduty = new PagerDutyModel({ routingKeys: [ROUTING_KEY], onEvent: () => paged.push(performance.now()) });
  const paged: number[] = [];
  let calls = 0;
  const client = { clientId: 'bench', accessToken: 'bench-access-token', scopes: ['*'] };
  const taskcluster = await serveTaskcluster(world, {
    port: 0,
    clients: [client],
    anonymousScopes: [],
    advance: () => {
      calls++;
      world.advanceTo(machine.now());
    },
  });
  const events = await servePagerDuty(pagerduty, { port: 0 });
  const file = join(folder, 'bench.yml');
  writeFileSync(file, probeFile(taskcluster.url, events.url, names, every));
  const store = join(folder, 'canary.db');
  const env = {
    TASKCLUSTER_CLIENT_ID: client.clientId,
    TASKCLUSTER_ACCESS_TOKEN: client.accessToken,
    PAGERDUTY_ROUTING_KEY: ROUTING_KEY,
    TC_CANARY_STORE: `sqlite:${store}`,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(REPORTER)}`,
  };
  await live(world, file, env, NOW - HOURS * HOUR);
  const detail = [
    `${pools} pools`,
    `${every} min`,
    ...(broken ? ['half of them broken'] : []),
    ...(delay > 0 ? [`${delay / SECOND} s a page`] : []),
  ].join(', ');
  async function row(what: string, lost = false): Promise<Row> {
    if (lost) for (const suffix of ['', '-wal', '-shm']) rmSync(store + suffix, { force: true });
    [calls, paged.length] = [0, 0];
    const began = performance.now();
    const { code, stdout, stderr } = await machine.start(['run', '--once', '--config', file], env).ended;
    const { wall, cpu, peak } = JSON.parse(stdout);
    const [first] = paged;
    const told = first === undefined ? '' : ((first - began) / SECOND).toFixed(1);
    if (code !== 0) process.stderr.write(`${what} ended with ${code}: ${stderr.split('\n').slice(-5).join('\n')}\n`);
    return {
      deployment: detail,
      store: what,
      calls,
      'wall, s': wall.toFixed(1),
      'processor, s': cpu.toFixed(1),
      'first page after, s': told,
      'peak, MB': Math.round(peak),
      exit: code ?? 'killed',
    };
  }
  try {
    machine.set(NOW);
    return { empty: await row('empty', true), kept: await row('kept') };
  } finally {
    machine.stop();
    await Promise.all([taskcluster.close(), events.close()]);
    rmSync(folder, { recursive: true });
  }
}

/** Canaries, as the prober would have submitted them: one in flight. */
async function live(world: World, file: string, env: Record<string, string>, from: number): Promise<void> {
  const config = await loadConfig(file, env);
  const draft = draftFor(config);
  const due = config.probes
    .flatMap(({ name, ...entry }) => {
      const probe = { ...entry, name: name ?? entry.pool };
      const all = slots(probe.schedule, offsetOf(probe.schedule, probe.name), from, NOW);
      return all.map((slot) => ({ probe, slot }));
    })
    .sort((a, b) => a.slot - b.slot);
  const last = new Map<string, string>();
  for (const { probe, slot } of due) {
    world.advanceTo(slot + SECOND);
    const before = world.queue.tasks.get(last.get(probe.name) ?? '');
    if (before?.runs.some(({ started }) => started === undefined)) continue;
    const { taskId, definition } = draft(probe, slot, 'generic-worker');
    const { status, body } = world.call('queue', 'createTask', [taskId], { payload: JSON.parse(definition) });
    if (status !== 200) throw new Error(`createTask answered ${status}: ${JSON.stringify(body)}`);
    last.set(probe.name, taskId);
  }
}

function probeFile(rootUrl: string, eventsUrl: string, pools: readonly string[], every: number): string {
  return `deployment: bench
taskcluster:
  rootUrl: ${rootUrl}
pagerduty:
  routingKey: \${PAGERDUTY_ROUTING_KEY}
  eventsUrl: ${eventsUrl}/v2/enqueue
task:
  schedulerId: tc-canary
  owner: canary@example.com
  source: https://example.com/canary
defaults:
  schedule: '*/${every} * * * *'
  warnAfter: 5m
  pageAfter: 15m
  payload: generic-worker
probes:
${pools.map((pool) => `  - pool: ${pool}`).join('\n')}
`;
}
