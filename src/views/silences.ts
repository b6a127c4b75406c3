import { DAY, HOUR, iso, MINUTE } from '../evidence/instant.ts';
import { instant } from '../evidence/json-values.ts';
import type { Config } from '../evidence/probe.ts';
import type { Maintenance, Silence } from '../evidence/silence.ts';
import { isOn, placeOf } from '../judge/silences.ts';
import { openWindow } from '../judge/windows.ts';

/** A silence given by hand, one of the probe file, or a maintenance window, as it stands at an instant. */
export interface ListedSilence {
  state: 'now' | 'later' | 'recurs' | 'over';
  match: string;
  reason: string;
  /** Of a silence given by hand, which alone can be ended by it. */
  id?: string;
  /** Who gave it, or where in the probe file it stands. */
  by: string;
  /** Absent where it holds until its end; of a maintenance window that is not open both are. */
  from?: number;
  until?: number;
  /** When somebody ended it before its time. */
  ended?: number;
  recurs?: { days: readonly string[]; from: string; to: string; timezone: string };
}

const ORDER: ListedSilence['state'][] = ['now', 'later', 'recurs', 'over'];

/** All of them: those in force first, what ends soonest first, and what is over last, newest first. `now` is the queue's clock. */
export function listSilences(
  config: Pick<Config, 'file' | 'silences' | 'maintenance'>,
  silences: ReadonlyMap<string, Silence>,
  now: number,
): ListedSilence[] {
  const listed = [
    ...[...silences.values()].map((silence) => byHand(silence, now)),
    ...config.silences.map(({ line, ...silence }): ListedSilence => {
      const { from = now, until } = silence;
      return { ...silence, by: placeOf(config, { line }), state: until <= now ? 'over' : from > now ? 'later' : 'now' };
    }),
    ...config.maintenance.map((maintenance) => window(config, maintenance, now)),
  ];
  const end = ({ ended, until = 0, state }: ListedSilence) => (state === 'over' ? -(ended ?? until) : until);
  return listed.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || end(a) - end(b));
}

function byHand(silence: Silence, now: number): ListedSilence {
  const { from, until, ended } = silence;
  if (isOn(silence, now)) return { ...silence, state: 'now' };
  return { ...silence, state: ended === undefined && from > now && until > now ? 'later' : 'over' };
}

/** In the order of their numbers, 0 for Sunday. */
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

function window(config: Pick<Config, 'file'>, maintenance: Maintenance, now: number): ListedSilence {
  const { match, reason, days, from, to, timezone } = maintenance;
  const open = openWindow(maintenance, now);
  return {
    match,
    reason,
    by: placeOf(config, maintenance),
    state: open === undefined ? 'recurs' : 'now',
    ...open,
    recurs: { days: days.map((day) => DAYS[day] ?? ''), from: timeOfDay(from), to: timeOfDay(to), timezone },
  };
}

/** Milliseconds from midnight as `02:00`, the end of the day as `24:00`. */
function timeOfDay(ms: number): string {
  const pad = (n: number) => String(n).padStart(2, '0');
  return ms === DAY ? '24:00' : `${pad(Math.floor(ms / HOUR))}:${pad(Math.floor((ms % HOUR) / MINUTE))}`;
}

/** Instants as ISO 8601; every key is always there, `null` where there is nothing. */
export function silencesJson(deployment: string, listed: readonly ListedSilence[], now: number) {
  return {
    deployment,
    at: iso(now),
    silences: listed.map(({ state, id, match, by, reason, from, until, ended, recurs }) => ({
      state,
      id: id ?? null,
      match,
      by,
      reason,
      from: instant(from),
      until: instant(until),
      ended: instant(ended),
      recurs: recurs ?? null,
    })),
  };
}
