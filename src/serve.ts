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
import { inTime } from './in-time.ts';
import type { Rules } from './judge/docket.ts';
import { pass } from './pass.ts';
import type { Ports } from './ports.ts';

/** How soon to try again when the store failed a pass. */
const AFTER_FAILURE = 5 * SECOND;
/** How long a single pass goes on trying to deliver. */
const PATIENCE = 20 * SECOND;
/**
 * When the parts of a single pass have to be over, in milliseconds from its begin, whoever does not answer: a Job is given 50 s, of which
 * its pod takes some to start, and one that is killed tells nobody anything. Alerts are told beside the looks and creates, too.
 */
const OVER = { looks: 18 * SECOND, creates: 27 * SECOND, lastSend: 30 * SECOND, sends: 35 * SECOND, rest: 40 * SECOND };

/**
 * One pass and its deliveries. What earlier passes left untold goes out beside the pass, so that a queue that hangs until the process is
 * killed cannot keep the news of that from anybody.
 */
export async function once(
  ports: Ports,
  config: Config,
  rules: Rules,
): Promise<{ complete: boolean; covered: Coverage; told: Delivered }> {
  const { clock, store, log } = ports;
  const began = clock.now();
  const passed = new AbortController();
  const deliveries = new Bell(passed.signal);
  const delivering = courier(ports, config, deliveries, passed.signal);
  try {
    const until = { looks: began + OVER.looks, creates: began + OVER.creates };
    const ended = await pass(ports, config, rules, () => deliveries.ring(), until);
    log.info({ ...ended.covered, complete: ended.complete }, coverageWords(ended.covered));
    passed.abort();
    const told = await inTime(clock, began + OVER.sends, deliverRest(ports, config, delivering, began), 'later');
    const beat = heartbeatFor(config, ports)?.passed(ended, await store.undelivered(clock.now(), OWED_FOR));
    await inTime(clock, began + OVER.rest, Promise.all([beat, showOnce(ports, config)]), undefined);
    await forget(ports, config);
    return { complete: ended.complete, covered: ended.covered, told };
  } finally {
    passed.abort();
    await inTime(clock, began + OVER.rest, delivering, undefined);
  }
}

/** What the courier beside the pass has under way is let end first. */
async function deliverRest(ports: Ports, config: Config, delivering: Promise<void>, began: number): Promise<Delivered> {
  await delivering;
  return deliverAll(ports, config, Math.min(ports.clock.now() + PATIENCE, began + OVER.lastSend));
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
  const deliveries = new Bell(stop);
  const delivering = courier(ports, config, deliveries, stop);
  const showing = keepShown(ports, config, stop, health);
  const watcher = new Watcher(ports, config, rules, health, stop);
  while (!stop.aborted) {
    bell.reset();
    const nextWake = await passOrWait(ports, config, rules, watcher, () => deliveries.ring());
    await ports.clock.sleepUntil(nextWake, bell.woken);
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
async function passOrWait(ports: Ports, config: Config, rules: Rules, watcher: Watcher, owed: () => void): Promise<number> {
  try {
    const passed = await pass(ports, config, rules, owed);
    watcher.passed(passed);
    await forget(ports, config);
    return passed.nextWake;
  } catch (error) {
    ports.log.error({ err: error }, 'the pass could not be completed');
    watcher.failed(error);
    return ports.clock.now() + AFTER_FAILURE;
  }
}
