/** What a store holds, table by table. */
export interface StoreReport {
  store: string;
  engine: string;
  deployment: string;
  schema: number;
  revision: number;
  /** Of the whole store. Bytes. */
  bytes: number;
  tables: TableReport[];
}

export interface TableReport {
  table: string;
  rows: number;
  /** With its indexes. */
  bytes: number;
  /** The instants of its first and last row; absent where rows have none, or there are no rows. */
  oldest?: number;
  newest?: number;
}
