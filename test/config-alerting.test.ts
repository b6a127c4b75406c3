import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Audience, Config } from '../src/evidence/probe.ts';
import { fileWith, like, said, valid } from './config-files.ts';

const env = {
  SLACK: 'xoxb-1',
  KEY: 'k3y0'.repeat(8),
  TEAM: 't3am'.repeat(8),
  HOOK: 'https://hooks.example.com/in/h00k-k3y',
  SECRET: 'hmac-key-of-some-length',
  BEAT: 'https://hc.example.com/b3at-k3y',
};
const CHANNELS = `slack: {token: "\${SLACK}", channel: C0123456789}
pagerduty: {routingKey: "\${KEY}"}
webhooks:
  - {name: ops, url: "\${HOOK}", secret: "\${SECRET}"}
  - {name: board-2, url: "https://board.example.com/in", secret: "\${SECRET}"}`;

interface Written {
  /** Under `defaults.alerts`. */
  defaults?: string;
  /** Under `alerts` of the one probe. */
  probe?: string;
  channels?: string;
}

function alerting({ defaults = '{}', probe = '{}', channels = CHANNELS }: Written): string {
  return valid(`${channels}\ndefaults: {alerts: ${defaults}}`, { probes: `- pool: a/b\n  alerts: ${probe}` });
}

/** An audience as a line of text: `C0123456789 <!here> / key KEY critical / ops, board-2`. */
function heard({ slack, mention, pagerduty, webhooks }: Audience): string {
  const key = Object.entries(env).find(([, value]) => value === pagerduty?.routingKey.reveal())?.[0];
  const spoken = [slack ?? '-', ...(mention === undefined ? [] : [mention])].join(' ');
  return `${spoken} / ${pagerduty === undefined ? '-' : `${key} ${pagerduty.severity}`} / ${webhooks.join(', ')}`;
}

async function audiencesOf(written: Written): Promise<{ warn: string; page: string }> {
  const config = await loadConfig(fileWith(alerting(written)), env);
  const alerts = config.probes[0]?.alerts ?? config.alerts;
  return { warn: heard(alerts.warn), page: heard(alerts.page) };
}

describe('who hears', () => {
  const usual = { warn: 'C0123456789 / - / ops, board-2', page: 'C0123456789 / KEY critical / ops, board-2' };

  it('is every channel of the file by default, PagerDuty of pages alone', async () => {
    expect(await audiencesOf({})).toEqual(usual);
    expect(await audiencesOf({ channels: '' })).toEqual({ warn: '- / - / ', page: '- / - / ' });
  });

  it('may be said key by key, by level', async () => {
    expect(await audiencesOf({ probe: '{page: {slack: C0123456780}}' })).toEqual({
      warn: usual.warn,
      page: 'C0123456780 / KEY critical / ops, board-2',
    });
    expect(await audiencesOf({ probe: `{warn: {pagerduty: "\${TEAM}", webhooks: [board-2]}}` })).toEqual({
      warn: 'C0123456789 / TEAM warning / board-2',
      page: usual.page,
    });
    expect(await audiencesOf({ probe: '{page: {severity: error, webhooks: []}}' })).toEqual({
      warn: usual.warn,
      page: 'C0123456789 / KEY error / ',
    });
  });

  it('is what the probe says over what defaults say, key by key too', async () => {
    const defaults = `{warn: {slack: C0123456781}, page: {slack: C0123456782, severity: error, mention: "@here"}}`;
    expect(await audiencesOf({ defaults, probe: `{page: {slack: C0123456783, pagerduty: "\${TEAM}"}}` })).toEqual({
      warn: 'C0123456781 / - / ops, board-2',
      page: 'C0123456783 <!here> / TEAM error / ops, board-2',
    });
    const config = await loadConfig(fileWith(alerting({ defaults, probe: '{page: {slack: C0123456783}}' })), env);
    expect(heard(config.alerts.page)).toBe('C0123456782 <!here> / KEY error / ops, board-2');
  });

  it('may be none', async () => {
    const none = '{slack: none, pagerduty: none, webhooks: []}';
    expect(await audiencesOf({ defaults: `{warn: ${none}, page: ${none}}` })).toEqual({ warn: '- / - / ', page: '- / - / ' });
    expect(await audiencesOf({ defaults: `{page: ${none}}`, probe: `{page: {pagerduty: "\${TEAM}"}}` })).toMatchObject({
      page: '- / TEAM critical / ',
    });
    expect(await audiencesOf({ channels: '', probe: '{page: {slack: none, pagerduty: none}}' })).toMatchObject({
      page: '- / - / ',
    });
  });

  it.each([
    ['@here', '<!here>'],
    ['@channel', '<!channel>'],
    ['S0123456789', '<!subteam^S0123456789>'],
  ])('is called by name in Slack: %s', async (written, mention) => {
    expect(await audiencesOf({ probe: `{page: {mention: "${written}"}}` })).toEqual({
      warn: usual.warn,
      page: `C0123456789 ${mention} / KEY critical / ops, board-2`,
    });
  });

  it('is called by nobody where the probe says none, or Slack does not hear', async () => {
    const defaults = '{page: {mention: "@here"}}';
    expect(await audiencesOf({ defaults, probe: '{page: {mention: none}}' })).toEqual(usual);
    expect(await audiencesOf({ defaults, probe: '{page: {slack: none}}' })).toMatchObject({
      page: '- / KEY critical / ops, board-2',
    });
  });

  it('may be shared by an anchor', async () => {
    const probes = `- {pool: a/b, alerts: &team {page: {pagerduty: "\${TEAM}"}}}\n- {pool: a/c, alerts: *team}`;
    const config = await loadConfig(fileWith(valid(CHANNELS, { probes })), env);
    expect(config.probes.map(({ alerts }) => heard(alerts.page))).toEqual(
      Array.from({ length: 2 }, () => 'C0123456789 / TEAM critical / ops, board-2'),
    );
  });
});

