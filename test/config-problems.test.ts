import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../src/config/error.ts';
import { loadConfig } from '../src/config/load.ts';
import { fileWith, like, problemsIn, said, valid } from './config-files.ts';

/** A bad input; line, path and words of the one problem that it has. */
type Case = [input: string, line: number, path: string, ...words: string[]];

describe('a value at the top of the file is refused:', () => {
  it.each<Case>([
    ['stoer: sqlite:x.db', 12, 'stoer', 'unknown key', 'Did you mean "store"?'],
    ['colour: red', 12, 'colour', 'unknown key', 'Known here: deployment, taskcluster, store'],
    ['unreachable_after: 5m', 12, 'unreachable_after', 'Did you mean "unreachableAfter"?'],
    ['unreachableAfter: 300', 12, 'unreachableAfter', '300 has no unit', '15m'],
    ['unreachableAfter: 5 minutes', 12, 'unreachableAfter', '"5 minutes" is not a duration', '1h30m'],
    ['unreachableAfter: 30m1h', 12, 'unreachableAfter', 'is not a duration'],
    ['unreachableAfter: 1.5h', 12, 'unreachableAfter', 'is not a duration'],
    ['unreachableAfter: 0s', 12, 'unreachableAfter', 'is no time at all'],
    ['unreachableAfter:', 12, 'unreachableAfter', 'is empty', '5m'],
    [
      'store: postgres://canary:hunter2@db/x',
      12,
      'store',
      '[secret]@db',
      'has its password written into the file',
      `\${CANARY_DB_PASSWORD}`,
    ],
    ['store: postgres://canary:hunter2/and@more@db/x', 12, 'store', '"postgres://[secret]@db/x" has its password written'],
    ['store: postgres:canary:hunter2@db/x', 12, 'store', '"postgres:[secret]@db/x" has its password written'],
    ['store: postgres://canary@db', 12, 'store', 'lacks host, user or database', 'postgres://user@host/database'],
    ['store: postgres://db/canary', 12, 'store', 'lacks host, user or database'],
    ['store: postgres://a@db/canary?sslmode=prefer', 12, 'store', 'unknown sslmode', 'disable, require, verify-full'],
    ['store: postgres://a@db/canary?password=x', 12, 'store', 'has a setting besides sslmode'],
    ['retain: 1h', 12, 'retain', '"1h" is under 24h'],
    ['store: canary.db', 12, 'store', '"canary.db" is no store', 'sqlite:canary.db'],
    ['store: "sqlite:"', 12, 'store', 'is no store'],
    ['slack: C0123456789', 12, 'slack', 'is not a set of keys', 'token, channel, apiUrl'],
    ['slack:', 12, 'slack', 'is empty', 'token, channel, apiUrl'],
    ['defaults: [5m]', 12, 'defaults', 'is not a set of keys'],
    ['defaults: {warnAfter: 5m}', 12, 'defaults.warnAfter', 'has no pageAfter'],
    ['defaults: {pageAfter: 5m}', 12, 'defaults.pageAfter', 'has no warnAfter'],
    ['defaults: {warnAfter: 5m, pageAfter: 4m}', 12, 'defaults.pageAfter', '"4m" is under warnAfter (5m)'],
    ['defaults: {name: x}', 12, 'defaults.name', 'unknown key'],
    ['slack: {token: xoxb-17-abc, channel: C0123456789}', 12, 'slack.token', 'is written into the file', `\${SLACK_BOT_TOKEN}`],
    [
      'pagerduty: {routingKey: 0123456789abcdef0123456789abcdef}',
      12,
      'pagerduty.routingKey',
      'written into the file',
      `\${PAGERDUTY_ROUTING_KEY}`,
    ],
    [
      `pagerduty: {routingKey: "\${KEY:-0123456789abcdef0123456789abcdef}"}`,
      12,
      'pagerduty.routingKey',
      'is written into the file',
    ],
    ['pagerduty: {routingKey: 12345678901234567890123456789012}', 12, 'pagerduty.routingKey', 'is written into the file'],
  ])('%s', async (input, ...problem) => {
    expect(await said(valid(input))).toEqual([like(...problem)]);
  });
});

