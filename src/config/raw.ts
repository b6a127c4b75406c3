/** Values as they were written, of which nothing is known yet. */
export type Raw = Record<string, unknown>;

/** The keys of a value; none where it is no set of keys. */
export function record(value: unknown): Raw {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** The sets of keys in a list; none where it is no list. */
export function records(value: unknown): Raw[] {
  return Array.isArray(value) ? value.map(record) : [];
}
