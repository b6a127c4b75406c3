import type { Config, Probe } from '../../evidence/probe.ts';
import type { ProbeState, State } from '../../evidence/state.ts';
import { isFleet } from '../members.ts';

/** What is put before the judge. */
export interface Case {
  config: Config;
  state: State;
}

/**
 * The part of what is known that facts can bear on: the probes that they are about, that are in breach, or of which an incident tells. What
 * the others know matters only to whether pools went bad together; where that cannot be, the judge then finds the same and is done far sooner.
 */
export function concerned(
  { config, state }: Case,
  probes: ReadonlyMap<string, Probe>,
  bad: ReadonlySet<string>,
  about: Iterable<string>,
): Case {
  const struck = new Set([...bad, ...about]);
  const open = [...state.incidents.values()];
  if (open.some(isFleet) || mayBeTogether({ config, state }, probes, struck)) return { config, state };
  for (const { evidence } of open) if (evidence.kind === 'pool') struck.add(evidence.probe);
  for (const { anchor } of state.ended.values()) struck.add(anchor.slice('probe:'.length));
  const few = [...struck].flatMap((name) => probes.get(name) ?? []);
  const known = few.flatMap(({ name }) => state.probes.get(name) ?? []);
  const pools = few.flatMap(({ pool }) => state.pools.get(pool) ?? []);
  return {
    config: { ...config, probes: few },
    state: {
      ...state,
      probes: new Map(known.map((probe) => [probe.name, probe])),
      pools: new Map(pools.map((record) => [record.pool, record])),
    },
  };
}

/**
 * False where enough others, and some of each provider, were claimed in time of late: see `extentOf`, which asks the same since the onset, and
 * no onset is later than the newest of those struck.
 */
function mayBeTogether({ config, state }: Case, probes: ReadonlyMap<string, Probe>, struck: ReadonlySet<string>): boolean {
  if (struck.size < config.incidents.fleetAt) return false;
  const states = [...struck].flatMap((name) => state.probes.get(name) ?? []);
  const newest = Math.max(...states.map(onset));
  const providerOf = ({ pool }: ProbeState) => state.pools.get(pool)?.info?.provider;
  const doubtful = new Set(states.flatMap((one) => providerOf(one) ?? []));
  let good = 0;
  for (const [name, one] of state.probes) {
    if (one.lastClaim === undefined || struck.has(name)) continue;
    const { at, ms } = one.lastClaim;
    if (at - ms < newest || ms >= (probes.get(name)?.thresholds?.warnAfter ?? Number.POSITIVE_INFINITY)) continue;
    good++;
    const provider = doubtful.size === 0 ? undefined : providerOf(one);
    if (provider !== undefined) doubtful.delete(provider);
    if (good > struck.size && doubtful.size === 0) return false;
  }
  return true;
}

function onset({ breach, chain, open }: ProbeState): number {
  return breach?.since ?? chain?.since ?? open?.scheduled ?? 0;
}
