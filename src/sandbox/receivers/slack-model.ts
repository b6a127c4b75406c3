import type { Clock } from '../../ports.ts';
import { type Answer, Faults, json } from './faults.ts';
import { troubleOfBlocks } from './slack-blocks.ts';
import { type SlackFile, SlackFiles } from './slack-files.ts';
import { renderSlackMessage } from './slack-render.ts';

export interface SlackMessage {
  ts: string;
  channel: string;
  text: string;
  blocks?: unknown[];
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  thread_ts?: string;
  /** A reply that the channel sees too. */
  broadcast: boolean;
  edits: number;
}

export interface SlackEvent {
  what: 'posted' | 'replied' | 'updated' | 'deleted';
  message: SlackMessage;
  /** The message as a terminal can show it. */
  lines: string[];
}

interface SlackChannelState {
  archived?: boolean;
  /** False: the bot may neither post nor read there. */
  member?: boolean;
}

interface SlackModelOptions {
  clock: Pick<Clock, 'now'>;
  token: string;
  /** Channels by id. */
  channels: Record<string, SlackChannelState>;
  /** Scopes of the token; default all that are asked for. */
  scopes?: string[];
  /** Enforces one message a second and channel, as Slack does on average. Default false. */
  limited?: boolean;
  /** A workspace without table blocks. Default true. */
  tables?: boolean;
  /** How long Slack examines a file before a message may show it, in milliseconds. Default 0. */
  examining?: number;
  onEvent?: (event: SlackEvent) => void;
}

type Args = Record<string, unknown>;

class Refused extends Error {
  override readonly name = 'Refused';
  readonly more: Record<string, unknown>;
  constructor(error: string, more: Record<string, unknown> = {}) {
    super(error);
    this.more = more;
  }
}

const UPDATE_TEXT = 4_000;
const POST_TEXT = 40_000;

/** Slack's Web API as documented, as far as a bot that posts, edits and reads back is concerned. */
export class SlackModel {
  readonly faults = new Faults();
  /** Oldest first; deleted ones are gone. */
  readonly messages: SlackMessage[] = [];
  readonly #options: SlackModelOptions;
  /** Timestamps of pinned messages, newest first. */
  readonly pins: string[] = [];
  readonly #files: SlackFiles;
  readonly #deleted = new Set<string>();
  readonly #postedAt = new Map<string, number>();
  #lastMicros = 0;

  constructor(options: SlackModelOptions) {
    this.#options = options;
    this.#files = new SlackFiles(options.clock, options.examining ?? 0);
  }

  get files(): readonly SlackFile[] {
    return this.#files.files;
  }

  /** Content sent to an upload's address. */
  receive(file: string, form: Buffer): Answer {
    const taken = this.#files.receive(file, form);
    return { status: taken ? 200 : 400, headers: {}, body: taken ? `OK - ${form.length}` : '' };
  }

  /** Messages that stand in the channel by themselves. */
  get posts(): SlackMessage[] {
    return this.messages.filter((message) => message.thread_ts === undefined);
  }

