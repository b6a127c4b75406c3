import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** One HTTP request and its answer, as far as each came about; the official client keeps both to itself. */
export interface Exchange {
  request?: ClientRequest;
  response?: IncomingMessage;
}

const current = new AsyncLocalStorage<Exchange>();
const exchanges = new WeakMap<object, Exchange>();
let watching = false;

/** Runs work that makes one HTTP request, and lets its exchange be seen. Any number may be under way at once. */
export function observed<T>(exchange: Exchange, work: () => Promise<T>): Promise<T> {
  if (!watching) {
    watching = true;
    channel('http.client.request.start').subscribe(started);
    channel('http.client.response.finish').subscribe(answered);
  }
  return current.run(exchange, work);
}

function started(message: unknown): void {
  const exchange = current.getStore();
  if (exchange === undefined) return;
  const { request } = message as { request: ClientRequest };
  exchange.request = request;
  exchanges.set(request, exchange);
}

/** Comes with the headers, before the body. Found by its request: over a kept-alive socket the context may be an earlier call's. */
function answered(message: unknown): void {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
  const exchange = exchanges.get(request);
  if (exchange !== undefined) exchange.response = response;
}
