import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { fileWith, problemsIn, valid } from './config-files.ts';

const TOKEN = 'xoxb-1234567890-secretsecret';
const KEY = 'k3y0k3y1k3y2k3y3k3y4k3y5k3y6k3y7';
const channels = valid(`slack:
  token: \${SLACK_BOT_TOKEN}
  channel: \${CHANNEL:-C0123456789}
pagerduty:
  routingKey: \${PAGERDUTY_ROUTING_KEY}
`);
const env = { SLACK_BOT_TOKEN: TOKEN, PAGERDUTY_ROUTING_KEY: KEY };

/** The payload's strings after their variables are filled in. */
async function filled(values: string[], variables: Record<string, string> = {}): Promise<unknown> {
  const payload = Object.fromEntries(values.map((value, i) => [`v${i}`, value]));
  const file = fileWith(valid('', { probes: `- pool: a/b\n  payload: ${JSON.stringify(payload)}` }));
  const config = await loadConfig(file, variables);
  return Object.values(config.probes[0]?.payload ?? {});
}

describe('variables', () => {
  it('are filled in inside strings, with defaults and doubled dollars', async () => {
    const values = [`a \${A} and \${B}`, `\${C:-spare}`, `\${A:-spare}`, `\${C:-}`, `$\${A} costs $5`, `\${C:-a:b-c}`];
    expect(await filled(values, { A: 'one', B: 'two' })).toEqual([
      'a one and two',
      'spare',
      'one',
      '',
      `\${A} costs $5`,
      'a:b-c',
    ]);
  });

  it('cannot change the shape of the file, nor be filled in twice', async () => {
    expect(await filled([`\${A}`, `\${B}`], { A: 'x\n  pool: y\n# "', B: `\${A}` })).toEqual(['x\n  pool: y\n# "', `\${A}`]);
  });

  it('are not looked for in keys and comments', async () => {
    const file = fileWith(valid(`# \${NOBODY}`, { probes: `- pool: a/b\n  payload: {"\${NOBODY}": 1}` }));
    expect((await loadConfig(file, {})).probes[0]?.payload).toEqual({ [`\${NOBODY}`]: 1 });
  });

  it('take their default where they are empty, and are refused without one', async () => {
    expect(await filled([`\${A:-spare}`], { A: '' })).toEqual(['spare']);
    const text = valid('', { probes: `- pool: \${PREFIX}/\${POOL}` });
    const problems = await problemsIn(fileWith(text), { PREFIX: '' });
    expect(problems.map(({ line, path, problem, remedy }) => [line, path, problem, remedy])).toEqual([
      [
        10,
        'probes[0].pool',
        `"\${PREFIX}/\${POOL}" needs the variable PREFIX, which is empty`,
        'Set PREFIX, or PREFIX_FILE to a file that holds the value.',
      ],
      [
        10,
        'probes[0].pool',
        `"\${PREFIX}/\${POOL}" needs the variable POOL, which is not set`,
        'Set POOL, or POOL_FILE to a file that holds the value.',
      ],
    ]);
  });

  it.each([`\${}`, `\${A B}`, `\${A`, `\${A-b}`, `\${A:-\${B}}`, `\${1A}`])(
    'are refused where they cannot be read: %s',
    async (text) => {
      const [problem] = await problemsIn(fileWith(valid('', { probes: `- pool: a/b\n  payload: {x: "${text}"}` })), {
        A: 'a',
        B: 'b',
      });
      expect(problem).toMatchObject({
        line: 11,
        path: 'probes[0].payload.x',
        remedy: expect.stringContaining(`\${NAME:-default}`),
      });
    },
  );

  it('are not found on the prototype of the environment', async () => {
    const [problem] = await problemsIn(fileWith(valid('', { probes: `- pool: \${constructor}` })));
    expect(problem?.problem).toContain('which is not set');
  });
});

