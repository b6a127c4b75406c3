import type { Standing } from '../../evidence/fact.ts';
import type { Incident } from '../../evidence/incident.ts';
import { MINUTE, SECOND } from '../../evidence/instant.ts';
import { isObject } from '../../evidence/object.ts';
import type { Failed } from './errors.ts';
import { type Mark, openIn, readMark } from './mark.ts';
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
  // What was worked out anew may have been opened a little earlier than is known.
  const began = incident.relived === undefined ? incident.opened : incident.since;
  const looked = await messages(call, 'conversations.history', { channel, oldest: secondOf(began - MARGIN) });
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

/** The deployment's incidents that messages posted since then show as open; among the newest 1,000. */
export async function findOpen(call: SlackCall, channel: string, deployment: string, since: number): Promise<Looked<Standing[]>> {
  const looked = await messages(call, 'conversations.history', { channel, oldest: secondOf(since) });
  if (looked.as === 'failed') return looked;
  const own = looked.found.filter(({ ts, thread_ts: thread }) => thread === undefined || thread === ts);
  const open = own.flatMap((message) => openIn(message) ?? []).filter(({ id }) => id.startsWith(`${deployment}/`));
  return { as: 'seen', found: open };
}

function secondOf(instant: number): string {
  return `${Math.floor(instant / SECOND)}.000000`;
}

/**
 * How many entries of the timeline the message and its thread have told. A story that was worked out anew has other entries: those have been
 * told that happened before the newest of our messages, but for its end.
 */
export async function toldInThread(call: SlackCall, channel: string, ts: string, incident: Incident): Promise<Looked<number>> {
  const looked = await messages(call, 'conversations.replies', { channel, ts });
  if (looked.as === 'failed') return looked;
  const marked = looked.found.flatMap((message) => {
    const mark = readMark(message, incident.id);
    return mark === undefined ? [] : [{ at: Number(message['ts']) * SECOND, ...mark }];
  });
  if (incident.relived === undefined) return { as: 'seen', found: Math.max(0, ...marked.map(({ told }) => told)) };
  const newest = Math.max(0, ...marked.map(({ at }) => at));
  const { timeline, ended } = incident;
  const ending = ended !== undefined && !marked.some(({ over }) => over) ? 1 : 0;
  const before = timeline.filter(({ at }) => at <= newest).length;
  return { as: 'seen', found: Math.min(before, timeline.length - ending) };
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
    found.push(...(Array.isArray(some) ? some.filter(isObject) : []));
    const next = isObject(notes) ? notes['next_cursor'] : undefined;
    if (typeof next !== 'string' || next === '') break;
    cursor = next;
  }
  return { as: 'seen', found };
}
