import type { Incident } from '../../evidence/incident.ts';
import { MINUTE, SECOND } from '../../evidence/instant.ts';
import { isRecord } from '../record.ts';
import type { Failed } from './errors.ts';
import { type Mark, readMark } from './mark.ts';
import type { SlackCall, SlackMethod } from './reply.ts';

/** Slack's clock and ours may differ: the first post is looked for from this long before the incident opened. */
const MARGIN = 5 * MINUTE;

/** Slack gives up to 999 messages a call. Two calls stay within a courier's claim on the delivery, however slow they are. */
const PAGES = 2;
const PAGE = 500;

interface Found {
  ts: string;
  mark: Mark;
}

export type Looked<T> = { as: 'seen'; found: T } | { as: 'failed'; reply: Failed };

/** Our newest message of the incident that stands in the channel by itself, other than `except`; among the newest 1,000. */
export async function findPost(
  call: SlackCall,
  channel: string,
  incident: Incident,
  except?: string,
): Promise<Looked<Found | undefined>> {
  const oldest = `${Math.floor((incident.opened - MARGIN) / SECOND)}.000000`;
  const looked = await messages(call, 'conversations.history', { channel, oldest });
  if (looked.as === 'failed') return looked;
  let newest: Found | undefined;
  for (const message of looked.found) {
    const { ts, thread_ts: thread } = message;
    const mark = readMark(message, incident.id);
    if (mark === undefined || typeof ts !== 'string' || ts === except || (thread !== undefined && thread !== ts)) continue;
    if (newest === undefined || ts > newest.ts) newest = { ts, mark };
  }
  return { as: 'seen', found: newest };
}

/** How many entries of the timeline the message and its thread have told. */
export async function toldInThread(call: SlackCall, channel: string, ts: string, incident: Incident): Promise<Looked<number>> {
  const looked = await messages(call, 'conversations.replies', { channel, ts });
  if (looked.as === 'failed') return looked;
  return { as: 'seen', found: Math.max(0, ...looked.found.map((message) => readMark(message, incident.id)?.told ?? 0)) };
}

/** The newest messages, up to 1,000. */
export async function messages(
  call: SlackCall,
  method: SlackMethod,
  args: Record<string, unknown>,
): Promise<Looked<Record<string, unknown>[]>> {
  const found: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const reply = await call(method, {
      ...args,
      limit: PAGE,
      include_all_metadata: true,
      ...(cursor !== undefined && { cursor }),
    });
    if (reply.as !== 'ok') return { as: 'failed', reply };
    const { messages: some, response_metadata: notes } = reply.body;
    found.push(...(Array.isArray(some) ? some.filter(isRecord) : []));
    const next = isRecord(notes) ? notes['next_cursor'] : undefined;
    if (typeof next !== 'string' || next === '') break;
    cursor = next;
  }
  return { as: 'seen', found };
}