describe('files named by variables', () => {
  it('stand in for a variable that is not set, without the newline at their end', async () => {
    const config = await loadConfig(fileWith(channels), {
      SLACK_BOT_TOKEN_FILE: fileWith(`${TOKEN}\n`),
      PAGERDUTY_ROUTING_KEY_FILE: fileWith(`  ${KEY}\n`),
    });
    expect(config.slack?.token.reveal()).toBe(TOKEN);
    expect(config.pagerduty?.routingKey.reveal()).toBe(KEY);
  });

  it('yield to the variable and come before the default', async () => {
    const file = fileWith('from a file');
    expect(await filled([`\${A}`, `\${B:-spare}`], { A: 'set', A_FILE: file, B_FILE: file })).toEqual(['set', 'from a file']);
  });

  it('are refused where they are missing, empty or not text', async () => {
    const gone = fileWith('');
    rmSync(gone);
    const problems = await problemsIn(fileWith(valid('', { probes: `- pool: \${A}\n- pool: \${B}\n- pool: \${C}` })), {
      A_FILE: gone,
      B_FILE: fileWith(' \n'),
      C_FILE: fileWith(Buffer.from([0, 255])),
    });
    expect(problems.map(({ line, problem }) => `${line} ${problem}`)).toEqual([
      `10 "\${A}" needs the variable A, and the file that A_FILE names does not exist`,
      `11 "\${B}" needs the variable B, and the file that B_FILE names is empty`,
      `12 "\${C}" needs the variable C, and the file that C_FILE names is not text`,
    ]);
  });
});

describe('TC_CANARY_STORE', () => {
  const file = fileWith(valid('store: sqlite:file.db'));

  it('overrides the store of the file', async () => {
    const store = async (env: Record<string, string>) => (await loadConfig(file, env)).store;
    expect(await store({})).toEqual({ engine: 'sqlite', path: 'file.db' });
    expect(await store({ TC_CANARY_STORE: 'sqlite:/data/x.db' })).toEqual({ engine: 'sqlite', path: '/data/x.db' });
    expect(await store({ TC_CANARY_STORE: '' })).toEqual({ engine: 'sqlite', path: 'file.db' });
  });

  it('may stand in a file of its own', async () => {
    const url = fileWith('sqlite:/data/y.db\n');
    expect((await loadConfig(file, { TC_CANARY_STORE_FILE: url })).store).toMatchObject({ path: '/data/y.db' });
    const [problem] = await problemsIn(file, { TC_CANARY_STORE_FILE: join(dirname(url), 'nowhere') });
    expect(problem?.problem).toBe(
      'needs the variable TC_CANARY_STORE, and the file that TC_CANARY_STORE_FILE names does not exist',
    );
  });

  it('is refused without being shown', async () => {
    const error = await loadConfig(file, { TC_CANARY_STORE: 'mysql://me:hunter2@db/x' }).catch(String);
    expect(error).toBe(
      `ConfigError: ${file}  TC_CANARY_STORE: the value is no store. Write sqlite: and a path, such as sqlite:canary.db, or postgres://user@host/database.`,
    );
  });
});

describe('a PostgreSQL store', () => {
  const place = { engine: 'postgres', host: 'db.example.com', port: 5432, database: 'canary', user: 'me', tls: 'disable' };

  it.each([
    ['postgres://me@db.example.com/canary', {}],
    ['postgresql://me@db.example.com:6543/canary?sslmode=verify-full', { port: 6543, tls: 'verify-full' }],
    ['postgres://me@%2Fvar%2Frun%2Fpostgresql/canary', { host: '/var/run/postgresql' }],
  ])('is read from %s', async (url, over) => {
    expect((await loadConfig(fileWith(valid(`store: ${url}`)), {})).store).toEqual({ ...place, ...over });
  });

  it('takes a password as its variable holds it, and shows it to nobody', async () => {
    const password = 'p@ss/w:rd#1%41';
    const config = await loadConfig(fileWith(valid(`store: postgres://me:\${PW}@db.example.com/canary`)), { PW: password });
    expect(config.store.engine === 'postgres' && config.store.password?.reveal()).toBe(password);
    for (const text of [JSON.stringify(config), inspect(config, { depth: 9 })]) expect(text).not.toContain(password);
    const problems = await problemsIn(fileWith(valid(`store: postgres://me:\${PW}@/canary`)), { PW: password });
    expect(JSON.stringify(problems)).not.toContain(password);
  });

  it('may be one variable as a whole, in which the password is spelled as in any URL', async () => {
    const DB = 'postgres://me:p%40ss@db.example.com/canary';
    const { store } = await loadConfig(fileWith(valid(`store: \${DB}`)), { DB });
    expect(store.engine === 'postgres' && store.password?.reveal()).toBe('p@ss');
    expect(store).toMatchObject(place);
  });
});

