import { keptBy, keptOf } from '../evidence/layer.ts';
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
export function expand(config: Config, pools: ReadonlyMap<string, PoolRecord>): readonly Probe[] {
  return expansionOf(config, pools).probes;
}

/** What a configuration comes to with the pools that worker-manager was last seen to know. */
export interface Expansion {
  probes: readonly Probe[];
  byName: ReadonlyMap<string, Probe>;
  /** The patterns that match none of the pools. */
  vain: readonly ProbeEntry[];
}

/** Kept for as long as the pools are, which must not change afterwards: they hardly ever come and go, and the probes are asked for with every look. */
export const expansionOf: (config: Config, pools: ReadonlyMap<string, PoolRecord>) => Expansion = keptBy((config: Config) =>
  keptOf<PoolRecord, Expansion>(
    (pools) => expanded(config, pools),
    (last, replaced) => (replaced.every(({ before, now }) => isKnown(before) === isKnown(now)) ? last : undefined),
  ),
);

function isKnown(record: PoolRecord | undefined): boolean {
  return record?.info !== undefined;
}

function expanded({ probes: entries }: Config, pools: ReadonlyMap<string, PoolRecord>): Expansion {
  const names = [...pools.values()].filter(isKnown).map(({ pool }) => pool);
  const probes = new Map<string, Probe>();
  for (const entry of entries) {
    if (isGlob(entry.pool)) continue;
    probes.set(entry.name ?? entry.pool, isNamed(entry) ? entry : named(entry, entry.pool));
  }
  const vain: ProbeEntry[] = [];
  for (const entry of entries) {
    if (!isGlob(entry.pool)) continue;
    const fitting = names.filter((pool) => globOf(entry.pool).test(pool));
    if (fitting.length === 0) vain.push(entry);
    for (const pool of fitting) if (!probes.has(pool)) probes.set(pool, named(entry, pool));
  }
  const all = [...probes.values()];
  return { probes: all, byName: new Map(all.map((probe) => [probe.name, probe])), vain };
}

/**
 * The name stands first: of literals that begin with a spread V8 makes the first ones each of a shape of their own, and with as many shapes as there are
 * probes every look at one would be a slow one.
 */
function named(entry: ProbeEntry, pool: string): Probe {
  return { name: pool, ...entry, pool };
}

function isNamed(entry: ProbeEntry): entry is Probe {
  return entry.name !== undefined;
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
