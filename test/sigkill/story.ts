import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECOND } from '../../src/evidence/instant.ts';
import { servePagerDuty } from '../../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../../src/sandbox/receivers/pagerduty-model.ts';
import { serveSlack } from '../../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../../src/sandbox/receivers/slack-model.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import { openSqlite } from '../../src/store/open.ts';
import type { Fault } from '../../src/world/fault.ts';
import { World } from '../../src/world/world.ts';
import { type Fate, proxyTo } from './proxy.ts';

export const POOL = 'demo-1/pool';
const TOKEN = 'xoxb-of-no-value';
const KEY = 'k'.repeat(32);
const CLIENT = { clientId: 'canary', accessToken: 'access-token-of-no-value', scopes: ['*'] };

/** A story takes some eight seconds; one that takes this long will not end well, and is told as it stands. */
const PATIENCE = 40 * SECOND;

export interface Kill {
  /** The nth request of the story, over all three receivers. */
  n: number;
  point: 'before' | 'after';
}

export interface Told {
  /** What every request was, in the order in which they came. */
  requests: string[];
  killedAt?: string;
  world: World;
  slack: SlackModel;
  pagerduty: PagerDutyModel;
  /** Exit codes of the processes that were told to stop. */
  stopped: (number | null)[];
  untold: { route: string; wanted: number; told: number }[];
}

/** One short outage from its first canary to its resolve, lived by real processes, of which the first may be killed. */
export async function story(kill: Kill | undefined, processes = 1): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-kill-'));
  const start = Date.now();
  const outage: Fault = { kind: 'pool-skipped', from: start, until: start + 600 * SECOND };
  const briefly = { p50: 200, p95: 300 };
  const world = new World({
    seed: 1,
    start,
    provisionEvery: 200,
    faults: [outage],
    pools: [
      { pool: POOL, runs: 'generic-worker', maxCapacity: 4, boot: briefly, claim: { min: 50, max: 200 }, idleTimeout: SECOND },
    ],
  });
  let tellOver: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    tellOver = resolve;
  });
  const ended = () => {
    const shown = slack.posts.length > 0 && slack.posts.every((post) => post.text.includes('Resolved'));
    if (shown && pagerduty.alerts.length > 0 && pagerduty.open.length === 0) tellOver();
  };
  const slack = new SlackModel({
    clock: { now: () => Date.now() },
    token: TOKEN,
    channels: { C0123456789: {} },
    onEvent: () => ended(),
  });
  const pagerduty = new PagerDutyModel({
    routingKeys: [KEY],
    onEvent: ({ what }) => {
      if (what === 'opened') outage.until = Date.now();
      ended();
    },
  });

  const requests: string[] = [];
  let killedAt: string | undefined;
  const fate: Fate = (path) => {
    requests.push(path);
    if (requests.length !== kill?.n) return 'pass';
    killedAt = path;
    return kill.point === 'before' ? 'kill' : 'kill-after';
  };
  const children: ChildProcess[] = [];
  const strike = () => children[0]?.kill('SIGKILL');
  const servers = [
    await serveTaskcluster(world, {
      port: 0,
      clients: [CLIENT],
      anonymousScopes: [],
      advance: () => world.advanceTo(Date.now()),
    }),
    await serveSlack(slack, { port: 0 }),
    await servePagerDuty(pagerduty, { port: 0 }),
  ];
  const proxies = await Promise.all(servers.map(({ url }) => proxyTo(url, fate, strike)));
  const [taskcluster = '', slackUrl = '', pagerdutyUrl = ''] = proxies.map(({ url }) => url);
  const config = join(folder, 'probes.yml');
  const store = join(folder, 'canary.db');
  writeFileSync(config, probeFile(taskcluster, slackUrl, pagerdutyUrl, store));
  const env = {
    PATH: process.env['PATH'],
    TASKCLUSTER_CLIENT_ID: CLIENT.clientId,
    TASKCLUSTER_ACCESS_TOKEN: CLIENT.accessToken,
    SLACK_BOT_TOKEN: TOKEN,
    PAGERDUTY_ROUTING_KEY: KEY,
    TC_CANARY_LISTEN: 'none',
  };
  const begin = (...how: string[]) =>
    spawn(process.execPath, ['dist/cli.js', 'run', ...how, '--config', config], { env, stdio: 'ignore' });

  /** A process, and after a kill the one in its place: the story may be over by then, and what is left is told by one that ends by itself. */
  async function live(index: number): Promise<void> {
    const child = ending ? begin('--once') : begin();
    children[index] = child;
    const [code, signal] = await once(child, 'exit');
    if (signal !== 'SIGKILL') return void stopped.push(code);
    await forgetClaims(store);
    await live(index);
  }
  let ending = false;
  const stopped: (number | null)[] = [];
  const lives = Array.from({ length: processes }, (_, index) => live(index));
  await Promise.race([over, once(AbortSignal.timeout(PATIENCE), 'abort')]);
  ending = true;
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(lives);
  for (const proxy of proxies) proxy.close();
  await Promise.all(servers.map((server) => server.close()));
  const untold = await untoldIn(store);
  await rm(folder, { recursive: true, force: true });
  return { requests, ...(killedAt !== undefined && { killedAt }), world, slack, pagerduty, stopped, untold };
}

function probeFile(taskcluster: string, slack: string, pagerduty: string, store: string): string {
  return `deployment: sigkill
taskcluster:
  rootUrl: ${taskcluster}
store: sqlite:${store}
slack:
  token: \${SLACK_BOT_TOKEN}
  channel: C0123456789
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
  groupWait: 1s
probes:
  - pool: ${POOL}
    schedule: "*/5 * * * * *"
    payload: generic-worker
    warnAfter: 1500ms
    pageAfter: 2500ms
    resolveAfter: 1
`;
}

/** A dead courier's claim on a delivery runs out after a minute; this is that minute. */
async function forgetClaims(store: string): Promise<void> {
  const db = await openSqlite(store);
  await db.updateTable('deliveries').set({ claimed_until: 0 }).execute();
  await db.destroy();
}

async function untoldIn(store: string): Promise<Told['untold']> {
  const db = await openSqlite(store);
  const rows = await db.selectFrom('deliveries').select(['route', 'wanted', 'told']).whereRef('wanted', '!=', 'told').execute();
  await db.destroy();
  return rows;
}
