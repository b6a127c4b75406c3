import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { report } from '../src/commands/report.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import type { Io } from '../src/io.ts';
import { storeOver } from '../src/store/store.ts';
import { clockOf } from './support/clock.ts';
import { Bench, configOf, entry } from './support/judging.ts';
import { emptyableStore } from './support/store.ts';
import { DAY_ZERO } from './support/values.ts';

const POOL = 'gecko-3/decision';
const NIGHT = DAY_ZERO + 23 * HOUR + 15 * MINUTE;

const { db, path, empty } = await emptyableStore();
const folder = mkdtempSync(join(tmpdir(), 'tc-canary-report-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(empty);

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
  - pool: gecko-1/decision
`,
);

async function shown(now: number, { json = false, since = DAY, columns = undefined as number | undefined, env = {} } = {}) {
  let text = '';
  const io: Io = {
    env,
    clock: clockOf(() => now),
    stdout: { write: (more) => (text += more), ...(columns !== undefined && { isTTY: true, columns }) },
    stderr: { write: () => undefined },
    stop: new AbortController().signal,
  };
  const code = await report({ config: file, since, json }, io);
  return { code, text, lines: text.trimEnd().split('\n') };
}

/** One pool stuck for half an hour, the other healthy. */
async function aBadNight(): Promise<number> {
  const bench = new Bench(configOf([entry(POOL), entry('gecko-1/decision')]), NIGHT);
  const { slot } = bench.open(POOL);
  const other = bench.open('gecko-1/decision').slot;
  bench.claimed('gecko-1/decision', 20 * SECOND, other + 25 * SECOND);
  const now = Math.max(slot, other) + 30 * MINUTE;
  bench.judge([{ kind: 'pass', complete: true, at: now - 30 * SECOND }], now - 30 * SECOND);
  bench.pending(POOL, now);
  const store = storeOver(db, path);
  await store.commit((await store.load()).revision, bench.changes);
  return now;
}

describe('report', () => {
  test('of an empty store says that there was no pass yet, and exits 0', async () => {
    const { code, lines } = await shown(NIGHT);
    expect(code).toBe(0);
    expect(lines[0]).toBe('firefox-ci · 2 unknown · over 24h · 23:15:00 UTC · no pass yet');
    expect(lines.slice(3)).toEqual([
      expect.stringMatching(/^○ unknown {2}gecko-1\/decision +– +– /),
      expect.stringMatching(/^○ unknown {2}gecko-3\/decision +– +– /),
    ]);
  });

  test('shows each probe and the open incident, every column where it goes into a pipe', async () => {
    const { code, lines, text } = await shown(await aBadNight());
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^firefox-ci · 1 stuck, 1 healthy · over 24h · .* UTC · last pass 30s ago$/);
    expect(lines[2]).toMatch(/^STATE .* COLD +WARM$/);
    expect(lines[3]).toMatch(/^■ stuck +gecko-3\/decision +\d+m \d\ds waiting +– +≥/);
    expect(lines[4]).toMatch(/^● healthy +gecko-1\/decision +20s /);
    expect(text).toContain('■ page  gecko-3/decision  opened: canary unclaimed for');
    expect(text).not.toContain('\u001b');
  });

  test('keeps to the columns of a terminal, in colours unless NO_COLOR is set', async () => {
    const now = await aBadNight();
    const narrow = await shown(now, { columns: 80 });
    expect(narrow.text).toContain('\u001b[31m■ stuck');
    const plain = await shown(now, { columns: 80, env: { NO_COLOR: '1' } });
    expect(plain.text).not.toContain('\u001b');
    expect(Math.max(...plain.lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('as JSON is one document, and looks back as far as it is told', async () => {
    const now = await aBadNight();
    const { code, text } = await shown(now, { json: true, since: 2 * HOUR });
    expect(code).toBe(0);
    const made = JSON.parse(text);
    expect(Date.parse(made.at) - Date.parse(made.since)).toBe(2 * HOUR);
    expect(made.probes.map((probe: { name: string; verdict: string }) => [probe.name, probe.verdict])).toEqual([
      [POOL, 'stuck'],
      ['gecko-1/decision', 'healthy'],
    ]);
    expect(made.incidents).toMatchObject([{ anchor: `probe:${POOL}`, level: 'page', ended: null }]);
  });

  test("goes by the queue's clock where ours is off", async () => {
    const now = await aBadNight();
    const store = storeOver(db, path);
    const { revision, watch } = await store.load();
    await store.commit(revision, [{ kind: 'watch', watch: { ...watch, offset: HOUR } }]);
    expect((await shown(now - HOUR)).lines[0]).toContain('last pass 30s ago');
  });
});
