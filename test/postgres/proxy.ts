import { connect, createServer, type Socket } from 'node:net';
import { afterAll } from 'vitest';
import type { PostgresPlace } from '../../src/evidence/place.ts';

/** Stands between a store and its server, and does what networks do. */
export interface Proxy {
  place: PostgresPlace;
  /** `through`: as if it were not there. `frozen`: nothing gets through either way. `closed`: connections are cut, new ones refused. */
  become(state: 'through' | 'frozen' | 'closed'): void;
  /** Cuts the connection over which this text comes next, `before` the server has seen it or `after`, when its answer comes back. */
  cutAt(text: string, point: 'before' | 'after'): void;
}

export async function proxyTo(target: PostgresPlace): Promise<Proxy> {
  let state: 'through' | 'frozen' | 'closed' = 'through';
  let cut: { text: string; point: 'before' | 'after' } | undefined;
  const pairs = new Map<Socket, Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    pairs.set(client, upstream);
    let doomed = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
      pairs.delete(client);
    };
    if (state === 'closed') end();
    client.on('data', (data) => {
      if (cut !== undefined && data.includes(cut.text)) {
        doomed = cut.point === 'after';
        cut = undefined;
        if (!doomed) return end();
      }
      if (state === 'through') upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (doomed) end();
      else if (state === 'through') client.write(data);
    });
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cutAll = () => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  afterAll(() => {
    cutAll();
    server.close();
  });
  return {
    place: { ...target, host: '127.0.0.1', port: address.port },
    become(next) {
      state = next;
      if (next === 'closed') cutAll();
    },
    cutAt(text, point) {
      cut = { text, point };
    },
  };
}
