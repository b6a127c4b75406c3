import type { Kysely } from 'kysely';
import { type Played as Drilled, play as drill } from '../../src/drill/play.ts';
import type { StageFault } from '../../src/drill/scenario.ts';
import { SECOND } from '../../src/evidence/instant.ts';
import type { Audiences, Config, ProbeEntry } from '../../src/evidence/probe.ts';
import { Secret } from '../../src/evidence/secret.ts';
import type { Log } from '../../src/ports.ts';
import { emptied } from '../../src/store/empty.ts';
import type { Tables } from '../../src/store/schema.ts';
import { storeOver } from '../../src/store/store.ts';
import type { Fault } from '../../src/world/fault.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { configOf } from './judging.ts';
import { silent } from './values.ts';

interface Outage {
  from: number;
  until: number;
}

/** Everything that happens in one simulated night; the same value plays the same night. */
export interface Scenario {
  seed: number;
  start: number;
  /** How long it goes on, faults and recovery included. Milliseconds. */
  length: number;
  probes: ProbeEntry[];
  pools: PoolSpec[];
  faults: Fault[];
  slackDown: Outage[];
  pagerdutyDown: Outage[];
  /** When the store is empty. */
  storeLost?: Outage[];
  /** How processes die. */
  kills?: StageFault[];
  mode: 'service' | 'cron';
  replicas: number;
  config?: Partial<Config>;
  /** The pools whose pages go to a routing key of their own, 32 characters. */
  teams?: Record<string, string>;
}

export interface Watched extends Drilled {
  /** What PagerDuty made of each event. */
  pages: { at: number; what: string; key: string }[];
  config: Config;
}

const KEY = 'k'.repeat(32);
const CHANNEL = 'C0123456789';

/** Slack hears of everything, and whose key it is of pages. */
function alertsOf(key: string): Audiences {
  return {
    warn: { slack: CHANNEL, webhooks: [] },
    page: { slack: CHANNEL, pagerduty: { routingKey: new Secret(key), severity: 'critical' }, webhooks: [] },
  };
}

export async function play(db: Kysely<Tables>, scenario: Scenario, log: Log = silent): Promise<Watched> {
  const { seed, start, length, pools, faults, kills = [], mode, replicas } = scenario;
  const config = configOf(
    scenario.probes.map((probe) => ({ ...probe, alerts: alertsOf(scenario.teams?.[probe.pool] ?? KEY) })),
    { ...scenario.config, alerts: alertsOf(KEY) },
  );
  const troubles = [
    ...down('slack', scenario.slackDown),
    ...down('pagerduty', scenario.pagerdutyDown),
    ...lost(scenario),
    ...kills,
  ];
  const staging = { seed, start, end: start + length, world: { pools, faults }, warmUp: 0, config, mode, replicas };
  const store = () => storeOver(db, 'simulated', config.incidents.groupWait);
  const loseStore = () => emptied(db);
  const played = await drill({ ...staging, faults: troubles }, { store, loseStore, log, answerWithin: 30 * SECOND });
  const pages = played.notices.flatMap(({ via, at, what, incident }) =>
    via === 'pagerduty' ? [{ at, what, key: incident.id }] : [],
  );
  return { ...played, pages, config };
}

function lost({ storeLost = [] }: Scenario): StageFault[] {
  return storeLost.map((outage) => ({ kind: 'store-lost', ...outage }));
}

/** While a channel is down its answers are lost, and now and then what was sent arrived all the same. */
function down(channel: 'slack' | 'pagerduty', outages: readonly Outage[]): StageFault[] {
  return outages.map((outage) => ({ kind: 'channel-down', channels: [channel], how: 'fails', arrives: 0.3, ...outage }));
}
