import type { Config, Probe } from '../../evidence/probe.ts';
import type { State } from '../../evidence/state.ts';

/** What is put before the judge. */
export interface Case {
  config: Config;
  state: State;
}

/**
 * The part of what is known that facts can bear on: the probes that they are about, that are in breach, or of which an incident tells. What
 * the others know matters only to how many went bad together, and so not while they are too few for that; the judge then sees the same and is
 * done far sooner.
 */
export function concerned(
  { config, state }: Case,
  probes: ReadonlyMap<string, Probe>,
  bad: ReadonlySet<string>,
  about: Iterable<string>,
): Case {
  const struck = new Set([...bad, ...about]);
  const told = [...state.incidents.values(), ...state.ended.values()];
  if (struck.size >= config.incidents.fleetAt || told.some(({ evidence }) => evidence.kind === 'fleet')) return { config, state };
  for (const { evidence } of told) if (evidence.kind === 'pool') struck.add(evidence.probe);
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
