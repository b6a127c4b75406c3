/** Values by name over others that stay as they are: the working copy is made when the first value is put. */
export class Layer<T> {
  readonly #base: ReadonlyMap<string, T>;
  #values: ReadonlyMap<string, T>;
  /** The same as `#values`, while they may still be written to. */
  #own: Map<string, T> | undefined;
  readonly #put = new Set<string>();

  constructor(base: ReadonlyMap<string, T>) {
    this.#base = base;
    this.#values = base;
  }

  /** What is known by now; a later `put` may show in it. */
  get values(): ReadonlyMap<string, T> {
    return this.#values;
  }

  /** What is known by now, and stays as it is: what is made of it may be kept for as long as it is. */
  get sealed(): ReadonlyMap<string, T> {
    this.#own = undefined;
    return this.#values;
  }

  put(name: string, value: T): void {
    if (this.#values.get(name) === value) return;
    if (this.#own === undefined) {
      this.#own = new Map(this.#values);
      this.#values = this.#own;
    }
    this.#own.set(name, value);
    this.#put.add(name);
  }

  /** The values that are other than those underneath, in the order in which their names were first put. */
  changed(): T[] {
    return [...this.#put].flatMap((name) => {
      const value = this.#values.get(name);
      return value === undefined || value === this.#base.get(name) ? [] : [value];
    });
  }
}
