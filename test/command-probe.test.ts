import { afterEach, describe, expect, test } from 'vitest';
import { type ProbeOptions, probe } from '../src/commands/probe.ts';
import { UsageError } from '../src/io.ts';
import type { World } from '../src/world/world.ts';
import { CLIENT, commandSetting, type Setting } from './support/command.ts';
import { ESCAPE, unmoved } from './support/screen.ts';
import { HOUR, MINUTE, pool, SECOND, START, statusOf } from './support/world.ts';

const WARM = 'test-1/decision';
const COLD = 'test-1/b-linux';
const NOBODY = 'test-1/nobody';
const boot = { p50: 30 * SECOND, p95: 40 * SECOND };
const pools = [pool(WARM, { runs: 'd2g', minCapacity: 1, boot }), pool(COLD, { boot }), pool(NOBODY, { boot })];
/** One pool of the deployment never gets a worker. */
const skipped = (start: number) => [{ kind: 'pool-skipped' as const, pools: [NOBODY], from: start, until: start + HOUR }];

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function deployment(setting: Partial<Setting> = {}) {
  const start = setting.start ?? Math.floor(Date.now() / SECOND) * SECOND;
  const made = await commandSetting({ spec: { pools, faults: skipped(start) }, ...setting, start });
  stops.push(made.close);
  const ask = (asked: string[], options: Partial<ProbeOptions> = {}) =>
    probe(asked, { timeout: 2 * MINUTE, json: false, payload: 'auto', priority: 'lowest', keep: false, ...options }, made.io);
  return { ...made, ask };
}

/** Every task that the deployment was given, with its state. */
function tasksIn(text: string, world: World): string[] {
  const ids = [...new Set(text.match(/(?<=\/tasks\/)[\w-]{22}/g))];
  return ids.map((id) => statusOf(world, id).state);
}

/** How many canaries are pending on a pool. */
function pendingOn(world: World, id: string): number {
  return (world.call('queue', 'taskQueueCounts', [id]).body as { pendingTasks: number }).pendingTasks;
}

describe('probe answers', () => {
  test('cold, warm and built-in claims with exit 0, a line for each step where nobody looks on', async () => {
    const { ask, stdout } = await deployment();
    expect(await ask([WARM, COLD, 'built-in/succeed'])).toBe(0);
    const lines = stdout().trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      expect.stringMatching(/^test-1\/decision {3}pending {2}over \d+ms$/),
      expect.stringMatching(/^test-1\/b-linux {4}pending {2}over \d+ms$/),
      expect.stringMatching(/^built-in\/succeed {2}pending {2}over \d+ms$/),
    ]);
    const said = stdout();
    expect(said).toMatch(/^test-1\/decision {3}completed {2}claimed after \S+, by a warm worker, \S+\/\S+, ran \S+s$/m);
    expect(said).toMatch(/^test-1\/b-linux {4}pending {2}over 10s$/m);
    expect(said).toMatch(/^test-1\/b-linux {4}completed {2}claimed after \d\ds, by a cold worker, \S+\/\S+, ran \S+s$/m);
    expect(said).toMatch(/^built-in\/succeed {2}completed {2}claimed after \S+, built-in\/succeed, ran \d+ms$/m);
  });

  test('a built-in queue with an empty payload, which needs nothing of worker-manager', async () => {
    const { ask, stdout } = await deployment({ scopes: ['queue:*'] });
    expect(await ask(['built-in/succeed'], { payload: 'empty' })).toBe(0);
    expect(stdout()).toContain('completed  claimed after');
  });

  test('the same pool named twice gets one canary', async () => {
    const { ask, stdout } = await deployment();
    await ask(['built-in/succeed', 'built-in/succeed'], { json: true });
    expect(JSON.parse(stdout()).pools).toHaveLength(1);
  });

  test('exit 1 for what nobody claimed in time, and takes the canary back', async () => {
    const { ask, stdout, world, url } = await deployment();
    expect(await ask([NOBODY, 'built-in/succeed'])).toBe(1);
    expect(stdout()).toContain(`\n${NOBODY}: not claimed in time; the canary was cancelled\n  ${url}/tasks/`);
    expect(tasksIn(stdout(), world)).toEqual(['exception']);
    expect(pendingOn(world, NOBODY)).toBe(0);
  });

  test('exit 1 and leaves the canary with --keep', async () => {
    const { ask, stdout, world } = await deployment();
    expect(await ask([NOBODY], { keep: true })).toBe(1);
    expect(stdout()).toContain(`\n${NOBODY}: not claimed in time\n`);
    expect(tasksIn(stdout(), world)).toEqual(['pending']);
  });

  test('exit 1 where the claim came after the time allowed, while another canary was still followed', async () => {
    const slow = pool('test-1/slow', { boot: { p50: 30 * SECOND, p95: 31 * SECOND } });
    const long = pool('test-1/long', { minCapacity: 1, boot, run: { p50: MINUTE, p95: 61 * SECOND } });
    const { ask, stdout } = await deployment({ spec: { pools: [slow, long] } });
    expect(await ask([slow.pool, long.pool], { timeout: 20 * SECOND })).toBe(1);
    expect(stdout()).toContain(`${slow.pool}: claimed, but not in time\n`);
  });

  test('130 where it is interrupted, and takes the canary back', async () => {
    let pauses = 0;
    const { ask, stdout, world } = await deployment({
      onPause: (_, interrupt) => {
        if (++pauses === 5) interrupt();
      },
    });
    expect(await ask([NOBODY])).toBe(130);
    expect(stdout()).toContain(`${NOBODY}: not claimed before the interruption; the canary was cancelled`);
    expect(pendingOn(world, NOBODY)).toBe(0);
  });

  test('how a canary that could not be taken back will end, with the scope that was missing', async () => {
    const { ask, stdout } = await deployment({ scopes: ['queue:create-task:*', 'queue:scheduler-id:*', 'queue:status:*'] });
    expect(await ask([NOBODY], { payload: 'generic-worker' })).toBe(1);
    expect(stdout()).toMatch(
      /not claimed in time; the canary could not be cancelled \(missing scopes: queue:cancel-task.*\), it ends by itself at its deadline/,
    );
  });
});

