import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECOND } from '../evidence/instant.ts';

/** What a path is answered with. */
export interface Page {
  status: number;
  /** The content type. */
  type: string;
  body: string;
}

/** Answers a GET or a HEAD of one path. */
type Route = (query: URLSearchParams) => Page | Promise<Page>;

/** Exact paths, each beginning with a slash. */
export type Routes = Readonly<Record<string, Route>>;

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

/**
 * Serves the pages of a table, and nothing that is not in it.
 * @throws what Node says where it cannot listen there, such as an error with the code `EADDRINUSE`
 */
export async function serveHttp({ host, port }: Address, routes: Routes): Promise<Served> {
  const server = createServer({ requestTimeout: REQUEST_WITHIN, headersTimeout: REQUEST_WITHIN }, (request, response) => {
    void pageFor(routes, request.method ?? '', request.url ?? '/').then(({ status, type, body, allow }) => {
      response.writeHead(status, {
        'content-type': `${type}; charset=utf-8`,
        'content-length': Buffer.byteLength(body),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(allow !== undefined && { allow }),
      });
      response.end(body);
    });
  });
  // A connection that fails later, for want of descriptors for example, must not end the process: the handler stays.
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, host, resolve));
  return { url: urlOf(server, host), close: () => close(server) };
}

const METHODS = ['GET', 'HEAD'];

async function pageFor(routes: Routes, method: string, url: string): Promise<Page & { allow?: string }> {
  const [path = '/', query] = url.split('?', 2);
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) return problem(404, 'no such page', { pages: Object.keys(routes) });
  if (!METHODS.includes(method)) return { ...problem(405, 'this page can only be read'), allow: METHODS.join(', ') };
  try {
    return await route(new URLSearchParams(query));
  } catch {
    return problem(500, 'the page could not be made');
  }
}

/** A page that is a JSON document. */
export function jsonPage(status: number, body: object): Page {
  return { status, type: 'application/json', body: `${JSON.stringify(body, undefined, 2)}\n` };
}

function problem(status: number, error: string, more: object = {}): Page {
  return jsonPage(status, { error, ...more });
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
