import { instant } from '../evidence/json-values.ts';
import type { StoreReport } from '../evidence/store-report.ts';

/** Sizes in bytes, instants as ISO 8601; `null` where there are none. */
export function storeJson({ tables, ...store }: StoreReport) {
  return {
    ...store,
    tables: tables.map(({ oldest, newest, ...rest }) => ({ ...rest, oldest: instant(oldest), newest: instant(newest) })),
  };
}
