import type { FleetEvidence, Incident, Member } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { lasted } from './lasted.ts';
import { isRecovering } from './status.ts';

const ADVICE = 'Look at what the pools have in common first: the provider and its quota, the image, worker-manager itself.';

/** The words for the incident of several pools that went bad together. */
export function fleetWords(incident: Incident, evidence: FleetEvidence) {
  const over = incident.ended !== undefined;
  return {
    headline: `${whom(evidence)}: ${trouble(incident)}${over ? '' : inBrackets(evidence)}`,
    reason: over ? end(incident, evidence) : figures(evidence),
    advice: ADVICE,
  };
}

/** What the members share as one text, such as `provider gcp, level 3`; empty where that is nothing. */
export function commonOf({ common }: FleetEvidence): string {
  return common.map(clean).join(', ');
}

/** The pools that are bad now: a count, or the name where it is one. */
export function whom({ members, recovered }: FleetEvidence): string {
  const [only, second] = members;
  if (only !== undefined && second === undefined) return clean(only.pool);
  return count(members.length === 0 ? recovered : members.length);
}

/**
 * The pools that are bad now, longest first, each with how long; at most `most` of them, and a line that counts the others. `shown`
 * escapes and clips a pool's name.
 */
export function poolLines({ members }: FleetEvidence, most: number, shown: (pool: string) => string = clean): string[] {
  const lines = members.slice(0, most).map((member) => `${shown(member.pool)}  ${waited(member)}`);
  const left = members.length - lines.length;
  return left === 0 ? lines : [...lines, `and ${left} more`];
}

function waited({ age, claimed, level }: Member): string {
  const how = claimed ? `claimed after ${spoken(age)}` : `unclaimed for ${spoken(age)}`;
  return level === 'warn' && !claimed ? `${how}, a warning` : how;
}

function trouble(incident: Incident): string {
  if (incident.end === 'withdrawn') return 'no longer watched';
  if (incident.ended !== undefined) return 'canaries are claimed in time again';
  return isRecovering(incident) ? 'workers claim again' : 'no worker claims our canaries';
}

function inBrackets(evidence: FleetEvidence): string {
  const common = commonOf(evidence);
  return common === '' ? '' : ` (${common})`;
}

function figures({ members, witnesses, recovered }: FleetEvidence): string {
  const judged = Math.max(witnesses, members.length);
  const paged = members.filter(({ level }) => level === 'page').length;
  const [longest] = members.toSorted((a, b) => Number(a.claimed) - Number(b.claimed) || b.age - a.age);
  return [
    `${members.length} of ${judged} ${judged === 1 ? 'pool' : 'pools'} that can be judged`,
    ...(paged === members.length ? [] : [`${paged} of them past the page`]),
    ...(longest === undefined
      ? []
      : [`the longest ${longest.claimed ? 'claimed after' : 'unclaimed for'} ${spoken(longest.age)}`]),
    ...(recovered === 0 ? [] : [`${recovered} ${recovered === 1 ? 'has' : 'have'} recovered`]),
  ].join('; ');
}

function end(incident: Incident, { members, recovered }: FleetEvidence): string {
  const rest = members.length === 0 ? '' : `, ${count(members.length)} left`;
  return `Over after ${lasted(incident)}; ${count(recovered)} recovered${rest}`;
}

function count(pools: number): string {
  return `${pools} ${pools === 1 ? 'pool' : 'pools'}`;
}
