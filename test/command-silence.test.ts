import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type SilenceOptions, silence, silenceEnd } from '../src/commands/silence.ts';
import { silenceList } from '../src/commands/silence-list.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Io } from '../src/io.ts';
import { storeOver } from '../src/store/store.ts';
import { width } from '../src/views/terminal/text.ts';
import { clockOf } from './support/clock.ts';
import { emptyableStore } from './support/store.ts';
import { DAY_ZERO } from './support/values.ts';

const POOL = 'gecko-3/decision';
/** A Friday, 12:00. */
const NOON = DAY_ZERO + 12 * HOUR;

const { db, path, empty } = await emptyableStore();
const folder = mkdtempSync(join(tmpdir(), 'tc-canary-silence-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A probe file with channels, none of whose variables is set. */
const file = join(folder, 'probes.yml');
writeFileSync(
  file,
  `deployment: firefox-ci
taskcluster: {rootUrl: https://tc.example.com}
store: sqlite:${path}
slack: {token: "\${SLACK_BOT_TOKEN}", channel: "\${SLACK_CHANNEL}"}
pagerduty: {routingKey: "\${PAGERDUTY_ROUTING_KEY}"}
task: {schedulerId: tc-canary, owner: canary@example.com, source: https://example.com/canary}
defaults: {warnAfter: 5m, pageAfter: 15m}
probes:
  - pool: ${POOL}
  - {pool: gecko-t/linux, name: nightly}
silences:
  - {match: nightly, until: "2021-10-08T15:00:00Z", reason: moved to another cloud}
  - {match: gecko-t/*, from: "2021-10-09T08:00:00Z", until: "2021-10-09T10:00:00Z", reason: upgrade}
  - {match: ${POOL}, until: "2021-10-01T10:00:00Z", reason: long over}
maintenance:
  - {match: gecko-t/*, days: [fri, sat], from: "11:30", to: "12:30", reason: images}
  - {match: ${POOL}, from: "02:00", to: "24:00", timezone: Asia/Tokyo, reason: nobody is awake}
`,
);

/** A store in which a pass has been stored, our clock as far behind the queue's as it says. */
beforeEach(async () => {
  await empty();
  await storeOver(db, path).commit(0, [{ kind: 'watch', watch: { trouble: {}, gaps: [], offset: 5 * SECOND, triedAt: NOON } }]);
});

function setting(now: number, over: { columns?: number; env?: Record<string, string> } = {}) {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    env: { USER: 'jane', ...over.env },
    clock: clockOf(() => now - 5 * SECOND),
    stdout: {
      write: (more) => (stdout += more),
      ...(over.columns !== undefined && { isTTY: true, columns: over.columns }),
    },
    stderr: { write: (more) => (stderr += more) },
    stop: new AbortController().signal,
  };
  return { io, stdout: () => stdout, stderr: () => stderr };
}

async function silenced(match: string, over: Partial<SilenceOptions> = {}, env: Record<string, string> = {}) {
  const { io, stdout, stderr } = setting(NOON, { env });
  const code = await silence(match, { config: file, for: 2 * HOUR, reason: 'new images', ...over }, io);
  return { code, stdout: stdout(), stderr: stderr() };
}

const stored = async () => [...(await storeOver(db, path).load()).silences.values()];

async function listed(now: number, over: { all?: boolean; columns?: number } = {}): Promise<string[]> {
  const { io, stdout } = setting(now, { ...over, env: { NO_COLOR: '1' } });
  expect(await silenceList({ config: file, all: over.all ?? false, json: false }, io)).toBe(0);
  return stdout().trimEnd().split('\n');
}

async function end(id: string, now = NOON + HOUR) {
  const { io, stdout } = setting(now);
  const code = await silenceEnd(id, { config: file }, io);
  return { code, stdout: stdout() };
}

describe('silence', () => {
  test("is known to the prober from its next pass on, by the queue's clock", async () => {
    const { code, stdout, stderr } = await silenced('gecko-*/*');
    const [made] = await stored();
    expect(made).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{6}$/),
      match: 'gecko-*/*',
      from: NOON,
      until: NOON + 2 * HOUR,
      reason: 'new images',
      by: 'jane',
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`silence ${made?.id} of jane: gecko-*/* (2 probes) for 2h more, until 14:00 UTC: new images\n`);
  });

  test.each([
    ['nightly', '(1 probe)'],
    ['gecko-t/linux', '(1 probe)'],
    ['queue-unreachable', '(a cause)'],
  ])('of %s says what it covers', async (match, covers) => {
    const { stdout, stderr } = await silenced(match);
    expect(stdout).toContain(`${match} ${covers} for`);
    expect(stderr).toBe('');
  });

  test('of a word that is neither a cause nor a probe is refused, for it would silence nothing', async () => {
    await expect(silenced('queue-unreachabel')).rejects.toThrow(
      /^"queue-unreachabel" is no probe of .* and no cause; write a pool or a glob/,
    );
    expect(await stored()).toEqual([]);
  });

  test('of what fits nothing yet is taken with a warning', async () => {
    const { code, stdout, stderr } = await silenced('gecko-t/new-pool');
    expect(code).toBe(0);
    expect(stderr).toBe(`gecko-t/new-pool fits no probe of ${file} yet, and is no cause; it is silenced all the same\n`);
    expect(stdout).toContain(': gecko-t/new-pool for 2h more');
    expect(await stored()).toHaveLength(1);
  });

  test('says where no prober has ever used the store', async () => {
    await empty();
    const { stderr } = await silenced(POOL);
    expect(stderr).toMatch(/^no pass has been stored here yet; see that the prober uses this store too \(TC_CANARY_STORE/);
  });

  test('is in the name of whoever runs it, of somebody else, or of nobody known', async () => {
    await silenced(POOL, { by: ' Release Engineering ' });
    await silenced(POOL, {}, { USER: '' });
    expect((await stored()).map(({ by }) => by)).toEqual(['Release Engineering', 'unknown']);
  });

  test.each<[string, Partial<SilenceOptions>, RegExp]>([
    ['with an empty reason', { reason: '  ' }, /the reason says nothing\. Write/],
    ['with a novel for a reason', { reason: 'x'.repeat(2000) }, /the reason is 2000 characters long\. Write at most/],
    ['with a novel for a name', { by: 'x'.repeat(61) }, /60 characters/],
  ])('%s is refused, and nothing is silenced', async (_what, over, message) => {
    await expect(silenced(POOL, over)).rejects.toMatchObject({ name: 'UsageError', message: expect.stringMatching(message) });
    expect(await stored()).toEqual([]);
  });

  test.each<[string, Partial<SilenceOptions>, RegExp]>([
    ['a time', { reason: 'new images' }, /for how long; write --for 2h/],
    ['a reason', { for: 2 * HOUR }, /why; write --reason/],
  ])('without %s is refused', async (_what, options, message) => {
    await expect(silence(POOL, { config: file, ...options }, setting(NOON).io)).rejects.toThrow(message);
    expect(await stored()).toEqual([]);
  });

  test.each(['gecko-[', 'a/b/c/*', '\u001b[2J', ''])('of %j, which can be no pool, probe or cause, is refused', async (match) => {
    const message = expect.stringMatching(/^"\P{Cc}*" \P{Cc}+\. Write \P{Cc}+$/u);
    await expect(silenced(match)).rejects.toMatchObject({ name: 'UsageError', message });
  });

  test('finds its way in while passes and others commit', async () => {
    const store = storeOver(db, path);
    const passes = async () => {
      for (let i = 0; i < 20; i++) {
        const { revision } = await store.load();
        await store.commit(revision, [{ kind: 'pool', record: { pool: 'a/b', at: i } }]);
      }
    };
    await Promise.all([passes(), ...Array.from({ length: 5 }, () => silenced(POOL))]);
    expect(new Set((await stored()).map(({ id }) => id)).size).toBe(5);
  });
});

