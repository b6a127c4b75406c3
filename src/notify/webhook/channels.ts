import type { Opener } from '../opener.ts';
import { webhookRoute } from '../routes.ts';
import { webhookChannel } from './channel.ts';
import { openWebhook } from './post.ts';

/** One channel for each webhook that somebody is told by. */
export const webhookChannels: Opener = async ({ webhooks }, audiences, { clock }) => {
  const named = new Set(audiences.flatMap((audience) => audience.webhooks));
  return webhooks
    .filter(({ name }) => named.has(name))
    .map((webhook) => {
      const { name, url, secret } = webhook;
      return [webhookRoute(name), webhookChannel({ name, secrets: [url, secret], post: openWebhook(webhook, clock) })];
    });
};
