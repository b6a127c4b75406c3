import { loadConfig } from '../config/load.ts';
import { emptyState } from '../evidence/evolve.ts';
import { DAY, MINUTE } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import type { State } from '../evidence/state.ts';
import { type Io, UsageError } from '../io.ts';
import type { Store } from '../ports.ts';
import { openStore } from '../store/open.ts';
import type { Objectives } from '../views/inspected.ts';
import { reportFrom } from '../views/report.ts';
import { rootUrlFrom, variable } from './connect.ts';
import { queueNow } from './with-store.ts';

/** What is known before anybody is asked. */
export interface Known {
  config: Config;
  state: State;
  /** How its probes stand to their objectives; undefined where no probe file was named, and so no store read. */
  stored: Objectives | undefined;
}

/**
 * The deployment to inspect and, where a probe file is named, all that its store knows. Nothing is written there.
 * @throws {UsageError} where no deployment is named, or two different ones
 */
export async function knownFrom(file: string | undefined, io: Io): Promise<Known> {
  if (file === undefined || file === '')
    return { config: withoutProbes(rootUrlFrom(io.env)), state: emptyState(), stored: undefined };
  const config = await loadConfig(file, io.env, { channels: false });
  if (variable(io.env, 'TASKCLUSTER_ROOT_URL') !== undefined && rootUrlFrom(io.env) !== config.rootUrl)
    throw new UsageError(
      `TASKCLUSTER_ROOT_URL is not the deployment of ${file}, ${config.rootUrl}; unset it, or leave out --config`,
    );
  const store = await openStore(config);
  try {
    const { provisioning } = config;
    // Whoever asks wants an answer, whatever the service is told to watch.
    const mode = provisioning.mode === 'off' ? 'observe' : provisioning.mode;
    const state = await store.load();
    const stored = await objectivesIn(config, state, store, queueNow(state, io));
    return { config: { ...config, provisioning: { ...provisioning, mode } }, state, stored };
  } finally {
    await store.close();
  }
}

/** As every report has them; nothing is read where nobody has one. */
async function objectivesIn(config: Config, state: State, store: Pick<Store, 'history'>, now: number): Promise<Objectives> {
  if (!config.probes.some(({ objective }) => objective !== undefined)) return new Map();
  const made = await reportFrom(store, config, state, DAY, now);
  return new Map(made.probes.flatMap(({ name, objective }) => (objective === undefined ? [] : [[name, objective] as const])));
}

/** As a probe file has it that says nothing. */
function withoutProbes(rootUrl: string): Config {
  const nobody = { webhooks: [] };
  return {
    file: '',
    deployment: '',
    rootUrl,
    store: { engine: 'sqlite', path: ':memory:' },
    retain: DAY,
    webhooks: [],
    alerts: { warn: nobody, page: nobody },
    incidents: { groupWait: 0, fleetAt: 3, reopenWithin: 30 * MINUTE },
    provisioning: { mode: 'observe', silence: 10 * MINUTE, pools: [] },
    silences: [],
    maintenance: [],
    task: { schedulerId: '', owner: '', source: '' },
    unreachableAfter: 5 * MINUTE,
    probes: [],
  };
}
