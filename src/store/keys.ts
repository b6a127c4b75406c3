import type { Tables } from './schema.ts';

type Table = keyof Tables;
type Columns<T extends Table> = readonly (keyof Tables[T] & string)[];

/** What tells the rows of each table apart. */
const KEYS: { [T in Table]: Columns<T> } = {
  meta: ['key'],
  probes: ['name'],
  pools: ['pool'],
  canaries: ['task_id'],
  counts: ['span', 'at', 'probe', 'start'],
  incidents: ['id'],
  deliveries: ['incident', 'route'],
  routes: ['route'],
  silences: ['id'],
  dwells: ['incident', 'route', 'level'],
  created: ['at', 'pool'],
  leases: ['name'],
};

/** The instant by which the rows of a table have an age. */
const AGES: { [T in Table]?: keyof Tables[T] & string } = {
  canaries: 'slot',
  counts: 'at',
  incidents: 'opened',
  dwells: 'told',
  created: 'at',
};

/** Every table, whatever is done with all of them alike. */
export const ALL_TABLES: readonly { table: Table; key: readonly string[]; age?: string }[] = Object.entries(KEYS).map(
  ([name, key]) => {
    const table = name as Table;
    const age = AGES[table];
    return { table, key, ...(age !== undefined && { age }) };
  },
);