describe('probe refuses at once, with exit 2 and a remedy,', () => {
  const wrong: [string, string[], Record<string, string | undefined>, RegExp][] = [
    ['what is no pool', ['gecko-3'], {}, /"gecko-3" is not a worker pool; write <provisionerId>\/<workerType>/],
    ['a missing root URL', [WARM], { TASKCLUSTER_ROOT_URL: undefined }, /TASKCLUSTER_ROOT_URL is not set; set it to/],
    ['a root URL with a path', [WARM], { TASKCLUSTER_ROOT_URL: 'https://tc.example.com/api' }, /not a root URL; write it as/],
    ['a client id alone', [WARM], { TASKCLUSTER_ACCESS_TOKEN: undefined }, /go together; set TASKCLUSTER_ACCESS_TOKEN too/],
    ['an access token alone', [WARM], { TASKCLUSTER_CLIENT_ID: '' }, /go together; set TASKCLUSTER_CLIENT_ID too/],
    [
      'a certificate that is not JSON',
      [WARM],
      { TASKCLUSTER_CERTIFICATE: 'k3y' },
      /TASKCLUSTER_CERTIFICATE is not a JSON object; set/,
    ],
    [
      'a certificate that is a number',
      [WARM],
      { TASKCLUSTER_CERTIFICATE: '7' },
      /TASKCLUSTER_CERTIFICATE is not a JSON object; set/,
    ],
    [
      'a token file that is not there',
      [WARM],
      { TASKCLUSTER_ACCESS_TOKEN: undefined, TASKCLUSTER_ACCESS_TOKEN_FILE: '/nowhere/token' },
      /TASKCLUSTER_ACCESS_TOKEN_FILE names a file that cannot be read: \/nowhere\/token; check/,
    ],
    [
      'an empty token file',
      [WARM],
      { TASKCLUSTER_ACCESS_TOKEN: undefined, TASKCLUSTER_ACCESS_TOKEN_FILE: '/dev/null' },
      /TASKCLUSTER_ACCESS_TOKEN_FILE names an empty file: \/dev\/null; write/,
    ],
  ];

  test.each(wrong)('%s', async (_what, asked, env, message) => {
    const { ask, stdout } = await deployment({ env });
    const error = await ask(asked).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain(CLIENT.accessToken);
    expect(stdout()).toBe('');
  });

  test('a pool that worker-manager does not know, while the others are asked all the same', async () => {
    const { ask, stdout } = await deployment();
    expect(await ask(['test-1/typo', 'built-in/succeed'])).toBe(2);
    expect(stdout()).toContain(
      'test-1/typo: worker-manager does not know this pool; name a payload with --payload, or correct the pool',
    );
    expect(stdout()).toMatch(/^built-in\/succeed {2}completed/m);
  });
});

