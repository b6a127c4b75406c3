import type { Probe } from '../evidence/probe.ts';
import { type Times, type Wish, wished } from '../judge/replay/thresholds.ts';

/** What was asked on the command line; several values of each are a grid. Milliseconds. */
export interface Choices {
  warnAfter?: number[];
  pageAfter?: number[];
  resolveAfter?: number[];
}

const HALF_TO_DOUBLE: Times[] = [{ times: 0.5 }, { times: 1 }, { times: 2 }];

/** Every combination of what was asked or, where nothing was, of what is usual to try around the probes' own. */
export function gridOf(probes: readonly Probe[], { warnAfter, pageAfter, resolveAfter }: Choices): Wish[] {
  const thresholds = probes.flatMap((probe) => probe.thresholds ?? []);
  const warns = warnAfter ?? around(thresholds.map((own) => own.warnAfter));
  const pages = pageAfter ?? around(thresholds.map((own) => own.pageAfter));
  const resolves = resolveAfter ?? [...new Set([1, 2, 3, ...probes.map((probe) => probe.resolveAfter)])].sort((a, b) => a - b);
  const all = warns.flatMap((warn) =>
    pages.flatMap((page) => resolves.map((resolve): Wish => ({ warnAfter: warn, pageAfter: page, resolveAfter: resolve }))),
  );
  return all.filter((wish) => probes.some((probe) => isSound(probe, wish)));
}

/** The values themselves where all probes share one. */
function around(own: readonly number[]): number[] | Times[] {
  const [first] = own;
  const shared = first !== undefined && own.every((value) => value === first);
  return shared ? HALF_TO_DOUBLE.map(({ times }) => first * times) : HALF_TO_DOUBLE;
}

/** A page does not come before its warning. */
function isSound({ thresholds }: Probe, { warnAfter, pageAfter }: Wish): boolean {
  const value = (choice: number | Times | undefined, own: number | undefined) =>
    typeof choice === 'object' ? own && own * choice.times : (choice ?? own);
  const [warn, page] = [value(warnAfter, thresholds?.warnAfter), value(pageAfter, thresholds?.pageAfter)];
  return warn !== undefined && page !== undefined && warn <= page;
}

/** Whether what is wished is what the probes have. */
export function isToday(probes: readonly Probe[], wish: Wish): boolean {
  const next = wished(probes, wish);
  return probes.every(({ thresholds, resolveAfter }, i) => {
    const other = next[i];
    return (
      other?.resolveAfter === resolveAfter &&
      other.thresholds?.warnAfter === thresholds?.warnAfter &&
      other.thresholds?.pageAfter === thresholds?.pageAfter
    );
  });
}
