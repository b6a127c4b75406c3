import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Gate {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  close(): Promise<void>;
}

/**
 * A door before a server. `meet` is told of each request once it is all there, has it applied when it says so, and gives the answer to
 * pass on; without one the connection breaks.
 */
export async function openGate(
  server: string,
  meet: (asked: Asked, apply: () => Promise<Answer>) => Promise<Answer | undefined>,
): Promise<Gate> {
  const gate = createServer((incoming, response) => {
    void (async () => {
      const body = await text(incoming).catch(() => undefined);
      if (body === undefined) return;
      const asked = { method: incoming.method ?? '', path: incoming.url ?? '/', headers: incoming.headers, body };
      const answer = await meet(asked, () => forward(server, asked)).catch(() => undefined);
      if (answer === undefined) response.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    })();
  });
  await new Promise<void>((resolve, reject) => gate.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = gate.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        gate.close(() => resolve());
        gate.closeAllConnections();
      }),
  };
}

/** The `Host` stays as it was sent, for the signature covers it. */
async function forward(server: string, { method, path, headers, body }: Asked): Promise<Answer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(path, server), { method, headers }, resolve).once('error', reject).end(body);
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}
