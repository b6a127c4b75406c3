import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident } from '../../src/evidence/incident.ts';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { servePagerDuty } from '../../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../../src/sandbox/receivers/pagerduty-model.ts';
import { serveSlack } from '../../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../../src/sandbox/receivers/slack-model.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import { openSqlite } from '../../src/store/open.ts';
import { World } from '../../src/world/world.ts';
import { openGate } from '../bad-days/gate.ts';
import { randomOf } from '../simulation/random.ts';
import { FastTime } from './fast-time.ts';
import { storm } from './weather.ts';

const POOLS = ['a', 'b', 'c', 'd', 'e'].map((name) => `demo-1/${name}`);
const TOKEN = 'xoxb-of-no-value';
const KEY = 'k'.repeat(32);
const CHANNEL = 'C0123456789';
const CLIENT = { clientId: 'canary', accessToken: 'access-token-of-no-value', scopes: ['*'] };

/** How much faster than the machine's clock the story is lived. */
const RATE = 15;
/** The last pool is well again at 9 minutes; the storm goes on a little. */
const STORM = 10 * MINUTE;
/** What is not told so long after the storm will not be told. */
const PATIENCE = 15 * MINUTE;

export interface Told {
  slack: SlackModel;
  pagerduty: PagerDutyModel;
  incidents: Incident[];
  /** Rows of deliveries: incident, route, wanted, told. */
  deliveries: { incident: string; route: string; wanted: number; told: number }[];
  kills: number;
  failures: Set<string>;
}

/** Two pools that break one after the other, then all of them, through receivers that fail in every way, and a prober that keeps being killed. */
export async function stormyNight(seed: number): Promise<Told> {
  const time = new FastTime(RATE);
  const random = randomOf(seed);
  const start = time.now();
  const broken = (pools: string[], from: number, until: number) =>
    ({ kind: 'pool-skipped', pools, from: start + from, until: start + until }) as const;
  const world = new World({
    seed,
    start,
    provisionEvery: SECOND,
    faults: [
      broken(POOLS.slice(0, 1), 10 * SECOND, 2.5 * MINUTE),
      broken(POOLS.slice(1, 2), 2 * MINUTE, 5 * MINUTE),
      broken(POOLS, 6 * MINUTE, 9 * MINUTE),
    ],
    pools: POOLS.map((pool) => ({
      pool,
      runs: 'generic-worker',
      maxCapacity: 4,
      boot: { p50: 2 * SECOND, p95: 3 * SECOND },
      claim: { min: 100, max: 800 },
      idleTimeout: SECOND,
    })),
  });
  const clock = { now: () => time.now() };
  const slack = new SlackModel({ clock, token: TOKEN, channels: { [CHANNEL]: {} } });
  const pagerduty = new PagerDutyModel({ routingKeys: [KEY] });
  const raging = () => time.now() < start + STORM;
  const weathers = {
    slack: storm('slack', random, raging, (ms) => time.real(ms)),
    pagerduty: storm('pagerduty', random, raging, (ms) => time.real(ms)),
  };
  const taskcluster = await serveTaskcluster(world, {
    port: 0,
    clients: [CLIENT],
    anonymousScopes: [],
    advance: () => world.advanceTo(time.now()),
  });
  const servers = [await serveSlack(slack, { port: 0 }), await servePagerDuty(pagerduty, { port: 0 })] as const;
  const gates = [
    await openGate(servers[0].url, weathers.slack.meet),
    await openGate(servers[1].url, weathers.pagerduty.meet),
  ] as const;
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-storm-'));
  const [config, store] = [join(folder, 'probes.yml'), join(folder, 'canary.db')];
  writeFileSync(config, probeFile(taskcluster.url, gates[0].url, gates[1].url, store));
  const env = {
    PATH: process.env['PATH'],
    TASKCLUSTER_CLIENT_ID: CLIENT.clientId,
    TASKCLUSTER_ACCESS_TOKEN: CLIENT.accessToken,
    SLACK_BOT_TOKEN: TOKEN,
    PAGERDUTY_ROUTING_KEY: KEY,
    TC_CANARY_LISTEN: 'none',
  };
  const pause = (ms: number) => once(AbortSignal.timeout(Math.ceil(time.real(ms))), 'abort');
  const begin = (): ChildProcess =>
    spawn(process.execPath, ['--import', time.preload, 'dist/cli.js', 'run', '--config', config], { env, stdio: 'ignore' });
  let child = begin();
  let kills = 0;
  while (raging()) {
    await pause((20 + random() * 70) * SECOND);
    child.kill('SIGKILL');
    kills++;
    child = begin();
  }
  const given = time.now() + PATIENCE;
  while (time.now() < given && !(await settled(store, pagerduty))) await pause(5 * SECOND);
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
  for (const gate of gates) await gate.close();
  for (const server of [...servers, taskcluster]) await server.close();
  const told = await read(store);
  rmSync(folder, { recursive: true, force: true });
  const failures = new Set([...weathers.slack.seen, ...weathers.pagerduty.seen]);
  return { slack, pagerduty, ...told, kills, failures };
}

async function read(store: string): Promise<Pick<Told, 'incidents' | 'deliveries'>> {
  const db = await openSqlite(store);
  const rows = await db.selectFrom('incidents').select('doc').execute();
  const deliveries = await db.selectFrom('deliveries').select(['incident', 'route', 'wanted', 'told']).execute();
  await db.destroy();
  return { incidents: rows.map(({ doc }): Incident => JSON.parse(doc)), deliveries };
}

async function settled(store: string, pagerduty: PagerDutyModel): Promise<boolean> {
  if (pagerduty.open.length > 0) return false;
  const { incidents, deliveries } = await read(store);
  return incidents.every(({ ended }) => ended !== undefined) && deliveries.every(({ wanted, told }) => wanted === told);
}

function probeFile(taskcluster: string, slack: string, pagerduty: string, store: string): string {
  return `deployment: storm
taskcluster:
  rootUrl: ${taskcluster}
store: sqlite:${store}
slack:
  token: \${SLACK_BOT_TOKEN}
  channel: ${CHANNEL}
  apiUrl: ${slack}/api/
pagerduty:
  routingKey: \${PAGERDUTY_ROUTING_KEY}
  eventsUrl: ${pagerduty}/v2/enqueue
provisioning: { mode: "off" }
task:
  schedulerId: tc-canary
  owner: canary@example.com
  source: https://example.com/canary
incidents:
  groupWait: 10s
  reopenWithin: 0s
defaults:
  schedule: "*/20 * * * * *"
  payload: generic-worker
  warnAfter: 20s
  pageAfter: 40s
  resolveAfter: 1
probes:
${POOLS.map((pool) => `  - pool: ${pool}`).join('\n')}
`;
}