describe('probe says that it could not ask, with exit 3 and a remedy,', () => {
  test('of a queue out of reach, once for all pools', async () => {
    const { ask, stdout, close, url } = await deployment();
    await close();
    expect(await ask(['built-in/succeed', WARM])).toBe(3);
    expect(stdout()).toMatch(/^built-in\/succeed {2}could not ask$/m);
    expect(stdout()).toMatch(/^built-in\/succeed, test-1\/decision: .*ECONNREFUSED/m);
    expect(stdout()).toMatch(new RegExp(`; check TASKCLUSTER_ROOT_URL \\(${url}\\) and the network\n$`));
  });

  test('of a create that was not answered, and clears up what it may have left', async () => {
    const { ask, stdout, io, world } = await deployment();
    const now = io.clock.now();
    world.addFault({ kind: 'api-down', applied: true, methods: ['createTask', 'statuses'], from: now, until: now + HOUR });
    expect(await ask([NOBODY])).toBe(3);
    expect(stdout()).toContain('503');
    expect(stdout()).toContain('the canary was cancelled');
    expect(pendingOn(world, NOBODY)).toBe(0);
  });

  test('of a queue that falls silent and stays so, though the canary was created', async () => {
    const { ask, stdout } = await deployment({
      onPause: (world) => world.addFault({ kind: 'api-down', services: ['queue'], from: world.now, until: world.now + HOUR }),
    });
    expect(await ask([NOBODY], { timeout: 20 * SECOND })).toBe(3);
    expect(stdout()).toContain('pending, queue silent');
    expect(stdout()).toContain('the canary could not be cancelled');
  });

  test('of a missing scope, which it names, with the client to give it to', async () => {
    const { ask, stdout } = await deployment({ scopes: ['queue:scheduler-id:*', 'queue:create-task:project:none'] });
    expect(await ask(['built-in/succeed'])).toBe(3);
    expect(stdout()).toContain(
      'built-in/succeed: missing scopes: queue:create-task:lowest:built-in/succeed; give them to the client project/canary\n',
    );
  });

  test('of scopes that nobody has without credentials', async () => {
    const env = { TASKCLUSTER_CLIENT_ID: undefined, TASKCLUSTER_ACCESS_TOKEN: undefined };
    const { ask, stdout } = await deployment({ env });
    expect(await ask(['built-in/succeed'])).toBe(3);
    expect(stdout()).toMatch(
      /queue:create-task:lowest:built-in\/succeed.*; set TASKCLUSTER_CLIENT_ID and TASKCLUSTER_ACCESS_TOKEN\n/,
    );
  });

  test('of credentials that are refused, without showing them', async () => {
    const { ask, stdout } = await deployment({ env: { TASKCLUSTER_ACCESS_TOKEN: 'wr0ng-t0ken' } });
    expect(await ask(['built-in/succeed'])).toBe(3);
    expect(stdout()).toMatch(
      /built-in\/succeed: 401: .*; check TASKCLUSTER_CLIENT_ID \(project\/canary\), TASKCLUSTER_ACCESS_TOKEN/,
    );
    expect(stdout()).not.toContain('wr0ng-t0ken');
  });
});

describe('probe --json', () => {
  const anonymous = { TASKCLUSTER_CLIENT_ID: undefined, TASKCLUSTER_ACCESS_TOKEN: undefined };

  test('gives every key always, instants as ISO 8601 and durations in seconds, and nothing else', async () => {
    const { ask, stdout, url } = await deployment({ start: START, anonymousScopes: ['*'], env: anonymous });
    expect(await ask([WARM, NOBODY], { json: true, timeout: 30 * SECOND })).toBe(1);
    const answer = JSON.parse(stdout());
    expect(answer).toEqual({
      rootUrl: url,
      pools: [
        {
          pool: WARM,
          claimed: true,
          inTime: true,
          timeToClaim: expect.any(Number),
          start: 'warm',
          worker: expect.stringMatching(/^\S+\/\S+$/),
          ran: expect.any(Number),
          outcome: 'completed',
          taskId: expect.stringMatching(/^[\w-]{22}$/),
          scheduled: '2026-10-08T21:00:00.000Z',
          started: expect.stringMatching(/^2026-10-08T21:00:\d\d\.\d{3}Z$/),
          resolved: expect.stringMatching(/^2026-10-08T21:00:\d\d\.\d{3}Z$/),
          problem: null,
          cancelled: false,
          leftBehind: null,
        },
        {
          pool: NOBODY,
          claimed: false,
          inTime: false,
          timeToClaim: null,
          start: null,
          worker: null,
          ran: null,
          outcome: 'canceled',
          taskId: expect.stringMatching(/^[\w-]{22}$/),
          scheduled: '2026-10-08T21:00:00.000Z',
          started: null,
          resolved: '2026-10-08T21:00:30.000Z',
          problem: null,
          cancelled: true,
          leftBehind: null,
        },
      ],
    });
    const [warm] = answer.pools;
    expect(warm.timeToClaim).toBe((Date.parse(warm.started) - Date.parse(warm.scheduled)) / 1000);
    expect(warm.ran).toBe((Date.parse(warm.resolved) - Date.parse(warm.started)) / 1000);
  });

  test('names the problem of a pool that could not be asked', async () => {
    const { ask, stdout } = await deployment({ scopes: ['queue:scheduler-id:*', 'queue:create-task:project:none'] });
    expect(await ask(['built-in/succeed'], { json: true })).toBe(3);
    expect(JSON.parse(stdout()).pools[0]).toMatchObject({
      claimed: false,
      inTime: false,
      scheduled: null,
      problem: expect.stringContaining('missing scopes: queue:create-task:lowest:built-in/succeed'),
    });
  });
});

