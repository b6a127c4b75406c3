import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { wallClock } from '../../clock.ts';
import { MINUTE } from '../../evidence/instant.ts';
import type { Clock } from '../../ports.ts';
import type { Reply } from '../../taskcluster/call.ts';
import { METHODS } from '../../world/api/answer.ts';
import { ApiError, errorReply } from '../../world/api/error.ts';
import type { ScopeExpression } from '../../world/api/method.ts';
import { enact } from '../../world/call.ts';
import type { World } from '../../world/world.ts';
import { authorize, callerOf, type Guests, type Signed } from './caller.ts';
import { headersOf } from './headers.ts';
import { type Route, routeFor } from './routes.ts';

export interface TaskclusterOptions extends Guests {
  /** 0 takes any free port. */
  port: number;
  /** Brings the world to the present; called before each request is looked at. */
  advance: () => void;
  /** Keeps slow answers waiting. Default: the machine's. */
  clock?: Clock;
}

export interface TaskclusterServer {
  /** The deployment's root URL, without a slash at its end. */
  url: string;
  close(): Promise<void>;
}

/** By default Node closes an idle connection after 5 s, at the very moment at which who asks each 5 s is using it again. */
const KEEP_ALIVE = MINUTE;

/** Serves a world as a Taskcluster deployment, on the loopback address alone. Rejects where the port is taken. */
export async function serveTaskcluster(world: World, options: TaskclusterOptions): Promise<TaskclusterServer> {
  const stop = new AbortController();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
    void meet(world, options, request, response, stop.signal);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        stop.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * A name that does not resolve cannot be shown by a server: there, the connection breaks before any answer. A request that was broken
 * off has no effect.
 */
async function meet(
  world: World,
  options: TaskclusterOptions,
  request: IncomingMessage,
  response: ServerResponse,
  stop: AbortSignal,
): Promise<void> {
  const body = await text(request).catch(() => undefined);
  if (body === undefined) return;
  options.advance();
  const { method = '', url = '/' } = request;
  const [path = '/', search = ''] = url.split('?');
  const route = routeFor(method, path);
  if (route === undefined) return send(world, request, response, { status: 404, body: { error: 'Not found' } });
  const { clock = wallClock } = options;
  const weather = world.weather(route.service, route.method);
  if (weather.is === 'unresolved') {
    response.destroy();
    return;
  }
  const query = Object.fromEntries(new URLSearchParams(search));
  const caller = await callerOf(signed(request, body), options, world.now);
  const payload = payloadOf(route, contentType(request), body);
  const more = { query, payload, authorize: (required: ScopeExpression) => authorize(caller, required) };
  const reply =
    payload instanceof ApiError
      ? errorReply(payload, { method: route.method, params: {}, payload: body, now: world.now })
      : enact(world, weather, route.service, route.method, route.args, more);
  if (weather.delay > 0) await clock.sleepUntil(clock.now() + weather.delay, stop);
  send(world, request, response, reply);
}

function contentType(request: IncomingMessage): string {
  return request.headers['content-type'] ?? '';
}

function signed(request: IncomingMessage, body: string): Signed {
  const { method = '', url = '/', headers } = request;
  const { authorization } = headers;
  const common = { method, url, host: headers.host ?? '', contentType: contentType(request), body };
  return authorization === undefined ? common : { ...common, authorization };
}

/** The parsed body, or why it cannot be taken. Methods without input have none, whatever was sent. */
function payloadOf({ service, method }: Route, type: string, body: string): unknown {
  if (METHODS[service].get(method)?.input === undefined) return {};
  if (!type.startsWith('application/json')) {
    return new ApiError('MalformedPayload', `Payload must be JSON with content-type: application/json got content-type: ${type}`);
  }
  try {
    const payload = JSON.parse(body === '' ? '{}' : body);
    return payload instanceof Object
      ? payload
      : new ApiError('MalformedPayload', 'Failed to parse JSON: Must be an object or array');
  } catch (error) {
    return new ApiError('MalformedPayload', `Failed to parse JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function send(world: World, request: IncomingMessage, response: ServerResponse, { status, body }: Omit<Reply, 'date'>): void {
  const trace = request.headers['x-taskcluster-trace-id'];
  const html = typeof body === 'string';
  const written = html ? body : JSON.stringify(body);
  response.writeHead(status, {
    ...headersOf(world.now, typeof trace === 'string' ? trace : undefined),
    ...(status === 401 && { 'www-authenticate': 'hawk' }),
    'content-type': html ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(written),
  });
  response.end(written);
}
