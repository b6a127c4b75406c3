import { HOUR, spoken } from '../../evidence/instant.ts';
import { type Markup, markup } from '../markup.ts';

const HEIGHT = 40;
const PITCH = 8;

/** Workers created by the hour, and what is usual. */
export function bars(hours: readonly number[], usual: number | undefined): Markup {
  const most = Math.max(1, usual ?? 0, ...hours);
  const height = (count: number) => Math.round((count / most) * (HEIGHT - 2));
  const d = hours.map((count, i) => `M${i * PITCH} ${HEIGHT}v-${height(count)}h6v${height(count)}z`).join('');
  const line =
    usual === undefined ? undefined : markup`<path class="usual" d="M0 ${HEIGHT - height(usual)}H${hours.length * PITCH}"/>`;
  const last = hours.at(-1) ?? 0;
  return markup`<svg class="bars" viewBox="0 0 ${hours.length * PITCH} ${HEIGHT + 1}" role="img" aria-label="Workers created in each of the last ${spoken(hours.length * HOUR)}, ${last} in the last hour"><path class="base" d="M0 ${HEIGHT + 0.5}H${hours.length * PITCH}"/><path class="bar" d="${d}"/>${line}</svg>`;
}
