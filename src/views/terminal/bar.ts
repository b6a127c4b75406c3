import type { PoolFigures } from '../../evidence/diagnosis.ts';
import type { Colors } from './text.ts';

const GLYPHS = { running: '█', requested: '▓', stopping: '▒', room: '░' };

/**
 * A pool's capacity by state against its maximum; what is above that stands behind a line, in red. Empty where it is not known,
 * or there is no maximum.
 * `columns` is its whole width.
 */
export function capacityBar(
  { running, requested, stopping = 0, maxCapacity }: PoolFigures,
  columns: number,
  colors: Colors,
): string {
  if (running === undefined || requested === undefined || maxCapacity === undefined) return '';
  const existing = running + requested + stopping;
  const whole = Math.max(existing, maxCapacity);
  if (whole === 0) return '';
  const over = existing > maxCapacity;
  const cells = over ? columns - 1 : columns;
  // The least bit of capacity shows, and the least bit of room.
  const cell = (capacity: number) => {
    const at = Math.round((capacity / whole) * cells);
    return capacity > 0 && capacity < whole ? Math.min(cells - 1, Math.max(1, at)) : at;
  };
  const ends = [cell(running), cell(running + requested), cell(existing)] as const;
  const glyphOf = (at: number) =>
    at < ends[0] ? GLYPHS.running : at < ends[1] ? GLYPHS.requested : at < ends[2] ? GLYPHS.stopping : GLYPHS.room;
  const drawn = Array.from({ length: cells }, (_, at) => glyphOf(at)).join('');
  if (over) {
    const limit = cell(maxCapacity);
    return `${colors.green(drawn.slice(0, limit))}┃${colors.red(drawn.slice(limit))}`;
  }
  return colors.green(drawn.slice(0, ends[0])) + colors.yellow(drawn.slice(ends[0], ends[2])) + colors.dim(drawn.slice(ends[2]));
}
