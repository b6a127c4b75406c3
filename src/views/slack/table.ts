import type { KnownBlock, TableBlock } from '@slack/types';
import { section } from '../../notify/slack/blocks.ts';
import { codeLines } from '../../notify/slack/mrkdwn.ts';
import { type Column, table } from '../terminal/table.ts';
import { weightOf } from './weight.ts';

/** A table of texts, header first, that a message has in one of two forms. */
export interface Grid {
  columns: { title: string; right?: boolean }[];
  rows: string[][];
}

/** Slack's limits: rows with the header, and the characters of all cells of a message together. */
const ROWS = 100;
const CELLS = 10_000;
/** A section holds 3,000 characters; the fence, and an entity or two that is longer than its character, want room. */
const CODE = 2_700;
const SECTIONS = 3;
/** Columns of text that a laptop shows without breaking lines; a phone breaks them in any case. */
const CODE_ROOM = 84;

/** As many rows as the room allows, as a table or as code; `shown` says how many. */
export function gridBlocks(grid: Grid, asTable: boolean, room: number): { blocks: KnownBlock[]; shown: number } {
  return asTable ? tableBlock(grid, room) : codeBlocks(grid, room);
}

function tableBlock({ columns, rows }: Grid, room: number): { blocks: KnownBlock[]; shown: number } {
  const head = columns.map(({ title }) => cell(title));
  const settings = columns.map(({ right }) => ({ align: right === true ? ('right' as const) : ('left' as const) }));
  const kept = [head];
  const block: TableBlock = { type: 'table', column_settings: settings, rows: kept };
  let left = room - weightOf(block);
  let letters = CELLS - lettersOf(head);
  for (const row of rows.slice(0, ROWS - 1)) {
    const cells = row.map(cell);
    left -= weightOf(cells) + 1;
    letters -= lettersOf(cells);
    if (left < 0 || letters < 0) break;
    kept.push(cells);
  }
  return { blocks: [block], shown: kept.length - 1 };
}

/** A cell may not be empty. */
function cell(text: string): { type: 'raw_text'; text: string } {
  return { type: 'raw_text', text: text === '' ? ' ' : text };
}

function lettersOf(cells: ReturnType<typeof cell>[]): number {
  return cells.reduce((sum, { text }) => sum + text.length, 0);
}

function codeBlocks({ columns, rows }: Grid, room: number): { blocks: KnownBlock[]; shown: number } {
  const shape = columns.map(
    ({ title, right }, i): Column<string[]> => ({
      title,
      cell: (row) => row[i] ?? '',
      ...(right === true && { right }),
      rank: i < 2 ? 0 : i,
      ...(i === 0 && { shrinks: true }),
    }),
  );
  const [head = '', ...lines] = table(shape, rows, CODE_ROOM);
  const blocks: KnownBlock[] = [];
  let shown = 0;
  let left = room;
  while (blocks.length < SECTIONS && shown < lines.length) {
    const block = longest(head, lines.slice(shown), left);
    if (block === undefined) break;
    blocks.push(block.section);
    shown += block.lines;
    left -= weightOf(block.section);
  }
  return { blocks, shown };
}

/** The section with the most of the lines. */
function longest(head: string, lines: readonly string[], room: number): { section: KnownBlock; lines: number } | undefined {
  for (let count = lines.length; count > 0; count = Math.min(count - 1, Math.floor(count * 0.9))) {
    const text = codeLines([head, ...lines.slice(0, count)]);
    const block = section(text);
    if (text.length <= CODE && weightOf(block) <= room) return { section: block, lines: count };
  }
  return undefined;
}
