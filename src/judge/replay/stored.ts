import type { Entry, Happening, Incident, Level } from '../../evidence/incident.ts';
import { type Alarm, poolsOf } from './alarms.ts';

const BEGINS: ReadonlySet<Happening> = new Set(['opened', 'reopened', 'flapping']);
const ENDS: ReadonlySet<Happening> = new Set(['resolved', 'withdrawn', 'folded']);
/** What makes people hear of a level that they had not heard of. */
const TELLS: ReadonlySet<Happening> = new Set([...BEGINS, 'escalated', 'promoted', 'unsilenced']);

/** From an opening or reopening to the end, as the incident's story has it. */
interface Episode {
  entries: Entry[];
  ended?: Entry;
}

/**
 * What people were told of a stored incident, once for its opening and for each reopening. The level of all but the last time is read off the
 * story's words. `groupWait`: how long a pool's first notice waited. Milliseconds.
 */
export function alarmsOf(incident: Incident, groupWait: number): Alarm[] {
  const episodes = episodesOf(incident.timeline);
  return episodes.flatMap((episode, i): Alarm[] => {
    const last = i === episodes.length - 1;
    const told: Alarm['told'] = {};
    for (const entry of episode.entries) {
      const level = last && entry === episode.entries.at(-1) ? incident.level : levelOf(entry, episode, incident, last);
      const at = entry.at + (incident.class === 'pool' ? groupWait : 0);
      const over = episode.ended !== undefined && episode.ended.at < at;
      if (entry.loud && !over) told[level] ??= at;
    }
    if (told.warn === undefined && told.page === undefined) return [];
    const ended = last ? incident.ended : episode.ended?.at;
    return [{ incident, pools: poolsOf(incident), told, ...(ended !== undefined && { ended }) }];
  });
}

/** Its entries that tell of a level. */
function episodesOf(timeline: readonly Entry[]): Episode[] {
  const episodes: Episode[] = [];
  for (const entry of timeline) {
    const current = episodes.at(-1);
    if (BEGINS.has(entry.what) && (current === undefined || current.ended !== undefined)) episodes.push({ entries: [entry] });
    else if (current !== undefined && TELLS.has(entry.what)) current.entries.push(entry);
    else if (current !== undefined && ENDS.has(entry.what)) current.ended = entry;
  }
  return episodes;
}

function levelOf(entry: Entry, { entries }: Episode, { level, anchor }: Incident, last: boolean): Level {
  if (anchor.startsWith('provider:')) return 'page';
  const raised = entries.slice(0, entries.indexOf(entry) + 1);
  if (raised.some(({ what }) => what === 'escalated') || entry.text.endsWith('after which to page')) return 'page';
  // Without an escalation it was all the time what it is.
  return last && !entries.some(({ what }) => what === 'escalated') ? level : 'warn';
}
