import { isObject } from '../../evidence/object.ts';

/** The documented limits of Block Kit for the blocks that a message may hold, checked as Slack does: by naming the guilty place. */

type Json = Record<string, unknown>;

const BLOCKS = 50;
const BLOCK_ID = 255;
const HEADER = 150;
const TEXT = 3000;
const FIELDS = 10;
const FIELD = 2000;
const ELEMENTS = 10;
const ALT = 2000;
/** A table's rows and cells in a row, and the characters of all cells of all tables of a message together. */
const ROWS = 100;
const COLUMNS = 20;
const CELLS = 10_000;
const TABLES = 1;

/** What depends on the workspace. */
export interface Workspace {
  /** Whether it knows table blocks. */
  tables: boolean;
  /** Whether the file may be shown in a message. */
  isUsable: (file: unknown) => boolean;
}

/** All blocks of a message as JSON; not documented, but seen (bolt-js#2509). */
const ALTOGETHER = 13_000;

const MODERN: Workspace = { tables: true, isUsable: () => true };

/** Slack's error code and what is wrong where; undefined where the blocks are fine. */
export function troubleOfBlocks(
  blocks: unknown,
  workspace: Workspace = MODERN,
): { error: string; messages: string[] } | undefined {
  if (!Array.isArray(blocks) || blocks.some((block) => !isObject(block))) return { error: 'invalid_blocks_format', messages: [] };
  if (JSON.stringify(blocks).length > ALTOGETHER) return { error: 'msg_blocks_too_long', messages: [] };
  const messages = blocks.length > BLOCKS ? [`[ERROR] no more than ${BLOCKS} items allowed [json-pointer:/blocks]`] : [];
  const ids = new Set<unknown>();
  for (const [at, block] of (blocks as Json[]).entries()) {
    const { block_id: id } = block;
    const wrong = troubleOfBlock(block, workspace) ?? (id === undefined ? undefined : troubleOfId(id, ids));
    if (wrong !== undefined) messages.push(`[ERROR] ${wrong} [json-pointer:/blocks/${at}]`);
    ids.add(id);
  }
  messages.push(...troubleOfTables(blocks as Json[]));
  return messages.length === 0 ? undefined : { error: 'invalid_blocks', messages };
}

function troubleOfId(id: unknown, ids: ReadonlySet<unknown>): string | undefined {
  if (typeof id !== 'string' || id.length > BLOCK_ID) return `must be a string of at most ${BLOCK_ID} characters: block_id`;
  return ids.has(id) ? 'block_id already exists' : undefined;
}

function troubleOfBlock(block: Json, workspace: Workspace): string | undefined {
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
    case 'image':
      return troubleOfImage(block, workspace);
    case 'table':
      return workspace.tables ? troubleOfTable(block) : 'unsupported type: table';
    default:
      return `unsupported type: ${String(type)}`;
  }
}

function troubleOfImage({ slack_file: file, alt_text: alt }: Json, { isUsable }: Workspace): string | undefined {
  if (typeof alt !== 'string' || alt.length < 1 || alt.length > ALT) return `must have 1 to ${ALT} characters: alt_text`;
  return isObject(file) && isUsable(file['id']) ? undefined : 'invalid slack file';
}

function troubleOfTable({ rows, column_settings: settings }: Json): string | undefined {
  if (!isList(rows, ROWS)) return `must have 1 to ${ROWS} rows`;
  if (settings !== undefined && !isList(settings, COLUMNS)) return `no more than ${COLUMNS} items allowed: column_settings`;
  for (const row of rows) {
    if (!isList(row, COLUMNS)) return `must have 1 to ${COLUMNS} cells`;
    if (row.some((cell) => !isObject(cell) || cell['type'] !== 'raw_text')) return 'unsupported cell';
    if (row.some((cell) => lettersOf(cell) < 1)) return 'must be more than 0 characters: text';
  }
  return undefined;
}

/** Limits of a message's tables together. */
function troubleOfTables(blocks: readonly Json[]): string[] {
  const tables = blocks.filter(({ type }) => type === 'table');
  const cells = tables.flatMap(({ rows }) => (Array.isArray(rows) ? rows.flat() : []));
  const letters = cells.reduce((sum: number, cell) => sum + lettersOf(cell), 0);
  return [
    ...(tables.length > TABLES ? ['[ERROR] only one table allowed [json-pointer:/blocks]'] : []),
    ...(letters > CELLS ? [`[ERROR] no more than ${CELLS} characters allowed in tables [json-pointer:/blocks]`] : []),
  ];
}

function lettersOf(cell: unknown): number {
  return isObject(cell) && typeof cell['text'] === 'string' ? cell['text'].length : 0;
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
