import type { Message, Told } from '../../evidence/delivery.ts';
import type { Standing } from '../../evidence/fact.ts';
import { isObject } from '../../evidence/object.ts';
import type { Channel, Log } from '../../ports.ts';
import { isMoot } from '../moot.ts';
import { culprit, type Failed, isBlind, isGone, toldOf } from './errors.ts';
import { findOpen, findPost, toldInThread } from './look.ts';
import { mentionFor } from './mention.ts';
import { type Content, post, reply } from './message.ts';
import { isBehind, parseRef, type Ref, UNTOLD } from './ref.ts';
import type { SlackCall, SlackMethod, SlackReply } from './reply.ts';
import { NO_PREVIEWS, VERBATIM } from './sending.ts';

interface SlackChannel {
  call: SlackCall;
  /** Id of the channel; a name works for posting alone. */
  channel: string;
  log: Log;
}

/**
 * One message an incident, edited as it evolves, its story in the thread. A tell takes one step: the first post, one reply, or one
 * edit. Posts and replies cannot be repeated safely, so in doubt they are looked for first by their mark; an edit can.
 */
export function slackChannel({ call, channel, log }: SlackChannel): Channel {
  async function tell(message: Message, text: string | undefined, doubt: boolean): Promise<Told> {
    const { incident } = message;
    const fresh = text === undefined || text === UNTOLD;
    const known = fresh ? undefined : parseRef(text);
    if (known === undefined) return postAnew(message, doubt || !fresh);
    // In doubt an edit to an older revision may have come in after a newer one, so the message is edited once more.
    const ref = doubt ? { ...known, shown: 0 } : known;
    if (doubt && ref.told < incident.timeline.length) return replyUnlessTold(message, ref);
    return step(message, ref, doubt);
  }

  async function step(message: Message, ref: Ref, doubt: boolean): Promise<Told> {
    if (ref.told < message.incident.timeline.length) return replyInThread(message, ref, doubt);
    return ref.shown < message.incident.revision ? update(message, ref, doubt) : accepted(ref, message);
  }

  async function replyUnlessTold(message: Message, ref: Ref): Promise<Told> {
    const looked = await toldInThread(call, ref.channel, ref.ts, message.incident);
    if (looked.as === 'seen') return step(message, { ...ref, told: Math.max(ref.told, looked.found) }, true);
    if (isGone(looked.reply)) return postAnew(message, true, ref);
    if (!isBlind(looked.reply)) return toldOf(looked.reply);
    blind(message, looked.reply);
    return step(message, ref, true);
  }

  /** The first post, or one in place of a message that can be edited no more. */
  async function postAnew(message: Message, doubt: boolean, lost?: Ref): Promise<Told> {
    const { incident } = message;
    if (doubt) {
      const adopted = await adopt(message, lost?.ts);
      if (adopted !== undefined) return adopted;
    }
    if (lost === undefined && isMoot(message)) return { as: 'accepted', ref: UNTOLD, more: false };
    const mark = { revision: incident.revision, told: incident.timeline.length, over: incident.ended !== undefined };
    const mention = mentionFor(message, incident.timeline.slice(lost?.told ?? 0));
    const sent = await send('chat.postMessage', post(message, mark, mention), { ...NO_PREVIEWS, channel });
    if (sent.as !== 'ok') return toldOf(sent);
    const { ts, channel: id } = sent.body;
    if (typeof ts !== 'string') return { as: 'unsure', why: 'Slack answered without the timestamp of the message' };
    return accepted({ channel: typeof id === 'string' ? id : channel, ts, shown: incident.revision, told: mark.told }, message);
  }

  async function adopt(message: Message, lost?: string): Promise<Told | undefined> {
    const { incident } = message;
    const looked = await findPost(call, channel, incident, lost);
    if (looked.as === 'failed') {
      if (!isBlind(looked.reply)) return toldOf(looked.reply);
      blind(message, looked.reply);
      return undefined;
    }
    if (looked.found === undefined) return undefined;
    const { ts, mark } = looked.found;
    // Of one that was over before the store was lost there is nothing to say.
    if (incident.relived !== undefined && incident.ended !== undefined && mark.over)
      return accepted({ channel, ts, shown: incident.revision, told: incident.timeline.length }, message);
    const thread = await toldInThread(call, channel, ts, incident);
    if (thread.as === 'failed' && !isBlind(thread.reply)) return toldOf(thread.reply);
    const told = thread.as === 'seen' ? Math.max(incident.relived === undefined ? mark.told : 0, thread.found) : mark.told;
    // What the message shows is older than anything worked out anew, whatever revision it had.
    const shown = incident.relived === undefined ? mark.revision : 0;
    return accepted({ channel, ts, shown, told }, message);
  }

  async function replyInThread(message: Message, ref: Ref, doubt: boolean): Promise<Told> {
    const { timeline } = message.incident;
    const untold = timeline.slice(ref.told);
    const loud = untold.some((entry) => entry.loud);
    const place = { ...NO_PREVIEWS, channel: ref.channel, thread_ts: ref.ts, ...(loud && { reply_broadcast: true }) };
    const content = reply(message, ref.told, mentionFor(message, untold));
    const sent = await send('chat.postMessage', content, place);
    if (sent.as !== 'ok') return isGone(sent) ? postAnew(message, doubt, ref) : toldOf(sent);
    const { ts, message: posted } = sent.body;
    const told = timeline.length;
    // A reply to a deleted message comes out in the channel by itself (slack-go#1571); it then takes the place of the lost one.
    const astray = isObject(posted) && posted['thread_ts'] === undefined && typeof ts === 'string';
    return accepted(astray ? { channel: ref.channel, ts, shown: 0, told } : { ...ref, told }, message);
  }

  async function update(message: Message, ref: Ref, doubt: boolean): Promise<Told> {
    const { revision, ended } = message.incident;
    const mark = { revision, told: ref.told, over: ended !== undefined };
    const sent = await send('chat.update', post(message, mark), { channel: ref.channel, ts: ref.ts });
    if (sent.as === 'ok') return accepted({ ...ref, shown: revision }, message);
    return isGone(sent) ? postAnew(message, doubt, ref) : toldOf(sent);
  }

  /** Sends, and where Slack objects to blocks or metadata, sends without: a refused call has changed nothing. */
  async function send(method: SlackMethod, content: Content, place: Record<string, unknown>): Promise<SlackReply> {
    let args: Record<string, unknown> = { ...VERBATIM, ...content, ...place };
    for (;;) {
      const sent = await call(method, args);
      const field = sent.as === 'refused' ? culprit(sent.error) : undefined;
      if (sent.as !== 'refused' || field === undefined || !(field in args)) return sent;
      log.warn(
        { method, error: sent.error, detail: sent.detail },
        `Slack did not take the message's ${field}; sending it without`,
      );
      const { [field]: _refused, ...rest } = args;
      args = rest;
    }
  }

  function blind({ incident }: Message, refusal: Failed): void {
    const why = refusal.as === 'refused' ? refusal.error : refusal.as;
    log.warn({ incident: incident.id, why }, 'cannot look for our own message in the channel; it may be posted a second time');
  }

  async function retract(text: string): Promise<void> {
    const ref = parseRef(text);
    if (ref === undefined) return;
    const sent = await call('chat.delete', { channel: ref.channel, ts: ref.ts });
    if (sent.as === 'ok' || isGone(sent)) return;
    log.warn({ ts: ref.ts, why: toldOf(sent) }, 'a message that was posted twice could not be deleted');
  }

  /** Where metadata is hidden from the app, its messages name nothing; a channel that it may not read shows it nothing. */
  async function standing(deployment: string, since: number): Promise<Standing[] | undefined> {
    const looked = await findOpen(call, channel, deployment, since);
    if (looked.as === 'seen') return looked.found;
    log.warn({ channel, why: toldOf(looked.reply) }, 'cannot read which incidents the channel shows as open');
    return isBlind(looked.reply) ? [] : undefined;
  }

  return { tell, retract, standing };
}

function accepted(ref: Ref, { incident }: Message): Told {
  return { as: 'accepted', ref: JSON.stringify(ref), more: isBehind(ref, incident) };
}
