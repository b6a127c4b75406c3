import type { Environment } from '../config/environment.ts';
import type { RouteId } from '../evidence/delivery.ts';
import type { Config } from '../evidence/probe.ts';
import { audiencesOf } from '../notify/routes.ts';
import { emptied } from '../store/empty.ts';
import { openSqlite } from '../store/open.ts';
import { storeOver } from '../store/store.ts';
import type { Fault as WorldFault } from '../world/fault.ts';
import type { Drill } from './load.ts';
import type { Notice } from './notices.ts';
import { play, type Staging, type Surroundings } from './play.ts';
import { rehearse } from './rehearsal.ts';
import {
  type Deployment,
  type Fault,
  isChannelFault,
  isProberFault,
  isStoreFault,
  type Scenario,
  type StageFault,
} from './scenario.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** A drill that was played. */
export interface Outcome {
  name: string;
  scenario: Scenario;
  /** The probe file that it was played on. */
  config: string;
  /** Pools and patterns of the probe file that the deployment lacks. */
  missing: string[];
  /** Teams of the drill's own by the channels that each has for itself. */
  teams: ReadonlyMap<RouteId, string>;
  notices: Notice[];
  verdict: Verdict;
}

interface Wish extends Omit<Surroundings, 'store' | 'loseStore'> {
  env: Environment;
  /** A probe file to play on instead of the drill's own. */
  config?: string;
}

/**
 * Plays a drill on a store of its own.
 * @throws {ConfigError} where the probe file is wrong
 */
export async function runDrill(drill: Drill, { env, config: named, ...surroundings }: Wish): Promise<Outcome> {
  const { name, scenario } = drill;
  const { config, missing, teams } = await rehearse(drill, env, named);
  const db = await openSqlite(':memory:', { synchronous: 'off' });
  try {
    const store = { store: () => storeOver(db, 'drill', config.incidents.groupWait), loseStore: () => emptied(db) };
    const { notices } = await play(stagingOf(drill, config), { ...surroundings, ...store });
    const byPagerduty = audiencesOf(config).some(({ pagerduty }) => pagerduty !== undefined);
    return { name, scenario, config: config.file, missing, teams, notices, verdict: verdictOf(scenario, notices, byPagerduty) };
  } finally {
    await db.destroy();
  }
}

/** A drill as it is played on a configuration. */
export function stagingOf({ scenario, deployment }: Pick<Drill, 'scenario' | 'deployment'>, config: Config): Staging {
  const { seed, start, end, prober, faults } = scenario;
  const { mode = 'service', replicas = 1 } = prober;
  const world = { ...worldOf(deployment), faults: faults.filter(isWorldFault) };
  return { seed, start, end, world, config, mode, replicas, faults: faults.filter(isStageFault) };
}

function worldOf({ pools, ...rest }: Deployment): Staging['world'] {
  return { ...rest, pools: pools.flatMap(({ names, ...alike }) => names.map((pool) => ({ ...alike, pool }))) };
}

function isStageFault(fault: Fault): fault is StageFault {
  return isChannelFault(fault) || isProberFault(fault) || isStoreFault(fault);
}

function isWorldFault(fault: Fault): fault is WorldFault {
  return !isStageFault(fault);
}
