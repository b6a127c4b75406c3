import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Decides a request's fate: `pass`, `kill` before it is applied, or `kill-after` it was applied and before it is answered. */
export type Fate = (path: string) => 'pass' | 'kill' | 'kill-after';

export interface Proxy {
  url: string;
  close(): void;
}

/** Stands before a server and lets requests through unchanged, `Host` header and all, for that is signed. */
export async function proxyTo(target: string, fate: Fate, kill: () => void): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const server: Server = createServer((incoming, outgoing) => void meet(incoming, outgoing));
  async function meet(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming).catch(() => undefined);
    if (body === undefined) return;
    const decided = fate(`${incoming.method} ${incoming.url}`);
    if (decided === 'kill') return kill();
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      void buffer(answer).then((content) => {
        if (decided === 'kill-after') kill();
        else outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(content);
      });
    });
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
