import type { Message } from '../evidence/delivery.ts';
import type { AskEvidence, Entry, Incident, PoolEvidence } from '../evidence/incident.ts';
import { clockTime, spoken } from '../evidence/instant.ts';
import { ASK_WORDS, POOL_WORDS } from './causes.ts';
import { type Link, linksOf } from './links.ts';
import { clean } from './text.ts';

/** An incident in words that every channel shares. Plain text on one line each, cleaned, not escaped, of any length. */
export interface Words {
  /** The status as an emoji and as a word; neither stands alone. */
  sign: string;
  status: string;
  /** Whom it concerns and what is wrong, without figures, so that it stays true while they grow. */
  headline: string;
  /** The figures that prove it, as they stood at the incident's last revision. */
  reason: string;
  /** What to look at first; absent once it is over. */
  advice?: string;
  /** What Taskcluster or the network said. */
  detail?: string;
  links: Link[];
}

export function wording(message: Message): Words {
  const { incident } = message;
  const { evidence } = incident;
  const over = incident.ended !== undefined;
  const subject = evidence.kind === 'pool' ? named(evidence) : clean(message.deployment);
  const what = evidence.kind === 'pool' ? poolTrouble(incident, evidence) : ASK_WORDS[incident.cause][over ? 'over' : 'open'];
  return {
    ...statusOf(incident),
    headline: `${subject}: ${what}`,
    reason: evidence.kind === 'pool' ? poolReason(incident, evidence) : askReason(incident, evidence),
    ...(!over && { advice: evidence.kind === 'pool' ? POOL_WORDS.advice : ASK_WORDS[incident.cause].advice }),
    ...(evidence.kind === 'ask' && clean(evidence.detail) !== '' && { detail: clean(evidence.detail) }),
    links: linksOf(message),
  };
}

/** One line of an incident's story, without its time. */
export function storyLine(entry: Entry): string {
  return `${STORY[entry.what]}: ${clean(entry.text)}`;
}

const STORY: Record<Entry['what'], string> = {
  opened: 'Opened',
  escalated: 'Escalated',
  changed: 'Changed',
  claimed: 'Claimed',
  resolved: 'Resolved',
  withdrawn: 'Withdrawn',
};

function statusOf(incident: Incident): { sign: string; status: string } {
  if (incident.end === 'withdrawn') return { sign: '⚪', status: 'Withdrawn' };
  if (incident.ended !== undefined) return { sign: '🟢', status: 'Resolved' };
  if (recovering(incident)) return { sign: '🔵', status: 'Recovering' };
  return incident.level === 'page' ? { sign: '🔴', status: 'Page' } : { sign: '🟡', status: 'Warning' };
}

function recovering(incident: Incident): boolean {
  return incident.timeline.at(-1)?.what === 'claimed';
}

/** The pool, and the probe where it has a name of its own. */
function named({ pool, probe }: PoolEvidence): string {
  return probe === pool ? clean(pool) : `${clean(pool)} (probe ${clean(probe)})`;
}

function poolTrouble(incident: Incident, evidence: PoolEvidence): string {
  if (incident.end === 'withdrawn') return POOL_WORDS.withdrawn;
  if (incident.ended !== undefined) return POOL_WORDS.resolved;
  if (!evidence.claimed) return POOL_WORDS.unclaimed;
  return recovering(incident) ? POOL_WORDS.recovering : POOL_WORDS.late;
}

/** When the incident's figures were true: the instant of its newest entry. */
function asOf(incident: Incident): number {
  return incident.ended ?? incident.timeline.at(-1)?.at ?? incident.opened;
}

function lasted(incident: Incident): string {
  return spoken(asOf(incident) - incident.since);
}

function poolReason(incident: Incident, evidence: PoolEvidence): string {
  const { age, warnAfter, pageAfter, lastClaim, usual, pending, good, resolveAfter } = evidence;
  const limits =
    incident.level === 'page' ? `page at ${spoken(pageAfter)}` : `warn at ${spoken(warnAfter)}, page at ${spoken(pageAfter)}`;
  const over = incident.ended !== undefined;
  const parts = [
    ...(over ? [`Over after ${lasted(incident)}`] : []),
    `${over ? 'last canary' : 'Canary'} ${evidence.claimed ? 'claimed after' : 'unclaimed for'} ${spoken(age)}${over ? '' : `, ${limits}`}`,
    ...(lastClaim ? [`last claim ${spoken(lastClaim.ms)}, ${spoken(asOf(incident) - lastClaim.at)} ago`] : []),
    ...(usual === undefined ? [] : [`usual p95 ${spoken(usual)}`]),
    ...(pending === undefined || over ? [] : [`${pending} ${pending === 1 ? 'task' : 'tasks'} pending in the pool`]),
    ...(evidence.claimed && !over ? [`${good} of ${resolveAfter} claims in time that close this`] : []),
  ];
  return parts.join('; ');
}

function askReason(incident: Incident, evidence: AskEvidence): string {
  if (incident.ended !== undefined) return `Over after ${lasted(incident)}`;
  const names = evidence.probes.map(clean);
  const struck =
    names.length === 0 ? 'all probes affected' : `${names.length === 1 ? 'probe' : 'probes'} affected: ${names.join(', ')}`;
  return `Since ${clockTime(evidence.since)} UTC, for ${lasted(incident)} now; ${struck}`;
}
