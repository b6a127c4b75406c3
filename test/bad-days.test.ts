import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MINUTE, SECOND } from '../src/evidence/instant.ts';
import { POOL } from './bad-days/probe-file.ts';
import { SECRETS, Stage } from './bad-days/stage.ts';

const START = Date.UTC(2026, 9, 8, 21);
const REVOKED = 'xoxb-revoked-token-that-nobody-may-read';
const WRONG_KEY = 'wr0ngkeythatn0b0dymayread0000000';

const at = (minute: number) => START + minute * MINUTE;

/** A day on which a CronJob runs `run --once` at the minutes that a test names, and says all it has to say. */
async function openDay() {
  const stage = await new Stage(START).open({ schedule: '*/10 * * * *', warnAfter: '30s', pageAfter: '90s' });
  onTestFinished(() => stage.close());
  stage.env['TC_CANARY_LOG_LEVEL'] = 'debug';

  /** How the job ended, and its log lines of warnings and errors. Whatever happens, it never says a secret. */
  async function job(minute: number) {
    stage.machine.set(at(minute));
    stage.world.advanceTo(stage.machine.now());
    const { code, stdout, stderr } = await stage.start('--once').ended;
    for (const secret of [...Object.values(SECRETS), REVOKED, WRONG_KEY]) expect(stdout + stderr).not.toContain(secret);
    const lines = stderr.split('\n');
    const [warnings, errors] = ['warn', 'error'].map((level) => lines.filter((line) => line.startsWith(`{"level":"${level}"`)));
    return { code, stderr, warnings: warnings?.join('\n') ?? '', errors: errors?.join('\n') ?? '' };
  }

  const paged = () => stage.pages.map(({ what, dedupKey }) => `${what} ${dedupKey}`);
  const shown = () => stage.slack.posts.map(({ text }) => text.split('\n')[0]);
  return { stage, job, paged, shown };
}

describe('a queue that answers 503', () => {
  it('is an incident of its own after a while, and no failure of the job', async () => {
    const { stage, job, paged, shown } = await openDay();
    expect((await job(0)).code).toBe(0);
    stage.world.addFault({ kind: 'api-down', from: at(1), until: at(12.5) });
    const first = await job(1);
    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(first.warnings).toContain('could not look at canaries: unreachable');
    for (const minute of [5, 9]) expect((await job(minute)).code).toBe(0);
    expect(shown()).toEqual([expect.stringContaining('Warning: crashes: the queue does not answer')]);
    expect((await job(12)).code).toBe(0);
    expect(paged()).toEqual([expect.stringMatching(/^opened crashes\/ask:queue-unreachable/)]);
    // Back again, and nothing is said of the pool, whose canary was claimed meanwhile.
    for (const minute of [13, 20, 22]) expect((await job(minute)).code).toBe(0);
    expect(paged()).toEqual([paged()[0], paged()[0]?.replace('opened', 'resolved')]);
    expect(shown()).toEqual([expect.stringContaining('Resolved: crashes: the queue answers again')]);
  });

  it('leaves the first pass incomplete, and the next one carries on', async () => {
    const { stage, job } = await openDay();
    stage.world.addFault({ kind: 'api-down', from: at(0), until: at(2) });
    const first = await job(1);
    expect(first.code).toBe(3);
    expect(first.errors).toContain('the pass is incomplete');
    expect((await job(3)).code).toBe(0);
    expect(stage.world.truth.tasks.size).toBe(1);
  });
});

describe('a queue that does not answer at all', () => {
  it('holds the job up for well under a minute', async () => {
    const { stage, job } = await openDay();
    await job(0);
    stage.world.addFault({ kind: 'api-slow', methods: ['statuses'], delay: MINUTE, from: at(1), until: at(2) });
    const hung = await job(1);
    expect(hung.code).toBe(0);
    expect(hung.warnings).toContain('could not look at canaries: unreachable');
    expect(stage.machine.now()).toBeLessThan(at(1) + 30 * SECOND);
  }, 60_000);
});

describe.each([
  { status: 401, says: '401' },
  { status: 403, says: 'missing scopes: queue:status' },
] as const)('a queue that answers $status', ({ status, says }) => {
  it('is told in Slack as refused access, and pages nobody', async () => {
    const { stage, job, paged, shown } = await openDay();
    expect((await job(0)).code).toBe(0);
    stage.world.addFault({ kind: 'api-refuses', status, from: at(5), until: at(19) });
    for (const minute of [10, 15]) {
      const { code, errors, warnings } = await job(minute);
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(warnings).toContain(says);
    }
    expect(shown()).toEqual([expect.stringContaining('Warning: crashes: Taskcluster refuses our access')]);
    for (const minute of [20, 30]) expect((await job(minute)).code).toBe(0);
    expect(shown()).toEqual([expect.stringContaining('Resolved: crashes: Taskcluster grants our access again')]);
    expect(paged()).toEqual([]);
  });

  it('leaves the first pass incomplete, which is told in Slack, and the next one carries on', async () => {
    const { stage, job, paged, shown } = await openDay();
    stage.world.addFault({ kind: 'api-refuses', status, from: at(0), until: at(5) });
    for (const minute of [1, 4]) {
      const { code, errors } = await job(minute);
      expect(code).toBe(3);
      expect(errors).toContain('the pass is incomplete');
    }
    expect(shown()).toEqual([expect.stringContaining('Warning: crashes: Taskcluster refuses our access')]);
    expect((await job(6)).code).toBe(0);
    expect(stage.world.truth.tasks.size).toBe(1);
    expect(paged()).toEqual([]);
  });
});

