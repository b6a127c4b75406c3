/** A value whose absent keys are not there at all, where zod leaves them open. */
export type Pruned<T> = T extends readonly (infer E)[]
  ? Pruned<E>[]
  : T extends object
    ? { [K in keyof T]: Pruned<Exclude<T[K], undefined>> }
    : T;

export function pruned<T>(value: T): Pruned<T> {
  return without(value) as Pruned<T>;
}

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, without(one)]])));
}
