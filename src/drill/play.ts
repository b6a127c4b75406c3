import { Bell } from '../bell.ts';
import { HOUR, MINUTE } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import { addressees } from '../notify/routes.ts';
import type { Clock, Log, Ports, Store } from '../ports.ts';
import type { PagerDutyModel } from '../sandbox/receivers/pagerduty-model.ts';
import type { SlackModel } from '../sandbox/receivers/slack-model.ts';
import { once, serve } from '../serve.ts';
import { draftFor } from '../taskcluster/definition.ts';
import { taskclusterDoor } from '../taskcluster/door.ts';
import { worldCall } from '../world/call.ts';
import { Random } from '../world/random.ts';
import type { WorldSpec } from '../world/spec.ts';
import { World } from '../world/world.ts';
import { Machine } from './machine.ts';
import { type Notice, Notices } from './notices.ts';
import { receiversFor } from './receivers.ts';
import { isChannelFault, isProberFault, isStoreFault, type StageFault } from './scenario.ts';
import { VirtualTime } from './virtual-time.ts';

/** Everything that one play needs; the same value plays the same way. */
export interface Staging {
  seed: number;
  start: number;
  end: number;
  world: Omit<WorldSpec, 'seed' | 'start'>;
  /** How long the deployment has been running when the prober starts, in milliseconds. Default: an hour. */
  warmUp?: number;
  config: Config;
  /** `cron`: a process a minute, one pass each. */
  mode: 'service' | 'cron';
  /** Processes that share one store. */
  replicas: number;
  faults: StageFault[];
}

export interface Surroundings {
  /** A store for one process; all are over one database. */
  store: () => Store;
  /** Empties that database. */
  loseStore: () => Promise<void>;
  log: Log;
  /** How long the prober waits for an answer of Taskcluster. Milliseconds. */
  answerWithin: number;
  /** Aborted where nobody wants to see the end. */
  stop?: AbortSignal;
  /** Told now and then how far it has come. */
  onTime?: (now: number) => void;
}

export interface Played {
  world: World;
  slack: SlackModel;
  pagerduty: PagerDutyModel;
  notices: Notice[];
  machines: Machine[];
  end: number;
}

/** A request's way, and its answer's, by the network. Milliseconds. */
const TRAVEL = { least: 10, most: 160 };
/** At its end all processes have so long to come to theirs. */
const CLOSING = 5 * MINUTE;
const STRIDE = 10 * MINUTE;

/** Plays the whole prober against a simulated deployment in virtual time. */
export async function play(staging: Staging, surroundings: Surroundings): Promise<Played> {
  const { store, loseStore, log, answerWithin, stop, onTime } = surroundings;
  const { seed, start, end, config, faults } = staging;
  const time = new VirtualTime(start);
  const clock = time.clock();
  const world = new World({ ...staging.world, seed, start: start - (staging.warmUp ?? HOUR) });
  world.advanceTo(start);
  const travel = travelOf(clock, new Random(seed, 'network'));
  const notices = new Notices(() => time.now);
  const receivers = receiversFor(config, {
    clock,
    seed,
    troubles: faults.filter(isChannelFault),
    notices,
    log,
    travelled: travel,
  });
  const groupWait = staging.mode === 'service' ? config.incidents.groupWait : 0;
  const rules = { draft: draftFor(config), addressees: addressees(config), groupWait };
  const ended = new AbortController();
  const losses = faults.filter(isStoreFault);
  const losing = losses.map(async ({ from }) => {
    await clock.sleepUntil(from, ended.signal);
    if (!ended.signal.aborted) await loseStore();
  });

  const machines = Array.from({ length: staging.replicas }, (_, i): Machine => {
    return new Machine({
      time,
      faults: faults.filter(isProberFault).filter(({ replica = 1 }) => replica === i + 1),
      stop: ended.signal,
      ports: (own) => ({ clock: own, taskcluster: doorOf(own), store: store(), channels: receivers.channels(), log }),
      run: (ports) => (staging.mode === 'service' ? served(ports) : everyMinute(ports)),
    });
  });

  function doorOf(own: Clock) {
    const advance = () => world.advanceTo(time.now);
    return taskclusterDoor(travel(worldCall(world, own, { timeout: answerWithin, advance })), own);
  }

  /** What a process finds that starts now. */
  async function findStore(): Promise<void> {
    if (losses.some(({ from, until }) => from <= time.now && time.now < until)) await loseStore();
  }

  async function served(ports: Ports): Promise<void> {
    await findStore();
    await serve(ports, config, rules, new Bell(ended.signal), ended.signal);
  }

  async function everyMinute(ports: Ports): Promise<void> {
    while (!ended.signal.aborted) {
      const began = time.now;
      await findStore();
      await once(ports, config, rules);
      // Who starts the jobs goes by a clock of its own, and starts none of a process that has died.
      await clock.sleepUntil(began + MINUTE, ended.signal);
      await ports.clock.sleepUntil(0, ended.signal);
    }
  }

  const lives = machines.map((machine) => machine.live());
  const goesOn = () => time.now < end && stop?.aborted !== true;
  while (goesOn()) {
    await time.runUntil(Math.min(end, time.now + STRIDE));
    onTime?.(time.now);
  }
  ended.abort();
  await time.runUntil(time.now + CLOSING);
  await Promise.all([...lives, ...losing]);
  world.advanceTo(time.now);
  return { world, slack: receivers.slack, pagerduty: receivers.pagerduty, notices: notices.all, machines, end };
}

function travelOf(clock: Clock, random: Random) {
  const travel = () => clock.sleepUntil(clock.now() + Math.floor(random.between(TRAVEL.least, TRAVEL.most)));
  return <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await travel();
      const answer = await call(...args);
      await travel();
      return answer;
    };
}
