import type { ProbeState } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { TOGETHER } from './limits.ts';
import { thresholdsOf } from './probes.ts';

/** Which of the probes in breach went bad together, and of how many anything is known since. */
export interface Extent {
  probes: Set<string>;
  /** Probes with evidence since the onset, bad ones included; those that were bad before are counted out. */
  witnesses: number;
  /** Set where only the pools of one provider are concerned. */
  provider?: string;
}

interface Bad {
  probe: string;
  pool: string;
  since: number;
  provider: string | undefined;
}

/**
 * Pools went bad together where at least `fleetAt` did and half of those with evidence since the onset, or at least `fleetAt` and all
 * with evidence of one provider. The onset is the earliest breach of a row in which each followed the one before soon, so that a pool that
 * has been bad for days is no part of it.
 */
export function extentOf(docket: Docket, names: readonly string[]): Extent | undefined {
  const { fleetAt } = docket.config.incidents;
  const bad = names.flatMap((probe): Bad[] => {
    const state = docket.states.get(probe);
    return state?.breach === undefined
      ? []
      : [{ probe, pool: state.pool, since: state.breach.since, provider: providerOf(docket, state) }];
  });
  bad.sort((a, b) => a.since - b.since);
  for (const [i, first] of bad.entries()) {
    const group = chainFrom(bad, i);
    if (poolsOf(group) < fleetAt) continue;
    const extent = judgeExtent(docket, group, first.since);
    if (extent !== undefined) return extent;
  }
  return undefined;
}

/** Those that followed each other soon, from one of them on. */
function chainFrom(bad: readonly Bad[], first: number): Bad[] {
  const rest = bad.slice(first);
  const broken = rest.findIndex(({ since }, i) => since - (rest[i - 1]?.since ?? since) > TOGETHER);
  return broken < 0 ? rest : rest.slice(0, broken);
}

/** Two probes of one pool are one pool. */
function poolsOf(group: readonly Bad[]): number {
  return new Set(group.map(({ pool }) => pool)).size;
}

function providerOf(docket: Docket, { pool }: ProbeState): string | undefined {
  return docket.pools.get(pool)?.info?.provider;
}

function judgeExtent(docket: Docket, group: readonly Bad[], onset: number): Extent | undefined {
  const { fleetAt } = docket.config.incidents;
  const good = [...docket.states.values()].filter((state) => isGoodSince(docket, state, onset));
  if (group.length >= good.length) return { probes: namesOf(group), witnesses: group.length + good.length };
  for (const provider of new Set(group.map((each) => each.provider))) {
    if (provider === undefined || good.some((state) => providerOf(docket, state) === provider)) continue;
    const of = group.filter((each) => each.provider === provider);
    if (poolsOf(of) >= fleetAt) return { probes: namesOf(of), witnesses: of.length, provider };
  }
  return undefined;
}

function namesOf(group: readonly Bad[]): Set<string> {
  return new Set(group.map(({ probe }) => probe));
}

/** A task submitted since the onset was claimed in time. One that is merely not yet late tells nothing. */
function isGoodSince(docket: Docket, state: ProbeState, onset: number): boolean {
  const probe = docket.probe(state.name);
  if (probe === undefined || state.breach !== undefined || state.lastClaim === undefined) return false;
  const { at, ms } = state.lastClaim;
  return at - ms >= onset && ms < (thresholdsOf(probe, state)?.warnAfter ?? Number.POSITIVE_INFINITY);
}
