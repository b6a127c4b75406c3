import cron from 'node-cron';
import { Bell } from '../bell.ts';
import { loadConfig } from '../config/load.ts';
import { SECOND } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import { Health } from '../health/health.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import type { Rules } from '../judge/docket.ts';
import { openLog } from '../log.ts';
import { Meter } from '../metrics/meter.ts';
import { type Destinations, destinations } from '../metrics/publish.ts';
import { openChannels } from '../notify/channels.ts';
import { addressees } from '../notify/routes.ts';
import { openBoard } from '../notify/slack/dashboard/open.ts';
import type { Log, Ports } from '../ports.ts';
import { once, serve } from '../serve.ts';
import { parseListen } from '../server/listen.ts';
import { openPages } from '../server/open.ts';
import { openStore } from '../store/open.ts';
import { draftFor } from '../taskcluster/definition.ts';
import { connect } from './connect.ts';

export interface RunOptions {
  config: string;
  once: boolean;
  /** Where the service has its page: `[host:]port` or `none`. */
  listen?: string;
}

/**
 * How long to wait for one answer of Taskcluster: a pass over a queue that hangs must end within a CronJob's minute, and so tell of it.
 * A v106 queue whose auth service is down answers after some 7 s.
 */
export const ANSWER_WITHIN = 8 * SECOND;

/** The prober itself: one pass for a CronJob, or the long-lived service. */
export async function run(options: RunOptions, io: Io): Promise<ExitCode> {
  const where = parseListen(options.listen);
  if (options.once && where.where === 'asked') {
    throw new UsageError('run --once ends before anybody could ask it; leave out --listen, and TC_CANARY_LISTEN');
  }
  const published = destinations(io.env);
  if (!options.once && Object.keys(published).length > 0)
    throw new UsageError('TC_CANARY_METRICS_FILE and TC_CANARY_PUSHGATEWAY are for run --once; run has /metrics');
  const config = await loadConfig(options.config, io.env);
  const log = openLog(logLevel(io.env['TC_CANARY_LOG_LEVEL']));
  const meter = new Meter();
  const ports = await openPorts(config, io, log, meter);
  try {
    if (options.once) return await runOnce(ports, config, published);
    const health = new Health(io.clock);
    const served = await openPages(where, config, ports, { health, meter });
    try {
      await runService(ports, config, io.stop, health);
    } finally {
      await served?.close();
    }
    return EXIT.ok;
  } finally {
    await ports.store.close();
  }
}

const LEVELS = ['debug', 'info', 'warn', 'error'];

function logLevel(asked: string | undefined): string {
  const level = (asked ?? '').toLowerCase() || 'info';
  if (!LEVELS.includes(level))
    throw new UsageError(`TC_CANARY_LOG_LEVEL is no level of the log; write one of ${LEVELS.join(', ')}`);
  return level;
}

async function openPorts(config: Config, io: Io, log: Log, meter: Meter): Promise<Ports> {
  const { clock, env } = io;
  const taskcluster = connect(config.rootUrl, env, clock, ANSWER_WITHIN, meter.called);
  const channels = meter.counting(await openChannels(config, log, clock));
  const board = await openBoard(config, log, clock, io.stop);
  return { clock, taskcluster, store: await openStore(config), channels, ...(board && { board }), log };
}

/** `groupWait` in milliseconds; none where a single pass judges everything before it tells anything. */
function rulesFor(config: Config, groupWait: number): Rules {
  return { draft: draftFor(config), addressees: addressees(config), groupWait };
}

async function runOnce(ports: Ports, config: Config, published: Destinations): Promise<ExitCode> {
  const { complete, covered, told } = await once(ports, config, rulesFor(config, 0));
  if (Object.keys(published).length > 0) {
    const { publishPass } = await import('../metrics/publish-pass.ts');
    await publishPass(ports, config, { complete, covered }, published);
  }
  if (!complete) ports.log.error({}, 'the pass is incomplete; the next one carries on from here');
  if (told === 'later') ports.log.warn({}, 'not everything could be told yet; the next run goes on with it');
  return complete && told !== 'refused' ? EXIT.ok : EXIT.couldNotAsk;
}

/** node-cron only rings; which slots are due, the pass computes itself, so that a missed ring costs nothing. */
export async function runService(ports: Ports, config: Config, stop: AbortSignal, health?: Health): Promise<void> {
  const bell = new Bell(stop);
  const lines = new Map(config.probes.map(({ schedule }) => [`${schedule.expression} ${schedule.timezone}`, schedule]));
  const tasks = [...lines.values()].map(({ expression, timezone }) =>
    cron.schedule(expression, () => bell.ring(), { timezone, suppressMissedWarning: true }),
  );
  ports.log.info({ deployment: config.deployment, rootUrl: config.rootUrl, probes: config.probes.length }, 'watching');
  try {
    await serve(ports, config, rulesFor(config, config.incidents.groupWait), bell, stop, health);
  } finally {
    for (const task of tasks) await task.destroy();
    ports.log.info({ reason: String(stop.reason) }, 'stopped');
  }
}
