import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Libsql from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../src/commands/run.ts';
import { Stage } from './bad-days/stage.ts';
import { commandSetting } from './support/command.ts';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** The service as it is shipped, over a real deployment, and what it says of itself. */
async function service(listen: string) {
  const stage = await new Stage().open({ schedule: '*/5 * * * * *', warnAfter: '30s', pageAfter: '90s' });
  onTestFinished(() => stage.close());
  const args = [CLI, 'run', '--config', stage.config, '--listen', listen];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...stage.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said: string[] = [];
  const url = new Promise<string>((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      said.push(line);
      const found = /"url":"(http[^"]+)"/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const base = await Promise.race([
    url,
    ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${said.join('\n')}`))),
  ]);
  const ask = async (page: string) => (await fetch(base + page)).status;
  return { stage, child, ended, base, ask };
}

describe('the service', () => {
  it('is healthy once a pass was complete, ready no more while its store fails, alive all the time, and stops at once', async () => {
    const { stage, child, ended, base, ask } = await service('127.0.0.1:0');
    expect(await ask('/livez')).toBe(200);
    await expect.poll(() => ask('/healthz'), { timeout: 10_000 }).toBe(200);
    expect(await ask('/readyz')).toBe(200);
    const store = new Libsql(stage.store, { timeout: 5000 });
    store.exec('alter table meta rename to astray');
    await expect.poll(() => ask('/readyz'), { timeout: 10_000 }).toBe(503);
    const { checks } = (await (await fetch(`${base}/healthz`)).json()) as { checks: unknown[] };
    expect(checks).toContainEqual({ name: 'store', ok: false, detail: expect.stringContaining('no such table: meta') });
    expect(await ask('/livez')).toBe(200);
    store.exec('alter table astray rename to meta');
    store.close();
    await expect.poll(() => ask('/healthz'), { timeout: 15_000 }).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }, 60_000);

  it('does not start where the address that it was given is taken', async () => {
    const { base } = await service('127.0.0.1:0');
    await expect(service(new URL(base).host)).rejects.toThrow(/ended with 2: cannot listen: .*EADDRINUSE.*another port/);
  });
});

describe('a job of one pass', () => {
  it('refuses to listen, unless it is nowhere', async () => {
    const { io, close } = await commandSetting({ spec: { pools: [] } });
    onTestFinished(close);
    const job = (listen: string) => run({ config: 'nowhere.yml', once: true, listen }, io);
    await expect(job('8080')).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining('--listen') });
    await expect(job('none')).rejects.toMatchObject({ name: 'ConfigError' });
  });
});
