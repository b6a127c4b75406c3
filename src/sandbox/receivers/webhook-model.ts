import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../ports.ts';
import { type Answer, Faults, json } from './faults.ts';
import { type Served, serve } from './http.ts';

interface WebhookModelOptions {
  clock: Pick<Clock, 'now'>;
  secret: string;
  onMessage?: (message: WebhookMessage) => void;
}

/** One accepted request. */
export interface WebhookMessage {
  /** `<incident>/<revision>`. */
  delivery: string;
  body: Record<string, unknown>;
  /** How often it came; a receiver acts on the first one alone. */
  times: number;
}

/** A request signed longer ago may be one that somebody has recorded. Milliseconds. */
const TOLERANCE = 5 * 60 * 1000;

/** A receiver as we advise people to write one: it trusts nothing that is not signed, and knows a delivery that comes again. */
export class WebhookModel {
  readonly faults = new Faults();
  /** One a delivery, oldest first. */
  readonly messages: WebhookMessage[] = [];
  readonly #options: WebhookModelOptions;

  constructor(options: WebhookModelOptions) {
    this.#options = options;
  }

  handle(headers: IncomingHttpHeaders, body: string): Answer {
    const timestamp = String(headers['x-tc-canary-timestamp'] ?? '');
    const wrong = this.#untrusted(timestamp, String(headers['x-tc-canary-signature'] ?? ''), body);
    if (wrong !== undefined) return json(401, { message: wrong });
    const delivery = headers['x-tc-canary-delivery'];
    const sent = parsed(body);
    if (sent === undefined || sent['version'] !== 1 || typeof delivery !== 'string') return json(400, { message: 'no message' });
    const before = this.messages.find((message) => message.delivery === delivery);
    const message = before ?? { delivery, body: sent, times: 0 };
    message.times += 1;
    if (before === undefined) this.messages.push(message);
    this.#options.onMessage?.(message);
    return json(200, {});
  }

  #untrusted(timestamp: string, signature: string, body: string): string | undefined {
    const age = this.#options.clock.now() - Number(timestamp) * 1000;
    if (timestamp === '' || !(Math.abs(age) <= TOLERANCE)) return 'the timestamp is missing or too far from now';
    const right = createHmac('sha256', this.#options.secret).update(`${timestamp}.${body}`).digest();
    const given = Buffer.from(/^v1=([0-9a-f]{64})$/.exec(signature)?.[1] ?? '', 'hex');
    return given.length === right.length && timingSafeEqual(given, right) ? undefined : 'the signature is wrong';
  }
}

/** The model behind a real port: `POST <url>/hook`. */
export function serveWebhook(model: WebhookModel, { port }: { port: number }): Promise<Served> {
  return serve(port, ({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/hook') return { status: 404, headers: {}, body: '' };
    return model.faults.meet('message', () => model.handle(headers, body));
  });
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
