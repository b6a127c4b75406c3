import type { Composed, Look } from '../../../evidence/board.ts';
import { isObject } from '../../../evidence/object.ts';
import type { Log } from '../../../ports.ts';
import { culprit } from '../errors.ts';
import type { SlackCall, SlackReply } from '../reply.ts';
import { NO_PREVIEWS, VERBATIM } from '../sending.ts';
import { type Label, labelled, labelMetadata } from './mark.ts';

export interface Draft {
  compose: (look: Look) => Composed;
  label: Label;
  /** Rises with each edit. */
  edition: number;
}

/** What became of it, and what it was sent with in the end. */
export interface Sent {
  reply: SlackReply;
  look: Look;
}

/** What a message is sent with. */
interface Form extends Look {
  blocks: boolean;
  metadata: boolean;
}

type Part = 'picture' | 'table' | 'blocks' | 'metadata';

/**
 * Posts the draft, or edits the message `ts`. What Slack objects to is left out and the rest sent again, the picture before the table, for
 * a refused call has changed nothing.
 */
export async function send(
  { call, log }: { call: SlackCall; log: Log },
  { channel, ts }: { channel: string; ts?: string },
  draft: Draft,
  look: Look,
): Promise<Sent> {
  const place = ts === undefined ? { ...NO_PREVIEWS, channel } : { channel, ts };
  let form: Form = { ...look, blocks: true, metadata: true };
  for (;;) {
    const composed = draft.compose(form);
    const reply = await call(ts === undefined ? 'chat.postMessage' : 'chat.update', {
      ...VERBATIM,
      ...place,
      text: composed.text,
      ...(form.blocks && { blocks: labelled(composed.blocks, draft.label, draft.edition) }),
      ...(form.metadata && { metadata: labelMetadata(draft.label) }),
    });
    const part = reply.as === 'refused' ? objection(reply, composed.blocks, form) : undefined;
    if (reply.as !== 'refused' || part === undefined) return { reply, look: lookOf(form) };
    log.warn({ error: reply.error, detail: reply.detail }, `Slack did not take the dashboard's ${part}; sending it without`);
    form = without(form, part);
  }
}

/** The part without which the call has a better chance; undefined where there is none left. */
function objection(
  { error, detail }: { error: string; detail: string },
  blocks: readonly object[],
  form: Form,
): Part | undefined {
  const field = culprit(error);
  if (field === 'metadata') return form.metadata ? 'metadata' : undefined;
  if (field === undefined || !form.blocks) return undefined;
  // Slack names the place of the block it objects to; where it does not, what is newest in Slack is the first to go.
  const named = blocks[Number(/\/blocks\/(\d+)/.exec(detail)?.[1] ?? -1)];
  const type = isObject(named) ? named['type'] : undefined;
  if (form.picture !== undefined && (type !== 'table' || !form.table)) return 'picture';
  return form.table ? 'table' : 'blocks';
}

function without(form: Form, part: Part): Form {
  if (part !== 'picture') return { ...form, [part]: false };
  const { picture: _refused, ...rest } = form;
  return rest;
}

function lookOf({ table, picture }: Form): Look {
  return { table, ...(picture !== undefined && { picture }) };
}
