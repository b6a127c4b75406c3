import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, inject, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { commandSetting } from './support/command.ts';
import { pool } from './support/world.ts';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tc-canary-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Child {
  env?: Record<string, string | undefined>;
  /** Closes the pipe that the program writes to before it has written anything. */
  deaf?: boolean;
  /** Told of all it has written so far, with each piece. */
  onOutput?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** The program as it is shipped, in a process of its own. */
function cli(args: string[], { env = {}, deaf = false, onOutput }: Child = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { PATH: process.env['PATH'], ...env } });
    let stdout = '';
    let stderr = '';
    if (deaf) child.stdout.destroy();
    child.stdout.on('data', (data) => {
      stdout += data;
      onOutput?.(stdout, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('the command line', () => {
  test('tells its version', async () => {
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  test('helps with every command and its options', async () => {
    const commands: [string[], string[]][] = [
      [[], ['probe', 'inspect', 'run', 'report', 'silence', 'store', 'sandbox']],
      [['store'], ['migrate', 'stats', 'export', 'import']],
      [
        ['store', 'export'],
        ['--out', '--config', 'TC_CANARY_CONFIG'],
      ],
      [['probe'], ['--timeout', '--payload', '--priority', '--keep', '--json', '<pool...>']],
      [['inspect'], ['[pool...]', '--watch', '--no-watch', '--config', '--json']],
      [['run'], ['--once', '--config', 'TC_CANARY_CONFIG', '--listen', 'TC_CANARY_LISTEN']],
      [['report'], ['--since', '--json', '--config', 'TC_CANARY_CONFIG']],
      [['silence'], ['<match>', '--for', '--reason', '--by', '--config', 'list', 'end']],
      [
        ['silence', 'list'],
        ['--all', '--json', '--config'],
      ],
      [
        ['silence', 'end'],
        ['<id>', '--config'],
      ],
      [['sandbox'], ['--for']],
    ];
    for (const [command, words] of commands) {
      const { code, stdout, stderr } = await cli([...command, '--help']);
      expect([code, stderr]).toEqual([0, '']);
      for (const word of words) expect(stdout).toContain(word);
    }
  });

  test.each([
    [['report', '--nonsense'], /unknown option '--nonsense'/],
    [['watch'], /unknown command 'watch'/],
    [['inspect', 'gecko-3'], /"gecko-3" is not a worker pool/],
    [['inspect'], /TASKCLUSTER_ROOT_URL is not set; set it to/],
    [['inspect', 'a/b', '--watch', '5'], /argument '5' is invalid\. It has no unit\. Add one/],
    [['probe'], /missing required argument 'pool'/],
    [['probe', 'a/b', '--timeout', 'soon'], /option '-t, --timeout <duration>' argument 'soon' is invalid\. It .+ Write/],
    [['probe', 'a/b', '--payload', 'coffee'], /argument 'coffee' is invalid\. Allowed choices are auto, /],
    [['probe', 'gecko-3'], /"gecko-3" is not a worker pool|TASKCLUSTER_ROOT_URL is not set/],
    [['report'], /^no probe file is named; write --config <file>, or set TC_CANARY_CONFIG to its path/],
    [['run', '--once'], /^no probe file is named/],
    [['store', 'stats'], /^no probe file is named/],
    [['store', 'import'], /missing required argument 'file'/],
    [
      ['replay', '--resolve-after', '21', '-c', 'x.yml'],
      /argument '21' is invalid\. It is no number of claims\. Write .+ 1 to 20/,
    ],
    [['silence'], /missing required argument 'match'/],
    [['silence', 'a/b'], /^no probe file is named/],
    [['silence', 'a/b', '--for', '2', '--reason', 'x'], /argument '2' is invalid\. It has no unit\. Add one/],
    [['silence', 'a/b', '--for', '2h', '-c', 'x.yml'], /why; write --reason "\.\.\."/],
    [['silence', 'end'], /missing required argument 'id'/],
    [['silence', 'list', '-c', 'nowhere.yml'], /^nowhere\.yml {2}the probe file does not exist/],
    [['report', '--config', 'nowhere.yml'], /^nowhere\.yml {2}the probe file does not exist\. Check the path\.\n$/],
  ])('refuses %j with exit 2 and says why', async (args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('takes the probe file from TC_CANARY_CONFIG, and an option before it', async () => {
    const env = { TC_CANARY_CONFIG: 'from-env.yml' };
    expect((await cli(['report'], { env })).stderr).toMatch(/^from-env\.yml {2}/);
    expect((await cli(['report', '-c', 'given.yml'], { env })).stderr).toMatch(/^given\.yml {2}/);
    expect((await cli(['report'], { env: { TC_CANARY_CONFIG: '' } })).stderr).toMatch(/^no probe file is named/);
  });

  test('silences a pool, shows it and ends it, with the options in any order', async () => {
    writeFileSync(
      join(folder, 'silence.yml'),
      'deployment: d\ntaskcluster: {rootUrl: https://tc.example.com}\nstore: sqlite:silence.db\n' +
        'task: {schedulerId: s, owner: a@example.com, source: https://example.com/}\nprobes: [{pool: a/b}]\n',
    );
    const env = { TC_CANARY_CONFIG: 'silence.yml' };
    const made = await cli(['silence', '--for', '2h', 'a/b', '--by', 'jane', '--reason', 'new images'], { env });
    expect([made.code, made.stdout]).toEqual([
      0,
      expect.stringMatching(/^silence [a-z0-9]{6} of jane: a\/b \(1 probe\) for 2h more/),
    ]);
    const list = () => cli(['silence', 'list', '--json', '--all', '-c', 'silence.yml'], { env });
    const { id, state } = JSON.parse((await list()).stdout).silences[0];
    expect(state).toBe('now');
    expect(await cli(['silence', 'end', id], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse((await list()).stdout).silences).toMatchObject([{ id, state: 'over' }]);
    expect(await cli(['silence', 'end', id], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is over already'),
    });
  });

  test('is quiet where the reader of its pipe has gone', async () => {
    expect(await cli(['--help'], { deaf: true })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('explains a store file that is none in one line, with exit 2', async () => {
    writeFileSync(join(folder, 'not-a.db'), 'hello '.repeat(1000));
    writeFileSync(
      join(folder, 'probes.yml'),
      'deployment: d\ntaskcluster: {rootUrl: https://tc.example.com}\nstore: sqlite:not-a.db\n' +
        'task: {schedulerId: s, owner: a@example.com, source: https://example.com/}\nprobes: [{pool: a/b}]\n',
    );
    const { code, stderr } = await cli(['report', '-c', 'probes.yml']);
    expect(stderr).toMatch(/^not-a\.db is not a canary store: name another file, or move this one away.*\n$/);
    expect(code).toBe(2);
  });

  test.each<[string, number, (url: URL) => void, RegExp]>([
    ['whose password is wrong', 2, (url) => (url.password = 'hunter2'), / refuses us: see user, password/],
    ['that does not exist', 2, (url) => (url.pathname = '/nowhere'), / does not exist: create the database/],
    ['that does not answer', 3, (url) => (url.port = '1'), / does not answer: see that the server runs/],
  ])('explains a database %s in one line, with exit %d', async (_which, expected, change, words) => {
    writeFileSync(
      join(folder, 'postgres.yml'),
      'deployment: d\ntaskcluster: {rootUrl: https://tc.example.com}\n' +
        'task: {schedulerId: s, owner: a@example.com, source: https://example.com/}\nprobes: [{pool: a/b}]\n',
    );
    const url = new URL(inject('postgres'));
    change(url);
    writeFileSync(join(folder, 'store-url'), `${url.href}\n`);
    for (const args of [['report'], ['run', '--once'], ['store', 'stats']]) {
      const { code, stdout, stderr } = await cli([...args, '-c', 'postgres.yml'], { env: { TC_CANARY_STORE_FILE: 'store-url' } });
      expect(stderr).toMatch(words);
      expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([expected, '', 1]);
      expect(stderr).not.toContain(url.password);
    }
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('takes its canary back and exits 130 after %s', async (signal) => {
    const boot = { p50: 1000, p95: 2000 };
    const setting = await commandSetting({ spec: { pools: [pool('test-1/nobody', { maxCapacity: 0, boot })] } });
    const { code, stdout } = await cli(['probe', 'test-1/nobody'], {
      env: setting.io.env,
      onOutput: (said, kill) => {
        if (said.includes('pending')) kill(signal);
      },
    });
    await setting.close();
    expect(stdout).toContain('test-1/nobody: not claimed before the interruption; the canary was cancelled');
    expect(setting.world.call('queue', 'taskQueueCounts', ['test-1/nobody']).body).toMatchObject({ pendingTasks: 0 });
    expect(code).toBe(130);
  });

  test('takes its canary back where the reader of its pipe has gone', async () => {
    const boot = { p50: 1000, p95: 2000 };
    const setting = await commandSetting({ spec: { pools: [pool('test-1/nobody', { maxCapacity: 0, boot })] } });
    const { stderr } = await cli(['probe', 'test-1/nobody', '--timeout', '5m'], { env: setting.io.env, deaf: true });
    await setting.close();
    expect(stderr).toBe('');
    expect(setting.world.call('queue', 'taskQueueCounts', ['test-1/nobody']).body).toMatchObject({ pendingTasks: 0 });
  });
});
