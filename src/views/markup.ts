/** Text that is markup and safe to show as it is; only `markup` makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = Markup | string | number | undefined | false | readonly Piece[];

/**
 * HTML or SVG out of a template. Whatever is put into it is text and is escaped, for element content and for quoted attributes alike,
 * unless it is markup itself. Lists are joined; `undefined` and `false` leave nothing.
 */
export function markup(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(strings.reduce((made, string, i) => made + textOf(pieces[i - 1]) + string));
}

function textOf(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (piece instanceof Markup) return piece.text;
  return typeof piece === 'object' ? piece.map(textOf).join('') : escaped(String(piece));
}

/** ASCII without control characters and without what has a meaning in markup. */
const PLAIN = /^[ !#$%(-;=?-~]*$/;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Control characters, and marks that turn the direction of what follows, become spaces. */
function escaped(text: string): string {
  // Nearly all text is plain, and a page has thousands of pieces.
  if (PLAIN.test(text)) return text;
  return text
    .replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\u{FFFD}')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}
