import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { type ReplayOptions, replay } from '../../src/commands/replay.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Io } from '../../src/io.ts';
import { openSqlite } from '../../src/store/open.ts';
import { clockOf } from '../support/clock.ts';
import { randomOf } from '../support/random.ts';
import { print } from './figures.ts';

const POOLS = 400;
const DAYS = 30;
const SLOT = 15 * MINUTE;

/** A canary a quarter of 400 pools for 30 days: a minute as a rule, and each week two hours in which every other pool gets no workers. */
it('replay', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-bench-'));
  const path = join(folder, 'canary.db');
  const db = await openSqlite(path, { synchronous: 'off' });
  const random = randomOf(1);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const start = Math.floor(Date.now() / DAY) * DAY - DAYS * DAY;
  const pools = Array.from({ length: POOLS }, (_, i) => `fleet-${i % 8}/pool-${i}`);
  let canaries = 0;
  const dayOf = (pool: string, i: number, day: number) => {
    const rows = [];
    const [broke, mended] = [day + 10 * HOUR, day + 12 * HOUR];
    const breaks = (day / DAY) % 7 === 3 && i % 2 === 0;
    let free = 0;
    for (let slot = day + ((i * 37) % 900) * SECOND; slot < day + DAY; slot += SLOT) {
      if (slot < free) continue;
      const scheduled = slot + 500;
      const waits = breaks && slot > broke && slot < mended;
      const claimed = waits ? mended + random() * 5 * MINUTE : scheduled + Math.exp(Math.log(MINUTE) + 0.8 * gauss());
      const started = Math.round(claimed);
      free = started;
      const run = { scheduled, started, ended: started, start: 'cold', worker: 'us-central1/w', reason: null };
      rows.push({ task_id: `${i}-${slot}`, probe: pool, pool, slot, stage: 'claimed', ...run });
    }
    return rows;
  };
  for (let day = start; day < start + DAYS * DAY; day += DAY) {
    await db.transaction().execute(async (tx) => {
      for (const [i, pool] of pools.entries()) {
        const rows = dayOf(pool, i, day);
        canaries += rows.length;
        await tx.insertInto('canaries').values(rows).execute();
      }
    });
  }
  await db.destroy();
  const config = join(folder, 'bench.yml');
  const probes = pools.map((pool) => `  - pool: ${pool}\n    payload: empty`).join('\n');
  writeFileSync(
    config,
    `deployment: bench\ntaskcluster:\n  rootUrl: https://tc.example.com\nstore: sqlite:${path}\ntask:\n  schedulerId: tc-canary\n  owner: a@example.com\n  source: https://example.com\ndefaults:\n  warnAfter: 10m\n  pageAfter: 30m\nprobes:\n${probes}\n`,
  );
  /** Processor seconds of the command; what it prints is thrown away. */
  const measured = async (what: string, options: Partial<ReplayOptions> = {}) => {
    const io: Io = {
      env: {},
      clock: clockOf(() => start + DAYS * DAY),
      stdout: { write: () => true },
      stderr: { write: () => true },
      stop: new AbortController().signal,
    };
    const before = process.cpuUsage();
    await replay([], { config, since: DAYS * DAY, sweep: false, json: true, ...options }, io);
    const { user, system } = process.cpuUsage(before);
    return { what, 'processor, s': Math.round((user + system) / 1e6) };
  };
  const grid = { warnAfter: [10 * MINUTE], pageAfter: [20 * MINUTE, 30 * MINUTE, HOUR], resolveAfter: [2] };
  print(`Replay, ${POOLS} pools, ${(canaries / 1e6).toFixed(2)} million canaries in ${DAYS} days`, [
    await measured('thresholds in force'),
    await measured('and others beside them', { warnAfter: [15 * MINUTE], pageAfter: [45 * MINUTE] }),
    await measured('a grid of 3 beside them', { ...grid, sweep: true }),
  ]);
}, 3_600_000);