describe('silence end', () => {
  test('ends one silence, and leaves the others', async () => {
    await silenced(POOL);
    await silenced('nightly');
    const [first, second] = await stored();
    expect(await end(first?.id ?? '')).toEqual({ code: 0, stdout: `${first?.match} is not silenced by ${first?.id} any more\n` });
    const after = new Map((await stored()).map((one) => [one.id, one.ended]));
    expect([after.get(first?.id ?? ''), after.get(second?.id ?? '')]).toEqual([NOON + HOUR, undefined]);
  });

  test('of one that is not there, or over, says what is', async () => {
    await expect(end('nobody')).rejects.toMatchObject({
      name: 'UsageError',
      message: 'there is no silence nobody; none is in force that was given by hand',
    });
    await silenced(POOL);
    const [one] = await stored();
    await expect(end('nobody')).rejects.toThrow(`there is no silence nobody; in force: ${one?.id} (${POOL})`);
    await end(one?.id ?? '');
    await expect(end(one?.id ?? '')).rejects.toThrow(/is over already; none is in force/);
    await silenced('nightly');
    const last = (await stored()).find(({ match }) => match === 'nightly');
    await expect(end(last?.id ?? '', NOON + DAY)).rejects.toThrow(/is over already/);
  });
});

describe('silence list', () => {
  test('has what is in force, to come and recurring, with its end, who and why', async () => {
    await silenced(POOL, { for: 15 * MINUTE });
    const [one] = await stored();
    const lines = await listed(NOON + 5 * MINUTE);
    expect(lines.map((line) => line.replace(file, 'F'))).toEqual([
      'firefox-ci · 4 in force · 12:05:00 UTC',
      '',
      'STATE    MATCH             ENDS               UNTIL                 ID',
      `◌ now    gecko-3/decision  in 10m             12:15 UTC             ${one?.id}`,
      '         jane: new images',
      '◌ now    gecko-t/*         in 25m             12:30 UTC',
      '         F:16, fri, sat 11:30–12:30 Etc/UTC: images',
      '◌ now    nightly           in 2h 55m          15:00 UTC',
      '         F:12: moved to another cloud',
      '◌ now    gecko-3/decision  in 2h 55m          15:00 UTC',
      '         F:17, daily 02:00–24:00 Asia/Tokyo: nobody is awake',
      '○ later  gecko-t/*         begins in 19h 55m  2021-10-09 10:00 UTC',
      '         F:13: upgrade',
      '',
      '1 is over; --all shows them too.',
    ]);
  });

  test('has what is over where it is asked for, and windows that are not open', async () => {
    await silenced(POOL);
    await end((await stored())[0]?.id ?? '');
    const lines = await listed(NOON + 6 * HOUR, { all: true });
    const text = lines.join('\n');
    expect(lines[0]).toContain('1 in force');
    expect(text).toMatch(/↻ recurs +gecko-t\/\*\n/);
    expect(text).toMatch(/· over +gecko-3\/decision +ended 5h ago +14:00 UTC +[a-z0-9]{6}\n/);
    expect(text).toMatch(/· over +nightly +3h ago +15:00 UTC\n/);
    expect(text).not.toContain('--all');
  });

  test.each([80, 60, 50])('keeps to a terminal of %i columns, and leaves out neither match nor id nor why', async (columns) => {
    await silenced('gecko-t/*', { reason: 'a reason that is long enough to need more than one line of a narrow terminal' });
    const [one] = await stored();
    const lines = await listed(NOON, { columns });
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
    expect(lines.find((line) => line.endsWith(one?.id ?? 'x'))).toMatch(/^◌ now +gecko-t\/\*/);
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain('jane: a reason that is long enough');
  });

  test('as JSON has every key always', async () => {
    await silenced(POOL);
    const [one] = await stored();
    const { io, stdout } = setting(NOON);
    await silenceList({ config: file, all: true, json: true }, io);
    const made = JSON.parse(stdout());
    expect(made).toMatchObject({ deployment: 'firefox-ci', at: '2021-10-08T12:00:00.000Z' });
    expect(made.silences).toHaveLength(6);
    const nothing = { id: null, from: null, until: null, ended: null, recurs: null };
    expect(made.silences).toContainEqual({
      state: 'now',
      id: one?.id,
      match: POOL,
      by: 'jane',
      reason: 'new images',
      from: '2021-10-08T12:00:00.000Z',
      until: '2021-10-08T14:00:00.000Z',
      ended: null,
      recurs: null,
    });
    expect(made.silences).toContainEqual({
      ...nothing,
      state: 'now',
      match: 'nightly',
      by: `${file}:12`,
      reason: 'moved to another cloud',
      until: '2021-10-08T15:00:00.000Z',
    });
    expect(made.silences).toContainEqual({
      ...nothing,
      state: 'now',
      match: 'gecko-t/*',
      by: `${file}:16`,
      reason: 'images',
      from: '2021-10-08T11:30:00.000Z',
      until: '2021-10-08T12:30:00.000Z',
      recurs: { days: ['fri', 'sat'], from: '11:30', to: '12:30', timezone: 'Etc/UTC' },
    });
  });

  test('of nothing at all says so', async () => {
    const bare = join(folder, 'bare.yml');
    writeFileSync(
      bare,
      `deployment: firefox-ci\ntaskcluster: {rootUrl: https://tc.example.com}\nstore: sqlite:${path}\n` +
        `task: {schedulerId: s, owner: a@example.com, source: https://example.com/}\nprobes: [{pool: ${POOL}}]\n`,
    );
    const { io, stdout } = setting(NOON);
    await silenceList({ config: bare, all: false, json: false }, io);
    expect(stdout()).toBe('firefox-ci · nothing silenced · 12:00:00 UTC\n');
  });
});
