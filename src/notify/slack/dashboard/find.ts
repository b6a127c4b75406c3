import { isObject } from '../../../evidence/object.ts';
import { type Failed, isBlind } from '../errors.ts';
import { type Looked, messages } from '../look.ts';
import type { SlackCall } from '../reply.ts';
import { hasLabel, type Label, pictureIn } from './mark.ts';

export interface Found {
  ts: string;
  /** Id of the picture it shows. */
  picture?: string;
}

/**
 * Our own message in the channel, other than those in `lost`: among what is pinned, where it stays for years, or else the newest among the
 * latest messages. Where one of the two places may not be read, the other has to do; `failed` where neither may.
 */
export async function findMessage(
  call: SlackCall,
  channel: string,
  label: Label,
  lost: ReadonlySet<string>,
): Promise<Looked<Found | undefined>> {
  const pinned = await pinnedIn(call, channel);
  if (pinned.as === 'failed' && !isBlind(pinned.reply)) return pinned;
  const found = pinned.as === 'seen' ? newest(pinned.found, label, lost) : undefined;
  if (found !== undefined) return { as: 'seen', found };
  const recent = await messages(call, 'conversations.history', { channel });
  if (recent.as === 'seen') return { as: 'seen', found: newest(recent.found, label, lost) };
  // What is pinned was read, and ours is not there: it may stand in the channel all the same.
  return recent;
}

/** Our messages that were posted within the time from `oldest`, oldest first. */
export async function foundSince(call: SlackCall, channel: string, label: Label, oldest: number): Promise<Looked<Found[]>> {
  const looked = await messages(call, 'conversations.history', { channel, oldest: oldest.toFixed(6) });
  return looked.as === 'seen' ? { as: 'seen', found: ours(looked.found, label) } : looked;
}

async function pinnedIn(call: SlackCall, channel: string): Promise<Looked<Record<string, unknown>[]>> {
  const reply: Awaited<ReturnType<SlackCall>> = await call('pins.list', { channel });
  if (reply.as !== 'ok') return { as: 'failed', reply: reply satisfies Failed };
  const { items } = reply.body;
  const found = (Array.isArray(items) ? items : []).flatMap((item) =>
    isObject(item) && isObject(item['message']) ? [item['message']] : [],
  );
  return { as: 'seen', found };
}

function newest(some: readonly Record<string, unknown>[], label: Label, lost: ReadonlySet<string>): Found | undefined {
  return ours(some, label).findLast(({ ts }) => !lost.has(ts));
}

function ours(some: readonly Record<string, unknown>[], label: Label): Found[] {
  return some
    .flatMap((message): Found[] => {
      const { ts } = message;
      if (typeof ts !== 'string' || !hasLabel(message, label)) return [];
      const picture = pictureIn(message);
      return [{ ts, ...(picture !== undefined && { picture }) }];
    })
    .sort((a, b) => (a.ts < b.ts ? -1 : 1));
}
