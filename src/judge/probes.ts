import type { PoolRecord } from '../evidence/pool.ts';
import type { Config, Probe, ProbeEntry, Thresholds } from '../evidence/probe.ts';
import type { ProbeState } from '../evidence/state.ts';
import type { PayloadKind } from '../evidence/task.ts';
import { globOf } from './match.ts';

/** True where the pool of an entry is a pattern and not a name. */
export function isGlob(pool: string): boolean {
  return /[*?[]/.test(pool);
}

/**
 * The probes of a configuration, globs expanded over the pools that worker-manager was last seen to know. An entry of its own wins over a
 * glob, and an earlier glob over a later one.
 */
export function expand(config: Config, pools: ReadonlyMap<string, PoolRecord>): Probe[] {
  const probes = new Map<string, Probe>();
  for (const entry of config.probes) {
    if (isGlob(entry.pool)) continue;
    probes.set(entry.name ?? entry.pool, isNamed(entry) ? entry : { ...entry, name: entry.pool });
  }
  for (const entry of config.probes) {
    if (!isGlob(entry.pool)) continue;
    for (const record of pools.values()) {
      if (record.info === undefined || probes.has(record.pool) || !globOf(entry.pool).test(record.pool)) continue;
      probes.set(record.pool, { ...entry, pool: record.pool, name: record.pool });
    }
  }
  return [...probes.values()];
}

function isNamed(entry: ProbeEntry): entry is Probe {
  return entry.name !== undefined;
}

/** The patterns of a configuration that match none of the pools worker-manager was last seen to know. */
export function vainGlobs(config: Config, pools: ReadonlyMap<string, PoolRecord>): ProbeEntry[] {
  const known = [...pools.values()].filter((record) => record.info !== undefined);
  return config.probes.filter((entry) => isGlob(entry.pool) && !known.some(({ pool }) => globOf(entry.pool).test(pool)));
}

/** The thresholds in force: the probe's own, else those it has earned, else none, and then it only observes. */
export function thresholdsOf(probe: Probe, state: ProbeState | undefined): Thresholds | undefined {
  return probe.mode === 'observe' ? undefined : (probe.thresholds ?? state?.earned);
}

/** What to send to the probe's workers; undefined while `auto` has nothing to go by. */
export function payloadFor(probe: Probe, record: PoolRecord | undefined): PayloadKind | Record<string, unknown> | undefined {
  if (probe.payload !== 'auto') return probe.payload;
  return probe.pool.startsWith('built-in/') ? 'empty' : record?.info?.payload;
}
