import { createHmac } from 'node:crypto';
import { SECOND } from '../../evidence/instant.ts';
import type { Secret } from '../../evidence/secret.ts';
import type { Clock } from '../../ports.ts';
import { type PostReply, postJson } from '../post.ts';

/** Sends one body under its delivery's name, the same on every try. Never rejects. */
export type WebhookPost = (body: string, delivery: string) => Promise<PostReply>;

interface WebhookDoor {
  url: Secret;
  /** The key of the signature. */
  secret: Secret;
  /** Milliseconds until a request without an answer is given up; default 10 s. */
  timeout?: number;
}

/** Signs what it sends; the timestamp is signed too, so that a receiver can tell an old request that somebody sends again. */
export function openWebhook({ url, secret, timeout }: WebhookDoor, clock: Pick<Clock, 'now'>): WebhookPost {
  return (body, delivery) => {
    const timestamp = String(Math.floor(clock.now() / SECOND));
    return postJson({
      url: url.reveal(),
      headers: {
        'user-agent': 'taskcluster-canary',
        'x-tc-canary-timestamp': timestamp,
        'x-tc-canary-signature': `v1=${signatureOf(timestamp, body, secret)}`,
        'x-tc-canary-delivery': delivery,
      },
      body,
      secrets: [url, secret],
      ...(timeout !== undefined && { timeout }),
    });
  };
}

/** HMAC-SHA256 in hex of `<timestamp>.<body>`, both as they are sent. */
function signatureOf(timestamp: string, body: string, secret: Secret): string {
  return createHmac('sha256', secret.reveal()).update(`${timestamp}.${body}`).digest('hex');
}
