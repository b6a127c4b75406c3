import { iso } from '../evidence/instant.ts';
import type { StoreReport } from '../evidence/store-report.ts';

/** Sizes in bytes, instants as ISO 8601; `null` where there are none. */
export function storeJson({ tables, ...store }: StoreReport) {
  const instant = (at: number | undefined) => (at === undefined ? null : iso(at));
  return {
    ...store,
    tables: tables.map(({ oldest, newest, ...rest }) => ({ ...rest, oldest: instant(oldest), newest: instant(newest) })),
  };
}
