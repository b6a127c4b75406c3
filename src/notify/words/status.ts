import type { FleetEvidence, Happening, Incident } from '../../evidence/incident.ts';
import { clockTime, dayAndMinute } from '../../evidence/instant.ts';
import { clean } from '../text.ts';

/** The status as an emoji and as a word; neither stands alone. */
export interface Status {
  sign: string;
  status: string;
}

/** Lines of a story that say nothing of whether workers claim. */
const ASIDES = new Set<Happening>(['reminder', 'silenced', 'unsilenced', 'flapping']);

/** Whether workers claim again, and only claims in time are missing to its end. */
export function isRecovering({ ended, evidence, timeline, level }: Incident): boolean {
  if (ended !== undefined) return false;
  if (evidence.kind === 'fleet') {
    // A warm worker's claim is no sign that workers come to be.
    if (evidence.stall !== undefined) return false;
    if (isEased(evidence, level)) return true;
    return evidence.members.length > 0 && evidence.members.every((member) => member.claimed);
  }
  return timeline.findLast(({ what }) => !ASIDES.has(what))?.what === 'claimed';
}

/** Workers come to be again, and what had to wait for them is not late by itself yet. */
export function isEased({ stall, eased }: FleetEvidence, level: Incident['level']): boolean {
  return stall === undefined && eased !== undefined && level === 'warn';
}

export function statusOf(incident: Incident): Status {
  const { level, end, ended, silenced, flappingSince } = incident;
  if (end === 'withdrawn') return { sign: '⚪', status: 'Withdrawn' };
  if (end === 'folded') return { sign: '⚪', status: 'Folded' };
  if (ended !== undefined) return { sign: '🟢', status: 'Resolved' };
  const { sign, status } = levelOf(incident, level);
  const flapping = flappingSince === undefined ? status : `${status}, flapping`;
  return silenced === undefined ? { sign, status: flapping } : { sign: '🔕', status: `${flapping}, silenced` };
}

function levelOf(incident: Incident, level: Incident['level']): Status {
  if (isRecovering(incident)) return { sign: '🔵', status: 'Recovering' };
  return level === 'page' ? { sign: '🔴', status: 'Page' } : { sign: '🟡', status: 'Warning' };
}

/** What else there is to know of an open incident's state, a line each. */
export function notesOf({ ended, silenced, flappingSince }: Incident): string[] {
  if (ended !== undefined) return [];
  return [
    ...(silenced === undefined
      ? []
      : [`Silenced until ${dayAndTime(silenced.until)}, by ${clean(silenced.by)}: ${clean(silenced.reason)}`]),
    ...(flappingSince === undefined
      ? []
      : [
          `Comes and goes since ${clockTime(flappingSince)} UTC; not each of its returns is told, and it ends when it stays good.`,
        ]),
  ];
}

/** `2021-10-08 23:30 UTC`. */
function dayAndTime(instant: number): string {
  return dayAndMinute(instant);
}
