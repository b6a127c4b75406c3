import type { Incident } from '../evidence/incident.ts';
import { MINUTE } from '../evidence/instant.ts';
import type { Alarm } from '../judge/replay/alarms.ts';
import { type Detection, detectionOf, pagesOf } from '../judge/replay/compare.ts';
import type { Wish } from '../judge/replay/thresholds.ts';

/** History as it was lived, and as it was replayed. */
export interface Replayed {
  deployment: string;
  /** What was told before is left out. */
  since: number;
  until: number;
  probes: number;
  /** Probes of which nobody is alerted, for they have no thresholds or only observe. */
  observing: number;
  /** Canaries that came to their end, and the slot of the first. */
  canaries: number;
  first?: number;
  /** Whether only some of the probe file's probes were replayed. */
  partial: boolean;
  /** Incidents that were open at some time of it. */
  incidents: Incident[];
  /** What was told then, because of canaries and because of what no threshold of theirs moves. */
  stored: Alarm[];
  beside: Alarm[];
  /** Replayed with the thresholds that are in force. */
  today: Alarm[];
}

/** Replayed with other thresholds. */
export interface Tried {
  wish: Wish;
  /** They are those that are in force. */
  isToday: boolean;
  alarms: Alarm[];
}

export interface Sum extends Detection {
  pages: number;
  /** Those that told of no page. */
  warnings: number;
  /** Pages that were over soon after somebody was woken. */
  brief: number;
}

/** A page that is over sooner than this woke somebody for nothing to do. Milliseconds. */
export const BRIEF = 10 * MINUTE;

export function sumOf(alarms: readonly Alarm[]): Sum {
  const pages = pagesOf(alarms);
  return {
    pages: pages.length,
    warnings: alarms.length - pages.length,
    brief: pages.filter(({ told, ended }) => ended !== undefined && ended - told.page < BRIEF).length,
    ...detectionOf(alarms),
  };
}

/** The stored pages that a replay with today's thresholds does not repeat, and those that it gives and nobody got. */
export function differenceOf({ stored, today }: Replayed): { unrepeated: Alarm[]; added: Alarm[] } {
  const ids = (alarms: readonly Alarm[]) => new Set(pagesOf(alarms).map(({ incident }) => incident.id));
  const [then, now] = [ids(stored), ids(today)];
  return {
    unrepeated: pagesOf(stored).filter(({ incident }) => !now.has(incident.id)),
    added: pagesOf(today).filter(({ incident }) => !then.has(incident.id)),
  };
}
