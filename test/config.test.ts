import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../src/config/duration.ts';
import { probeJsonSchema } from '../src/config/json-schema.ts';
import { loadConfig } from '../src/config/load.ts';
import { isPool } from '../src/config/pool.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { fileWith, valid } from './config-files.ts';

const env = {
  TASKCLUSTER_ROOT_URL: 'http://127.0.0.1:8080',
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_CHANNEL: 'C0123456789',
  SLACK_API_URL: 'http://127.0.0.1:8081/api',
  PAGERDUTY_ROUTING_KEY: 'k3y0'.repeat(8),
  PAGERDUTY_EVENTS_URL: 'http://127.0.0.1:8082/v2/enqueue',
};

describe('a probe file', () => {
  const file = fileWith(`deployment: firefox-ci
taskcluster:
  rootUrl: https://firefox-ci-tc.services.mozilla.com/
store: sqlite:canary.db
slack:
  token: \${SLACK_BOT_TOKEN}
  channel: C0123456789
pagerduty:
  routingKey: \${PAGERDUTY_ROUTING_KEY}
task:
  schedulerId: tc-canary
  owner: release+canary@example.com
  source: https://example.com/canary
defaults:
  schedule: "*/15 * * * *"
  warnAfter: 5m
  pageAfter: 15m
  payload: auto
probes:
  - pool: gecko-3/decision
    pageAfter: 10m
  - name: gecko-3-decision-high
    pool: gecko-3/decision
    priority: highest
    payload: {command: [["/bin/true"]]}
  - pool: gecko-t/t-linux-*
    schedule: "0 30 2 * * mon-fri"
    timezone: Europe/Berlin
    warnAfter: 1h
    pageAfter: 2h
    resolveAfter: 3
    mode: observe
`);

  it('is read whole', async () => {
    const all = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const quarters = {
      expression: '*/15 * * * *',
      timezone: 'Etc/UTC',
      second: [0],
      minute: [0, 15, 30, 45],
      hour: all(0, 23),
      dayOfMonth: all(1, 31),
      month: all(1, 12),
      dayOfWeek: all(0, 6),
    };
    const alerts = {
      warn: { slack: 'C0123456789', webhooks: [] },
      page: { slack: 'C0123456789', pagerduty: { routingKey: expect.anything(), severity: 'critical' }, webhooks: [] },
    };
    const config = await loadConfig(file, env);
    expect(config).toEqual({
      file,
      deployment: 'firefox-ci',
      rootUrl: 'https://firefox-ci-tc.services.mozilla.com',
      store: { engine: 'sqlite', path: 'canary.db' },
      retain: 30 * DAY,
      slack: { token: expect.anything(), channel: 'C0123456789', apiUrl: 'https://slack.com/api/' },
      pagerduty: { routingKey: expect.anything(), eventsUrl: 'https://events.pagerduty.com/v2/enqueue' },
      webhooks: [],
      alerts,
      incidents: { groupWait: 30 * SECOND, fleetAt: 3, remindEvery: HOUR, reopenWithin: 30 * MINUTE },
      provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [] },
      silences: [],
      maintenance: [],
      task: { schedulerId: 'tc-canary', owner: 'release+canary@example.com', source: 'https://example.com/canary' },
      unreachableAfter: 5 * MINUTE,
      probes: [
        {
          pool: 'gecko-3/decision',
          schedule: quarters,
          thresholds: { warnAfter: 5 * MINUTE, pageAfter: 10 * MINUTE },
          mode: 'alert',
          resolveAfter: 2,
          priority: 'lowest',
          payload: 'auto',
          deadline: 6 * HOUR,
          pageOnBacklog: false,
          alerts,
          line: 20,
        },
        {
          name: 'gecko-3-decision-high',
          pool: 'gecko-3/decision',
          schedule: quarters,
          thresholds: { warnAfter: 5 * MINUTE, pageAfter: 15 * MINUTE },
          mode: 'alert',
          resolveAfter: 2,
          priority: 'highest',
          payload: { command: [['/bin/true']] },
          deadline: 6 * HOUR,
          pageOnBacklog: false,
          alerts,
          line: 22,
        },
        {
          pool: 'gecko-t/t-linux-*',
          schedule: {
            ...quarters,
            expression: '0 30 2 * * mon-fri',
            timezone: 'Europe/Berlin',
            minute: [30],
            hour: [2],
            dayOfWeek: [1, 2, 3, 4, 5],
          },
          thresholds: { warnAfter: HOUR, pageAfter: 2 * HOUR },
          mode: 'observe',
          resolveAfter: 3,
          priority: 'lowest',
          payload: 'auto',
          deadline: 8 * HOUR,
          pageOnBacklog: false,
          alerts,
          line: 26,
        },
      ],
    });
    expect(config.slack?.token.reveal()).toBe('xoxb-1');
    expect(config.probes[1]?.schedule).toBe(config.probes[0]?.schedule);
  });

  it('needs little: neither channel, thresholds nor defaults', async () => {
    const config = await loadConfig(fileWith(valid('')), {});
    expect(config).not.toHaveProperty('slack');
    expect(config).not.toHaveProperty('pagerduty');
    expect(config).not.toHaveProperty('heartbeat');
    expect(config.alerts).toEqual({ warn: { webhooks: [] }, page: { webhooks: [] } });
    expect(config.probes[0]?.alerts).toEqual(config.alerts);
    expect(config.probes[0]).not.toHaveProperty('runbook');
    expect(config.store).toEqual({ engine: 'sqlite', path: 'canary.db' });
    expect(config.probes[0]).toMatchObject({
      schedule: { expression: '*/15 * * * *' },
      mode: 'alert',
      deadline: 6 * HOUR,
      line: 10,
    });
    expect(config.probes[0]).not.toHaveProperty('thresholds');
    expect(config.probes[0]).not.toHaveProperty('name');
  });

  it('may use anchors, and a byte order mark', async () => {
    const text = valid('', { probes: '- &first {pool: a/b, payload: &p {x: 1}}\n- {pool: a/c, payload: *p}' });
    const config = await loadConfig(fileWith(`\ufeff${text}`), {});
    expect(config.probes.map(({ payload }) => payload)).toEqual([{ x: 1 }, { x: 1 }]);
  });

  it.each([
    ['pageAfter: 1h', 6 * HOUR],
    ['pageAfter: 4h', 16 * HOUR],
    ['pageAfter: 40h', 5 * DAY],
    ['{pageAfter: 40h, deadline: 41h}', 41 * HOUR],
  ])('gives a canary time enough: %s', async (thresholds, deadline) => {
    const probe = thresholds.replace(/[{}]/g, '');
    const config = await loadConfig(fileWith(valid('', { probes: `- {pool: a/b, warnAfter: 5m, ${probe}}` })), {});
    expect(config.probes[0]?.deadline).toBe(deadline);
  });

  it.each(['built-in/succeed', 'gecko-[13]/b-*', '*/*', '*-t/t-linux-?', 'proj_A/x', 'a/[!a-c]*'])(
    'takes the pool %s',
    async (pool) => {
      const config = await loadConfig(fileWith(valid('', { probes: `- pool: "${pool}"` })), {});
      expect(config.probes[0]?.pool).toBe(pool);
    },
  );

  it.each([
    '@hourly',
    '@Daily',
    '0 0 LW * *',
    '0 0 L-3 * ?',
    '0 9 * * 5#2',
    '*/5 * * * * *',
    '0 0 29 2 *',
    '0 0 1-31 * 1',
    '0 22-2 * * *',
  ])('takes the schedule %s', async (schedule) => {
    const config = await loadConfig(fileWith(valid('', { probes: `- {pool: a/b, schedule: "${schedule}"}` })), {});
    expect(config.probes[0]?.schedule.expression).toBe(schedule);
  });
});

