import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECOND } from '../evidence/instant.ts';
import { type Asked, type Page, problem, type Routes, routeFor } from './routes.ts';

/** Where to listen: a name or an address without brackets, and a port, of which 0 is any free one. */
export interface Address {
  host: string;
  port: number;
}

export interface Served {
  /** `http://127.0.0.1:8080`. */
  url: string;
  /** Ends at once, with the connections that are open. */
  close(): Promise<void>;
}

/** Whoever sends a request slower than this is no prober of ours. */
const REQUEST_WITHIN = 10 * SECOND;
const METHODS = ['GET', 'HEAD'];

/** Nothing but our own stylesheet and pictures, and nobody may frame us: text from outside that slipped through could do nothing. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the pages of a table, and nothing that is not in it.
 * @throws what Node says where it cannot listen there, such as an error with the code `EADDRINUSE`
 */
export async function serveHttp({ host, port }: Address, routes: Routes): Promise<Served> {
  const server = createServer({ requestTimeout: REQUEST_WITHIN, headersTimeout: REQUEST_WITHIN }, (request, response) => {
    const { method = '', url = '/', headers } = request;
    void pageFor(routes, method, url, headers.accept ?? '').then(({ status, type, body, headers }) => {
      response.writeHead(status, {
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        'cache-control': 'no-store',
        ...HEADERS,
        ...headers,
      });
      response.end(body);
    });
  });
  // A connection that fails later, for want of descriptors for example, must not end the process: the handler stays.
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, host, resolve));
  return { url: urlOf(server, host), close: () => close(server) };
}

async function pageFor(routes: Routes, method: string, url: string, accept: string): Promise<Page> {
  const [path = '/', query] = url.split('?', 2);
  const found = routeFor(routes, path);
  if (found === undefined) return routes.missing?.(path) ?? problem(404, 'no such page');
  if (!METHODS.includes(method)) return { ...problem(405, 'this page can only be read'), headers: { allow: METHODS.join(', ') } };
  const asked: Asked = { path, rest: found.rest, query: new URLSearchParams(query), accept };
  try {
    return (await found.route(asked)) ?? routes.missing?.(path) ?? problem(404, 'no such page');
  } catch {
    return problem(500, 'the page could not be made');
  }
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
