import type { Kysely } from 'kysely';
import { play as drill, type Played } from '../../src/drill/play.ts';
import { SECOND } from '../../src/evidence/instant.ts';
import type { Audiences, Config, ProbeEntry } from '../../src/evidence/probe.ts';
import { Secret } from '../../src/evidence/secret.ts';
import { emptied } from '../../src/store/empty.ts';
import type { Tables } from '../../src/store/schema.ts';
import { storeOver } from '../../src/store/store.ts';
import type { Fault } from '../../src/world/fault.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { configOf } from './judging.ts';
import { silent } from './values.ts';

/** A night in which pools go bad, watched on a configuration of any kind; nothing befalls the prober. */
export interface Scenario {
  seed: number;
  start: number;
  /** How long it goes on, faults and recovery included. Milliseconds. */
  length: number;
  probes: ProbeEntry[];
  pools: PoolSpec[];
  faults: Fault[];
  mode: 'service' | 'cron';
  replicas: number;
  config?: Partial<Config>;
  /** The pools whose pages go to a routing key of their own, 32 characters. */
  teams?: Record<string, string>;
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

/** A night as it was played on its configuration. */
export interface Watched extends Played {
  config: Config;
  /** What PagerDuty made of each event. */
  pages: { at: number; what: string; key: string }[];
}

export async function play(db: Kysely<Tables>, scenario: Scenario): Promise<Watched> {
  const { seed, start, length, pools, faults, mode, replicas } = scenario;
  const config = configOf(
    scenario.probes.map((probe) => ({ ...probe, alerts: alertsOf(scenario.teams?.[probe.pool] ?? KEY) })),
    { ...scenario.config, alerts: alertsOf(KEY) },
  );
  const staging = { seed, start, end: start + length, world: { pools, faults }, warmUp: 0, config, mode, replicas };
  const store = () => storeOver(db, 'simulated');
  const loseStore = () => emptied(db);
  const played = await drill({ ...staging, faults: [] }, { store, loseStore, log: silent, answerWithin: 30 * SECOND });
  const pages = played.notices.flatMap(({ via, at, what, incident }) =>
    via === 'pagerduty' ? [{ at, what, key: incident.id }] : [],
  );
  return { ...played, config, pages };
}
