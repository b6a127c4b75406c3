import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { wallClock } from '../src/clock.ts';
import { Secret } from '../src/evidence/secret.ts';
import { CredentialsError, type HttpCallOptions, httpCall } from '../src/taskcluster/client.ts';
import { byHand } from '../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../src/taskcluster/door.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const ID = 'WA12Hx7NQo66lRC8ka5Qhg';
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server that answers as told, and the call that reaches it. */
async function served(handler: Handler, options: Partial<HttpCallOptions> = {}) {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => handler(request, response, body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const rootUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, rootUrl, call: httpCall({ rootUrl, clock: wallClock, ...options }) };
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

const status = (call: Awaited<ReturnType<typeof served>>['call'], id = ID) => call('queue', 'status', [id]);

describe('a call over HTTP', () => {
  test('brings status, body and date', async () => {
    const date = 'Fri, 08 Oct 2021 23:01:05 GMT';
    const { call } = await served((_request, response) => json(response, 200, { status: {} }, { date }));
    expect(await status(call)).toEqual({ status: 200, body: { status: {} }, date: Date.parse(date) });
  });

  test('reaches the right service, path and query with what it was given', async () => {
    const seen: string[] = [];
    const { call } = await served((request, response, body) => {
      seen.push(`${request.method} ${request.url} ${body}`);
      json(response, 200, {});
    });
    await call('queue', 'statuses', [], { payload: { taskIds: [ID] }, query: { continuationToken: 'x' } });
    await call('workerManager', 'worker', ['gecko-3/decision', 'us-east1', 'i-1']);
    expect(seen).toEqual([
      `POST /api/queue/v1/tasks/status?continuationToken=x {"taskIds":["${ID}"]}`,
      'GET /api/worker-manager/v1/workers/gecko-3%2Fdecision/us-east1/i-1 ',
    ]);
  });

  test('sends a stored definition byte for byte', async () => {
    const bodies: string[] = [];
    const { call } = await served((_request, response, body) => {
      bodies.push(body);
      json(response, 200, {});
    });
    const canary = byHand('gecko-3/décision', Date.UTC(2021, 9, 8), 60_000, 'lowest', {
      2: 'b',
      1: 'a',
      nested: { π: [1.5, null] },
    });
    await taskclusterDoor(call, wallClock).create(canary);
    expect(bodies).toEqual([canary.definition]);
  });

  test.each([400, 401, 403, 404, 409, 429, 500, 503])(
    'brings the code and message of a %i, and nothing that repeats the request',
    async (code) => {
      const error = { code: 'SomeError', message: 'because', requestInfo: { payload: { command: 'secret' } } };
      const { call } = await served((_request, response) => json(response, code, error));
      expect(await status(call)).toMatchObject({
        status: code,
        body: { code: 'SomeError', message: 'because' },
        date: expect.any(Number),
      });
      expect(JSON.stringify(await status(call))).not.toContain('secret');
    },
  );

  test('asks once, whatever comes back', async () => {
    let asked = 0;
    const { call } = await served((_request, response) => {
      asked++;
      json(response, 500, { code: 'InternalServerError', message: 'no' });
    });
    await status(call);
    expect(asked).toBe(1);
  });

  test('keeps its connections', async () => {
    const sockets = new Set<unknown>();
    const { call } = await served((request, response) => {
      sockets.add(request.socket);
      json(response, 200, {});
    });
    for (let i = 0; i < 5; i++) await status(call);
    expect(sockets.size).toBe(1);
  });
});

describe('an answer that is not Taskcluster', () => {
  const html =
    (code: number): Handler =>
    (_request, response) => {
      response.writeHead(code, { 'content-type': 'text/html' });
      response.end('<html>sign in</html>');
    };
  const broken =
    (code: number, body: string): Handler =>
    (_request, response) => {
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(body);
    };

  test.each([
    ['a page with 200', html(200), 200],
    ['a page with 502', html(502), 502],
    ['a redirect', html(302), 302],
    ['an empty 404', broken(404, ''), 404],
    ['JSON cut short with 200', broken(200, '{"status":'), 200],
    ['JSON cut short with 503', broken(503, '{"code":'), 503],
    ['null with 500', broken(500, 'null'), 500],
    ['a list with 400', broken(400, '[1]'), 400],
  ])('is told by its status alone: %s', async (_name, handler, code) => {
    const { call } = await served(handler);
    const reply = await status(call);
    expect(reply.status).toBe(code);
    expect(JSON.stringify(reply)).not.toContain('sign in');
    const answer = await taskclusterDoor(call, wallClock).statuses([ID]);
    expect(answer).toMatchObject({ ok: false, why: 'unreachable' });
  });
});

describe('no answer', () => {
  test('from a port nobody listens on', async () => {
    const { call, server } = await served(() => undefined);
    await new Promise((closed) => server.close(closed));
    expect(await status(call)).toEqual({
      status: 0,
      body: { code: 'ECONNREFUSED', message: expect.stringContaining('ECONNREFUSED') },
    });
  });

  test('from a name that does not resolve', async () => {
    const call = httpCall({ rootUrl: 'http://no-such-host.invalid', clock: wallClock });
    expect(await status(call)).toMatchObject({ status: 0, body: { code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) } });
  });

  test('from a connection that is closed at once', async () => {
    const { call } = await served((request) => request.socket.destroy());
    expect(await status(call)).toMatchObject({ status: 0, body: { code: 'ECONNRESET' } });
  });

  test('in time', async () => {
    const { call } = await served(() => undefined, { timeout: 50 });
    expect(await status(call)).toMatchObject({
      status: 0,
      body: { code: 'ECONNABORTED', message: expect.stringContaining('50ms') },
    });
  });

  test('beyond its headers, in time', async () => {
    const { call } = await served(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{');
      },
      { timeout: 100 },
    );
    expect(await status(call)).toEqual({
      status: 0,
      body: { code: 'INCOMPLETE', message: expect.stringContaining('broke off') },
    });
  });

  test('beyond half its body', async () => {
    const { call } = await served((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"status":', () => request.socket.destroy());
    });
    expect(await status(call)).toMatchObject({ status: 0, body: { code: 'INCOMPLETE' } });
  });

  test('over a kept connection that the service closes as we take it up says nothing: it is asked again over another', async () => {
    const requests = new Map<unknown, number>();
    const { call } = await served((request, response) => {
      const nth = (requests.get(request.socket) ?? 0) + 1;
      requests.set(request.socket, nth);
      if (nth > 1) request.socket.destroy();
      else json(response, 200, {});
    });
    expect((await status(call)).status).toBe(200);
    expect((await status(call)).status).toBe(200);
    expect([...requests.values()]).toEqual([2, 1]);
  });

  test('says nothing either where all that were kept have gone, as after a proxy has forgotten them', async () => {
    const seen = new Set<unknown>();
    const waiting: (() => void)[] = [];
    const { call } = await served((request, response) => {
      if (seen.has(request.socket)) return void request.socket.destroy();
      seen.add(request.socket);
      waiting.push(() => json(response, 200, {}));
      if (seen.size >= 10) for (const answer of waiting.splice(0)) answer();
    });
    const ten = await Promise.all(Array.from({ length: 10 }, () => status(call)));
    expect(ten.map((reply) => reply.status)).toEqual(ten.map(() => 200));
    const two = await Promise.all([status(call), status(call)]);
    expect(two.map((reply) => reply.status)).toEqual([200, 200]);
  });
});

