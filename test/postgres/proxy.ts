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
  close(): void;
}

/** A proxy for a test file's whole run. */
export async function proxyTo(target: PostgresPlace): Promise<Proxy> {
  const proxy = await openProxy(target);
  afterAll(() => proxy.close());
  return proxy;
}

export async function openProxy(target: PostgresPlace): Promise<Proxy> {
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
    if (state === 'frozen') for (const socket of [client, upstream]) socket.pause();
    client.on('data', (data) => {
      if (cut !== undefined && data.includes(cut.text)) {
        doomed = cut.point === 'after';
        cut = undefined;
        if (!doomed) return end();
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (doomed) end();
      else client.write(data);
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
  return {
    place: { ...target, host: '127.0.0.1', port: address.port },
    become(next) {
      state = next;
      if (next === 'closed') cutAll();
      for (const socket of [...pairs].flat()) {
        if (next === 'frozen') socket.pause();
        else socket.resume();
      }
    },
    cutAt(text, point) {
      cut = { text, point };
    },
    close() {
      cutAll();
      server.close();
    },
  };
}
