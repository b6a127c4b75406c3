import { pad, shorten, width } from './text.ts';

export interface Column<T> {
  title: string;
  cell(row: T): string;
  right?: boolean;
  /** The higher, the sooner it is left out where the terminal is narrow; 0 always stays. */
  rank: number;
  /** Its cells, which have no colours, are shortened in the middle where all else has been left out. */
  shrinks?: true;
}

const GAP = '  ';
/** A shortened cell still tells one name from another. Columns. */
const LEAST = 12;

/**
 * Aligned lines, header first. Columns in which nothing stands are left out, and those of the highest rank until the rest fits. No trailing
 * spaces.
 */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], room: number): string[] {
  const cells = columns.map((column) => [column.title, ...rows.map((row) => column.cell(row))]);
  const widths = cells.map((column) => column.reduce((widest, cell) => Math.max(widest, width(cell)), 0));
  const isEmpty = (i: number) => rows.length > 0 && (cells[i] ?? []).slice(1).every((cell) => cell === '');
  const rankOf = (i: number) => columns[i]?.rank ?? 0;
  let shown = [...columns.keys()].filter((i) => rankOf(i) === 0 || !isEmpty(i));
  const needed = () => shown.reduce((sum, i) => sum + (widths[i] ?? 0), GAP.length * (shown.length - 1));
  while (needed() > room && shown.some((i) => rankOf(i) > 0)) {
    const last = Math.max(...shown.map(rankOf));
    shown = shown.filter((i) => i !== shown.findLast((other) => rankOf(other) === last));
  }
  const shrinking = shown.find((i) => columns[i]?.shrinks === true);
  const over = needed() - room;
  if (shrinking !== undefined && over > 0) {
    const least = Math.max(LEAST, (widths[shrinking] ?? 0) - over);
    cells[shrinking] = (cells[shrinking] ?? []).map((cell) => shorten(cell, least));
    widths[shrinking] = least;
  }
  return [-1, ...rows.keys()].map((row) =>
    shown
      .map((i) => pad(cells[i]?.[row + 1] ?? '', widths[i] ?? 0, columns[i]?.right))
      .join(GAP)
      .trimEnd(),
  );
}
