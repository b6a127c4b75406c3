import { rmSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Ended } from '../bad-days/machine.ts';
import { Stage } from '../bad-days/stage.ts';

// Eleven processes in turn, each with a start of its own.
vi.setConfig({ testTimeout: 120_000 });

const START = Date.UTC(2026, 9, 8, 21);

/** Real jobs against real servers, each of which finds no store. */
async function podWithoutVolume() {
  const stage = await new Stage(START).open({ schedule: '* * * * *', warnAfter: '30s', pageAfter: '90s' });
  onTestFinished(() => stage.close());
  async function job(minute: number): Promise<Ended> {
    stage.machine.set(START + minute * MINUTE + 50 * SECOND);
    stage.world.advanceTo(stage.machine.now());
    for (const file of ['', '-wal', '-shm']) rmSync(stage.store + file, { force: true });
    const ended = await stage.start('--once').ended;
    expect(ended.stderr).not.toContain('"level":"error"');
    return ended;
  }
  return { stage, job };
}

it('a job without a store pages once, edits one message, and resolves both, over HTTP', async () => {
  const { stage, job } = await podWithoutVolume();
  expect(await job(0)).toMatchObject({ code: 0 });
  const mend = stage.breakPool();
  for (const minute of [1, 2, 3, 4, 5]) expect(await job(minute)).toMatchObject({ code: 0 });
  expect(stage.pagerduty.open).toHaveLength(1);
  mend();
  for (const minute of [6, 7, 8]) expect(await job(minute)).toMatchObject({ code: 0 });
  expect(stage.pages.filter(({ what }) => what === 'opened')).toHaveLength(1);
  expect(stage.isCalm).toBe(true);
  expect(stage.slack.posts).toHaveLength(1);
  const slots = [...stage.world.truth.tasks.values()].map(({ created }) => created);
  expect(new Set(slots).size).toBe(slots.length);
});

it('a job that finds neither store nor queue says so by its exit code, and the next one finds all', async () => {
  const { stage, job } = await podWithoutVolume();
  expect(await job(0)).toMatchObject({ code: 0 });
  stage.world.addFault({ kind: 'api-down', from: START + MINUTE, until: START + 2 * MINUTE });
  stage.machine.set(START + MINUTE + 30 * SECOND);
  rmSync(stage.store, { force: true });
  expect((await stage.start('--once').ended).code).toBe(3);
  const { code, stderr } = await job(2);
  expect(code).toBe(0);
  expect(stderr).toContain('"canaries":1,"msg":"read in the queue what the store has lost"');
  expect(stderr).not.toContain('claimed after');
  expect(stage.slack.posts).toEqual([]);
});
