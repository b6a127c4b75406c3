import type { Hush } from '../evidence/incident.ts';
import type { Config } from '../evidence/probe.ts';
import type { FileSilence, Maintenance, Silence } from '../evidence/silence.ts';
import { matches, type Subject } from './match.ts';
import { openWindow } from './windows.ts';

type Quiet = Pick<Config, 'file' | 'silences' | 'maintenance'>;

/** A silence of any origin that is in force, and what it is about. */
export interface Force extends Hush {
  match: string;
}

/** Given by hand, begun, and neither over nor ended. */
export function isOn({ from, until, ended }: Silence, now: number): boolean {
  return ended === undefined && from <= now && now < until;
}

/** What silences anything at `now`, an instant of the queue's clock: by hand, by the probe file, and by its maintenance windows. */
export function inForce(config: Quiet, silences: ReadonlyMap<string, Silence>, now: number): Force[] {
  const byHand = [...silences.values()].filter((silence) => isOn(silence, now)).map(byHandOf);
  const byFile = config.silences
    .filter(({ from, until }) => (from ?? now) <= now && now < until)
    .map(({ match, until, reason, line }) => ({ match, by: placeOf(config, { line }), until, reason }));
  const byWindow = config.maintenance.flatMap((maintenance) => {
    const { match, reason } = maintenance;
    const window = openWindow(maintenance, now);
    return window === undefined ? [] : [{ match, by: placeOf(config, maintenance), until: window.until, reason }];
  });
  return [...byHand, ...byFile, ...byWindow];
}

function byHandOf({ id, match, by, until, reason }: Silence): Force {
  return { match, by: `silence ${id} of ${by}`, until, reason };
}

/** Where in the probe file it stands, such as `probes/firefox-ci.yml:42`. */
export function placeOf({ file }: Pick<Config, 'file'>, { line }: Pick<FileSilence | Maintenance, 'line'>): string {
  return `${file}:${line}`;
}

/** Of those that are about the subject the one that lasts longest. */
export function covering(forces: readonly Force[], subject: Subject): Hush | undefined {
  let longest: Hush | undefined;
  for (const { match, ...hush } of forces) {
    if (matches(match, subject) && (longest === undefined || outlasts(hush, longest))) longest = hush;
  }
  return longest;
}

/** Of two that end at once always the same wins, in whatever order they were loaded. */
function outlasts(one: Hush, other: Hush): boolean {
  return one.until > other.until || (one.until === other.until && one.by < other.by);
}

/** Why nobody is told of the subject at `now`, an instant of the queue's clock; undefined where it is spoken of. */
export function hushOf(config: Quiet, silences: ReadonlyMap<string, Silence>, subject: Subject, now: number): Hush | undefined {
  return covering(inForce(config, silences, now), subject);
}
