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
  // Mostly none is bad, and nobody need count the witnesses.
  if (poolsOf(bad) < fleetAt) return undefined;
  bad.sort((a, b) => a.since - b.since);
  const ends = chainEnds(bad);
  const witnesses = new Witnesses(docket, bad);
  for (const [i, first] of bad.entries()) {
    const { end, pools } = ends[i] ?? { end: i, pools: 0 };
    if (pools < fleetAt) continue;
    const extent = judgeExtent(docket, witnesses, bad, { from: i, end }, first.since);
    if (extent !== undefined) return extent;
  }
  return undefined;
}

/** For each the end of the row of those that followed each other soon, from it on, and of how many pools that is. */
function chainEnds(bad: readonly Bad[]): { end: number; pools: number }[] {
  const ends: { end: number; pools: number }[] = [];
  let end = bad.length;
  let pools = new Set<string>();
  for (let i = bad.length - 1; i >= 0; i--) {
    const [one, next] = [bad[i], bad[i + 1]];
    if (one === undefined) continue;
    if (next !== undefined && next.since - one.since > TOGETHER) {
      end = i + 1;
      pools = new Set();
    }
    pools.add(one.pool);
    ends[i] = { end, pools: pools.size };
  }
  return ends;
}

/** Two probes of one pool are one pool. */
function poolsOf(group: readonly Bad[]): number {
  return new Set(group.map(({ pool }) => pool)).size;
}

function providerOf(docket: Docket, { pool }: ProbeState): string | undefined {
  return docket.pools.get(pool)?.info?.provider;
}

interface Row {
  from: number;
  end: number;
}

function judgeExtent(
  docket: Docket,
  witnesses: Witnesses,
  bad: readonly Bad[],
  { from, end }: Row,
  onset: number,
): Extent | undefined {
  const good = witnesses.since(onset);
  if (end - from < good && !witnesses.anyWithout(onset)) return undefined;
  const group = bad.slice(from, end);
  if (group.length >= good) return { probes: namesOf(group), witnesses: group.length + good };
  for (const provider of new Set(group.map((each) => each.provider))) {
    if (provider === undefined || witnesses.ofProvider(provider, onset)) continue;
    const of = group.filter((each) => each.provider === provider);
    if (poolsOf(of) >= docket.config.incidents.fleetAt) return { probes: namesOf(of), witnesses: of.length, provider };
  }
  return undefined;
}

function namesOf(group: readonly Bad[]): Set<string> {
  return new Set(group.map(({ probe }) => probe));
}

/** Probes whose newest canary was claimed in time, by when it was submitted. One that is merely not yet late tells nothing. */
class Witnesses {
  /** When their canaries were submitted, in order. */
  readonly #all: number[] = [];
  /** The newest of each provider of which some pool is bad. */
  readonly #newest = new Map<string, number>();

  constructor(docket: Docket, bad: readonly Bad[]) {
    for (const { provider } of bad) if (provider !== undefined) this.#newest.set(provider, Number.NEGATIVE_INFINITY);
    for (const state of docket.states.values()) {
      const submitted = goodSince(docket, state);
      if (submitted === undefined) continue;
      this.#all.push(submitted);
      const provider = providerOf(docket, state);
      const newest = provider === undefined ? undefined : this.#newest.get(provider);
      if (provider !== undefined && newest !== undefined) this.#newest.set(provider, Math.max(submitted, newest));
    }
    this.#all.sort((a, b) => a - b);
  }

  /** How many there are since the onset. */
  since(onset: number): number {
    let [low, high] = [0, this.#all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#all[middle] ?? onset) < onset) low = middle + 1;
      else high = middle;
    }
    return this.#all.length - low;
  }

  ofProvider(provider: string, onset: number): boolean {
    return (this.#newest.get(provider) ?? Number.NEGATIVE_INFINITY) >= onset;
  }

  /** Whether there is none since the onset of one of those providers. */
  anyWithout(onset: number): boolean {
    for (const newest of this.#newest.values()) if (newest < onset) return true;
    return false;
  }
}

function goodSince(docket: Docket, state: ProbeState): number | undefined {
  const probe = docket.probe(state.name);
  if (probe === undefined || state.breach !== undefined || state.lastClaim === undefined) return undefined;
  const { at, ms } = state.lastClaim;
  return ms < (thresholdsOf(probe, state)?.warnAfter ?? Number.POSITIVE_INFINITY) ? at - ms : undefined;
}