  /** One call; arguments as JSON values. */
  handle(method: string, token: string | undefined, args: Args, base = ''): Answer {
    try {
      if (token === undefined || token === '') throw new Refused('not_authed');
      if (token !== this.#options.token) throw new Refused('invalid_auth');
      if (method === 'auth.test') return json(200, { ok: true, team_id: 'T0CANARY', user_id: 'U0CANARY', bot_id: 'B0CANARY' });
      const wait = method === 'chat.postMessage' ? this.#wait(String(args['channel'])) : 0;
      if (wait > 0) return json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(Math.ceil(wait / 1000)) });
      return json(200, { ok: true, ...this.#dispatch(method, args, base) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return json(200, { ok: false, error: error.message, ...error.more });
    }
  }

  #dispatch(method: string, args: Args, base: string): Record<string, unknown> {
    switch (method) {
      case 'chat.postMessage':
        return this.#post(args);
      case 'chat.update':
        return this.#update(args);
      case 'chat.delete':
        return this.#delete(args);
      case 'conversations.history':
        return this.#page(
          args,
          this.#readable(args)
            .filter((message) => message.thread_ts === undefined || message.broadcast)
            .reverse(),
        );
      case 'conversations.replies':
        return this.#replies(args);
      case 'pins.list':
        return this.#pinned(args);
      case 'pins.add':
      case 'pins.remove':
        return this.#pin(args, method === 'pins.add');
      case 'files.getUploadURLExternal':
        return this.#file('files:write', () => this.#files.announce(args, base));
      case 'files.completeUploadExternal':
        return this.#file('files:write', () => this.#files.complete(args['files']));
      case 'files.info':
        return this.#file('files:read', () => this.#files.info(args['file']));
      case 'files.delete':
        return this.#file('files:write', () => this.#files.delete(args['file']));
      default:
        throw new Refused('unknown_method');
    }
  }

  #file(scope: string, work: () => string | Record<string, unknown>): Record<string, unknown> {
    this.#scope(scope);
    const done = work();
    if (typeof done === 'string') throw new Refused(done);
    return done;
  }

  #pinned(args: Args): Record<string, unknown> {
    const channel = this.#channel(args, 'pins:read');
    const messages = this.pins.flatMap((ts) => this.messages.find((each) => each.channel === channel && each.ts === ts) ?? []);
    // What is pinned comes without metadata.
    return {
      items: messages.map(({ metadata: _unshown, ...message }) => ({ type: 'message', channel, message: shown(message) })),
    };
  }

  #pin(args: Args, add: boolean): Record<string, unknown> {
    const channel = this.#channel(args, 'pins:write');
    const ts = String(args['timestamp']);
    if (!this.messages.some((message) => message.channel === channel && message.ts === ts))
      throw new Refused('message_not_found');
    const at = this.pins.indexOf(ts);
    if (add === at >= 0) throw new Refused(add ? 'already_pinned' : 'no_pin');
    if (add) this.pins.unshift(ts);
    else this.pins.splice(at, 1);
    return {};
  }

  #wait(channel: string): number {
    return this.#options.limited === true ? (this.#postedAt.get(channel) ?? -1000) + 1000 - this.#options.clock.now() : 0;
  }

  #channel(args: Args, scope: string): string {
    this.#scope(scope);
    const { channel } = args;
    const state = typeof channel === 'string' ? this.#options.channels[channel] : undefined;
    if (typeof channel !== 'string' || state === undefined) throw new Refused('channel_not_found');
    if (state.member === false) throw new Refused('not_in_channel');
    if (state.archived === true && scope === 'chat:write') throw new Refused('is_archived');
    return channel;
  }

  #scope(scope: string): void {
    const { scopes } = this.#options;
    if (scopes !== undefined && !scopes.includes(scope))
      throw new Refused('missing_scope', { needed: scope, provided: scopes.join(',') });
  }

  #content(args: Args): Pick<SlackMessage, 'text' | 'blocks' | 'metadata'> {
    const { text = '', blocks, metadata } = args;
    if (typeof text !== 'string') throw new Refused('invalid_arguments');
    const { tables = true } = this.#options;
    const isUsable = (file: unknown) => this.#files.isUsable(file);
    const trouble = blocks === undefined ? undefined : troubleOfBlocks(blocks, { tables, isUsable });
    if (trouble !== undefined) throw new Refused(trouble.error, { response_metadata: { messages: trouble.messages } });
    if (text === '' && (blocks === undefined || (blocks as unknown[]).length === 0)) throw new Refused('no_text');
    if (metadata !== undefined && !isMetadata(metadata)) throw new Refused('invalid_metadata_format');
    return { text, ...(blocks !== undefined && { blocks: blocks as unknown[] }), ...(metadata !== undefined && { metadata }) };
  }

  #post(args: Args): Record<string, unknown> {
    const channel = this.#channel(args, 'chat:write');
    const content = this.#content(args);
    const thread = this.#thread(channel, args['thread_ts']);
    const message: SlackMessage = {
      ts: this.#timestamp(),
      channel,
      ...content,
      text: content.text.slice(0, POST_TEXT),
      ...(thread !== undefined && { thread_ts: thread }),
      broadcast: thread !== undefined && args['reply_broadcast'] === true,
      edits: 0,
    };
    this.messages.push(message);
    this.#postedAt.set(channel, this.#options.clock.now());
    this.#tell(thread === undefined ? 'posted' : 'replied', message);
    return { channel, ts: message.ts, message: shown(message) };
  }

  /** A reply to a deleted message is posted without a thread and without an error (slack-go#1571). */
  #thread(channel: string, thread: unknown): string | undefined {
    if (thread === undefined) return undefined;
    if (typeof thread !== 'string') throw new Refused('invalid_arguments');
    if (this.messages.some((message) => message.channel === channel && message.ts === thread)) return thread;
    if (this.#deleted.has(`${channel}/${thread}`)) return undefined;
    throw new Refused('thread_not_found');
  }

  #update(args: Args): Record<string, unknown> {
    const message = this.#find(args);
    const content = this.#content(args);
    if (content.text.length > UPDATE_TEXT) throw new Refused('msg_too_long');
    if (content.blocks === undefined) delete message.blocks;
    Object.assign(message, content, { edits: message.edits + 1 });
    this.#tell('updated', message);
    return { channel: message.channel, ts: message.ts, text: message.text, message: shown(message) };
  }

  #delete(args: Args): Record<string, unknown> {
    const message = this.#find(args);
    this.messages.splice(this.messages.indexOf(message), 1);
    this.#deleted.add(`${message.channel}/${message.ts}`);
    if (this.pins.includes(message.ts)) this.pins.splice(this.pins.indexOf(message.ts), 1);
    this.#tell('deleted', message);
    return { channel: message.channel, ts: message.ts };
  }

  #find(args: Args): SlackMessage {
    const channel = this.#channel(args, 'chat:write');
    const message = this.messages.find((each) => each.channel === channel && each.ts === args['ts']);
    if (message === undefined) throw new Refused('message_not_found');
    return message;
  }

  #replies(args: Args): Record<string, unknown> {
    const all = this.#readable(args);
    const { ts } = args;
    if (!all.some((message) => message.ts === ts)) throw new Refused('thread_not_found');
    return this.#page(
      args,
      all.filter((message) => message.ts === ts || message.thread_ts === ts),
    );
  }

  #readable(args: Args): SlackMessage[] {
    const channel = this.#channel(args, 'channels:history');
    const oldest = micros(args['oldest'] ?? '0');
    return this.messages.filter((message) => message.channel === channel && micros(message.ts) > oldest);
  }

  /** Without `include_all_metadata` an app sees none of it (python-slack-sdk#1501). */
  #page(args: Args, messages: SlackMessage[]): Record<string, unknown> {
    const limit = Math.min(Number(args['limit'] ?? 100), 999);
    const from = Number(args['cursor'] ?? 0);
    const page = messages.slice(from, from + limit).map(({ metadata, ...message }) => {
      return shown({ ...message, ...(metadata && args['include_all_metadata'] === true && { metadata }) });
    });
    const more = from + limit < messages.length;
    return { messages: page, has_more: more, response_metadata: { next_cursor: more ? String(from + limit) : '' } };
  }

  #timestamp(): string {
    this.#lastMicros = Math.max(this.#options.clock.now() * 1000, this.#lastMicros + 1);
    return `${Math.floor(this.#lastMicros / 1e6)}.${String(this.#lastMicros % 1e6).padStart(6, '0')}`;
  }

  #tell(what: SlackEvent['what'], message: SlackMessage): void {
    this.#options.onEvent?.({ what, message: { ...message }, lines: renderSlackMessage(message) });
  }
}

function shown(message: SlackMessage): Record<string, unknown> {
  const { broadcast, edits: _edits, channel: _channel, ...rest } = message;
  return { type: 'message', ...(broadcast && { subtype: 'thread_broadcast' }), bot_id: 'B0CANARY', ...rest };
}

function micros(ts: unknown): number {
  const [seconds = '', fraction = ''] = String(ts).split('.');
  return Number(seconds) * 1e6 + Number(fraction.padEnd(6, '0'));
}

function isMetadata(value: unknown): value is SlackMessage['metadata'] & {} {
  const { event_type: type, event_payload: payload } = (value ?? {}) as { event_type?: unknown; event_payload?: unknown };
  return (
    typeof type === 'string' && /^\w+$/.test(type) && typeof payload === 'object' && payload !== null && !Array.isArray(payload)
  );
}
