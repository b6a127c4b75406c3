import { loadConfig } from '../config/load.ts';
import { DAY, dayOf } from '../evidence/instant.ts';
import type { Config, Probe } from '../evidence/probe.ts';
import type { State } from '../evidence/state.ts';
import { EXIT, type ExitCode, type Io, roomOf, UsageError } from '../io.ts';
import { matches } from '../judge/match.ts';
import { type Alarm, Alarms } from '../judge/replay/alarms.ts';
import { toldAt } from '../judge/replay/compare.ts';
import { Replay } from '../judge/replay/replay.ts';
import { alarmsOf } from '../judge/replay/stored.ts';
import { type Surroundings, surroundingsOf } from '../judge/replay/surroundings.ts';
import { settled, type Wish, wished } from '../judge/replay/thresholds.ts';
import { addressees } from '../notify/routes.ts';
import { playStored } from '../play-stored.ts';
import type { Store } from '../ports.ts';
import { openStore } from '../store/open.ts';
import { jsonText } from '../views/json.ts';
import { replayJson, sweepJson } from '../views/replay-json.ts';
import type { Replayed, Tried } from '../views/replayed.ts';
import { progressOn } from '../views/terminal/progress.ts';
import { replayLines } from '../views/terminal/replay.ts';
import { sweepLines } from '../views/terminal/sweep.ts';
import { colorsFor, harmless } from '../views/terminal/text.ts';
import { type Choices, gridOf, isToday } from './replay-grid.ts';
import { queueNow } from './with-store.ts';

export interface ReplayOptions extends Choices {
  config: string;
  /** How far to look back, in milliseconds. */
  since: number;
  sweep: boolean;
  json: boolean;
}

/** What began before the time that is asked about may go on in it. */
const LEAD = DAY;

/**
 * Replays the store's history through the judge, with thresholds that are asked for beside those in force. Asks nobody but the store, and
 * needs no secrets.
 * @throws {UsageError} where there is nothing to replay
 */
export async function replay(match: string[], options: ReplayOptions, io: Io): Promise<ExitCode> {
  const config = await loadConfig(options.config, io.env, { channels: 'stand-ins' });
  if (!options.sweep) checkSingle(options);
  const store = await openStore(config);
  try {
    const state = await store.load();
    const all = settled(config, state);
    const probes = all.filter(
      (probe) => match.length === 0 || match.some((text) => matches(text, { ...probe, probe: probe.name })),
    );
    if (probes.length === 0) throw new UsageError(`no probe of ${config.file} is about ${match.map(harmless).join(', ')}`);
    const wishes = options.sweep ? gridOf(probes, options) : single(options);
    const played = await playAll(
      { config, store, state, probes, partial: probes.length < all.length },
      wishes,
      options.since,
      io,
    );
    if (played === undefined) return EXIT.interrupted;
    print(played.replayed, played.tried, options, io);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

/** @throws {UsageError} where several values are given for one replay, or a page would come before its warning */
function checkSingle({ warnAfter, pageAfter, resolveAfter }: Choices): void {
  if ([warnAfter, pageAfter, resolveAfter].some((values) => (values?.length ?? 0) > 1))
    throw new UsageError('several values are a grid; add --sweep, or give one of each');
  const [warn, page] = [warnAfter?.[0], pageAfter?.[0]];
  if (warn !== undefined && page !== undefined && warn > page)
    throw new UsageError('--warn-after is longer than --page-after; make it the shorter one, or both the same');
}

function single({
  warnAfter: [warnAfter] = [],
  pageAfter: [pageAfter] = [],
  resolveAfter: [resolveAfter] = [],
}: Choices): Wish[] {
  const wish = {
    ...(warnAfter !== undefined && { warnAfter }),
    ...(pageAfter !== undefined && { pageAfter }),
    ...(resolveAfter !== undefined && { resolveAfter }),
  };
  return Object.keys(wish).length === 0 ? [] : [wish];
}

interface History {
  config: Config;
  store: Store;
  state: State;
  probes: Probe[];
  partial: boolean;
}

/** Plays history once for what is in force and once for each wish, all in one reading; undefined where it was interrupted. */
async function playAll({ config, store, state, probes, partial }: History, wishes: readonly Wish[], span: number, io: Io) {
  const until = queueNow(state, io);
  const since = until - span;
  const incidents = await store.incidents(since - LEAD);
  const around = surroundingsOf(state, incidents);
  const start = (over: Probe[]) => started({ ...config, probes: over }, around, since - LEAD);
  const today = start(probes);
  const tried = wishes.map((wish) => ({ wish, isToday: isToday(probes, wish), ...start(wished(probes, wish)) }));
  const progress = progressOn(io);
  const names = probes.map(({ name }) => name);
  const onTime = (now: number) =>
    progress.show(`replaying ${dayOf(now)}  ${Math.max(0, Math.round((100 * (now - since)) / span))} %`);
  const replays = [today, ...tried].map((one) => one.replay);
  const found = await playStored(store, state, names, replays, { from: since - LEAD, until }, { stop: io.stop, onTime });
  progress.clear();
  if (io.stop.aborted) return undefined;
  const within = (alarms: readonly Alarm[]) => alarms.filter((alarm) => toldAt(alarm) >= since);
  const covered = new Set(names);
  const told = within(incidents.flatMap((incident) => alarmsOf(incident, config.incidents.groupWait)));
  const ofProbe = ({ incident: { anchor } }: Alarm) => anchor.startsWith('probe:');
  const replayed: Replayed = {
    ...{ deployment: config.deployment, since, until, probes: probes.length, partial, incidents, ...found },
    observing: probes.filter(({ thresholds }) => thresholds === undefined).length,
    stored: told.filter((alarm) => ofProbe(alarm) && covered.has(alarm.incident.anchor.slice('probe:'.length))),
    beside: told.filter((alarm) => !ofProbe(alarm)),
    today: within(today.alarms.until(until)),
  };
  return { replayed, tried: tried.map((one): Tried => ({ ...one, alarms: within(one.alarms.until(until)) })) };
}

function started(config: Config, around: Surroundings, from: number) {
  const alarms = new Alarms();
  const rules = { addressees: addressees(config), groupWait: config.incidents.groupWait };
  return { alarms, replay: new Replay(config, rules, around, from, (revised) => alarms.hear(revised)) };
}

function print(replayed: Replayed, tried: readonly Tried[], { sweep, json }: ReplayOptions, { stdout, env }: Io): void {
  const [asked] = tried;
  if (json) stdout.write(jsonText(sweep ? sweepJson(replayed, tried) : replayJson(replayed, asked)));
  else {
    const colors = colorsFor(stdout, env);
    const room = roomOf(stdout);
    const lines = sweep ? sweepLines(replayed, tried, colors, room) : replayLines(replayed, asked, colors, room);
    stdout.write(`${lines.join('\n')}\n`);
  }
}
