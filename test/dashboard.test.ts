import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { dashboard as dashboardCommand } from '../src/commands/dashboard.ts';
import { run } from '../src/commands/run.ts';
import { checkCron } from '../src/config/cron.ts';
import { Dashboard } from '../src/dashboard.ts';
import { postDigest } from '../src/digest.ts';
import { DAY, HOUR, instantOf, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { DashboardConfig } from '../src/evidence/probe.ts';
import { Secret } from '../src/evidence/secret.ts';
import { Health } from '../src/health/health.ts';
import { openBoard } from '../src/notify/slack/dashboard/open.ts';
import { serveSlack } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { storeOver } from '../src/store/store.ts';
import { keptLog } from './notify-incidents.ts';
import { clockOf } from './support/clock.ts';
import { commandSetting } from './support/command.ts';
import { Bench, configOf, entry } from './support/judging.ts';
import { emptyableStore } from './support/store.ts';
import { DAY_ZERO, incidentChange, poolIncident } from './support/values.ts';

const TOKEN = 'xoxb-very-secret';
const CHANNEL = 'C0123456789';
const POOL = 'gecko-3/decision';
const NIGHT = DAY_ZERO + 23 * HOUR + 15 * MINUTE;
const EVERY = 5 * MINUTE;

const { db, path, empty } = await emptyableStore();
const folder = mkdtempSync(join(tmpdir(), 'tc-canary-dashboard-'));
let now = NIGHT;
let model = modelNow();
const served = await serveSlack(new Proxy({} as SlackModel, { get: (_, key) => bound(key) }), { port: 0 });
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await empty();
  now = NIGHT;
  model = modelNow();
});

function modelNow(): SlackModel {
  return new SlackModel({ clock: { now: () => now }, token: TOKEN, channels: { [CHANNEL]: {} } });
}

/** One server for all tests, and a new model behind it for each. */
function bound(key: string | symbol): unknown {
  const value: unknown = Reflect.get(model, key, model);
  return typeof value === 'function' ? value.bind(model) : value;
}

const digest = (): DashboardConfig['digest'] => {
  const line = checkCron('0 9 * * 1');
  return line.ok ? { ...line.value, timezone: 'Europe/Berlin' } : undefined;
};
const section: DashboardConfig = { channel: CHANNEL, every: EVERY };
const config = configOf([entry(POOL)], {
  deployment: 'firefox-ci',
  slack: { token: new Secret(TOKEN), channel: CHANNEL, apiUrl: `${served.url}/api/` },
  dashboard: section,
});

/** A process of its own on the one store. */
async function aProcess() {
  const clock = clockOf(
    () => now,
    async (at) => {
      now = Math.max(now, at);
    },
  );
  const log = keptLog();
  const board = await openBoard(config, log, clock, new AbortController().signal);
  if (board === undefined) throw new Error('no board');
  const store = storeOver(db, path);
  const ports = { clock, store, log };
  return { log, store, board, ports, dashboard: new Dashboard(ports, config, board, section) };
}

const text = () => model.posts[0]?.text.split('\n')[0];

async function commit(bench: Bench): Promise<void> {
  const store = storeOver(db, path);
  await store.commit((await store.load()).revision, bench.changes.splice(0));
}

/** One pool that claims in time, and passes that are complete. */
async function aGoodNight(): Promise<Bench> {
  const bench = new Bench(configOf([entry(POOL)]), NIGHT - HOUR);
  const { slot } = bench.open(POOL);
  bench.claimed(POOL, 20 * SECOND, slot + 25 * SECOND);
  bench.judge([{ kind: 'pass', complete: true, at: NIGHT - 10 * SECOND }], NIGHT - 10 * SECOND);
  await commit(bench);
  return bench;
}

