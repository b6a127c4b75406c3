import type { Composed, Sight } from '../../../evidence/board.ts';
import type { Told } from '../../../evidence/delivery.ts';
import { DAY, MINUTE, SECOND } from '../../../evidence/instant.ts';
import type { Board, Clock, Log } from '../../../ports.ts';
import { isBlind, isGone, toldOf } from '../errors.ts';
import type { SlackCall } from '../reply.ts';
import { findMessage, foundSince } from './find.ts';
import type { Label } from './mark.ts';
import { upload, withoutDeleted } from './picture.ts';
import { type BoardRef, lookAt, newRef, parseBoardRef, taken, unpictured } from './ref.ts';
import { type Draft, send } from './send.ts';

export interface BoardOptions {
  call: SlackCall;
  deployment: string;
  /** Id of the channel. */
  channel: string;
  clock: Clock;
  log: Log;
  /** Cuts waits short. */
  stop: AbortSignal;
}

type Keep = (ref: string) => Promise<void>;

/** Somebody who unpins it may mean it, so it is not pinned again at once. */
const PIN_EVERY = DAY;
/** Two that find no message and post one at the same time do so within this. */
const RACE = 5 * MINUTE;
/** Messages in a row that can be edited no more. */
const TRIES = 3;
/** A post of which nobody knows whether it arrived is looked for this far back. */
const POSTED_WITHIN = 2 * DAY;

/** The deployment's one message in a channel: pinned, edited in place, found again by its label and posted anew where it is gone. */
export class SlackBoard implements Board {
  readonly #options: BoardOptions;
  readonly #label: Label;

  constructor(options: BoardOptions) {
    this.#options = options;
    this.#label = { kind: 'dashboard', id: options.deployment };
  }

  async show(sight: Sight, text: string | undefined, keep: Keep): Promise<Told> {
    const lost = new Set<string>();
    let ref = parseBoardRef(text);
    for (let tries = 0; tries < TRIES; tries++) {
      const known: BoardRef | Told | undefined = ref !== undefined && !lost.has(ref.ts) ? ref : await this.#find(lost, ref);
      if (known === undefined) break;
      if ('as' in known) return known;
      const shown: BoardRef | Told = await this.#edit(sight, known, keep);
      if ('as' in shown) return shown;
      lost.add(shown.ts);
      ref = shown;
    }
    return this.#post(sight, ref, lost, keep);
  }