describe('a value of a probe is refused:', () => {
  it.each<Case>([
    ['pool: decision', 10, 'probes[0].pool', '"decision" is no worker pool', 'gecko-3/decision'],
    ['pool: a/b/c', 10, 'probes[0].pool', 'is no worker pool'],
    ['pool: gecko-3/Decision', 10, 'probes[0].pool', 'Taskcluster refuses', 'lower-case'],
    ['pool: gecko-3/decision-', 10, 'probes[0].pool', 'Taskcluster refuses', 'does not end with -'],
    [`pool: ${'p'.repeat(39)}/decision`, 10, 'probes[0].pool', 'Taskcluster refuses', '1 to 38'],
    [`pool: gecko-3/${'d'.repeat(39)}`, 10, 'probes[0].pool', 'Taskcluster refuses', 'up to 38'],
    ['pool: gecko-*', 10, 'probes[0].pool', 'is no pattern of worker pools'],
    ['pool: gecko-[13/decision', 10, 'probes[0].pool', 'set of characters', '[13]'],
    ['pool: gecko-[z-a]/decision', 10, 'probes[0].pool', 'set of characters', 'ranges in order'],
    ['pool: gecko-t/T-linux*', 10, 'probes[0].pool', 'matches no name that Taskcluster accepts'],
    ['pool: gecko-t/*-', 10, 'probes[0].pool', 'matches no name that Taskcluster accepts'],
    ['pool: 5', 10, 'probes[0].pool', '5 is no worker pool'],
    ['{pool: gecko-t/t-*, name: tests}', 10, 'probes[0].name', '"tests" stands on a glob', 'named for their pools'],
    ['{pool: a/b, name: "tab\\there"}', 10, 'probes[0].name', 'is no name for a probe', '1 to 100'],
    ['{pool: a/b, name: " a"}', 10, 'probes[0].name', 'is no name for a probe'],
    [`{pool: a/b, name: ${'n'.repeat(101)}}`, 10, 'probes[0].name', 'is no name for a probe'],
    ['{pool: a/b, name: 2024}', 10, 'probes[0].name', '2024 is not text', 'quotes'],
    ['{pool: a/b, priority: hihgest}', 10, 'probes[0].priority', 'Did you mean "highest"?', 'very-low'],
    ['{pool: a/b, payload: docker}', 10, 'probes[0].payload', '"docker" is no payload', 'docker-worker'],
    ['{pool: a/b, payload: [x]}', 10, 'probes[0].payload', 'is no payload', 'an object'],
    ['{pool: a/b, mode: silent}', 10, 'probes[0].mode', '"silent" is no mode', 'alert, observe'],
    ['{pool: a/b, resolveAfter: 0}', 10, 'probes[0].resolveAfter', '0 is no count of claims', '1 to 20'],
    ['{pool: a/b, resolveAfter: 21}', 10, 'probes[0].resolveAfter', 'from 1 to 20'],
    ['{pool: a/b, resolveAfter: 1.5}', 10, 'probes[0].resolveAfter', 'a whole number'],
    ['{pool: a/b, warnAfter: 5m}', 10, 'probes[0].warnAfter', 'has no pageAfter'],
    ['{pool: a/b, warnAfter: 2m, pageAfter: 1m}', 10, 'probes[0].pageAfter', '"1m" is under warnAfter (2m)'],
    ['{pool: a/b, warnAfter: 5m, pageAfter: 5d}', 10, 'probes[0].pageAfter', 'too near the 5 days', '4d23h or less'],
    ['{pool: a/b, deadline: 6d}', 10, 'probes[0].deadline', 'over the 5 days that Taskcluster allows', 'Write 5d or less'],
    ['{pool: a/b, deadline: 10m}', 10, 'probes[0].deadline', 'is too short', 'more than 10m'],
    [
      '{pool: a/b, warnAfter: 1h, pageAfter: 2h, deadline: 130m}',
      10,
      'probes[0].deadline',
      'too soon after pageAfter (2h)',
      'more than 2h 10m',
    ],
    ['{pool: a/b, timezone: Mars/Olympus}', 10, 'probes[0].timezone', '"Mars/Olympus" is no time zone', 'Europe/Berlin'],
    ['{pool: a/b, timezone: "+01:00"}', 10, 'probes[0].timezone', 'is no time zone'],
    ['{pool: a/b, warnAftr: 5m}', 10, 'probes[0].warnAftr', 'Did you mean "warnAfter"?'],
    ['5', 10, 'probes[0]', '5 is not a set of keys', 'name, pool'],
    ['name: lonely', 10, 'probes[0].pool', 'is missing', 'gecko-3/decision'],
  ])('%s', async (input, ...problem) => {
    expect(await said(valid('', { probes: `- ${input}` }))).toEqual([like(...problem)]);
  });
});

