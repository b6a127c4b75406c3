import type { Look } from '../../../evidence/board.ts';
import { DAY, HOUR } from '../../../evidence/instant.ts';
import { isObject } from '../../../evidence/object.ts';

/** What is remembered of the dashboard's message, between one edit and the next. */
export interface BoardRef {
  ts: string;
  /** The picture it shows: the file's id, and what tells it from others. */
  picture?: { file: string; digest: string };
  /** Ids of uploaded files that no message shows. */
  litter: string[];
  /** When it was last seen to be pinned. Milliseconds, by our own clock, as all that follow. */
  pinnedAt: number;
  /** Before these instants no table and no picture is tried, for they were refused. */
  tableFrom: number;
  pictureFrom: number;
}

/** How long a workspace that has refused a table, or a picture, is left alone with it: somebody may have changed something. */
const TABLE_AGAIN = DAY;
const PICTURE_AGAIN = HOUR;

/** A message of which nothing is known but that it is there, and what was known of the one before it. */
export function newRef(ts: string, before?: BoardRef): BoardRef {
  return { litter: [], tableFrom: 0, pictureFrom: 0, ...before, ts, pinnedAt: 0 };
}

/** Undefined where the text is not a ref of ours; the message is looked for then. */
export function parseBoardRef(text: string | undefined): BoardRef | undefined {
  let ref: unknown;
  try {
    ref = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (!isObject(ref)) return undefined;
  const { ts, picture, litter, pinnedAt, tableFrom, pictureFrom } = ref;
  if (typeof ts !== 'string') return undefined;
  const shown = isObject(picture) ? { file: String(picture['file']), digest: String(picture['digest']) } : undefined;
  return {
    ts,
    ...(shown && { picture: shown }),
    litter: Array.isArray(litter) ? litter.map(String) : [],
    pinnedAt: Number(pinnedAt) || 0,
    tableFrom: Number(tableFrom) || 0,
    pictureFrom: Number(pictureFrom) || 0,
  };
}

export function lookAt({ picture, tableFrom }: BoardRef, now: number): Look {
  return { table: now >= tableFrom, ...(picture && { picture: picture.file }) };
}

/** With other files as litter, and no picture; none is tried for a while where it `failed`. */
export function unpictured({ picture, ...ref }: BoardRef, more: readonly string[], failed: false | { now: number }): BoardRef {
  const litter = [...ref.litter, ...(picture === undefined ? [] : [picture.file]), ...more];
  return { ...ref, litter, ...(failed && { pictureFrom: failed.now + PICTURE_AGAIN }) };
}

/** After Slack has taken the message in this form, which may be poorer than it was meant to be. */
export function taken(ref: BoardRef, look: Look, now: number): BoardRef {
  const refused = !look.table && now >= ref.tableFrom;
  const known = refused ? { ...ref, tableFrom: now + TABLE_AGAIN } : ref;
  return ref.picture !== undefined && look.picture === undefined ? unpictured(known, [], { now }) : known;
}
