import type { Kysely } from 'kysely';
import { Bell } from '../../src/bell.ts';
import type { RouteId } from '../../src/evidence/delivery.ts';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import type { Audiences, Config, ProbeEntry } from '../../src/evidence/probe.ts';
import { Secret } from '../../src/evidence/secret.ts';
import { pagerdutyChannel } from '../../src/notify/pagerduty/channel.ts';
import type { PagerdutyPost } from '../../src/notify/pagerduty/post.ts';
import { addressees, pagerdutyRoute, slackRoute } from '../../src/notify/routes.ts';
import { slackChannel } from '../../src/notify/slack/channel.ts';
import type { SlackCall } from '../../src/notify/slack/reply.ts';
import type { Channel, Clock, Log, Ports } from '../../src/ports.ts';
import { pagerdutyModelPost } from '../../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../../src/sandbox/receivers/pagerduty-model.ts';
import { slackModelCall } from '../../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../../src/sandbox/receivers/slack-model.ts';
import { once, serve } from '../../src/serve.ts';
import type { Tables } from '../../src/store/schema.ts';
import { storeOver } from '../../src/store/store.ts';
import type { Call } from '../../src/taskcluster/call.ts';
import { draftFor } from '../../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../../src/taskcluster/door.ts';
import { worldCall } from '../../src/world/call.ts';
import type { Fault } from '../../src/world/fault.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { World } from '../../src/world/world.ts';
import { configOf } from '../support/judging.ts';
import { silent } from '../support/values.ts';
import { type Death, Mortal } from './mortal.ts';
import { randomOf } from './random.ts';
import { VirtualTime } from './virtual-time.ts';

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
  /** How each incarnation of the first process dies, in turn; later ones live. */
  deaths: Death[];
  mode: 'service' | 'cron';
  replicas: number;
  config?: Partial<Config>;
  /** The pools whose pages go to a routing key of their own, 32 characters. */
  teams?: Record<string, string>;
}

interface PagerEvent {
  at: number;
  what: string;
  key: string;
  /** Whose it is. */
  routingKey: string;
}

export interface Played {
  world: World;
  slack: SlackModel;
  pagerduty: PagerDutyModel;
  pages: PagerEvent[];
  /** Effects that the first process's incarnations had, those of the last one last. */
  effects: number[];
  /** When an incarnation died. */
  diedAt: number[];
  config: Config;
  end: number;
}

const KEY = 'k'.repeat(32);
const TOKEN = 'xoxb-simulated';
const CHANNEL = 'C0123456789';

/** Slack hears of everything, and whose key it is of pages. */
function alertsOf(key: string): Audiences {
  return {
    warn: { slack: CHANNEL, webhooks: [] },
    page: { slack: CHANNEL, pagerduty: { routingKey: new Secret(key), severity: 'critical' }, webhooks: [] },
  };
}

export async function play(
  db: Kysely<Tables>,
  scenario: Scenario,
  log: Log = silent,
  watch?: (now: () => number) => void,
): Promise<Played> {
  const time = new VirtualTime(scenario.start);
  const clock = time.clock();
  watch?.(() => time.now);
  const random = randomOf(scenario.seed);
  const world = new World({ seed: scenario.seed, start: scenario.start, pools: scenario.pools });
  for (const fault of scenario.faults) world.addFault(fault);
  const config = configOf(
    scenario.probes.map((probe) => ({ ...probe, alerts: alertsOf(scenario.teams?.[probe.pool] ?? KEY) })),
    { ...scenario.config, alerts: alertsOf(KEY) },
  );
  const keys = [...new Set([KEY, ...Object.values(scenario.teams ?? {})])];
  const pages: PagerEvent[] = [];
  const slack = new SlackModel({ clock, token: TOKEN, channels: { [CHANNEL]: {} } });
  const pagerduty = new PagerDutyModel({
    routingKeys: keys,
    onEvent: ({ what, dedupKey, alert }) =>
      pages.push({ at: time.now, what, key: dedupKey, routingKey: alert?.routingKey ?? '' }),
  });
  const groupWait = scenario.mode === 'service' ? config.incidents.groupWait : 0;
  const rules = { draft: draftFor(config), addressees: addressees(config), groupWait };
  const travel = () => clock.sleepUntil(time.now + 10 + Math.floor(random() * 150), NEVER);
  const slow =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await travel();
      const answer = await call(...args);
      await travel();
      return answer;
    };
  const call: Call = slow(worldCall(world, clock));
  const slackCall = slow(down(scenario.slackDown, clock, random, slackModelCall(slack, TOKEN)));
  const post = slow(down(scenario.pagerdutyDown, clock, random, pagerdutyModelPost(pagerduty)));

  const portsOf = (mortal: Mortal): Ports =>
    mortal.ports({
      clock,
      taskcluster: taskclusterDoor(call, clock),
      store: storeOver(db, 'simulated'),
      channels: channelsOf(slackCall, post, keys),
      log,
    });
  const stop = new AbortController();
  const effects: number[] = [];
  const diedAt: number[] = [];

  /** A process and, should it die, those that are started in its place. */
  async function live(deaths: Death[], count: boolean): Promise<void> {
    const [death, ...later] = deaths;
    let mortal: Mortal | undefined;
    const died = new Promise<void>((resolve) => {
      mortal = new Mortal(death, resolve);
    });
    if (mortal === undefined) return;
    const index = effects.push(0) - 1;
    const living =
      scenario.mode === 'service' ? serve(portsOf(mortal), config, rules, new Bell(), stop.signal) : everyMinute(mortal);
    await Promise.race([living, died]);
    if (count) effects[index] = mortal.effects;
    if (stop.signal.aborted || death === undefined) return;
    diedAt.push(time.now);
    await clock.sleepUntil(time.now + SECOND + Math.floor(random() * MINUTE), stop.signal);
    await live(later, count);
  }

  async function everyMinute(mortal: Mortal): Promise<void> {
    while (!stop.signal.aborted) {
      const began = time.now;
      const ports = portsOf(mortal);
      await once(ports, config, rules);
      await ports.clock.sleepUntil(began + MINUTE, stop.signal);
    }
  }

  const lives = Array.from({ length: scenario.replicas }, (_, i) => live(i === 0 ? scenario.deaths : [], i === 0));
  const end = scenario.start + scenario.length;
  await time.runUntil(end);
  stop.abort();
  await time.runUntil(end + 5 * MINUTE);
  await Promise.all(lives);
  world.advanceTo(time.now);
  return { world, slack, pagerduty, pages, effects, diedAt, config, end };
}

const NEVER = new AbortController().signal;

function channelsOf(call: SlackCall, post: PagerdutyPost, keys: readonly string[]): Map<RouteId, Channel> {
  const pagers = keys.map((key): [RouteId, Channel] => {
    const routingKey = new Secret(key);
    return [pagerdutyRoute(routingKey), pagerdutyChannel({ post, routingKey })];
  });
  return new Map<RouteId, Channel>([[slackRoute(CHANNEL), slackChannel({ call, channel: CHANNEL, log: silent })], ...pagers]);
}

/** While the channel is down its answers are lost, and now and then what was sent arrived all the same. */
function down<A extends unknown[], R>(
  outages: readonly Outage[],
  clock: Clock,
  random: () => number,
  call: (...args: A) => Promise<R>,
): (...args: A) => Promise<R | { as: 'unsure'; why: string }> {
  return async (...args) => {
    const now = clock.now();
    if (!outages.some(({ from, until }) => from <= now && now < until)) return call(...args);
    if (random() < 0.3) await call(...args);
    return { as: 'unsure', why: 'no answer' };
  };
}