describe('a schedule is refused:', () => {
  it.each([
    ['* * * *', 'is not a cron line', 'Write 5 fields'],
    ['every hour', 'is not a cron line'],
    ['@fortnightly', 'is not a cron line'],
    ['61 * * * *', 'is wrong in its minute. Write 5 fields'],
    ['61 25 * * *', 'is wrong in its minute and hour'],
    ['5/10 * * * *', 'is wrong in its minute. Write 5 fields'],
    ['*/90 * * * *', 'step wider than its minute field'],
    ['0 12 13 * 5', 'both day of month and day of week', 'Kubernetes', 'write * for the other'],
    ['0 12 L * mon', 'both day of month and day of week'],
    ['0 0 30 2 *', 'never fires'],
    ['0 0 31W 2 *', 'never fires'],
    ['* * * * * *', 'more often than every 5 seconds', '*/5'],
    ['0,57 * * * * *', 'more often than every 5 seconds'],
  ])('%s', async (schedule, ...words) => {
    const found = await said(valid('', { probes: `- pool: a/b\n  schedule: "${schedule}"` }));
    expect(found).toEqual([like(11, 'probes[0].schedule', ...words)]);
  });
});

describe('a required value is refused:', () => {
  it.each<Case>([
    ['deployment: firefox-ci -> deployment: Firefox CI', 1, 'deployment', '"Firefox CI" is no name', 'firefox-ci'],
    [`deployment: firefox-ci -> deployment: ${'d'.repeat(39)}`, 1, 'deployment', '1 to 38'],
    [
      'https://tc.example.com -> https://tc.example.com/api',
      3,
      'taskcluster.rootUrl',
      'is more than a root URL',
      'scheme and host alone',
    ],
    ['https://tc.example.com -> tc.example.com', 3, 'taskcluster.rootUrl', 'is no URL', 'https://'],
    ['https://tc.example.com -> https://me:hunter2@tc.example.com', 3, 'taskcluster.rootUrl', 'has a user in it', '[secret]@tc'],
    ['https://tc.example.com -> ftp://tc.example.com', 3, 'taskcluster.rootUrl', 'is no URL'],
    ['rootUrl: https://tc.example.com -> root: x', 2, 'taskcluster.rootUrl', 'is missing'],
    ['schedulerId: tc-canary -> schedulerId: tc canary', 5, 'task.schedulerId', '1 to 38'],
    ['canary@example.com -> nobody', 6, 'task.owner', 'is no e-mail address'],
    ['https://example.com/canary -> example.com', 7, 'task.source', 'git@'],
    ['  source: https://example.com/canary -> ', 4, 'task.source', 'is missing', 'https://example.com/canary'],
    ['- pool: gecko-3/decision -> []', 10, 'probes', 'is empty', '- pool: '],
    ['- pool: gecko-3/decision -> pool: gecko-3/decision', 10, 'probes', 'is not a list', '"- "'],
    ['  - pool: gecko-3/decision -> ', 9, 'probes', 'is empty'],
  ])('%s', async (change, ...problem) => {
    const [from = '', to = ''] = change.split(' -> ');
    const found = await said(valid('').replace(from, to));
    expect(found.filter((line) => !line.includes('unknown key'))).toEqual([like(...problem)]);
  });

  it('a section that is left out altogether', async () => {
    expect(await said('deployment: x\nprobes: [{pool: a/b}]\n')).toEqual([
      expect.stringMatching(/^1:1 {2}taskcluster: is missing\. Write keys of these under it: rootUrl\.$/),
      expect.stringMatching(/^1:1 {2}task: is missing\. /),
    ]);
  });
});