describe('the dashboard of a service', () => {
  test('is shown at once, and then on the minute that it names', async () => {
    await aGoodNight();
    const { dashboard } = await aProcess();
    expect(await dashboard.look()).toMatchObject({ told: { as: 'accepted' } });
    expect(text()).toMatch(/^🟢 firefox-ci: the pool claims in time$|^⚪/);
    now += 4 * MINUTE + 59 * SECOND;
    expect(await dashboard.look()).not.toHaveProperty('told');
    now += SECOND;
    expect(await dashboard.look()).toMatchObject({ told: { as: 'accepted' } });
    expect(model.posts).toHaveLength(1);
  });

  test('has what is left of an error budget over all the days of its objective, and not of the last alone', async () => {
    const bench = await aGoodNight();
    for (let i = 0; i < 20; i++) {
      const at = NIGHT - 5 * DAY - i * HOUR;
      const missed = i < 2;
      const ms = missed ? HOUR : MINUTE;
      bench.changes.push({ kind: 'observation', probe: POOL, at, start: 'cold', ms, censored: false, breach: missed });
    }
    await commit(bench);
    const objective = { target: 0.95, under: 20 * MINUTE, over: 14 * DAY };
    const { ports, board } = await aProcess();
    const agreed = { ...config, probes: [entry(POOL, { objective })] };
    await new Dashboard(ports, agreed, board, section).look();
    expect(model.posts[0]?.text).toMatch(/^⚪|^🟢/);
    expect(JSON.stringify(model.posts[0]?.blocks)).toMatch(/"overspent".*Objectives: 0 of 1 kept/);
  });

  test('is shown sooner where something is newly wrong', async () => {
    const bench = await aGoodNight();
    const { dashboard } = await aProcess();
    await dashboard.look();
    now += MINUTE;
    bench.judge([{ kind: 'pass', complete: true, at: now }], now);
    bench.changes.push(incidentChange(poolIncident({ since: NIGHT })));
    await commit(bench);
    expect(await dashboard.look()).toMatchObject({ next: now + SECOND });
    // Alerts come first; this one nobody tells.
    now += MINUTE;
    expect(await dashboard.look()).toMatchObject({ told: { as: 'accepted' } });
    expect(model.posts[0]?.text).toMatch(/^🔴/);
  });

  test('is the same message after a restart, and after the store is lost', async () => {
    await aGoodNight();
    await (await aProcess()).dashboard.look();
    now += EVERY;
    await (await aProcess()).dashboard.look();
    await empty();
    now += EVERY;
    await (await aProcess()).dashboard.look();
    expect(model.posts.map(({ edits }) => edits)).toEqual([3]);
  });

  test('is shown by one of several processes at a time', async () => {
    await aGoodNight();
    const all = await Promise.all([aProcess(), aProcess(), aProcess()]);
    const looked = await Promise.all(all.map(({ dashboard }) => dashboard.look()));
    expect(looked.filter(({ told }) => told !== undefined)).toHaveLength(1);
    expect(model.posts).toHaveLength(1);
    now += EVERY;
    const again = await Promise.all(all.map(({ dashboard }) => dashboard.look()));
    expect(again.filter(({ told }) => told !== undefined)).toHaveLength(1);
    expect(model.posts).toHaveLength(1);
  });

  test('is taken over from a process that died with it, five minutes later', async () => {
    await aGoodNight();
    const { dashboard, store } = await aProcess();
    await dashboard.look();
    const note = (await store.recall(`dashboard:${CHANNEL}`)) ?? '';
    now += EVERY;
    const claim = { by: 'another', until: now + 5 * MINUTE };
    await store.note(`dashboard:${CHANNEL}`, note, JSON.stringify({ ...JSON.parse(note), claim }));
    expect(await dashboard.look()).not.toHaveProperty('told');
    now += 5 * MINUTE;
    expect(await dashboard.look()).toMatchObject({ told: { as: 'accepted' } });
  });

  test('says so where the store fails, instead of showing old figures for new, and takes it back', async () => {
    await aGoodNight();
    const { dashboard, log } = await aProcess();
    await dashboard.look();
    await sql`alter table counts rename to away`.execute(db);
    now += EVERY;
    expect(await dashboard.look()).toMatchObject({ told: { as: 'accepted' }, failing: { since: now } });
    expect(text()).toBe("⚠️ firefox-ci: cannot tell how the pools do: the prober's store fails since 23:20 UTC");
    now += SECOND;
    expect(await dashboard.look()).not.toHaveProperty('told');
    expect(log.lines.filter((line) => line.includes('could not be shown'))).toHaveLength(1);
    await sql`alter table away rename to counts`.execute(db);
    // The claim of the failed try runs out by itself.
    now += 5 * MINUTE;
    await dashboard.look();
    expect(text()).not.toContain('store fails');
  });

  test('that is refused is tried again later, told of once, and ails the health only after half an hour', async () => {
    await aGoodNight();
    const { dashboard, log } = await aProcess();
    const health = new Health(clockOf(() => now));
    const check = () => health.health().checks.find(({ name }) => name === 'dashboard');
    const refused = { answer: { status: 200, body: '{"ok":false,"error":"not_in_channel"}' }, applied: false };
    for (let at = 0; at <= 30 * MINUTE; at += EVERY) {
      model.faults.put(
        { ...refused, only: 'pins.list' },
        { ...refused, only: 'conversations.history' },
        { ...refused, only: 'chat.postMessage' },
      );
      now = NIGHT + at;
      const looked = await dashboard.look();
      expect(looked).toMatchObject({ told: { as: 'refused' }, next: now + 5 * MINUTE });
      health.dashboard(looked.failing);
      expect(check()?.ok).toBe(at < 30 * MINUTE);
      now += SECOND;
      health.dashboard((await dashboard.look()).failing);
      expect(check()?.ok).toBe(at < 30 * MINUTE);
    }
    expect(log.lines.filter((line) => line.includes('could not be shown'))).toHaveLength(1);
    now = NIGHT + 35 * MINUTE;
    health.dashboard((await dashboard.look()).failing);
    expect(check()).toEqual({ name: 'dashboard', ok: true, detail: 'it is shown' });
  });
});

test('a fault of its own costs the dashboard alone, and is told', async () => {
  await aGoodNight();
  const { ports, log } = await aProcess();
  const broken = { show: () => Promise.reject(new TypeError('x is undefined')), post: () => Promise.reject(new TypeError('x')) };
  const dashboard = new Dashboard(ports, config, broken, section);
  expect(await dashboard.look()).toEqual({ next: now + 5 * MINUTE, failing: { since: now, why: 'x is undefined' } });
  expect(log.lines.join('\n')).toContain('the dashboard could not be made');
});