describe('calls at once', () => {
  test('keep their own status and date, whichever ends first and over whichever connection', async () => {
    const waiting: (() => void)[] = [];
    const { call } = await served((request, response) => {
      const nth = Number(request.url?.match(/task\/n(\d+)/)?.[1]);
      const date = new Date(Date.UTC(2021, 9, 8) + nth * 1000).toUTCString();
      waiting.push(() => json(response, nth % 3 === 0 ? 404 : 200, { code: 'C', message: `${nth}` }, { date }));
      if (waiting.length % 4 === 0) for (const answer of waiting.splice(0).reverse()) answer();
    });
    for (const round of [0, 1, 2]) {
      const nths = Array.from({ length: 8 }, (_, i) => round * 8 + i);
      const replies = await Promise.all(nths.map((nth) => status(call, `n${nth}`)));
      expect(replies).toEqual(
        nths.map((nth) => ({
          status: nth % 3 === 0 ? 404 : 200,
          body: { code: 'C', message: `${nth}` },
          date: Date.UTC(2021, 9, 8) + nth * 1000,
        })),
      );
    }
  });
});

describe('credentials', () => {
  const token = 'c2VjcmV0LWFjY2Vzcy10b2tlbg';
  const certificate = JSON.stringify({ version: 1, scopes: ['*'], signature: 'c2VjcmV0LXNpZ25hdHVyZQ' });
  const credentials = { clientId: 'project/canary', accessToken: new Secret(token), certificate: new Secret(certificate) };

  test('sign every request', async () => {
    const headers: (string | undefined)[] = [];
    const { call } = await served(
      (request, response) => {
        headers.push(request.headers.authorization);
        json(response, 200, {});
      },
      { credentials, authorizedScopes: ['queue:status:*'] },
    );
    await status(call);
    expect(headers[0]).toMatch(/^Hawk id="project\/canary".*mac="/);
    const ext = JSON.parse(Buffer.from(headers[0]?.match(/ext="([^"]+)"/)?.[1] ?? '', 'base64').toString());
    expect(ext).toEqual({ certificate: JSON.parse(certificate), authorizedScopes: ['queue:status:*'] });
  });

  test('are never taken from the environment by the way', async () => {
    process.env['TASKCLUSTER_CLIENT_ID'] = 'project/other';
    process.env['TASKCLUSTER_ACCESS_TOKEN'] = token;
    stops.push(() => {
      delete process.env['TASKCLUSTER_CLIENT_ID'];
      delete process.env['TASKCLUSTER_ACCESS_TOKEN'];
    });
    const headers: (string | undefined)[] = [];
    const { call } = await served((request, response) => {
      headers.push(request.headers.authorization);
      json(response, 200, {});
    });
    await status(call);
    expect(headers).toEqual([undefined]);
  });

  test('show in no reply and no answer, even where the server throws them back', async () => {
    const { call, server } = await served(
      (request, response) => {
        const message = `you sent ${request.headers.authorization}\nwith ${token} and ${certificate}`;
        json(response, request.method === 'PUT' ? 500 : 401, { code: 'AuthenticationFailed', message, headers: request.headers });
      },
      { credentials },
    );
    const door = taskclusterDoor(call, wallClock);
    const canary = byHand('a/b', Date.UTC(2021, 9, 8), 60_000, 'lowest', 'empty');
    const said: unknown[] = [await status(call), await door.statuses([ID]), await door.create(canary)];
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    said.push(await status(call), await door.statuses([ID]));
    for (const one of said) {
      expect(JSON.stringify(one)).toMatch(/AuthenticationFailed|you sent|ECONNREFUSED/);
      expect(JSON.stringify(one)).not.toMatch(/c2VjcmV0|mac=|Hawk id/);
    }
  });

  test('with a certificate that is not JSON are refused at once, without quoting it', () => {
    for (const bad of ['c2VjcmV0{', '7']) {
      const make = () =>
        httpCall({
          rootUrl: 'http://localhost',
          clock: wallClock,
          credentials: { ...credentials, certificate: new Secret(bad) },
        });
      expect(make).toThrow(CredentialsError);
      expect(make).not.toThrow(/c2VjcmV0/);
    }
  });
});

describe('the counter of calls', () => {
  test('hears of every request, with its status and duration, and of those without an answer', async () => {
    const heard: unknown[][] = [];
    const onCall = (...call: unknown[]) => heard.push(call);
    const { call, server } = await served(
      (request, response) => json(response, request.url?.includes('worker') ? 404 : 200, { code: 'x' }),
      {
        onCall,
      },
    );
    await status(call);
    await call('workerManager', 'workerPool', ['a/b']);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await status(call);
    expect(heard.slice(0, 2)).toEqual([
      ['queue', 'status', 200, expect.any(Number)],
      ['workerManager', 'workerPool', 404, expect.any(Number)],
    ]);
    expect(heard.at(-1)).toEqual(['queue', 'status', 0, expect.any(Number)]);
  });
});