describe('a channel is refused:', () => {
  const slack = (rest: string) => valid(`slack:\n  token: \${TOKEN}\n  ${rest}`);
  it.each([
    ['channel: "#general"', 'slack.channel: "#general" is no id of a Slack channel. Write the id, such as C0123456789'],
    ['channel: general', '"general" is no id of a Slack channel'],
    ['channel: #general', 'slack.channel: is empty', 'what follows a bare # is a comment'],
    ['chanel: C0123456789', 'Did you mean "channel"?', 'slack.channel: is missing'],
    ['{}', 'a colon is missing'],
  ])('%s', async (text, ...words) => {
    const found = (await problemsIn(fileWith(slack(text)), { TOKEN: 'xoxb-1' }))
      .map((p) => `${p.path}: ${p.problem}. ${p.remedy}`)
      .join('\n');
    for (const word of words) expect(found).toContain(word);
  });

  it('PagerDuty, with a key of another length', async () => {
    const text = valid(`pagerduty: {routingKey: "\${KEY}"}`);
    const [problem, ...more] = await said(text, { KEY: 'short' });
    expect(more).toEqual([]);
    expect(problem).toContain(
      `12:25  pagerduty.routingKey: "\${KEY}" does not hold a routing key. Give the variable the 32 characters`,
    );
  });
});

describe('names', () => {
  const duplicated = async (probes: string) => said(valid('', { probes }));

  it('may not be given twice', async () => {
    expect(await duplicated('- {name: one, pool: a/b}\n- pool: a/c\n- {pool: a/d, name: one}')).toEqual([
      expect.stringMatching(
        /^12:23 {2}probes\[2\]\.name: "one" is the name of the probe on line 10\. Give this one a name of its own/,
      ),
    ]);
  });

  it('are missing where two probes watch one pool', async () => {
    expect(await duplicated('- pool: a/b\n- pool: a/b')).toEqual([
      expect.stringMatching(/^11:11 {2}probes\[1\]\.pool: "a\/b" is the name of the probe on line 10\./),
    ]);
  });

  it('may not be the pool of an unnamed probe', async () => {
    expect(await duplicated('- pool: a/b\n- {name: a/b, pool: a/c}')).toHaveLength(1);
  });

  it('need not differ for a glob, but globs must', async () => {
    expect(await duplicated('- pool: a/b\n- pool: a/*\n- pool: a/c*')).toEqual([]);
    expect(await duplicated('- pool: a/*\n- pool: a/*')).toEqual([
      expect.stringContaining('is the glob of the entry on line 10'),
    ]);
  });
});

