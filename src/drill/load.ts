import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Path } from '../config/document.ts';
import { loadPlain } from '../config/plain-file.ts';
import { deploymentFile } from './deployment-schema.ts';
import { type Pruned, pruned } from './pruned.ts';
import { deploymentRules, drillRules } from './rules.ts';
import type { Deployment, Prober, Scenario } from './scenario.ts';
import { type DrillFile, drillFile } from './schema.ts';

/** A drill file and the deployment that it names. */
export interface Drill {
  /** The file's name without its folder and ending. */
  name: string;
  /** The drill file, for paths that are given from its folder. */
  file: string;
  scenario: Scenario;
  /** All pools, those of the drill's own file included. */
  deployment: Deployment;
  /** The line of the file on which a value stands; absent for a scenario that was never read from one. */
  lineOf?: (path: Path) => number;
}

/**
 * Reads a drill file, and the deployment file that it names.
 * @throws {ConfigError} that lists all that is wrong with either
 */
export async function loadDrill(file: string): Promise<Drill> {
  const { value, lineOf } = await loadPlain(file, { noun: 'drill file', schema: drillFile, cross: drillRules });
  const scenario = scenarioOf(value);
  const named = scenario.deployment === undefined ? undefined : beside(file, scenario.deployment);
  const shared = named === undefined ? { pools: [] } : await loadDeployment(named);
  return { name: basename(file).replace(/\.ya?ml$/, ''), file, scenario, deployment: together(shared, scenario), lineOf };
}

/** A path as a file gives it, from its own folder. */
export function beside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

async function loadDeployment(file: string): Promise<Deployment> {
  const kind = { noun: 'deployment file', schema: deploymentFile, cross: deploymentRules };
  return pruned((await loadPlain(file, kind)).value);
}

function together(shared: Deployment, { pools }: Scenario): Deployment {
  const own = new Set(pools.flatMap(({ names }) => names));
  const rest = shared.pools.map((group) => ({ ...group, names: group.names.filter((name) => !own.has(name)) }));
  return { ...shared, pools: [...rest.filter(({ names }) => names.length > 0), ...pools] };
}

/** What a drill file without errors stands for. */
function scenarioOf(parsed: DrillFile): Scenario {
  const { prober, ...rest } = pruned(parsed);
  return { ...rest, prober: proberOf(prober) };
}

function proberOf({ mode, replicas, config, probes = [], ...settings }: Pruned<DrillFile['prober']>): Prober {
  const processes = { ...(mode && { mode }), ...(replicas !== undefined && { replicas }) };
  return config === undefined ? { ...processes, ...settings, probes } : { ...processes, config };
}
