import { beforeEach, describe, expect, test, vi } from 'vitest';
import { replay } from '../src/commands/replay.ts';
import { HOUR, MINUTE } from '../src/evidence/instant.ts';
import { type Io, UsageError } from '../src/io.ts';
import { fileWith } from './config-files.ts';
import { clockOf } from './support/clock.ts';
import { night } from './support/nights.ts';
import { play } from './support/play.ts';
import { emptyableStore } from './support/store.ts';

vi.setConfig({ testTimeout: 120_000 });

const { db, path, empty } = await emptyableStore();
const { start, length } = night();

/** The probe file that the simulated night was lived with. */
const FILE = `deployment: test
taskcluster:
  rootUrl: https://tc.example.com
store: sqlite:${path}
pagerduty:
  routingKey: \${PAGERDUTY_ROUTING_KEY}
incidents: { groupWait: 10s, fleetAt: 3, reopenWithin: 1s }
task: { schedulerId: tc-canary, owner: a@example.com, source: https://example.com }
defaults: { schedule: "* * * * *", warnAfter: 1m, pageAfter: 90s, payload: empty }
probes:
  - pool: gecko-3/decision
  - pool: gecko-t/t-linux-large
`;

interface Asked {
  match?: string[];
  columns?: number;
  stop?: AbortSignal;
  json?: boolean;
  sweep?: boolean;
  warnAfter?: number[];
  pageAfter?: number[];
  resolveAfter?: number[];
}

async function ran({ match = [], columns, stop, json = false, sweep = false, ...choices }: Asked = {}) {
  let text = '';
  let errors = '';
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  const io: Io = {
    env: { NO_COLOR: '1' },
    clock: clockOf(() => start + length),
    stdout: { write: (piece) => (text += piece), ...terminal },
    stderr: { write: (piece) => (errors += piece), ...terminal },
    stop: stop ?? new AbortController().signal,
  };
  const code = await replay(match, { config: fileWith(FILE), since: HOUR, json, sweep, ...choices }, io);
  return { code, text, errors };
}

beforeEach(empty);

describe('tc-canary replay', () => {
  test('says of a simulated night what was paged, the same replayed, and what other thresholds would have done, without secrets', async () => {
    const { pages } = await play(db, night());
    const [key] = pages.map((page) => page.key);
    expect((await ran()).text).toContain("Today's thresholds gave 1 page and no warnings; replayed, they page the same.");
    const later = JSON.parse((await ran({ json: true, pageAfter: [20 * MINUTE] })).text);
    expect(later.today.alarms.map((alarm: { id: string }) => alarm.id)).toEqual([key]);
    expect(later.stored.pages).toBe(1);
    expect(later.unrepeated).toEqual([]);
    expect(later.added).toEqual([]);
    expect(later.asked).toMatchObject({ thresholds: { warnAfter: null, pageAfter: 1200 }, pages: 0, warnings: 1 });
    const { text, code } = await ran({ pageAfter: [20 * MINUTE] });
    expect(code).toBe(0);
    expect(text).toContain("With pageAfter 20m nobody would have been paged and warned once besides; today's gave 1 page");
    expect(text).toMatch(/− +2021-10-08 23:0\d +gecko-3\/decision +warned +\+1m 4\ds/);
  });

  test('sweeps a grid around the thresholds in force, or the one that is given', async () => {
    await play(db, night());
    const { cells } = JSON.parse((await ran({ json: true, sweep: true })).text);
    expect(cells.filter((cell: { today: boolean }) => cell.today)).toHaveLength(1);
    expect(cells.find((cell: { today: boolean }) => cell.today)).toMatchObject({ pages: 1, thresholds: { pageAfter: 90 } });
    expect(
      cells.every(
        ({ thresholds }: { thresholds: { warnAfter: number; pageAfter: number } }) =>
          thresholds.warnAfter <= thresholds.pageAfter,
      ),
    ).toBe(true);
    const given = await ran({ sweep: true, warnAfter: [MINUTE], pageAfter: [MINUTE, 2 * MINUTE, HOUR], resolveAfter: [2] });
    expect(given.text).toMatch(/1m +1m +2 +1 /);
    expect(given.text).toMatch(/1m +1h +2 +0 /);
  });

  test.each([80, 140])('fits a terminal of %i columns and shows there how far it has come', async (columns) => {
    await play(db, night());
    for (const sweep of [true, false]) {
      const { text, errors } = await ran({ columns, sweep, ...(sweep ? {} : { pageAfter: [3 * MINUTE] }) });
      expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(columns);
      expect(errors).toContain('100 %');
    }
  });

  test('stops where it is interrupted, and says nothing', async () => {
    await play(db, night());
    expect(await ran({ stop: AbortSignal.abort('SIGINT') })).toMatchObject({ code: 130, text: '' });
  });

  test('takes a pool or a glob, and refuses what is about no probe and what is no single replay', async () => {
    await play(db, night());
    expect((await ran({ match: ['gecko-t/*'] })).text).toContain('no pages and no warnings; replayed, they page the same');
    await expect(ran({ match: ['nss/*'] })).rejects.toThrow(UsageError);
    await expect(ran({ pageAfter: [MINUTE, HOUR] })).rejects.toThrow('add --sweep');
    await expect(ran({ warnAfter: [HOUR], pageAfter: [MINUTE] })).rejects.toThrow('--warn-after is longer');
  });
});
