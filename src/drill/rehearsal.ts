import { createHash } from 'node:crypto';
import type { Alerts } from '../config/alerting.ts';
import { build } from '../config/build.ts';
import type { Environment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import type { ProbeFile } from '../config/schema.ts';
import type { RouteId } from '../evidence/delivery.ts';
import { DAY } from '../evidence/instant.ts';
import type { Config, ProbeEntry } from '../evidence/probe.ts';
import { Secret } from '../evidence/secret.ts';
import { globOf } from '../judge/match.ts';
import { isGlob } from '../judge/probes.ts';
import { pagerdutyRoute, slackRoute } from '../notify/routes.ts';
import { beside, type Drill } from './load.ts';
import type { Deployment, Settings } from './scenario.ts';

/** The prober's configuration for a drill. */
export interface Rehearsal {
  config: Config;
  /** Pools and patterns of the probe file of which the drill's deployment has nothing; their probes are left out. */
  missing: string[];
  /** Teams of the drill's own by the channels that each has for itself. */
  teams: ReadonlyMap<RouteId, string>;
}

/**
 * The configuration that a drill plays on: that of the probe file named, else its own. Nobody is really told, so no secrets are needed.
 * @throws {ConfigError} where the probe file is wrong
 */
export async function rehearse(drill: Drill, env: Environment, named?: string): Promise<Rehearsal> {
  const { prober } = drill.scenario;
  const own = named === undefined && !('config' in prober) ? prober.probes : [];
  const teams = new Map(
    own.flatMap(({ team }) => (team === undefined ? [] : routesOf(team).map((route) => [route, team] as const))),
  );
  return { ...present(await configOf(drill, env, named), drill.deployment), teams };
}

async function configOf(drill: Drill, env: Environment, named?: string): Promise<Config> {
  if (named !== undefined) return fromFile(named, env);
  const { prober } = drill.scenario;
  return 'config' in prober ? fromFile(beside(drill.file, prober.config), env) : withSettings(drill, prober);
}

/** Without its heartbeat, which would really be sent. */
async function fromFile(file: string, env: Environment): Promise<Config> {
  const { heartbeat: _heartbeat, ...config } = await loadConfig(file, env, { channels: 'stand-ins' });
  return config;
}

function present(config: Config, { pools }: Deployment): Omit<Rehearsal, 'teams'> {
  const names = pools.flatMap((group) => group.names);
  const known = new Set(names);
  const plays = ({ pool }: ProbeEntry) =>
    isGlob(pool) ? names.some((name) => globOf(pool).test(name)) : known.has(pool) || pool.startsWith('built-in/');
  const missing = config.probes.filter((probe) => !plays(probe)).map(({ pool }) => pool);
  return { config: { ...config, probes: config.probes.filter(plays) }, missing: [...new Set(missing)] };
}

const OWN: Omit<ProbeFile, keyof Settings> = {
  deployment: 'drill',
  taskcluster: { rootUrl: 'https://taskcluster.invalid' },
  store: { engine: 'sqlite', path: ':memory:' },
  retain: 30 * DAY,
  slack: { token: new Secret('xoxb-drill'), channel: 'C0123456789', apiUrl: 'https://slack.invalid/api/' },
  pagerduty: { routingKey: new Secret('d'.repeat(32)), eventsUrl: 'https://pagerduty.invalid/' },
  webhooks: [],
  task: { schedulerId: 'tc-canary', owner: 'canary@example.com', source: 'https://example.com/canary' },
  maintenance: [],
};

function withSettings(
  { file, lineOf = () => 0 }: Drill,
  { unreachableAfter, incidents, provisioning, silences, defaults, probes }: Settings,
): Config {
  const told = probes.map(({ team, ...probe }) => ({ ...probe, ...(team !== undefined && { alerts: alertsOf(team) }) }));
  const settings = { unreachableAfter, incidents, provisioning, silences, defaults, probes: told };
  return build(file, { ...OWN, ...settings }, OWN.store, (path) => lineOf(['prober', ...path]));
}

/** A team hears of its own pools alone, in a channel and by a routing key that are made of its name. */
function alertsOf(team: string): Alerts {
  const { slack, routingKey } = channelsOf(team);
  return { warn: { slack }, page: { slack, pagerduty: routingKey } };
}

function routesOf(team: string): RouteId[] {
  const { slack, routingKey } = channelsOf(team);
  return [slackRoute(slack), pagerdutyRoute(routingKey)];
}

function channelsOf(team: string): { slack: string; routingKey: Secret } {
  const made = createHash('sha256').update(team).digest('hex');
  return { slack: `C${made.slice(0, 10).toUpperCase()}`, routingKey: new Secret(made.slice(0, 32)) };
}