describe('who hears is refused:', () => {
  it.each<[string, string, ...string[]]>([
    ['page: {slack: "#general"}', 'page.slack', '"#general" is no id of a Slack channel', 'Or write none.'],
    ['page: {slack: }', 'page.slack', 'is empty'],
    ['page: {pagerduty: k3y0k3y0k3y0k3y0k3y0k3y0k3y0k3y0}', 'page.pagerduty', 'the value is written', `\${TEAM_ROUTING_KEY}`],
    [`warn: {pagerduty: "\${KEY:-none}"}`, 'warn.pagerduty', 'is written into the file'],
    [`page: {pagerduty: "\${SECRET}"}`, 'page.pagerduty', `"\${SECRET}" does not hold a routing key`],
    ['page: {severity: sev1}', 'page.severity', '"sev1" is no severity of PagerDuty', 'critical, error, warning, info'],
    ['page: {mention: "@everyone"}', 'page.mention', '"@everyone" is nobody whom Slack can call', "'@here'"],
    ['warn: {mention: "@here"}', 'warn.mention', 'stands under page only', 'Move it there'],
    ['page: {webhooks: [ops, opss]}', 'page.webhooks[1]', '"opss" is no webhook of this file', 'Did you mean "ops"?', 'board-2'],
    ['page: {webhooks: [Ops]}', 'page.webhooks[0]', '"Ops" is no name for a webhook'],
    ['page: {webhooks: ops}', 'page.webhooks', '"ops" is not a list'],
    ['page: {pagreduty: none}', 'page.pagreduty', 'Did you mean "pagerduty"?'],
    ['pages: {slack: none}', 'pages', 'is an unknown key', 'Did you mean "page"?', 'warn, page'],
    ['page:', 'page', 'is empty', 'slack, pagerduty, severity, webhooks, mention'],
  ])('%s', async (alerts, path, ...words) => {
    const ofProbe = await said(alerting({ probe: `{${alerts}}` }), env);
    expect(ofProbe).toEqual([like(11, `probes[0].alerts.${path}`, ...words)]);
    const ofAll = await said(alerting({ defaults: `{${alerts}}` }), env);
    expect(ofAll).toEqual([like(18, `defaults.alerts.${path}`, ...words)]);
  });

  it.each([
    ['slack: C0123456780', 'slack', 'the section slack', 'token and channel'],
    ['mention: "@here"', 'mention', 'the section slack', 'token and channel'],
    [`pagerduty: "\${TEAM}"`, 'pagerduty', 'the section pagerduty', 'routingKey'],
    ['severity: error', 'severity', 'the section pagerduty', 'routingKey'],
    ['webhooks: [ops]', 'webhooks[0]', 'no webhook of this file', 'Add it to the section webhooks.'],
  ])('%s, where the file has no such channel', async (alerts, path, ...words) => {
    expect(await said(alerting({ probe: `{page: {${alerts}}}`, channels: '' }), env)).toEqual([
      like(11, `probes[0].alerts.page.${path}`, ...words),
    ]);
  });

  it.each(['page: {pagerduty: none, severity: error}', 'warn: {severity: error}'])(
    'a severity that PagerDuty is never told: %s',
    async (alerts) => {
      const path = `probes[0].alerts.${alerts.slice(0, 4)}.severity`;
      expect(await said(alerting({ probe: `{${alerts}}` }), env)).toEqual([
        like(11, path, 'for PagerDuty, which is not told at this level', 'routing key'),
      ]);
    },
  );

  it('a key without its section and without its variable, both said at once', async () => {
    const path = 'probes[0].alerts.page.pagerduty';
    expect(await said(alerting({ probe: `{page: {pagerduty: "\${TEAM}"}}`, channels: '' }))).toEqual([
      like(11, path, 'needs the section pagerduty'),
      like(11, path, 'needs the variable TEAM'),
    ]);
  });
});

