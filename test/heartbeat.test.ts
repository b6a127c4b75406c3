import { describe, expect, it, onTestFinished } from 'vitest';
import { VirtualTime } from '../src/drill/virtual-time.ts';
import type { Undelivered } from '../src/evidence/delivery.ts';
import { MINUTE, SECOND } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { Heartbeat } from '../src/health/heartbeat.ts';
import type { Answer, Silence } from '../src/sandbox/receivers/faults.ts';
import { serve } from '../src/sandbox/receivers/http.ts';
import { keptLog } from './notify-incidents.ts';
import { DAY_ZERO } from './support/values.ts';

const TOKEN = 'uuid-that-nobody-may-read';
const covered = { probes: 400, submitted: 12, failed: 0, pending: 3, slow: 0, stuck: 1, unknown: 0, calls: 7, took: 400 };
const complete = { complete: true, covered };
const owed: Undelivered = {
  route: 'pagerduty:0123456789ab',
  incident: 'test/probe:a/b/2021-10-08T00:00:00Z',
  refused: false,
  why: '4 failed tries',
  level: 'page',
  since: DAY_ZERO,
};

const TAKEN: Answer = { status: 200, headers: {}, body: 'OK' };

/** A receiver behind a real port, and a heart whose time passes only when the test says so. */
async function heart(answer: Answer | Silence = TAKEN, timeout?: number) {
  const received: { what: string; body: string }[] = [];
  const answers = { now: answer };
  const receiver = await serve(0, ({ method, path, headers, body }) => {
    received.push({ what: `${method} ${path} ${headers['content-type']}`, body });
    return answers.now;
  });
  onTestFinished(() => receiver.close());
  const time = new VirtualTime(DAY_ZERO);
  const log = keptLog();
  const url = new Secret(`${receiver.url}/${TOKEN}`);
  const beat = new Heartbeat({ url, every: MINUTE }, { clock: time.clock(), log, ...(timeout !== undefined && { timeout }) });
  onTestFinished(() => expect(log.lines.join('\n')).not.toContain(TOKEN));
  return { beat, received, answers, time, log, close: () => receiver.close() };
}

describe('the heartbeat', () => {
  it('says after a complete pass what was covered', async () => {
    const { beat, received } = await heart();
    await beat.passed(complete, []);
    expect(received).toEqual([
      {
        what: `POST /${TOKEN} text/plain; charset=utf-8`,
        body: '400 probes: 12 submitted, 3 pending, 1 stuck, 7 calls; last pass 400ms\n',
      },
    ]);
  });

  it('comes at most once in its time, however many passes there are', async () => {
    const { beat, received, time } = await heart();
    for (let i = 0; i < 12; i++) {
      await beat.passed(complete, []);
      time.now += 10 * SECOND;
    }
    expect(received).toHaveLength(2);
  });

  it('stays away after a pass that was incomplete', async () => {
    const { beat, received } = await heart();
    await beat.passed({ complete: false, covered }, []);
    expect(received).toEqual([]);
  });

  it('stays away while a page is owed for five minutes, says so once, and comes again', async () => {
    const { beat, received, time, log } = await heart();
    time.now = DAY_ZERO + 5 * MINUTE - 1;
    await beat.passed(complete, [owed]);
    expect(received).toHaveLength(1);
    for (let i = 0; i < 3; i++) {
      time.now += MINUTE;
      await beat.passed(complete, [owed]);
    }
    expect(received).toHaveLength(1);
    expect(log.lines.filter((line) => line.includes('no heartbeat is sent'))).toHaveLength(1);
    await beat.passed(complete, [{ ...owed, level: 'warn' }]);
    expect(received).toHaveLength(2);
  });

  it.each([{ status: 500 }, { status: 404 }, { status: 302, headers: { location: '/elsewhere' } }])(
    'that is answered with $status is told in the log and sent again after a later pass alone',
    async ({ status, headers = {} }) => {
      const { beat, received, answers, time, log } = await heart({ status, headers, body: '' });
      await beat.passed(complete, []);
      await beat.passed(complete, []);
      expect(received).toHaveLength(1);
      expect(log.lines).toEqual([expect.stringContaining(`answered with status ${status}`)]);
      answers.now = TAKEN;
      time.now += 10 * SECOND;
      await beat.passed(complete, []);
      expect(received).toHaveLength(2);
    },
  );

  it('is given up where the receiver hangs, and is no second one meanwhile', async () => {
    const { beat, received, log } = await heart('hang', 1000);
    const first = beat.passed(complete, []);
    await beat.passed(complete, []);
    await first;
    expect(received).toHaveLength(1);
    expect(log.lines).toEqual([expect.stringContaining('was not taken')]);
  });

  it('keeps its address to itself where nobody listens there', async () => {
    const { beat, log, close } = await heart();
    await close();
    await beat.passed(complete, []);
    expect(log.lines).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });

  it('keeps its address to itself where it cannot be called at all', async () => {
    const log = keptLog();
    const url = new Secret(`HTTP://user:${TOKEN}@LOCALHOST/x`);
    await new Heartbeat({ url, every: MINUTE }, { clock: new VirtualTime(DAY_ZERO).clock(), log }).passed(complete, []);
    expect(log.lines).toEqual([expect.stringContaining('was not taken')]);
    expect(log.lines.join()).not.toContain(TOKEN);
  });
});
