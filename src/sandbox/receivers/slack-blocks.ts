/** The documented limits of Block Kit for the blocks that a message may hold, checked as Slack does: by naming the guilty place. */

type Json = Record<string, unknown>;

const BLOCKS = 50;
const BLOCK_ID = 255;
const HEADER = 150;
const TEXT = 3000;
const FIELDS = 10;
const FIELD = 2000;
const ELEMENTS = 10;

/** All blocks of a message as JSON; not documented, but seen (bolt-js#2509). */
const ALTOGETHER = 13_000;

/** Slack's error code and what is wrong where; undefined where the blocks are fine. */
export function troubleOfBlocks(blocks: unknown): { error: string; messages: string[] } | undefined {
  if (!Array.isArray(blocks) || blocks.some((block) => !isObject(block))) return { error: 'invalid_blocks_format', messages: [] };
  if (JSON.stringify(blocks).length > ALTOGETHER) return { error: 'msg_blocks_too_long', messages: [] };
  const messages = blocks.length > BLOCKS ? [`[ERROR] no more than ${BLOCKS} items allowed [json-pointer:/blocks]`] : [];
  const ids = new Set<unknown>();
  for (const [at, block] of (blocks as Json[]).entries()) {
    const { block_id: id } = block;
    const wrong = troubleOfBlock(block) ?? (id === undefined ? undefined : troubleOfId(id, ids));
    if (wrong !== undefined) messages.push(`[ERROR] ${wrong} [json-pointer:/blocks/${at}]`);
    ids.add(id);
  }
  return messages.length === 0 ? undefined : { error: 'invalid_blocks', messages };
}

function troubleOfId(id: unknown, ids: ReadonlySet<unknown>): string | undefined {
  if (typeof id !== 'string' || id.length > BLOCK_ID) return `must be a string of at most ${BLOCK_ID} characters: block_id`;
  return ids.has(id) ? 'block_id already exists' : undefined;
}

function troubleOfBlock(block: Json): string | undefined {
  const { type, text, fields, elements } = block;
  switch (type) {
    case 'divider':
      return undefined;
    case 'header':
      return isObject(text) && text['type'] === 'plain_text' ? troubleOfText(text, HEADER) : 'must be plain_text: text';
    case 'section':
      if (text === undefined && fields === undefined) return 'must have text or fields';
      if (fields !== undefined && !isList(fields, FIELDS)) return `must have 1 to ${FIELDS} fields`;
      return [
        ...(text === undefined ? [] : [troubleOfText(text, TEXT)]),
        ...(Array.isArray(fields) ? fields : []).map((field) => troubleOfText(field, FIELD)),
      ].find((wrong) => wrong !== undefined);
    case 'context':
      if (!isList(elements, ELEMENTS)) return `must have 1 to ${ELEMENTS} elements`;
      return elements.map((element) => troubleOfText(element, TEXT)).find((wrong) => wrong !== undefined);
    default:
      return `unsupported type: ${String(type)}`;
  }
}

function troubleOfText(text: unknown, limit: number): string | undefined {
  if (!isObject(text) || (text['type'] !== 'plain_text' && text['type'] !== 'mrkdwn')) return 'must be a text object';
  const { text: content } = text;
  if (typeof content !== 'string' || content.length < 1) return 'must be more than 0 characters';
  return content.length > limit ? `must be less than ${limit + 1} characters` : undefined;
}

function isList(value: unknown, most: number): value is unknown[] {
  return Array.isArray(value) && value.length >= 1 && value.length <= most;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