describe('webhooks and the heartbeat', () => {
  it('are read, their URLs and keys as secrets', async () => {
    const config = await loadConfig(fileWith(valid(`${CHANNELS}\nheartbeat: {url: "\${BEAT}"}`)), env);
    expect(config.webhooks.map(({ name, url, secret }) => [name, url.reveal(), secret.reveal()])).toEqual([
      ['ops', env.HOOK, env.SECRET],
      ['board-2', 'https://board.example.com/in', env.SECRET],
    ]);
    expect(config.heartbeat?.url.reveal()).toBe(env.BEAT);
    expect(config.heartbeat?.every).toBe(MINUTE);
    for (const text of [JSON.stringify(config), inspect(config, { depth: 9 })]) {
      for (const secret of [env.HOOK, env.SECRET, env.BEAT, 'board.example.com']) expect(text).not.toContain(secret);
    }
  });

  const hook = (rest: string) => `webhooks: [{name: ops, url: "\${HOOK}", secret: "\${SECRET}", ${rest}}]`.replace(', }', '}');
  it.each<[string, string, ...string[]]>([
    ['webhooks: {name: ops}', 'webhooks', 'is not a list', '"- "'],
    ['webhooks: https://hooks.example.com/h00k-k3y', 'webhooks', 'the value is not a list'],
    ['webhooks: [https://hooks.example.com/h00k-k3y]', 'webhooks[0]', 'the value is not a set of keys', 'name, url, secret'],
    [hook('').replace('ops', 'Ops'), 'webhooks[0].name', '"Ops" is no name for a webhook', '1 to 40'],
    [hook('').replace('ops', 'o'.repeat(41)), 'webhooks[0].name', 'is no name for a webhook'],
    [hook('').replace(`\${HOOK}`, 'h00k-k3y'), 'webhooks[0].url', 'the value is no URL', 'https://'],
    [hook('').replace(`\${HOOK}`, `\${SECRET}`), 'webhooks[0].url', `"\${SECRET}" is no URL`],
    [hook('').replace(`\${SECRET}`, 'h00k-k3y-of-16-characters'), 'webhooks[0].secret', 'written', `\${WEBHOOK_SECRET}`],
    [hook('').replace(`\${SECRET}`, `\${SLACK}`), 'webhooks[0].secret', 'fewer than 16 characters', 'openssl rand -hex 32'],
    [hook('method: PUT'), 'webhooks[0].method', 'is an unknown key'],
    ['heartbeat: https://hc.example.com/h00k-k3y', 'heartbeat', 'the value is not a set of keys', 'url, every'],
    ['heartbeat: {url: h00k-k3y}', 'heartbeat.url', 'the value is no URL'],
    ['heartbeat: {every: 1m}', 'heartbeat.url', 'is missing', `\${HEARTBEAT_URL}`],
    [`heartbeat: {url: "\${BEAT}", every: 9s}`, 'heartbeat.every', '"9s" is under 10s', 'Write 10s or more'],
    [`heartbeat: {url: "\${BEAT}", every: 2d}`, 'heartbeat.every', '"2d" is over 24h', 'Write 24h or less'],
  ])('are refused: %s', async (input, path, ...words) => {
    const found = await said(valid(input), env);
    expect(found).toEqual([like(12, path, ...words)]);
    expect(found.join('\n')).not.toContain('h00k-k3y');
  });

  it('have names of their own', async () => {
    expect(await said(valid(`${CHANNELS}\n  - {name: ops, url: "\${HOOK}", secret: "\${SECRET}"}`), env)).toEqual([
      like(17, 'webhooks[2].name', '"ops" is the name of the webhook on line 15', 'a name of its own'),
    ]);
  });
});

