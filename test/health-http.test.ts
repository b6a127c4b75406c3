import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { wallClock } from '../src/clock.ts';
import { Health } from '../src/health/health.ts';
import { UsageError } from '../src/io.ts';
import { healthPages } from '../src/server/health-pages.ts';
import { serveHttp } from '../src/server/http.ts';
import { listen, parseListen } from '../src/server/listen.ts';
import type { Routes } from '../src/server/routes.ts';
import { keptLog } from './notify-incidents.ts';
import { silent } from './support/values.ts';

const covered = { probes: 1, submitted: 1, failed: 0, pending: 0, slow: 0, stuck: 0, unknown: 0, calls: 7, took: 10 };

async function served(pages: Routes['pages'], host = '127.0.0.1') {
  const server = await serveHttp({ host, port: 0 }, { pages });
  onTestFinished(() => server.close());
  return server.url;
}

/** A port that another program has. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

describe('the health pages', () => {
  it('answer 200 where all is well and 503 where not, with the checks as JSON that nobody keeps', async () => {
    const health = new Health(wallClock);
    const url = await served(healthPages(health));
    const first = await fetch(`${url}/healthz`);
    expect(first.status).toBe(503);
    expect(first.headers.get('content-type')).toMatch(/^application\/json/);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(await first.json()).toMatchObject({
      status: 'failing',
      checks: expect.arrayContaining([{ name: 'complete-pass', ok: false, detail: 'no pass was complete yet' }]),
    });
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    health.passed({ complete: true, covered });
    for (const page of ['livez', 'readyz', 'healthz?verbose']) {
      const answer = await fetch(`${url}/${page}`);
      expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'ok' }]);
    }
  });

  it('answer HEAD without a body, and can only be read', async () => {
    const url = await served(healthPages(new Health(wallClock)));
    const head = await fetch(`${url}/healthz`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([503, '']);
    for (const path of ['/nowhere', '/constructor', '//livez']) {
      const missing = await fetch(url + path);
      expect(missing.status).toBe(404);
      expect(await missing.json()).toEqual({ error: 'no such page' });
    }
    const posted = await fetch(`${url}/livez`, { method: 'POST', body: 'x'.repeat(100_000) });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('answer 500 and nothing of the error where a page fails, and the others go on', async () => {
    const routes = {
      '/bad': () => {
        throw new Error('a secret of ours');
      },
      ...healthPages(new Health(wallClock)),
    };
    const url = await served(routes);
    const bad = await fetch(`${url}/bad`);
    expect([bad.status, await bad.text()]).toEqual([500, expect.not.stringContaining('secret')]);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('end at once, whatever is still connected', async () => {
    const server = await serveHttp({ host: '127.0.0.1', port: 0 }, { pages: {} });
    const half = connect(Number(new URL(server.url).port), '127.0.0.1');
    await new Promise((resolve) => half.once('connect', resolve));
    half.on('error', () => undefined).write('GET /livez HTTP/1.1\r\n');
    const gone = new Promise((resolve) => half.once('close', resolve));
    await server.close();
    await gone;
  });

  it.runIf(hasIpv6)('are served on an IPv6 address', async () => {
    const url = await served(healthPages(new Health(wallClock)), '::1');
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });
});

describe('--listen', () => {
  it.each([
    ['9000', '127.0.0.1', 9000],
    ['0.0.0.0:80', '0.0.0.0', 80],
    ['localhost:0', 'localhost', 0],
    ['[::1]:8080', '::1', 8080],
    ['[::]:8080', '::', 8080],
  ])('takes %s', (text, host, port) => {
    expect(parseListen(text)).toEqual({ where: 'asked', address: { host, port } });
  });

  it.each([undefined, ''])('is port 8080 of the loopback where it is %j', (text) => {
    expect(parseListen(text)).toEqual({ where: 'default', address: { host: '127.0.0.1', port: 8080 } });
  });

  it.each(['65536', ':8080', '::1:8080', 'a b:80', 'http://localhost:80', 'host', 'host:', '-1', '80;x'])(
    'refuses %j',
    (text) => {
      expect(() => parseListen(text)).toThrow(UsageError);
    },
  );

  it('serves nothing at none', async () => {
    expect(await listen(parseListen('none'), { pages: {} }, silent)).toBeUndefined();
  });

  it('says what to do where the address that was asked for cannot be had', async () => {
    const port = await takenPort();
    const refusal = (text: string) => listen(parseListen(text), { pages: {} }, silent).catch((error: unknown) => error);
    expect(await refusal(`${port}`)).toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(/EADDRINUSE.*another port/),
    });
    expect(await refusal('192.0.2.1:8080')).toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('of this machine'),
    });
  });

  it('takes a free port, and says which, where nobody asked for the one that is taken', async () => {
    const port = await takenPort();
    const log = keptLog();
    const server = await listen({ where: 'default', address: { host: '127.0.0.1', port } }, { pages: {} }, log);
    onTestFinished(() => server?.close());
    expect(server?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server?.url).not.toContain(`:${port}`);
    expect(log.lines.join('\n')).toContain(`${server?.url}`);
    expect(log.lines.join('\n')).toContain('EADDRINUSE');
  });
});
