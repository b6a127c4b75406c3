import { width, wrapped } from './text.ts';

/** A piece of a line: text without colours, and how it is painted. */
export type Piece = string | readonly [text: string, paint: (text: string) => string];

const BETWEEN = ' · ';

/** Pieces with a dot between them, as many a line as fit; one that is wider than the room is broken at its spaces. */
export function flow(pieces: readonly Piece[], room: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const [text, paint] = typeof piece === 'string' ? [piece, (plain: string) => plain] : piece;
    const last = lines.at(-1);
    if (last !== undefined && width(last) + BETWEEN.length + width(text) <= room)
      lines[lines.length - 1] = `${last}${BETWEEN}${paint(text)}`;
    else lines.push(...wrapped(text, room, 2).map(paint));
  }
  return lines;
}