describe('incidents', () => {
  const incidentsOf = async (text: string): Promise<Config['incidents']> =>
    (await loadConfig(fileWith(valid(`incidents: ${text}`)), {})).incidents;

  it('are read, and have defaults', async () => {
    const usual = { groupWait: 30 * SECOND, fleetAt: 3, remindEvery: HOUR, reopenWithin: 30 * MINUTE };
    expect(await incidentsOf('{}')).toEqual(usual);
    expect(await incidentsOf('{groupWait: 0s, fleetAt: 2, remindEvery: 1m, reopenWithin: 0s}')).toEqual({
      groupWait: 0,
      fleetAt: 2,
      remindEvery: MINUTE,
      reopenWithin: 0,
    });
    expect(await incidentsOf('{groupWait: 10m, fleetAt: 1000, reopenWithin: 1d}')).toEqual({
      ...usual,
      groupWait: 10 * MINUTE,
      fleetAt: 1000,
      reopenWithin: DAY,
    });
  });

  it('are never told again where the file says never', async () => {
    expect(await incidentsOf('{remindEvery: never}')).not.toHaveProperty('remindEvery');
  });

  it.each<[string, string, ...string[]]>([
    ['groupWait: 11m', 'groupWait', '"11m" is over 10m', 'Write 10m or less'],
    ['groupWait: 0', 'groupWait', '0 has no unit'],
    ['fleetAt: 1', 'fleetAt', '1 is no count of pools', 'from 2 to 1000'],
    ['fleetAt: 1001', 'fleetAt', 'is no count of pools'],
    ['fleetAt: "3"', 'fleetAt', 'is no count of pools', 'without quotes'],
    ['remindEvery: 59s', 'remindEvery', '"59s" is under 1m', 'Write 1m or more. Or write never.'],
    ['remindEvery: nver', 'remindEvery', '"nver" is not a duration', 'Or write never.'],
    ['reopenWithin: 25h', 'reopenWithin', '"25h" is over 24h'],
    ['reopenFor: 1h', 'reopenFor', 'unknown key', 'groupWait, fleetAt, remindEvery, reopenWithin'],
  ])('are refused: %s', async (input, path, ...words) => {
    expect(await said(valid(`incidents: {${input}}`))).toEqual([like(12, `incidents.${path}`, ...words)]);
  });
});

describe('a runbook', () => {
  it("is the probe's own, else that of defaults", async () => {
    const text = valid('defaults: {runbook: "https://example.com/all"}', {
      probes: '- pool: a/b\n- {pool: a/c, runbook: "https://example.com/c"}',
    });
    const config = await loadConfig(fileWith(text), {});
    expect(config.probes.map(({ runbook }) => runbook)).toEqual(['https://example.com/all', 'https://example.com/c']);
  });

  it.each(['wiki/canary', 'ftp://example.com/x', "javascript:alert('x')"])('is refused: %s', async (runbook) => {
    expect(await said(valid('', { probes: `- pool: a/b\n  runbook: "${runbook}"` }))).toEqual([
      like(11, 'probes[0].runbook', 'is no URL', 'https://'),
    ]);
  });
});

