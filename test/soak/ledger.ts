/** A stretch of time in which something was as it should not be. `what` is a word or two, the same for all of a kind. */
export interface Trouble {
  what: string;
  from: number;
  /** Absent while it lasts. */
  until?: number;
  /** How long after its end it may still be felt. */
  after: number;
}

/** All that was done and what was seen, in the soak's own time. */
export class Ledger {
  readonly #now: () => number;
  readonly start: number;
  readonly troubles: Trouble[] = [];
  /** One line each, in order. */
  readonly story: string[] = [];
  /** What the processes wrote, line by line, each after its name. */
  readonly log: string[] = [];
  readonly #counts = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
    this.start = now();
  }

  /** Counts one more of a kind and writes it into the story. */
  note(what: string, detail = ''): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
    this.tell(`${what}${detail === '' ? '' : `: ${detail}`}`);
  }

  tell(line: string): void {
    this.story.push(`${this.clock(this.#now())} ${line}`);
  }

  /** Minutes and seconds from the start, as `07:05.3`. */
  clock(at: number): string {
    const tenths = Math.round((at - this.start) / 100);
    return `${String(Math.floor(tenths / 600)).padStart(2, '0')}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
  }

  /** Begins a trouble; the function ends it. */
  trouble(what: string, after: number): () => void {
    const trouble: Trouble = { what, from: this.#now(), after };
    this.troubles.push(trouble);
    return () => {
      trouble.until ??= this.#now();
    };
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
