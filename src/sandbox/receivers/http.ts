import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Silence } from './faults.ts';

interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** The body as it came. */
  bytes: Buffer;
}

export interface Served {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  close(): Promise<void>;
}

/** Serves on the loopback address alone; port 0 takes any free one. Rejects where the port is taken. */
export async function serve(port: number, answer: (asked: Asked) => Answer | Silence): Promise<Served> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '/', headers } = request;
      const bytes = Buffer.concat(chunks);
      give(response, answer({ method, path: url.split('?')[0] ?? '/', headers, body: bytes.toString('utf8'), bytes }));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function give(response: ServerResponse, answer: Answer | Silence): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.destroy();
  } else if (answer === 'stall') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"ok":');
  } else {
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }
}
