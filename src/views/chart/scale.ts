import { DAY, HOUR, MINUTE, SECOND, spoken } from '../../evidence/instant.ts';

/** A logarithmic axis of durations: milliseconds to a share of its height, 0 at the bottom. */
export interface Scale {
  share: (ms: number) => number;
  /** Where a line across helps the eye, and what it says. */
  ticks: { share: number; label: string }[];
}

const TICKS = [0.1, 1, 10].map((n) => n * SECOND).concat(MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 5 * DAY);
/** Less than this between top and bottom would make a drama of nothing. */
const LEAST = 30;
/** Labels nearer to each other than this share of the height run into one another. */
const APART = 0.17;

/** Wide enough for all the values, with some air above and below. */
export function scaleOf(values: readonly number[]): Scale {
  const real = values.filter((ms) => ms > 0);
  const [low, high] = real.length === 0 ? [SECOND, MINUTE] : [Math.min(...real), Math.max(...real)];
  const bottom = Math.log(Math.min(low / 2, high / LEAST));
  const top = Math.log(high * 1.6);
  const share = (ms: number) => Math.max(0, Math.min(1, (Math.log(Math.max(ms, 1e-3)) - bottom) / (top - bottom)));
  const ticks: Scale['ticks'] = [];
  for (const ms of TICKS) {
    const at = share(ms);
    if (at < 0.03 || at > 0.97 || at - (ticks.at(-1)?.share ?? -1) < APART) continue;
    ticks.push({ share: at, label: spoken(ms) });
  }
  return { share, ticks };
}
