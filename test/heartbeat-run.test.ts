import { appendFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MINUTE } from '../src/evidence/instant.ts';
import type { Answer, Silence } from '../src/sandbox/receivers/faults.ts';
import { serve } from '../src/sandbox/receivers/http.ts';
import { SECRETS, Stage } from './bad-days/stage.ts';

const START = Date.UTC(2026, 9, 8, 21);
const TOKEN = 'heartbeat0token0that0nobody0may0read';

/** A real prober and the receiver of its heartbeats. */
async function openDay(answer: Answer | Silence = { status: 200, headers: {}, body: 'OK' }) {
  const stage = await new Stage(START).open({ schedule: '*/10 * * * *', warnAfter: '30s', pageAfter: '90s' });
  onTestFinished(() => stage.close());
  const beats: string[] = [];
  let onBeat: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    onBeat = resolve;
  });
  const receiver = await serve(0, ({ body }) => {
    beats.push(body);
    onBeat();
    return answer;
  });
  onTestFinished(() => receiver.close());
  stage.env['HEARTBEAT_URL'] = `${receiver.url}/${TOKEN}`;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the probe file fills it in.
  appendFileSync(stage.config, 'heartbeat:\n  url: ${HEARTBEAT_URL}\n  every: 10s\n');

  async function job(minute: number): Promise<number | null> {
    stage.machine.set(START + minute * MINUTE);
    stage.world.advanceTo(stage.machine.now());
    const { code, stdout, stderr } = await stage.start('--once').ended;
    expect(stdout + stderr).not.toContain(TOKEN);
    return code;
  }

  return { stage, job, beats, first };
}

describe('a job of one pass', () => {
  it('sends a heartbeat once all is done, and ends well where that is refused', async () => {
    const { job, beats } = await openDay({ status: 500, headers: {}, body: '' });
    expect(await job(1)).toBe(0);
    expect(beats).toEqual([
      expect.stringMatching(/^1 probe: 1 submitted, [01] pending(, 1 unknown)?, \d+ calls; last pass \S+\n$/),
    ]);
  });

  it('sends none after an incomplete pass, and one where the queue is merely out of reach', async () => {
    const { stage, job, beats } = await openDay();
    stage.world.addFault({ kind: 'api-down', from: START, until: START + 2 * MINUTE });
    expect(await job(1)).toBe(3);
    expect(beats).toEqual([]);
    expect(await job(3)).toBe(0);
    expect(beats).toHaveLength(1);
    stage.world.addFault({ kind: 'api-down', from: START + 4 * MINUTE, until: START + 6 * MINUTE });
    expect(await job(5)).toBe(0);
    expect(beats).toHaveLength(2);
  });

  it('sends none where the store has no room', async () => {
    const { stage, job, beats } = await openDay();
    expect(await job(1)).toBe(0);
    stage.shell = 'ulimit -f 4; exec "$@"';
    expect(await job(2)).toBe(3);
    expect(beats).toHaveLength(1);
  });

  it('sends none while a page has been owed for five minutes', async () => {
    const { stage, job, beats } = await openDay();
    stage.breakPool();
    stage.env['PAGERDUTY_ROUTING_KEY'] = 'wr0ngkeythatn0b0dymayread0000000';
    expect(await job(0)).toBe(0);
    expect(await job(2)).toBe(3);
    expect(beats).toHaveLength(2);
    expect(await job(8)).toBe(3);
    expect(beats).toHaveLength(2);
    stage.env['PAGERDUTY_ROUTING_KEY'] = SECRETS.routingKey;
    expect(await job(14)).toBe(0);
    expect(stage.pages).toHaveLength(1);
    expect(beats).toHaveLength(3);
  });
});

describe('the service', () => {
  it('goes on while the receiver of its heartbeat hangs, and stops at once', async () => {
    const { stage, beats, first } = await openDay('hang');
    stage.machine.set(START + 9 * MINUTE);
    stage.world.advanceTo(stage.machine.now());
    stage.breakPool();
    stage.env['TC_CANARY_LISTEN'] = 'none';
    const service = stage.start();
    await first;
    const asked = stage.requests.length;
    await expect.poll(() => stage.requests.length, { timeout: 10_000 }).toBeGreaterThan(asked);
    await service.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    expect(beats).toHaveLength(1);
  });
});