describe('YAML that is none is refused:', () => {
  it.each([
    ['a: 1\na: 2', 2, 'the key stands twice'],
    ['schedule: */15 * * * *', 1, 'is an alias', 'schedule: "*/15 * * * *"'],
    ['pool: *-t/linux', 1, 'is an alias', 'in quotes'],
    ['a: 1\nb: @hourly', 2, 'a character that YAML keeps for itself', 'in quotes'],
    ['a: 1\n\tb: 2', 2, 'indented with a tab'],
    ['\ta: 1', 1, 'indented with a tab', 'spaces'],
    ['a: 1\n---\nb: 1', 2, 'a second document', 'one file for a deployment'],
    ['a: "x\nb: 1', 2, 'a quote, a bracket or a colon is missing'],
    [`slack: {token: \${TOKEN}}`, 1, 'not valid YAML', 'in quotes'],
    ['a: !env x', 1, 'a tag of YAML'],
    ['a: [1\nb: 2', 2, 'a bracket is not closed'],
  ])('%j', async (text, line, ...words) => {
    const found = (await said(text)).find((problem) => problem.includes(String(words[0])));
    expect(found).toMatch(new RegExp(`^${line}:`));
    for (const word of words) expect(found).toContain(word);
  });

  it('aliases that grow beyond measure', async () => {
    const bomb = Array.from(
      { length: 9 },
      (_, i) =>
        `a${i + 1}: &a${i + 1} [${Array(9)
          .fill(i === 0 ? 'x' : `*a${i}`)
          .join()}]`,
    ).join('\n');
    expect(await said(bomb)).toEqual([expect.stringContaining('grow beyond measure')]);
  });

  it('an object that contains itself', async () => {
    expect(await said(valid('', { probes: '- pool: a/b\n  payload: &p {again: *p}' }))).toEqual([
      expect.stringMatching(/^11:17 {2}probes\[0\]\.payload: the value cannot be written as JSON/),
    ]);
  });
});

describe('a file that cannot be read is named:', () => {
  it.each<[string, string | Buffer, string]>([
    ['empty', '', 'is empty'],
    ['comments alone', '# nothing yet\n', 'is empty'],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), 'is not text'],
    ['Latin-1', Buffer.from('deployment: caf\xe9', 'latin1'), 'is not text'],
    ['huge', '#'.repeat(1024 * 1024 + 1), 'is larger than 1024 KiB'],
  ])('%s', async (_, content, words) => {
    const file = fileWith(content);
    await expect(loadConfig(file, {})).rejects.toThrow(`${file}  the probe file ${words}. `);
  });

  it('missing, or a directory', async () => {
    const file = join(fileWith(''), '..', 'missing.yml');
    await expect(loadConfig(file, {})).rejects.toThrow(`${file}  the probe file does not exist. `);
    const directory = join(dirname(file), 'folder');
    mkdirSync(directory);
    await expect(loadConfig(directory, {})).rejects.toThrow('is a directory');
    await expect(loadConfig('/dev/zero', {})).rejects.toThrow('is not a regular file');
  });

  it('text that is no mapping', async () => {
    expect(await said('just words')).toEqual([expect.stringContaining('"just words" is not a set of keys')]);
  });
});

describe('the error', () => {
  const file = fileWith(`deployment: Firefox
colour: red
taskcluster:
  rootUrl: https://tc.example.com
task: {schedulerId: tc-canary, owner: a@example.com, source: "git@example.com:x"}
defaults:
  warnAfter: 10m
probes:
  - pool: a/b
    pageAfter: 5m
  - pool: a/b
    schedule: "0 0 30 2 *"
    pageAfter: 1h
`);

  it('tells everything at once, a line each, in the order of the file', async () => {
    const error = await loadConfig(file, {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigError);
    expect(
      String(error)
        .split('\n')
        .map((line) => line.replace(file, 'probes.yml')),
    ).toEqual([
      expect.stringMatching(/^ConfigError: probes\.yml:1:13 {2}deployment: "Firefox" is no name of a deployment\. Write .*\.$/),
      expect.stringMatching(/^probes\.yml:2:1 {2}colour: is an unknown key\. Known here: /),
      expect.stringMatching(/^probes\.yml:10:16 {2}probes\[0\]\.pageAfter: "5m" is under warnAfter \(10m\)\. /),
      expect.stringMatching(/^probes\.yml:11:11 {2}probes\[1\]\.pool: "a\/b" is the name of the probe on line 9\. /),
      expect.stringMatching(/^probes\.yml:12:15 {2}probes\[1\]\.schedule: "0 0 30 2 \*" never fires/),
    ]);
  });

  it('keeps control characters out of the terminal', async () => {
    const [line] = await said(valid('"k\\e[31m": 1'));
    expect(line).toContain('k\\u001b[31m');
  });
});
