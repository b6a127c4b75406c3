/** One value as it was before and as it is now, in values that were laid over others. */
export interface Replaced<T> {
  before: T | undefined;
  now: T;
}

/** What values were laid over, and the names of those that were put. */
interface Origin {
  under: WeakRef<ReadonlyMap<string, unknown>>;
  put: ReadonlySet<string>;
}

const origins = new WeakMap<ReadonlyMap<string, unknown>, Origin>();

/** Values by name over others that stay as they are: the working copy is made when the first value is put. */
export class Layer<T> {
  readonly #base: ReadonlyMap<string, T>;
  #values: ReadonlyMap<string, T>;
  /** The same as `#values`, while they may still be written to, and what was put since they were copied. */
  #own: { values: Map<string, T>; put: Set<string> } | undefined;
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
    this.#own ??= this.#copy();
    this.#own.values.set(name, value);
    this.#own.put.add(name);
    this.#put.add(name);
  }

  #copy() {
    const own = { values: new Map(this.#values), put: new Set<string>() };
    origins.set(own.values, { under: new WeakRef(this.#values), put: own.put });
    this.#values = own.values;
    return own;
  }

  /** The values that are other than those underneath, in the order in which their names were first put. */
  changed(): T[] {
    return [...this.#put].flatMap((name) => {
      const value = this.#values.get(name);
      return value === undefined || value === this.#base.get(name) ? [] : [value];
    });
  }
}

/**
 * What `make` makes of values, kept for as long as they are, which must not change afterwards. Of values that were laid over others `adapt`
 * makes it from what was made of those; it answers undefined where that tells too little.
 */
export function keptOf<T, R extends object>(
  make: (values: ReadonlyMap<string, T>) => R,
  adapt: (last: R, replaced: readonly Replaced<T>[], values: ReadonlyMap<string, T>) => R | undefined,
): (values: ReadonlyMap<string, T>) => R {
  const known = new WeakMap<ReadonlyMap<string, T>, R>();
  /** From the nearest of those underneath of which something was made: of what lies between nobody may have asked. */
  function adapted(values: ReadonlyMap<string, T>): R | undefined {
    const put = new Set<string>();
    for (let origin = origins.get(values); origin !== undefined; ) {
      for (const name of origin.put) put.add(name);
      const under = origin.under.deref() as ReadonlyMap<string, T> | undefined;
      if (under === undefined) return undefined;
      const last = known.get(under);
      if (last !== undefined) return adaptedFrom(last, under, put, values);
      origin = origins.get(under);
    }
    return undefined;
  }
  function adaptedFrom(
    last: R,
    under: ReadonlyMap<string, T>,
    put: ReadonlySet<string>,
    values: ReadonlyMap<string, T>,
  ): R | undefined {
    const replaced = [...put].flatMap((name): Replaced<T>[] => {
      const now = values.get(name);
      const before = under.get(name);
      return now === undefined || now === before ? [] : [{ before, now }];
    });
    return replaced.length === 0 ? last : adapt(last, replaced, values);
  }
  return (values) => {
    const kept = known.get(values);
    if (kept !== undefined) return kept;
    const made = adapted(values) ?? make(values);
    known.set(values, made);
    return made;
  };
}

/** What is kept of values for each owner, such as a configuration, apart. */
export function keptBy<O extends object, V, R>(keep: (owner: O) => (values: V) => R): (owner: O, values: V) => R {
  const known = new WeakMap<O, (values: V) => R>();
  return (owner, values) => {
    const kept = known.get(owner) ?? keep(owner);
    known.set(owner, kept);
    return kept(values);
  };
}
