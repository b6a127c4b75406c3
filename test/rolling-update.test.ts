import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { run } from '../src/commands/run.ts';
import { MINUTE, SECOND } from '../src/evidence/instant.ts';
import { servePagerDuty } from '../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../src/sandbox/receivers/pagerduty-model.ts';
import { serveSlack } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { commandSetting } from './support/command.ts';
import { livesIn, oneInFlight } from './support/lives.ts';
import { pool } from './support/world.ts';

// Requests are signed by the machine's clock, which hawk keeps hold of when it is loaded.
vi.hoisted(() => vi.useFakeTimers({ toFake: ['Date'] }));

const folder = mkdtempSync(join(tmpdir(), 'tc-canary-rolling-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DEPLOYMENT = 'rolling';
const [SLACK, CHANNEL, KEY] = ['xoxb-of-no-value', 'C0123456789', 'k'.repeat(32)];

function probeFile(name: string, url: string, slack: string, pagerduty: string, probes: string[]): string {
  const file = join(folder, `${name}.yml`);
  writeFileSync(
    file,
    `deployment: ${DEPLOYMENT}\ntaskcluster: {rootUrl: "${url}"}\nstore: sqlite:${join(folder, 'canary.db')}\n` +
      `slack: {token: "\${SLACK_BOT_TOKEN}", channel: ${CHANNEL}, apiUrl: ${slack}/api/}\n` +
      `pagerduty: {routingKey: "\${PAGERDUTY_ROUTING_KEY}", eventsUrl: ${pagerduty}/v2/enqueue}\n` +
      'task: {schedulerId: s, owner: a@example.com, source: https://example.com/}\nprovisioning: {mode: "off"}\n' +
      `defaults: {warnAfter: 5m, pageAfter: 10m, schedule: "*/5 * * * *", payload: generic-worker}\nprobes:\n${probes.join('\n')}\n`,
  );
  return file;
}

test('a rolling update with a changed probe file, in the middle of an outage, doubles nothing', async () => {
  const pools = ['stuck', 'urgent', 'leaves', 'comes'].map((name) => pool(`a/${name}`, { idleTimeout: MINUTE }));
  const setting = await commandSetting({
    spec: { pools },
    env: { SLACK_BOT_TOKEN: SLACK, PAGERDUTY_ROUTING_KEY: KEY, TC_CANARY_LOG_LEVEL: 'error' },
  });
  const { world, url, io } = setting;
  const start = world.now;
  world.addFault({ kind: 'pool-skipped', pools: ['a/stuck'], from: start + 8 * MINUTE, until: start + 50 * MINUTE });
  const slack = new SlackModel({ clock: { now: () => world.now }, token: SLACK, channels: { [CHANNEL]: {} } });
  const pagerduty = new PagerDutyModel({ routingKeys: [KEY] });
  const servers = [await serveSlack(slack, { port: 0 }), await servePagerDuty(pagerduty, { port: 0 })] as const;
  const file = (name: string, probes: string[]) => probeFile(name, url, servers[0].url, servers[1].url, probes);
  const old = file('old', ['  - pool: a/stuck', '  - pool: a/urgent', '  - pool: a/leaves']);
  const renewed = file('new', [
    '  - {pool: a/stuck, warnAfter: 12m, pageAfter: 25m}',
    '  - {pool: a/urgent, priority: high}',
    '  - pool: a/comes',
  ]);
  const [from, until] = [start + 20 * MINUTE, start + 40 * MINUTE];
  for (let n = 0; world.now < start + 80 * MINUTE; n++) {
    vi.setSystemTime(world.now);
    const mixed = n % 2 === 0 ? old : renewed;
    expect(await run({ config: world.now < from ? old : world.now < until ? mixed : renewed, once: true }, io)).toBe(0);
    world.advanceTo(Math.max(world.now, start + (n + 1) * 30 * SECOND));
  }
  const lives = livesIn(world);
  expect(oneInFlight(lives, DEPLOYMENT)).toEqual([]);
  expect(pagerduty.alerts.map(({ status, triggers }) => [status, triggers > 0])).toEqual([['resolved', true]]);
  expect(slack.posts.map(({ text }) => text.includes('Resolved'))).toEqual([true]);
  const made = (name: string) => (lives.get(`a/${name}`) ?? []).map(({ created }) => created);
  expect(Math.max(...made('leaves'))).toBeLessThan(until);
  expect(Math.min(...made('comes'))).toBeGreaterThanOrEqual(from);
  expect(made('urgent').length).toBeGreaterThan(14);
  for (const server of servers) await server.close();
  await setting.close();
}, 60_000);
