export const ESCAPE = '\u001b';
const PIECES = new RegExp(`${ESCAPE}\\[(?:(\\d+)A|([0-9]*[JK])|[0-9;]*m)|.`, 'gsu');

/** What was written without what only moves, clears or colours; anything else stays, escapes and all. */
export function unmoved(text: string): string {
  return [...text.matchAll(PIECES)].flatMap(([piece]) => (piece.length > 2 || piece === '\r' ? [] : [piece])).join('');
}

/** As much of a terminal as the program relies on: printing, wrapping, scrolling, going up, and clearing. */
export class Screen {
  readonly #columns: number;
  readonly #rows: number;
  /** Everything ever printed, the screen being its last rows. */
  readonly #lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  get lines(): string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  get text(): string {
    return this.lines.join('\n').trimEnd();
  }

  write(text: string): void {
    for (const [piece, up, erase] of text.matchAll(PIECES)) {
      if (up !== undefined) this.#row = Math.max(this.#top, this.#row - Number(up));
      else if (erase !== undefined) this.#erase(erase);
      else if (piece === '\n') this.#down();
      else if (piece === '\r') this.#column = 0;
      else if (piece.length <= 2 && piece !== ESCAPE) this.#print(piece);
    }
  }

  get #top(): number {
    return Math.max(0, this.#lines.length - this.#rows);
  }

  #erase(what: string): void {
    if (what === '2K') this.#lines[this.#row] = '';
    else if (what === 'J') {
      this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column);
      this.#lines.length = this.#row + 1;
    } else throw new Error(`this terminal does not know ${what}`);
  }

  #print(char: string): void {
    if (this.#column >= this.#columns) this.#down();
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + char + line.slice(this.#column + 1);
    this.#column++;
  }

  #down(): void {
    this.#row++;
    this.#column = 0;
    this.#lines[this.#row] ??= '';
  }
}
