import { Bell } from './bell.ts';
import { courier, type Delivered, deliverAll } from './courier.ts';
import { Dashboard } from './dashboard.ts';
import { postDigest } from './digest.ts';
import { SECOND } from './evidence/instant.ts';
import type { Config } from './evidence/probe.ts';
import { type Coverage, coverageWords } from './health/coverage.ts';
import { Health, isPersistent } from './health/health.ts';
import { OWED_FOR } from './health/owed.ts';
import { heartbeatFor, Watcher } from './health/watcher.ts';
import type { Rules } from './judge/docket.ts';
import { pass } from './pass.ts';
import type { Ports } from './ports.ts';

/** How soon to try again when the store failed a pass. */
const AFTER_FAILURE = 5 * SECOND;
/** How long a single pass goes on trying to deliver; with the pass itself it stays below a CronJob's minute. */
const PATIENCE = 20 * SECOND;

/**
 * One pass and its deliveries. What earlier passes left untold goes out beside the pass, so that a queue that hangs until the process is
 * killed cannot keep the news of that from anybody.
 */
export async function once(
  ports: Ports,
  config: Config,
  rules: Rules,
): Promise<{ complete: boolean; covered: Coverage; told: Delivered }> {
  const passed = new AbortController();
  const deliveries = new Bell();
  const delivering = courier(ports, config, deliveries, passed.signal);
  try {
    const ended = await pass(ports, config, rules, () => deliveries.ring());
    ports.log.info({ ...ended.covered, complete: ended.complete }, coverageWords(ended.covered));
    passed.abort();
    await delivering;
    const told = await deliverAll(ports, config, PATIENCE);
    await heartbeatFor(config, ports)?.passed(ended, await ports.store.undelivered(ports.clock.now(), OWED_FOR));
    await showOnce(ports, config);
    await forget(ports, config);
    return { complete: ended.complete, covered: ended.covered, told };
  } finally {
    passed.abort();
    await delivering;
  }
}

/**
 * The long-lived service: passes whenever the last one said there would be something to do or the bell rings, and a courier beside
 * them. Ends when `stop` is aborted, after the pass and the sends that are under way. `health` is told how it goes.
 */
export async function serve(
  ports: Ports,
  config: Config,
  rules: Rules,
  bell: Bell,
  stop: AbortSignal,
  health = new Health(ports.clock),
): Promise<void> {
  const deliveries = new Bell();
  const delivering = courier(ports, config, deliveries, stop);
  const showing = keepShown(ports, config, stop, health);
  const watcher = new Watcher(ports, config, rules, health, stop);
  while (!stop.aborted) {
    bell.reset();
    const nextWake = await passOrWait(ports, config, rules, watcher, () => deliveries.ring());
    deliveries.ring();
    await ports.clock.sleepUntil(nextWake, AbortSignal.any([stop, bell.rung]));
  }
  await Promise.all([delivering, showing]);
}

/** The dashboard and its digest, where they are due; what is wrong with them concerns nobody's alerts. */
async function showOnce(ports: Ports, config: Config): Promise<void> {
  const { board, log, clock } = ports;
  if (board === undefined || config.dashboard === undefined) return;
  const { failing } = await new Dashboard(ports, config, board, config.dashboard).look();
  if (failing !== undefined && isPersistent(failing, clock.now()))
    log.error({ ...failing }, 'the dashboard has not been shown for long');
  await postDigest(ports, config, board, config.dashboard);
}

/** Beside the passes and the courier: shows the dashboard whenever it is due, until stopped. */
async function keepShown(ports: Ports, config: Config, stop: AbortSignal, health: Health): Promise<void> {
  const { board, clock } = ports;
  if (board === undefined || config.dashboard === undefined) return;
  const dashboard = new Dashboard(ports, config, board, config.dashboard);
  while (!stop.aborted) {
    const { next, failing } = await dashboard.look();
    health.dashboard(failing);
    await postDigest(ports, config, board, config.dashboard);
    await clock.sleepUntil(next, stop);
  }
}

/** What a pass leaves behind of old rows costs only room, and the next one goes on with it. */
async function forget({ clock, store, log }: Ports, { retain }: Config): Promise<void> {
  try {
    await store.forget(clock.now(), retain);
  } catch (error) {
    log.warn({ err: error }, 'what is kept no longer could not be cleared away');
  }
}

/** Resolves to when the next pass is due. A store that fails costs this pass and not the process: the next one may find room on the disk. */
async function passOrWait(ports: Ports, config: Config, rules: Rules, watcher: Watcher, committed: () => void): Promise<number> {
  try {
    const passed = await pass(ports, config, rules, committed);
    watcher.passed(passed);
    await forget(ports, config);
    return passed.nextWake;
  } catch (error) {
    ports.log.error({ err: error }, 'the pass could not be completed');
    watcher.failed(error);
    return ports.clock.now() + AFTER_FAILURE;
  }
}