describe('the digest', () => {
  const monday = instantOf('2021-10-11T07:00:00Z');
  const weekly = { ...section, digest: digest() } as DashboardConfig;
  const titles = () => model.posts.map((post) => post.text);
  const post = ({ ports, board }: Awaited<ReturnType<typeof aProcess>>) => postDigest(ports, config, board, weekly);

  test('is posted once a week on the clock of its time zone, however many processes there are', async () => {
    await aGoodNight();
    const all = await Promise.all([aProcess(), aProcess()]);
    await Promise.all(all.map(post));
    now = monday - SECOND;
    await Promise.all(all.map(post));
    expect(titles()).toEqual([]);
    now = monday;
    await Promise.all(all.map(post));
    now += MINUTE;
    await Promise.all(all.map(post));
    expect(titles()).toEqual([expect.stringMatching(/^📅 firefox-ci: 2021-10-04 to 2021-10-11, nobody was woken$/)]);
    now = monday + 7 * DAY;
    await post(await aProcess());
    expect(titles()).toHaveLength(2);
  });

  test('whose answer was lost is not posted twice', async () => {
    await aGoodNight();
    const one = await aProcess();
    await post(one);
    now = monday;
    model.faults.put({ only: 'chat.postMessage', applied: true, answer: 'reset' });
    await post(one);
    now += MINUTE;
    await post(await aProcess());
    expect(titles()).toHaveLength(1);
  });

  test('that is over a day late is not posted any more', async () => {
    await aGoodNight();
    await post(await aProcess());
    now = monday + DAY + MINUTE;
    await post(await aProcess());
    expect(titles()).toEqual([]);
  });
});

describe('on the command line', () => {
  const file = join(folder, 'probes.yml');
  writeFileSync(
    file,
    `deployment: firefox-ci
taskcluster: {rootUrl: "\${TASKCLUSTER_ROOT_URL:-https://tc.example.com}"}
store: sqlite:${path}
slack: {token: "\${SLACK_BOT_TOKEN}", channel: "\${SLACK_CHANNEL}", apiUrl: "\${SLACK_API_URL}"}
dashboard: {digest: none}
task: {schedulerId: tc-canary, owner: canary@example.com, source: https://example.com/canary}
defaults: {warnAfter: 5m, pageAfter: 15m, payload: generic-worker}
probes: [{pool: ${POOL}}]
`,
  );
  const env = { SLACK_BOT_TOKEN: TOKEN, SLACK_CHANNEL: CHANNEL, SLACK_API_URL: `${served.url}/api/` };
  const setting = async (start = NIGHT) => {
    const made = await commandSetting({
      spec: { pools: [{ pool: POOL, runs: 'generic-worker', maxCapacity: 1, boot: { p50: SECOND, p95: SECOND } }] },
      start,
      env,
    });
    onTestFinished(made.close);
    return made;
  };

  test('--dry-run prints the message and its blocks, with no secret set and nobody told', async () => {
    await aGoodNight();
    const { io, stdout } = await setting();
    expect(await dashboardCommand({ config: file, dryRun: true }, { ...io, env: {} })).toBe(0);
    const [shown = '', json = ''] = stdout().split('\n\n');
    expect(shown).toMatch(/firefox-ci: .*\nPool +State/);
    expect(JSON.parse(json)[0]).toMatchObject({ type: 'header' });
    expect(model.posts).toEqual([]);
  });

  test('shows it now, due or not, and as the same message', async () => {
    await aGoodNight();
    const { io, stdout } = await setting();
    expect(await dashboardCommand({ config: file, dryRun: false }, io)).toBe(0);
    expect(await dashboardCommand({ config: file, dryRun: false }, io)).toBe(0);
    expect(stdout()).toBe(`shown in ${CHANNEL}\n`.repeat(2));
    expect(model.posts).toHaveLength(1);
  });

  test('says what to mend where it is refused', async () => {
    const { io, stderr } = await setting();
    const wrong = { ...io, env: { ...io.env, SLACK_BOT_TOKEN: 'xoxb-wrong' } };
    expect(await dashboardCommand({ config: file, dryRun: false }, wrong)).toBe(3);
    expect(stderr()).toContain('set slack.token to a valid bot token');
  });

  test('run --once shows it after its pass where it is due', async () => {
    // The signatures that the deployment checks are made by the machine's clock.
    const { io } = await setting(Math.floor(Date.now() / SECOND) * SECOND);
    const boards = () => model.posts.filter(({ metadata }) => metadata?.event_type === 'tc_canary_dashboard');
    expect(await run({ config: file, once: true }, io)).toBe(0);
    expect(boards()).toHaveLength(1);
    const { edits } = boards()[0] ?? {};
    expect(await run({ config: file, once: true }, io)).toBe(0);
    expect(boards().map((post) => post.edits)).toEqual([edits]);
  });
});
