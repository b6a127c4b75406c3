import type { Config, Probe, Thresholds } from '../../evidence/probe.ts';
import type { State } from '../../evidence/state.ts';
import { expand, thresholdsOf } from '../probes.ts';

/** What to replay with instead of the probe file's own: a value for all probes, or so many times what each has. */
export interface Wish {
  /** Milliseconds. */
  warnAfter?: number | Times;
  pageAfter?: number | Times;
  resolveAfter?: number;
}

export interface Times {
  times: number;
}

/** The probes that history is replayed for, each with the thresholds that are in force today: its own, or those that it has earned. */
export function settled(config: Config, { pools, probes }: Pick<State, 'pools' | 'probes'>): Probe[] {
  return expand(config, pools).map((probe) => {
    const { thresholds: _own, ...rest } = probe;
    const thresholds = thresholdsOf(probe, probes.get(probe.name));
    return thresholds === undefined ? { ...rest, mode: 'observe' } : { ...rest, thresholds };
  });
}

/** The probes with what is wished. A probe that has no thresholds gets some where both are given; `warnAfter` is never the longer. */
export function wished(probes: readonly Probe[], { warnAfter, pageAfter, resolveAfter }: Wish): Probe[] {
  return probes.map((probe) => {
    const page = chosen(pageAfter, probe.thresholds?.pageAfter);
    const warn = chosen(warnAfter, probe.thresholds?.warnAfter);
    const next = { ...probe, resolveAfter: resolveAfter ?? probe.resolveAfter };
    if (warn === undefined || page === undefined) return next;
    const thresholds: Thresholds = { warnAfter: Math.min(warn, page), pageAfter: page };
    return { ...next, thresholds, mode: 'alert' };
  });
}

function chosen(wish: number | Times | undefined, own: number | undefined): number | undefined {
  if (wish === undefined) return own;
  if (typeof wish === 'number') return wish;
  return own === undefined ? undefined : own * wish.times;
}