describe('probe in a terminal', () => {
  test('redraws one table in place, with the answer and no trace of the way there at the end', async () => {
    const { ask, screen, stdout } = await deployment({ terminal: { columns: 140, rows: 30 } });
    expect(await ask([WARM, COLD])).toBe(0);
    expect(stdout()).toContain('\u001b[32mcompleted');
    expect(screen.text.split('\n')).toEqual([
      expect.stringMatching(/^POOL +STATE +TIME TO CLAIM +START +RAN +WORKER +TASK$/),
      expect.stringMatching(/^test-1\/decision +completed +\S+s +warm +\S+s +\S+\/\S+ +[\w-]{22}$/),
      expect.stringMatching(/^test-1\/b-linux +completed +\d\ds +cold +\S+s +\S+\/\S+ +[\w-]{22}$/),
    ]);
  });

  test('says who claimed below the table where it has no room for that', async () => {
    const { ask, screen } = await deployment({ terminal: { columns: 60, rows: 30 } });
    expect(await ask([WARM])).toBe(0);
    expect(screen.lines[0]).not.toContain('WORKER');
    expect(screen.text).toMatch(/\n\ntest-1\/decision: claimed by\s+\S+\/\S+$/);
  });

  test('shows how long a canary has been pending, second by second', async () => {
    const ages: string[] = [];
    const { ask, screen } = await deployment({
      terminal: { columns: 80, rows: 30 },
      onPause: () => ages.push(/pending +over (\S+)/.exec(screen.text)?.[1] ?? ''),
    });
    await ask([NOBODY], { timeout: 15 * SECOND });
    expect(ages.slice(1, 15)).toEqual(['1s', '2s', '3s', '4s', '5s', '6s', '7s', '8s', '9s', '10s', '11s', '12s', '13s', '14s']);
  });

  test.each([140, 80, 60])('keeps every line of a table within %i columns, however long the names', async (columns) => {
    const names = ['a', 'b', 'c'].map((last) => `${'provisioner-'.repeat(3)}1/${'w'.repeat(36)}${last}`);
    const spec = { pools: names.map((name) => pool(name, { minCapacity: 1, boot })) };
    const { ask, screen } = await deployment({ terminal: { columns, rows: 30 }, spec });
    expect(await ask(names)).toBe(0);
    expect(screen.lines.filter((line) => line.includes('completed'))).toHaveLength(3);
    expect(screen.lines.slice(0, 5)).toEqual([
      expect.stringMatching(/^POOL /),
      ...names.map(() => expect.stringContaining('completed')),
      '',
    ]);
  });

  test('draws no more than the screen holds, those still pending first, and everything at the end', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `test-1/pool-${i}`);
    const seen: string[][] = [];
    const { ask, screen } = await deployment({
      terminal: { columns: 100, rows: 12 },
      spec: { pools: [...names.map((name) => pool(name, { minCapacity: 1, boot })), pool(NOBODY, { maxCapacity: 0, boot })] },
      onPause: () => seen.push(screen.lines),
    });
    expect(await ask([...names, NOBODY], { timeout: 30 * SECOND })).toBe(1);
    for (const lines of seen) expect(lines.filter((line) => line.startsWith('POOL'))).toHaveLength(1);
    expect(seen.at(-1)).toContainEqual(expect.stringMatching(/^test-1\/nobody +pending/));
    expect(seen.at(-1)).toContain('and 12 more');
    for (const name of names) expect(screen.text).toMatch(new RegExp(`^${name} +completed`, 'm'));
    expect(screen.text).toMatch(/^test-1\/nobody +not claimed/m);
  });

  test('leaves colours out where NO_COLOR is set, and keeps its line of notes within the columns', async () => {
    const { ask, stdout } = await deployment({
      terminal: { columns: 70, rows: 30 },
      scopes: ['queue:scheduler-id:*'],
      env: { NO_COLOR: '1' },
    });
    expect(await ask(['built-in/succeed'])).toBe(3);
    expect(stdout()).not.toContain(`${ESCAPE}[3`);
    expect(unmoved(stdout())).not.toContain(ESCAPE);
    for (const line of unmoved(stdout()).split('\n')) expect(line.length).toBeLessThanOrEqual(70);
  });
});