describe('a secret', () => {
  it('is there for those who ask for it, and for nobody else', async () => {
    const config = await loadConfig(fileWith(channels), env);
    expect(config.slack?.token.reveal()).toBe(TOKEN);
    expect(config.pagerduty?.routingKey.reveal()).toBe(KEY);
    for (const text of [JSON.stringify(config), inspect(config, { depth: 9 })]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(KEY);
    }
  });

  it('that is not what it should be is not shown', async () => {
    const [token, key] = ['xoxb 99', 'too-short-a-key'];
    const problems = await problemsIn(fileWith(channels), { SLACK_BOT_TOKEN: token, PAGERDUTY_ROUTING_KEY: key });
    expect(problems.map(({ problem }) => problem)).toEqual([
      `"\${SLACK_BOT_TOKEN}" does not hold a Slack token`,
      `"\${PAGERDUTY_ROUTING_KEY}" does not hold a routing key`,
    ]);
    expect(JSON.stringify(problems)).not.toContain(token);
    expect(JSON.stringify(problems)).not.toContain(key);
  });

  const places = [
    'deployment: @',
    'taskcluster: {rootUrl: @}',
    'taskcluster: @',
    'store: @',
    'store: postgres://u:@@h/d?x',
    'store: "postgres:@@h"',
    'store: postgres://u:@/@x@h/d',
    'slack: {token: @, channel: @}',
    'slack: {channel: x, token: [@]}',
    'slack: @',
    'pagerduty: {routingKey: @, eventsUrl: @}',
    'task: {schedulerId: @ x, owner: @, source: @}',
    'unreachableAfter: @',
    '@: @',
    'defaults: {warnAfter: @, pageAfter: @, deadline: @, schedule: @, timezone: @, mode: @, priority: @}',
    'probes: [@]',
    'probes: [{pool: @, name: @@@@}, {pool: "@*", name: @, resolveAfter: @, payload: @}]',
    'webhooks: @',
    'webhooks: [@]',
    'webhooks: [{name: @, url: "@ @", secret: @}]',
    'heartbeat: @',
    'heartbeat: {url: @, every: @}',
    'dashboard: @',
    'dashboard: {channel: @, every: @, digest: @, timezone: @}',
    'defaults: {runbook: @, alerts: {warn: @, page: {slack: @, mention: @, severity: @, webhooks: [@], pagerduty: @}}}',
    'probes: [{pool: a/b, alerts: {page: {pagerduty: [@]}}}]',
    'incidents: {groupWait: @, fleetAt: @, remindEvery: @, reopenWithin: @}',
    'silences: [{match: "@/", from: @, until: @}]',
    'maintenance: [{match: "@", days: [@], from: @, to: @, timezone: @}]',
    'slack: {token: @\nbroken: [@',
    'slack: "@" @',
    'slack: *@',
    'slack: !@ x',
  ];

  it.each(places)('in the wrong place is not shown: %s', async (place) => {
    for (const secret of [TOKEN, KEY]) {
      for (const [written, variables] of [
        [`\${S}`, { S: secret }],
        [`"\${S}"`, { S: secret }],
        [secret, {}],
        [`"${secret}"`, {}],
      ] as const) {
        const problems = await problemsIn(fileWith(place.replaceAll('@', written)), variables);
        expect(problems).not.toEqual([]);
        expect(JSON.stringify(problems)).not.toContain(secret);
      }
    }
  });
});