describe('the dashboard', () => {
  const slack = `slack: {token: "\${SLACK}", channel: C0123456780}`;
  const load = async (section: string) => (await loadConfig(fileWith(valid(`${slack}\n${section}`)), env)).dashboard;

  it("is there where the file has its section, by default in Slack's channel, each 5 minutes, with a digest on Mondays", async () => {
    expect(await load('')).toBeUndefined();
    expect(await load('dashboard: {}')).toMatchObject({
      channel: 'C0123456780',
      every: 5 * MINUTE,
      digest: { expression: '0 9 * * 1', timezone: 'Etc/UTC' },
    });
  });

  it('is as the file says, with or without a digest', async () => {
    const said = await load('dashboard: {channel: C0123456781, every: 10m, digest: "0 8 * * 5", timezone: Europe/Berlin}');
    expect(said).toMatchObject({
      channel: 'C0123456781',
      every: 10 * MINUTE,
      digest: { expression: '0 8 * * 5', timezone: 'Europe/Berlin' },
    });
    expect(await load('dashboard: {digest: none}')).toEqual({ channel: 'C0123456780', every: 5 * MINUTE });
  });

  it.each<[string, string, ...string[]]>([
    ['dashboard: {every: 9s}', 'dashboard.every', '"9s" is under 10s'],
    ['dashboard: {every: 2h}', 'dashboard.every', '"2h" is over 1h'],
    ['dashboard: {digest: weekly}', 'dashboard.digest', '"weekly" is not a cron line', 'Or write none.'],
    ['dashboard: {timezone: Berlin}', 'dashboard.timezone', 'is no time zone'],
    ['dashboard: {channel: "#canary"}', 'dashboard.channel', 'is no id of a Slack channel'],
    ['dashboard: {chanel: C0123456781}', 'dashboard.chanel', 'is an unknown key', 'Did you mean "channel"?'],
  ])('is refused: %s', async (section, path, ...words) => {
    expect(await said(valid(`${slack}\n${section}`), env)).toEqual([like(13, path, ...words)]);
  });

  it('needs Slack', async () => {
    expect(await said(valid('dashboard: {}'), env)).toEqual([like(12, 'dashboard', 'needs the section slack, which is missing')]);
  });
});

describe('a command that tells nobody', () => {
  const probes = `- pool: a/b
  runbook: https://example.com/b
  alerts: {page: {pagerduty: "\${TEAM}", webhooks: [nowhere]}}`;
  const text = valid(
    `${CHANNELS}
heartbeat: {url: "\${BEAT}"}
dashboard: {channel: "\${BEAT}"}
defaults: {alerts: {warn: {slack: nowhere}}}
incidents: {fleetAt: 5}
silences: [{match: a/b, until: "2026-12-01T10:00:00Z", reason: new images}]
maintenance: [{match: a/*, from: 02:00, to: 04:00, reason: images}]`,
    { probes },
  );

  it('needs no secrets, and gets all but who is told', async () => {
    const config = await loadConfig(fileWith(text), {}, { channels: false });
    const nobody = { warn: { webhooks: [] }, page: { webhooks: [] } };
    expect(config).toMatchObject({
      webhooks: [],
      alerts: nobody,
      incidents: { fleetAt: 5 },
      silences: [{ match: 'a/b' }],
      maintenance: [{ match: 'a/*' }],
      probes: [{ alerts: nobody, runbook: 'https://example.com/b' }],
    });
    for (const section of ['slack', 'pagerduty', 'heartbeat', 'dashboard']) expect(config).not.toHaveProperty(section);
  });

  it('is told of problems elsewhere all the same', async () => {
    const file = fileWith(text.replace('fleetAt: 5', 'fleetAt: 1'));
    await expect(loadConfig(file, {}, { channels: false })).rejects.toThrow(
      /^\S+:22:\d+ {2}incidents\.fleetAt: 1 is no count[^\n]+$/,
    );
  });
});