describe('the probe files that come along', () => {
  const files = readdirSync('probes').filter((name) => name.endsWith('.yml'));

  it.each(files)('probes/%s is valid, and shows editors its schema', async (name) => {
    const config = await loadConfig(`probes/${name}`, env);
    expect(config.probes.length).toBeGreaterThan(0);
    expect(readFileSync(`probes/${name}`, 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.\/schema\.json\n/);
  });

  it('ask for nothing but their variables', async () => {
    for (const name of files) {
      await expect(loadConfig(`probes/${name}`, {})).rejects.toThrow(/needs the variable/);
    }
  });

  it('have a schema made from the one that checks them; run vitest with -u after a change', async () => {
    await expect(`${JSON.stringify(probeJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../probes/schema.json');
  });
});

interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: boolean;
}

describe('the schema for editors', () => {
  const schema = JSON.parse(JSON.stringify(probeJsonSchema()));

  it('knows every key, says what each is for, and allows no other', () => {
    expect(schema.required).toEqual(['deployment', 'taskcluster', 'task']);
    const bare: string[] = [];
    const open: string[] = [];
    const walk = (node: SchemaNode, path: string): void => {
      if (node.properties !== undefined && node.additionalProperties !== false) open.push(path);
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        if (child.description === undefined) bare.push(`${path}.${key}`);
        walk(child, `${path}.${key}`);
      }
      if (node.items !== undefined) walk(node.items, `${path}[]`);
    };
    walk(schema, '');
    expect(open).toEqual([]);
    expect(bare).toEqual([]);
  });

  it('lets a duration or a variable stand for a duration', () => {
    const pattern = new RegExp(schema.properties.unreachableAfter.pattern);
    for (const text of ['90s', '15m', '1h30m', '500ms', `\${PATIENCE}`]) expect(text).toMatch(pattern);
    for (const text of ['5 minutes', '30m1h', '300']) expect(text).not.toMatch(pattern);
  });
});

describe('parseDuration', () => {
  it.each([
    ['90s', 90 * SECOND],
    ['15m', 15 * MINUTE],
    ['4h', 4 * HOUR],
    ['2d', 2 * DAY],
    ['1h30m', 90 * MINUTE],
    ['1d2h3m4s5ms', DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND + 5],
    ['500ms', 500],
    ['0s', 0],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', '5 m', '-5m', '1.5h', '5M', '30m1h', '5m5m', '5min', ' 5m', '1e3s'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('isPool', () => {
  it('holds to the rules of Taskcluster', () => {
    expect(['gecko-3/decision', 'built-in/succeed', `${'p'.repeat(38)}/${'d'.repeat(38)}`, 'A_b/c'].every(isPool)).toBe(true);
    expect(['decision', 'a/', '/b', 'a/b/c', 'a/B', 'a/1b', 'a/b-', 'a/*', 'a /b', 'a/b\n'].some(isPool)).toBe(false);
  });
});
