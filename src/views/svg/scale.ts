import { clockTime, DAY, HOUR, MINUTE, SECOND } from '../../evidence/instant.ts';
import { type Markup, markup } from '../markup.ts';

const DURATIONS = [SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 2 * DAY, 5 * DAY];
const STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR];

/** Where the axis begins and ends, with room for a mark above and for the times of day below. Per cent from the top. */
const TOP = 3;
export const GROUND = 92;
/** Two labels beside each other need so much, in per cent of the lowest plot's height. */
export const APART = 7;

/** Of an axis of durations: where a value lies, in per cent from its top, and where lines help to read it. */
export interface DurationAxis {
  at(ms: number): number;
  lines: number[];
}

/** A log scale that begins at a second, or half of the shortest, and has room above the longest. */
export function durationAxis(values: readonly number[]): DurationAxis {
  const low = Math.log(Math.max(100, Math.min(SECOND, ...values) / 1.5));
  const high = Math.log(Math.max(MINUTE, ...values) * 1.7);
  const at = (ms: number) => GROUND - ((GROUND - TOP) * (Math.log(Math.max(100, ms)) - low)) / (high - low);
  return { at, lines: DURATIONS.filter((ms) => Math.log(ms) > low && Math.log(ms) < high) };
}

/** Whole instants of UTC between two, at most six of them. */
export function instantTicks(from: number, until: number): number[] {
  const step = STEPS.find((one) => (until - from) / one <= 6) ?? 6 * HOUR;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((until - first) / step) + 1) }, (_, i) => first + i * step);
}

/** A coordinate as SVG takes it, so that text keeps its size on every screen. */
export function share(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}

/** What a height means, beside the plot: within it a mark may stand anywhere. */
export function valueLabel(kind: string, y: number, text: string | number): Markup {
  return markup`<text class="${kind}" x="-8" y="${share(y)}" dy=".35em">${text}</text>`;
}

/** A time of day below the plot; a narrow one has room for every other. */
export function timeLabel(x: string, at: number, i: number): Markup {
  return markup`<text class="axis middle${i % 2 === 1 && ' odd'}" x="${x}" y="100%" dy="-3">${clockTime(at).slice(0, 5)}</text>`;
}