  async post(id: string, compose: (look: { table: boolean }) => Composed, doubt: boolean): Promise<Told> {
    const { call, channel, clock, deployment } = this.#options;
    const label: Label = { kind: 'digest', id: `${deployment}/${id}` };
    const now = clock.now();
    if (doubt) {
      const looked = await foundSince(call, channel, label, (now - POSTED_WITHIN) / SECOND);
      if (looked.as === 'failed' && !isBlind(looked.reply)) return toldOf(looked.reply);
      const there = looked.as === 'seen' ? looked.found[0] : undefined;
      if (there !== undefined) return { as: 'accepted', ref: there.ts, more: false };
    }
    const draft = { compose, label, edition: Math.floor(now / SECOND) };
    const { reply } = await send(this.#options, { channel }, draft, { table: true });
    return reply.as === 'ok' ? { as: 'accepted', ref: String(reply.body['ts']), more: false } : toldOf(reply);
  }

  /** Our message in the channel; undefined where there is none, or nobody may look. */
  async #find(lost: ReadonlySet<string>, before: BoardRef | undefined): Promise<BoardRef | Told | undefined> {
    const { call, channel, log } = this.#options;
    const looked = await findMessage(call, channel, this.#label, lost);
    if (looked.as === 'failed') {
      if (!isBlind(looked.reply)) return toldOf(looked.reply);
      log.warn({ channel }, 'cannot look for the dashboard in the channel; it may be posted a second time');
      return undefined;
    }
    if (looked.found === undefined) return undefined;
    const { ts, picture } = looked.found;
    return { ...newRef(ts, before), ...(picture !== undefined && { picture: { file: picture, digest: '' } }) };
  }

  /** Resolves to the message's ref where it can be edited no more. */
  async #edit(sight: Sight, known: BoardRef, keep: Keep): Promise<BoardRef | Told> {
    const { channel, clock, log } = this.#options;
    const ref = await this.#withPicture(sight, known, keep);
    const { reply, look } = await send(this.#options, { channel, ts: ref.ts }, this.#draft(sight), lookAt(ref, clock.now()));
    if (reply.as === 'ok') return this.#settled(taken(ref, look, clock.now()));
    if (!isGone(reply)) return toldOf(reply);
    log.warn({ ts: ref.ts, why: toldOf(reply) }, 'the dashboard can be edited no more; another takes its place');
    await this.#remove(ref.ts);
    return ref;
  }

  async #post(sight: Sight, before: BoardRef | undefined, lost: ReadonlySet<string>, keep: Keep): Promise<Told> {
    const { channel, clock } = this.#options;
    // A picture is uploaded once there is a message to remember it by.
    const ref = before ?? newRef('');
    const { reply, look } = await send(this.#options, { channel }, this.#draft(sight), lookAt(ref, clock.now()));
    if (reply.as !== 'ok') return toldOf(reply);
    const { ts } = reply.body;
    if (typeof ts !== 'string') return { as: 'unsure', why: 'Slack answered without the timestamp of the message' };
    const posted = newRef(await this.#firstOf(ts, lost), taken(ref, look, clock.now()));
    if (posted.ts !== ts) await this.#remove(ts);
    await keep(JSON.stringify(posted));
    const edited = sight.picture === undefined || posted.picture !== undefined ? posted : await this.#edit(sight, posted, keep);
    return 'as' in edited ? edited : this.#settled(edited);
  }

  /** Where another prober has posted one at the same time, the first of them stands. */
  async #firstOf(ts: string, lost: ReadonlySet<string>): Promise<string> {
    const { call, channel } = this.#options;
    const looked = await foundSince(call, channel, this.#label, Number(ts) - RACE / SECOND);
    const rival = looked.as === 'seen' ? looked.found.find((found) => !lost.has(found.ts)) : undefined;
    return rival !== undefined && rival.ts < ts ? rival.ts : ts;
  }

  #draft({ compose }: Sight): Draft {
    return { compose, label: this.#label, edition: Math.floor(this.#options.clock.now() / SECOND) };
  }

  /** With the sight's picture ready to be shown, or none; the one before becomes litter, which is cleared once it is not shown any more. */
  async #withPicture({ picture }: Sight, ref: BoardRef, keep: Keep): Promise<BoardRef> {
    const now = this.#options.clock.now();
    if (picture !== undefined && ref.picture?.digest === picture.digest) return ref;
    if (picture === undefined || now < ref.pictureFrom) return unpictured(ref, [], false);
    const made: string[] = [];
    const file = await upload(this.#options, picture, async (id) => {
      made.push(id);
      await keep(JSON.stringify({ ...ref, litter: [...ref.litter, id] }));
    });
    if (file === undefined) return unpictured(ref, made, { now });
    return { ...unpictured(ref, [], false), picture: { file, digest: picture.digest } };
  }

  /** The message shows what it should: the rest is tidying up. */
  async #settled(ref: BoardRef): Promise<Told> {
    const { call, clock } = this.#options;
    const pinnedAt = clock.now() - ref.pinnedAt >= PIN_EVERY ? await this.#pin(ref) : ref.pinnedAt;
    const litter = await withoutDeleted(call, ref.litter);
    return { as: 'accepted', ref: JSON.stringify({ ...ref, pinnedAt, litter }), more: false };
  }

  async #pin({ ts, pinnedAt }: BoardRef): Promise<number> {
    const { call, channel, clock, log } = this.#options;
    const reply = await call('pins.add', { channel, timestamp: ts });
    if (reply.as === 'ok' || (reply.as === 'refused' && reply.error === 'already_pinned')) return clock.now();
    if (reply.as !== 'refused') return pinnedAt;
    const { error } = reply;
    log.warn({ error }, 'the dashboard cannot be pinned; grant the bot the scope pins:write, or pin it by hand');
    return clock.now();
  }

  /** What can be edited no more would show old figures for new, so it goes, or is at least not pinned. */
  async #remove(ts: string): Promise<void> {
    const { call, channel } = this.#options;
    const deleted = await call('chat.delete', { channel, ts });
    if (deleted.as !== 'ok') await call('pins.remove', { channel, timestamp: ts });
  }
}
