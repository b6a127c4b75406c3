interface Item {
  at: number;
  order: number;
  run: () => void;
}

/** What is going to happen, as a binary heap; what is due at the same instant happens in the order it was put in. */
export class Agenda {
  readonly #heap: Item[] = [];
  #order = 0;

  put(at: number, run: () => void): void {
    const item = { at, order: this.#order++, run };
    let hole = this.#heap.length;
    this.#heap.push(item);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || before(parent, item)) break;
      this.#heap[hole] = parent;
      hole = above;
    }
    this.#heap[hole] = item;
  }

  next(): number | undefined {
    return this.#heap[0]?.at;
  }

  /** Takes the earliest item if it is due by the instant. */
  take(by: number): Item | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.at > by) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  #sink(item: Item): void {
    let hole = 0;
    for (;;) {
      const left = this.#heap[2 * hole + 1];
      const right = this.#heap[2 * hole + 2];
      if (left === undefined) break;
      const child = right !== undefined && before(right, left) ? right : left;
      if (before(item, child)) break;
      this.#heap[hole] = child;
      hole = 2 * hole + (child === left ? 1 : 2);
    }
    this.#heap[hole] = item;
  }
}

function before(a: Item, b: Item): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