describe('a store', () => {
  it('that is not a database is left alone', async () => {
    const { stage, job } = await openDay();
    const diary = 'Dear diary, this is no database. '.repeat(1000);
    writeFileSync(stage.store, diary);
    const { code, stderr } = await job(0);
    expect(code).toBe(2);
    expect(stderr).toContain(`${stage.store} is not a canary store`);
    expect(readFileSync(stage.store, 'utf8')).toBe(diary);
    expect(readdirSync(stage.folder).sort()).toEqual(['canary.db', 'probes.yml']);
    expect(stage.requests).toEqual([]);
  });

  it('in a folder that is missing is a matter of configuration', async () => {
    const { stage, job } = await openDay();
    const path = join(stage.folder, 'absent', 'canary.db');
    stage.env['TC_CANARY_STORE'] = `sqlite:${path}`;
    const { code, stderr } = await job(0);
    expect(code).toBe(2);
    expect(stderr).toContain(`${path} cannot be opened: see that its folder exists`);
    expect(readdirSync(stage.folder)).toEqual(['probes.yml']);
  });

  // A file that may not grow stands for a disk that is full. At 4 KiB a write, each of these stops another one.
  it.each([4, 34, 38, 42, 46])(
    'without room for more than %i KiB of a file says so and nothing else, and loses nothing',
    async (room) => {
      const { stage, job, shown } = await openDay();
      stage.breakPool();
      await job(0);
      stage.shell = `ulimit -f ${room}; exec "$@"`;
      const full = await job(1);
      expect(full.code).toBe(3);
      expect(full.stderr).toContain(`no room to write ${stage.store}`);
      expect(full.stderr).not.toContain('rollback');
      stage.shell = undefined;
      for (const minute of [2, 3]) expect((await job(minute)).code).toBe(0);
      expect(stage.world.truth.tasks.size).toBe(1);
      expect(stage.posts.filter(({ what }) => what === 'posted')).toHaveLength(1);
      expect(shown()).toEqual([expect.stringContaining(`Page: ${POOL}`)]);
      expect(stage.pagerduty.alerts).toHaveLength(1);
      expect(stage.ledger.untold()).toEqual([]);
    },
  );
});

describe('a channel that refuses for good', () => {
  it('Slack with a revoked token is loud, and PagerDuty hears all the same', async () => {
    const { stage, job, paged, shown } = await openDay();
    stage.breakPool();
    await job(0);
    stage.env['SLACK_BOT_TOKEN'] = REVOKED;
    const refused = await job(1);
    expect(refused.code).toBe(3);
    expect(refused.errors).toMatch(/invalid_auth.*somebody has to mend it/);
    expect((await job(2)).code).toBe(3);
    // The page, and that Slack refuses, which need not wake anybody.
    expect(paged()).toEqual([expect.stringMatching(/^opened /), expect.stringMatching(/^opened /)]);
    expect(stage.pagerduty.alerts.map(({ severity }) => severity).sort()).toEqual(['critical', 'warning']);
    stage.env['SLACK_BOT_TOKEN'] = SECRETS.slackToken;
    expect((await job(7)).code).toBe(0);
    expect((await job(8)).code).toBe(0);
    expect(stage.pagerduty.open.map(({ severity }) => severity)).toEqual(['critical']);
    expect(shown()).toEqual([expect.stringContaining(`Page: ${POOL}`)]);
    expect(stage.ledger.untold()).toEqual([]);
  });

  it('PagerDuty with a wrong key is loud, and Slack hears all the same', async () => {
    const { stage, job, paged, shown } = await openDay();
    stage.breakPool();
    stage.env['PAGERDUTY_ROUTING_KEY'] = WRONG_KEY;
    for (const minute of [0, 1]) expect((await job(minute)).code).toBe(0);
    const refused = await job(2);
    expect(refused.code).toBe(3);
    expect(refused.errors).toMatch(/status 400 .*somebody has to mend it/);
    expect(paged()).toEqual([]);
    expect(shown()).toEqual([expect.stringContaining(`Page: ${POOL}`)]);
  });

  it('lets the page out by the new key once a key that never worked was mended', async () => {
    const { stage, job, paged } = await openDay();
    stage.breakPool();
    stage.env['PAGERDUTY_ROUTING_KEY'] = WRONG_KEY;
    for (const minute of [0, 1, 2]) await job(minute);
    stage.env['PAGERDUTY_ROUTING_KEY'] = SECRETS.routingKey;
    for (const minute of [3, 8]) await job(minute);
    expect(paged()).toEqual([expect.stringMatching(/^opened /)]);
  });

  it('fails no job any more when the incident is long over', async () => {
    const { stage, job } = await openDay();
    const mend = stage.breakPool();
    stage.env['PAGERDUTY_ROUTING_KEY'] = WRONG_KEY;
    for (const minute of [0, 1, 2]) await job(minute);
    stage.env['PAGERDUTY_ROUTING_KEY'] = SECRETS.routingKey;
    mend();
    for (const minute of [3, 4, 9]) await job(minute);
    expect((await job(90)).code).toBe(0);
  });

  it('is named in the log of every job that fails for it', async () => {
    const { stage, job } = await openDay();
    stage.breakPool();
    stage.env['SLACK_BOT_TOKEN'] = REVOKED;
    for (const minute of [0, 1, 2]) await job(minute);
    const third = await job(3);
    expect(third.code).toBe(3);
    expect(third.errors).not.toBe('');
  });
});

describe('the log', () => {
  it('gives every line one level', async () => {
    const { stage, job } = await openDay();
    stage.breakPool();
    await job(0);
    const { stderr } = await job(2);
    const levels = stderr.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).level]));
    expect(levels.filter((level) => !['debug', 'info', 'warn', 'error'].includes(level))).toEqual([]);
  });
});
