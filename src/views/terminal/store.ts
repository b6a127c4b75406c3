import { dayOf } from '../../evidence/instant.ts';
import type { StoreReport, TableReport } from '../../evidence/store-report.ts';
import { amount } from '../../notify/words/count.ts';
import { type Column, table } from './table.ts';
import { type Colors, harmless } from './text.ts';

const COLUMNS: Column<TableReport>[] = [
  { title: 'TABLE', cell: (row) => row.table, rank: 0 },
  { title: 'ROWS', cell: ({ rows }) => amount(rows), right: true, rank: 0 },
  { title: 'SIZE', cell: ({ bytes }) => size(bytes), right: true, rank: 1 },
  { title: 'OLDEST', cell: ({ oldest }) => (oldest === undefined ? '' : dayOf(oldest)), rank: 2 },
  { title: 'NEWEST', cell: ({ newest }) => (newest === undefined ? '' : dayOf(newest)), rank: 2 },
];

export function storeLines(report: StoreReport, colors: Colors, room: number): string[] {
  const { store, engine, deployment, schema, revision, bytes, tables } = report;
  const head = [engine, harmless(store), `schema ${schema}`, `revision ${amount(revision)}`, size(bytes)].join(' · ');
  const [titles = '', ...rows] = table(COLUMNS, tables, room);
  return [`${colors.bold(deployment)} ${colors.dim(`· ${head}`)}`, '', colors.dim(titles), ...rows];
}

function size(bytes: number): string {
  if (bytes < 1024 ** 2) return `${Math.ceil(bytes / 1024)} kB`;
  return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MB` : `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
