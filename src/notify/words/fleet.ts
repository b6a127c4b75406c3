import type { FleetEvidence, Incident, Member } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { type CauseWords, causeWords } from './cause.ts';
import { counted, tasksWait } from './count.ts';
import { lasted } from './lasted.ts';
import { lateCanaries, stallHeadline } from './stall.ts';
import { isEased, isRecovering } from './status.ts';

const ADVICE = 'Look at what the pools have in common first: the provider and its quota, the image, worker-manager itself.';
const NOTHING_TO_DO =
  'Nothing to do: a canary waits behind what others had to wait for. Where nobody claims it for as long again, this pages again.';

/** The words for the incident of several pools that went bad together, or of providers at which no worker comes to be. */
export function fleetWords(incident: Incident, evidence: FleetEvidence) {
  const cause = causeWords(incident);
  return {
    headline: headline(incident, evidence, cause),
    reason: incident.ended === undefined ? reason(evidence, cause) : end(incident, evidence),
    advice: cause?.advice ?? (isEased(evidence, incident.level) ? NOTHING_TO_DO : ADVICE),
    ...(cause?.detail !== undefined && { detail: cause.detail }),
  };
}

function headline(incident: Incident, evidence: FleetEvidence, cause: CauseWords | undefined): string {
  const over = incident.ended !== undefined;
  if (over && incident.cause === 'provisioning-stalled' && incident.end !== 'withdrawn') return 'Workers are being created again';
  if (!over && evidence.stall !== undefined) return stallHeadline(evidence.stall);
  return `${whom(evidence)}: ${trouble(incident, evidence, cause)}${over ? '' : inBrackets(evidence)}`;
}

function reason(evidence: FleetEvidence, cause: CauseWords | undefined): string {
  if (cause === undefined) return figures(evidence);
  return `${cause.proof}. ${evidence.stall === undefined ? figures(evidence) : lateCanaries(evidence)}`;
}

/** What the members share as one text, such as `provider gcp, level 3`; empty where that is nothing. */
export function commonOf({ common }: FleetEvidence): string {
  return common.map(clean).join(', ');
}

/** The pools that are bad now: a count, or the name where it is one. */
export function whom({ members, recovered, unwatched = 0 }: FleetEvidence): string {
  const [only, second] = members;
  if (only !== undefined && second === undefined) return clean(only.pool);
  return counted(members.length || recovered || unwatched, 'pool');
}

/**
 * The pools that are bad now, longest first, each with how long; while no canary is late those in which others' tasks wait.
 * At most `most` of them, and a line that counts the rest. `shown` escapes and clips a pool's name.
 */
export function poolLines({ members, stall }: FleetEvidence, most: number, shown: (pool: string) => string = clean): string[] {
  const late = members.map((member) => [member.pool, waited(member)] as const);
  const unmet = stall?.unmet.map(({ pool, pending }) => [pool, tasksWait(pending)] as const) ?? [];
  const all = late.length > 0 ? late : unmet;
  const lines = all.slice(0, most).map(([pool, how]) => `${shown(pool)}  ${how}`);
  const left = all.length - lines.length;
  return left === 0 ? lines : [...lines, `and ${left} more`];
}

function waited({ age, claimed, level }: Member): string {
  const how = claimed ? `claimed after ${spoken(age)}` : `unclaimed for ${spoken(age)}`;
  return level === 'warn' && !claimed ? `${how}, a warning` : how;
}

function trouble(incident: Incident, evidence: FleetEvidence, cause: CauseWords | undefined): string {
  if (incident.end === 'withdrawn') return 'no longer watched';
  if (incident.ended !== undefined) return 'canaries are claimed in time again';
  if (isEased(evidence, incident.level)) return 'workers are being created again, and work off what waited';
  return isRecovering(incident) ? 'workers claim again' : (cause?.trouble ?? 'no worker claims our canaries');
}

function inBrackets(evidence: FleetEvidence): string {
  const common = commonOf(evidence);
  return common === '' ? '' : ` (${common})`;
}

function figures({ members, witnesses, recovered, unwatched = 0 }: FleetEvidence): string {
  const judged = Math.max(witnesses, members.length);
  const paged = members.filter(({ level }) => level === 'page').length;
  const [longest] = members.toSorted((a, b) => Number(a.claimed) - Number(b.claimed) || b.age - a.age);
  return [
    `${members.length} of ${counted(judged, 'pool')} that can be judged`,
    ...(paged === members.length ? [] : [`${paged} of them past the page`]),
    ...(longest === undefined
      ? []
      : [`the longest ${longest.claimed ? 'claimed after' : 'unclaimed for'} ${spoken(longest.age)}`]),
    ...(recovered === 0 ? [] : [`${recovered} ${recovered === 1 ? 'has' : 'have'} recovered`]),
    ...(unwatched === 0 ? [] : [`${unwatched} ${unwatched === 1 ? 'is' : 'are'} watched no more`]),
  ].join('; ');
}

function end(incident: Incident, { members, recovered, unwatched = 0 }: FleetEvidence): string {
  const pools = [
    ...(recovered === 0 ? [] : [`${counted(recovered, 'pool')} recovered`]),
    ...(unwatched === 0 ? [] : [`${unwatched} watched no more`]),
    ...(members.length === 0 ? [] : [`${counted(members.length, 'pool')} left`]),
  ];
  return [`Over after ${lasted(incident)}`, ...(pools.length === 0 ? [] : [pools.join(', ')])].join('; ');
}
