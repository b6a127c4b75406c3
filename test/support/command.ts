import type { Io } from '../../src/io.ts';
import type { Clock } from '../../src/ports.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import type { WorldSpec } from '../../src/world/spec.ts';
import { World } from '../../src/world/world.ts';
import { Screen } from './screen.ts';

export const CLIENT = { clientId: 'project/canary', accessToken: 'c2VjcmV0LWFjY2Vzcy10b2tlbg' };

export interface Setting {
  spec: Omit<WorldSpec, 'seed' | 'start'>;
  start?: number;
  /** What the client may do, and everybody without a signature. Default: all, and nothing. */
  scopes?: string[];
  anonymousScopes?: string[];
  env?: Record<string, string | undefined>;
  /** A terminal of so many columns and rows; otherwise a pipe. */
  terminal?: { columns: number; rows: number };
  /** Before each of the command's own pauses. */
  onPause?: (world: World, interrupt: () => void) => void;
}

/** A deployment behind a real port, whose time passes only while the command sleeps, and the process as the command sees it. */
export async function commandSetting(setting: Setting) {
  const { spec, start = Math.floor(Date.now() / 1000) * 1000, terminal } = setting;
  const world = new World({ seed: 1, provisionEvery: 5000, ...spec, start });
  const server = await serveTaskcluster(world, {
    port: 0,
    clients: [{ ...CLIENT, scopes: setting.scopes ?? ['*'] }],
    anonymousScopes: setting.anonymousScopes ?? [],
    advance: () => undefined,
  });
  const stopping = new AbortController();
  const clock: Clock = {
    now: () => world.now,
    elapsed: () => world.now,
    sleepUntil(instant, signal) {
      // Only the command's own pauses let time pass; the limits it sets to answers never run out.
      if (signal?.aborted) return Promise.resolve();
      if (signal !== stopping.signal) return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
      setting.onPause?.(world, () => stopping.abort('SIGINT'));
      if (!signal.aborted) world.advanceTo(instant);
      return Promise.resolve();
    },
  };
  const screen = new Screen(terminal?.columns ?? 500, terminal?.rows ?? 500);
  let stdout = '';
  let stderr = '';
  const io: Io = {
    env: {
      TASKCLUSTER_ROOT_URL: server.url,
      TASKCLUSTER_CLIENT_ID: CLIENT.clientId,
      TASKCLUSTER_ACCESS_TOKEN: CLIENT.accessToken,
      ...setting.env,
    },
    clock,
    stdout: {
      write(text) {
        stdout += text;
        screen.write(text);
      },
      ...(terminal && { isTTY: true, ...terminal }),
    },
    stderr: { write: (text) => (stderr += text) },
    stop: stopping.signal,
  };
  return {
    world,
    io,
    screen,
    url: server.url,
    stdout: () => stdout,
    stderr: () => stderr,
    close: () => server.close(),
  };
}
