import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { it } from 'vitest';
import { SECOND } from '../../src/evidence/instant.ts';
import { servePagerDuty } from '../../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../../src/sandbox/receivers/pagerduty-model.ts';
import { serveSlack } from '../../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../../src/sandbox/receivers/slack-model.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import { openSqlite } from '../../src/store/open.ts';
import { World } from '../../src/world/world.ts';
import { print } from './figures.ts';

const POOLS = 400;
/** Pools that break by themselves, three seconds after one another. */
const BROKEN = 20;
const MEASURED = 150;

it('dwell', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-bench-'));
  const start = Date.now();
  const names = Array.from({ length: POOLS }, (_, i) => `fleet-${i % 8}/pool-${i}`);
  const world = new World({
    seed: 1,
    start,
    faults: names.slice(0, BROKEN).map((pool, i) => {
      const from = start + (30 + 3 * i) * SECOND;
      return { kind: 'pool-skipped' as const, pools: [pool], from, until: from + 60 * SECOND };
    }),
    pools: names.map((pool, i) => ({
      pool,
      runs: 'generic-worker',
      minCapacity: i < BROKEN ? 0 : 1,
      maxCapacity: 4,
      boot: { p50: SECOND, p95: 2 * SECOND },
      idleTimeout: SECOND,
    })),
  });
  const client = { clientId: 'bench', accessToken: 'bench-access-token', scopes: ['*'] };
  const server = await serveTaskcluster(world, {
    port: 0,
    clients: [client],
    anonymousScopes: [],
    advance: () => world.advanceTo(Date.now()),
  });
  const clock = { now: () => Date.now() };
  const slack = await serveSlack(new SlackModel({ clock, token: 'xoxb-bench', channels: { C0123456789: {} } }), { port: 0 });
  const pagerduty = await servePagerDuty(new PagerDutyModel({ routingKeys: ['k'.repeat(32)] }), { port: 0 });
  const [config, store] = [join(folder, 'bench.yml'), join(folder, 'canary.db')];
  const text = `deployment: bench
taskcluster: { rootUrl: "${server.url}" }
store: sqlite:${store}
slack: { token: "\${SLACK_BOT_TOKEN}", channel: C0123456789, apiUrl: "${slack.url}/api/" }
pagerduty: { routingKey: "\${PAGERDUTY_ROUTING_KEY}", eventsUrl: "${pagerduty.url}/v2/enqueue" }
task: { schedulerId: tc-canary, owner: a@example.com, source: https://example.com }
incidents: { groupWait: 2s }
defaults: { schedule: "*/30 * * * * *", warnAfter: 15s, pageAfter: 30s, payload: generic-worker }
probes:
${names.map((pool) => `  - pool: ${pool}`).join('\n')}
`;
  writeFileSync(config, text);
  const env = {
    ...process.env,
    TASKCLUSTER_CLIENT_ID: client.clientId,
    TASKCLUSTER_ACCESS_TOKEN: client.accessToken,
    SLACK_BOT_TOKEN: 'xoxb-bench',
    PAGERDUTY_ROUTING_KEY: 'k'.repeat(32),
    TC_CANARY_LISTEN: 'none',
    TC_CANARY_LOG_LEVEL: 'error',
  };
  const child = spawn(process.execPath, ['dist/cli.js', 'run', '--config', config], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await wait(MEASURED * SECOND);
  child.kill('SIGTERM');
  const db = await openSqlite(store);
  const rows = await db.selectFrom('dwells').selectAll().execute();
  await db.destroy();
  for (const each of [server, slack, pagerduty]) await each.close();
  const table = ['warn', 'page'].flatMap((level) =>
    ['slack', 'pagerduty'].flatMap((channel) => {
      const waits = rows.filter((row) => row.level === level && row.route.startsWith(channel)).map(({ due, told }) => told - due);
      const sorted = waits.toSorted((a, b) => a - b);
      const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
      return sorted.length === 0 ? [] : [{ level, channel, notices: sorted.length, 'p50, ms': at(0.5), 'p99, ms': at(0.99) }];
    }),
  );
  print(
    `From the end of groupWait to the channel's acceptance, ${POOLS} pools, a canary each 30 s, ${BROKEN} of them broken in turn`,
    table,
  );
});
