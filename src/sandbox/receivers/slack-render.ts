import { stripVTControlCharacters } from 'node:util';
import { pad, width } from '../../views/terminal/text.ts';
import type { SlackMessage } from './slack-model.ts';

/** A message as lines for a terminal: markup taken off, entities read, control characters gone. */
export function renderSlackMessage(message: Pick<SlackMessage, 'text' | 'blocks'>): string[] {
  const texts = message.blocks === undefined ? [message.text] : message.blocks.flatMap(textsOf);
  return texts.flatMap((text) => text.split('\n')).map(readable);
}

/** Mentions that Slack would turn into notifications: of everybody, of a group, of a person. */
export function mentionsIn(message: Pick<SlackMessage, 'text' | 'blocks'>): string[] {
  return JSON.stringify([message.text, message.blocks ?? []]).match(/<(!(channel|here|everyone|subteam)|[@#])[^>]*>/g) ?? [];
}

function textsOf(block: unknown): string[] {
  const { type, text, fields, elements, rows, column_settings, alt_text } = block as Block;
  if (type === 'table') return tableLines(rows ?? [], column_settings ?? []);
  if (type === 'image') return [`[${alt_text}]`];
  if (type === 'context') return [(elements ?? []).map(contentOf).join(' ')];
  return [...(text === undefined ? [] : [text]), ...(fields ?? [])].map(contentOf);
}

interface Block {
  type?: string;
  text?: unknown;
  fields?: unknown[];
  elements?: unknown[];
  rows?: { text: string }[][];
  column_settings?: { align?: string }[];
  alt_text?: string;
}

function tableLines(rows: { text: string }[][], settings: { align?: string }[]): string[] {
  const [head = []] = rows;
  const widths = head.map((_, i) => Math.max(...rows.map((row) => width(row[i]?.text ?? ''))));
  return rows.map((row) =>
    row
      .map(({ text }, i) => pad(entities(text), widths[i] ?? 0, settings[i]?.align === 'right'))
      .join('  ')
      .trimEnd(),
  );
}

/** As a text object has it, of which the markup is taken off again. */
function entities(text: string): string {
  return text.replace(/[&<>]/g, (char) => `&${ENTITY[char]};`);
}

function contentOf(text: unknown): string {
  const { type, text: content } = text as { type?: string; text?: string };
  return type === 'plain_text' ? entities(content ?? '') : (content ?? '');
}

const ENTITY: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt' };

function readable(line: string): string {
  const text = line
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<(https?:[^|>]*)\|([^>]*)>/g, '$2 ($1)')
    .replace(/<[!@#]([^|>]*)(\|[^>]*)?>/g, '@$1')
    .replace(/```/g, '')
    .replace(/(^|\s)\*(\S[^*]*)\*/g, '$1$2')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
  return stripVTControlCharacters(text).replace(/[\p{Cc}]/gu, '');
}
