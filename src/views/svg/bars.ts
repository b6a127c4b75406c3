import { clockTime, HOUR, spoken } from '../../evidence/instant.ts';
import type { CreatedReport } from '../../evidence/report.ts';
import { type Markup, markup } from '../markup.ts';
import { APART, instantTicks, share, timeLabel, valueLabel } from './scale.ts';

/** Where the highest bar ends, and where all begin, in per cent from the top; the plot is a low one. */
const TOP = 8;
const GROUND = 82;
/** Of an hour's room, how much its bar leaves free on each side. */
const GAP = 0.15;

/** Workers created by the hour up to `now`, and what is usual for the present one. */
export function bars({ hours, usual }: CreatedReport, now: number): Markup {
  const most = Math.max(1, usual ?? 0, ...hours);
  const y = (count: number) => GROUND - ((GROUND - TOP) * count) / most;
  const from = Math.floor(now / HOUR) * HOUR - (hours.length - 1) * HOUR;
  const x = (at: number) => ((at - from) / (hours.length * HOUR)) * 100;
  const bar = (count: number, i: number) => {
    const at = from + i * HOUR;
    const [left, right] = [x(at + GAP * HOUR), x(at + (1 - GAP) * HOUR)];
    const title = markup`<title>${hourText(at)} to ${hourText(at + HOUR)} UTC: ${count}</title>`;
    return markup`<rect class="bar" x="${share(left)}" width="${share(right - left)}" y="${share(y(count))}" height="${share(GROUND - y(count))}">${title}</rect>`;
  };
  const line = (kind: string, count: number) =>
    markup`<line class="${kind}" x1="0" x2="100%" y1="${share(y(count))}" y2="${share(y(count))}"/>`;
  const crowded = usual !== undefined && Math.abs(y(usual) - y(most)) < 2 * APART;
  return markup`<svg class="plot bars" role="img" aria-label="Workers created in each of the last ${spoken(hours.length * HOUR)}: ${hours.reduce((sum, count) => sum + count, 0)} in all, at most ${Math.max(0, ...hours)} in one">
${line('grid', most)}${line('grid', 0)}${!crowded && valueLabel('axis', y(most), most)}
${instantTicks(from, now).map((at, i) => timeLabel(share(x(at)), at, i))}
${hours.map((count, i) => count > 0 && bar(count, i))}
${usual !== undefined && markup`${line('usual', usual)}${valueLabel('axis', y(usual), `usual ${usual}`)}`}
</svg>`;
}

function hourText(at: number): string {
  return clockTime(at).slice(0, 5);
}
