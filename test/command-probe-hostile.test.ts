import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { probe } from '../src/commands/probe.ts';
import type { Io } from '../src/io.ts';
import { clockOf } from './support/clock.ts';
import { unmoved } from './support/screen.ts';

/** Clears the screen, sets the window's title, begins another line, and turns the writing direction. */
const EVIL = 'a\u001b[2J\u001b]0;title\u0007b\r\nc\u009b31m\u202ed\u2028e';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A deployment that claims every task at once, by a worker with a name that no worker has. */
function claiming(): Promise<string> {
  const now = new Date().toISOString();
  const status = (taskId: string) => ({
    taskId,
    taskQueueId: 'a/b',
    schedulerId: 'tc-canary',
    taskGroupId: taskId,
    state: 'exception',
    deadline: now,
    runs: [
      {
        state: 'exception',
        reasonResolved: EVIL,
        scheduled: now,
        started: now,
        resolved: now,
        workerGroup: EVIL,
        workerId: EVIL,
      },
    ],
  });
  return serve((request, response) => {
    const taskId = request.url?.match(/[\w-]{22}/)?.[0] ?? '';
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: status(taskId) }));
  });
}

/** A deployment that refuses every call in the same words. */
function refusing(status: number): Promise<string> {
  return serve((request, response) => {
    void text(request).then(() => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: EVIL, message: EVIL, requestInfo: {} }));
    });
  });
}

async function asked(rootUrl: string, json: boolean, isTTY: boolean) {
  let stdout = '';
  const io: Io = {
    env: { TASKCLUSTER_ROOT_URL: rootUrl },
    clock: clockOf(() => Date.now()),
    stdout: { write: (more) => (stdout += more), ...(isTTY && { isTTY, columns: 100, rows: 30 }) },
    stderr: { write: () => undefined },
    stop: new AbortController().signal,
  };
  const options = { timeout: 0, json, payload: 'empty', priority: 'lowest', keep: false } as const;
  const code = await probe(['a/b'], options, io);
  const rest = unmoved(stdout).replaceAll('\n', '');
  return { code, stdout, rest };
}

describe.each([
  ['in a terminal', false, true],
  ['in a pipe', false, false],
  ['as JSON', true, false],
])('nothing from a deployment is obeyed %s,', (_where, json, isTTY) => {
  test("be it a worker's name or the end of a run", async () => {
    const { code, stdout, rest } = await asked(await claiming(), json, isTTY);
    expect(code).toBe(0);
    expect(rest).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    if (json) expect(JSON.parse(stdout).pools[0]).toMatchObject({ worker: `${EVIL}/${EVIL}`, outcome: EVIL });
  });

  test.each([400, 403, 500])('nor an error with status %i', async (status) => {
    const { code, rest } = await asked(await refusing(status), json, isTTY);
    expect(code).toBe(status === 400 ? 2 : 3);
    expect(rest).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    expect(rest).toContain('a');
  });
});
