import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export const NO_COLORS: Colors = picocolors.createColors(false);

/** Lines that are longer than this are hard to follow. */
export const WIDEST = 140;

/** Colours where the stream is a terminal and `NO_COLOR` is not set; `FORCE_COLOR` overrules. */
export function colorsFor(stream: { isTTY?: boolean }, env: Record<string, string | undefined>): Colors {
  const wanted = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  return picocolors.createColors(wanted || (stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'));
}

/** Text from outside, made harmless for a terminal: control characters, escapes and bidirectional overrides become spaces. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}

/** Characters that terminals draw two columns wide: emoji and East Asian scripts, with their full-width forms. */
const WIDE =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60]/u;
const COMBINING = /\p{M}/u;

/** The columns a text takes in a terminal; colours take none. */
export function width(text: string): number {
  let columns = 0;
  for (const char of stripVTControlCharacters(text)) columns += WIDE.test(char) ? 2 : COMBINING.test(char) ? 0 : 1;
  return columns;
}

export function pad(text: string, columns: number, right = false): string {
  const space = ' '.repeat(Math.max(0, columns - width(text)));
  return right ? space + text : text + space;
}

/** At most `columns` characters, the middle left out where it is longer: pool names differ at both ends. */
export function shorten(text: string, columns: number): string {
  const points = [...text];
  if (points.length <= columns) return text;
  const head = Math.ceil((columns - 1) / 2);
  return `${points.slice(0, head).join('')}…${points.slice(points.length - (columns - 1 - head)).join('')}`;
}

/**
 * A line broken at spaces into pieces that fit, those after the first indented by `indent` columns. A word longer than the room is broken
 * too. For text without colours.
 */
export function wrapped(text: string, room: number, indent = 0): string[] {
  if (width(text) <= room) return [text];
  const pieces: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((whole) => broken(whole, Math.max(1, room - indent)))) {
    if (line === '') line = word;
    else if (width(line) + 1 + width(word) <= room) line += ` ${word}`;
    else {
      pieces.push(line);
      line = ' '.repeat(indent) + word;
    }
  }
  return [...pieces, line];
}

/** Messages without the addresses of their links, for a simulated deployment has no pages and they would lead nowhere. */
export function withoutAddresses(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ \(https?:[^)]*\)/g, ''));
}

function broken(word: string, room: number): string[] {
  if (width(word) <= room) return [word];
  const points = [...word];
  return Array.from({ length: Math.ceil(points.length / room) }, (_, i) => points.slice(i * room, (i + 1) * room).join(''));
}
