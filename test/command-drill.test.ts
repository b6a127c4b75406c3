import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { drill } from '../src/commands/drill.ts';
import { ConfigError } from '../src/config/error.ts';
import type { Io } from '../src/io.ts';
import { UsageError } from '../src/io.ts';
import { fileWith } from './config-files.ts';
import { clockOf } from './support/clock.ts';
import { smallDrill } from './support/drills.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Asked {
  json?: boolean;
  seed?: number;
  config?: string;
  columns?: number;
  env?: Record<string, string>;
  stop?: AbortSignal;
}

async function ran(asked: string, { json = false, columns, env = {}, stop, ...more }: Asked = {}) {
  let text = '';
  let errors = '';
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  const io: Io = {
    env,
    clock: clockOf(() => 0),
    stdout: { write: (piece) => (text += piece), ...terminal },
    stderr: { write: (piece) => (errors += piece), ...terminal },
    stop: stop ?? new AbortController().signal,
  };
  const code = await drill(asked, { json, ...more }, io);
  return { code, text, errors, lines: text.split('\n') };
}

const file = fileWith(smallDrill('', { expect: 'pagedWithin: 5m, resolvedWithin: 5m, pages: 1' }));

describe('tc-canary drill', () => {
  test('shows people and prober side by side, what would have been sent, and the verdict', async () => {
    const { code, text, lines } = await ran(file);
    expect(code).toBe(0);
    expect(text).toMatch(/23:05:00 +\+4m +● noticed: somebody wonders/);
    expect(text).toMatch(/23:0[23]:\d\d +\+\S+ \S+ +▲ Slack: .*Warning: gecko-3\/decision: no worker has/);
    expect(text).toMatch(/■ PagerDuty: critical: \[drill\] gecko-3\/decision/);
    expect(text).toMatch(/✉ PagerDuty, opened\n│ critical/);
    expect(text).toMatch(/✓ +\S+ +1m \d+s \(4m\) +1m \d+s \(–\) +unexplained +\d+s \(–\) +1 +none\n/);
    expect(text).not.toContain('https://');
    expect(text).not.toContain('\u001b');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(140);
  });

  test('fits a terminal of 80 columns, in colours unless NO_COLOR is set', async () => {
    const [coloured, plain] = [await ran(file, { columns: 80 }), await ran(file, { columns: 80, env: { NO_COLOR: '1' } })];
    expect(coloured.text).toContain('\u001b[');
    expect(plain.text).not.toContain('\u001b[');
    expect(plain.errors).toContain('100 %');
    expect(Math.max(...plain.lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
  });

  test('exits with 1 and says why where an expectation does not hold', async () => {
    const wrong = fileWith(smallDrill('', { expect: 'pagedWithin: 1m, cause: provisioning-stalled, pages: 0' }));
    const { code, text } = await ran(wrong);
    expect(code).toBe(1);
    expect(text).toMatch(/✗ paged after .*, expected within 1m/);
    expect(text).toMatch(/✗ 1 page, expected none/);
    expect(text).toMatch(/✗ the cause named is unexplained, expected provisioning-stalled/);
  });

  test('prints JSON in seconds, with every key there', async () => {
    const { code, text } = await ran(file, { json: true });
    const { holds, drills } = JSON.parse(text);
    expect([code, holds, drills.length]).toEqual([0, true, 1]);
    const [one] = drills;
    expect(one).toMatchObject({
      title: 'One pool gets no workers',
      source: null,
      seed: 7,
      broke: '2021-10-08T23:01:00.000Z',
      mended: '2021-10-08T23:06:00.000Z',
      missing: [],
      people: [{ at: '2021-10-08T23:05:00.000Z', mark: 'noticed', text: 'somebody wonders' }],
      verdict: {
        holds: true,
        failures: [],
        people: { noticedAfter: 240, pagedAfter: null, resolvedAfter: null },
        cause: 'unexplained',
        pages: 1,
        falseAlarms: { pages: 0, warnings: 0 },
      },
    });
    expect(one.verdict.prober.pagedAfter).toBeGreaterThan(90);
    expect(one.notices[0]).toMatchObject({
      via: 'slack',
      what: 'posted',
      level: 'warn',
      cause: 'unexplained',
      end: null,
      team: null,
    });
  });

  test('says which team is told', async () => {
    const teams = smallDrill('', { expect: 'pages: 2' })
      .replace('- pool: gecko-3/decision', '- pool: gecko-3/decision\n      team: releng')
      .replace('- pool: gecko-t/linux', '- pool: gecko-t/linux\n      team: sheriffs')
      .replace('pools: [gecko-3/decision]', 'pools: [gecko-3/decision, gecko-t/linux]');
    const [shown, json] = [await ran(fileWith(teams)), await ran(fileWith(teams), { json: true })];
    for (const place of ['Slack (releng)', 'PagerDuty (releng)', 'Slack (sheriffs)', 'PagerDuty (sheriffs)'])
      expect(shown.text).toContain(`✉ ${place}, `);
    const { notices } = JSON.parse(json.text).drills[0];
    expect(new Set(notices.map(({ team }: { team: string }) => team))).toEqual(new Set(['releng', 'sheriffs']));
  });

  test('takes another seed', async () => {
    const seeds = await Promise.all([1, 2].map((seed) => ran(file, { json: true, seed })));
    const [first, second] = seeds.map(({ text }) => JSON.parse(text).drills[0]);
    expect([first.seed, second.seed]).toEqual([1, 2]);
    expect(first.notices).not.toEqual(second.notices);
  });

  test('plays on a probe file of your own, without its secrets, and says what the deployment lacks', async () => {
    const config = fileWith(`deployment: mine
taskcluster: { rootUrl: https://tc.example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", channel: "\${SLACK_CHANNEL}" }
pagerduty: { routingKey: "\${PAGERDUTY_ROUTING_KEY}" }
heartbeat: { url: "\${HEARTBEAT_URL}" }
task: { schedulerId: tc-canary, owner: canary@example.com, source: https://example.com/canary }
defaults: { schedule: "* * * * *", warnAfter: 3m, pageAfter: 4m }
probes:
  - pool: gecko-3/decision
  - pool: gecko-9/nothing
  - pool: comm-*/decision
`);
    const { text } = await ran(file, { config });
    expect(text).toContain("gecko-9/nothing: the drill's deployment has no such pool");
    expect(text).toContain("comm-*/decision: the drill's deployment has no such pool");
    expect(text).toContain('[mine]');
    const { text: json } = await ran(file, { config, json: true });
    const { prober } = JSON.parse(json).drills[0].verdict;
    expect(prober.noticedAfter).toBeGreaterThan(180);
    expect(prober.pagedAfter).toBeGreaterThan(240);
  });

  test('refuses a bad file with lines, and a name that it does not know with those it does', async () => {
    const bad = ran(fileWith(smallDrill('colour: red').replace('seed: 7', 'seed: x')));
    await expect(bad).rejects.toThrow(ConfigError);
    await expect(bad).rejects.toThrow(/\.yml:2:7 {2}seed: "x" is no seed\..*\n.*colour: is an unknown key/);
    await expect(ran('1999')).rejects.toThrow(UsageError);
    await expect(ran('1999')).rejects.toThrow('2021-10-08-provisioner-stuck');
    await expect(ran('2018')).rejects.toThrow(UsageError);
    await expect(ran(file, { config: join('no', 'such.yml') })).rejects.toThrow(ConfigError);
  });

  test('ends when it is interrupted', async () => {
    expect(await ran(file, { stop: AbortSignal.abort('SIGINT') })).toMatchObject({ code: 130, text: '' });
  });
});
