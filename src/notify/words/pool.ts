import type { Incident, PoolEvidence } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { budgetText } from './budget.ts';
import { type CauseWords, causeWords } from './cause.ts';
import { asOf, lasted } from './lasted.ts';
import { LOOK } from './remedies.ts';
import { isRecovering } from './status.ts';

/** The words for one pool's incident: its cause, as far as anything was read of the pool, and then the canary's own figures. */
export function poolWords(incident: Incident, evidence: PoolEvidence) {
  const cause = causeWords(incident);
  const figures = canary(incident, evidence);
  return {
    headline: `${named(evidence)}: ${trouble(incident, evidence, cause)}`,
    reason: cause === undefined ? figures : `${cause.proof}. ${figures}`,
    advice: cause?.advice ?? LOOK,
    ...(cause?.detail !== undefined && { detail: cause.detail }),
  };
}

/** The pool, and the probe where it has a name of its own. */
function named({ pool, probe }: PoolEvidence): string {
  return probe === pool ? clean(pool) : `${clean(pool)} (probe ${clean(probe)})`;
}

function trouble(incident: Incident, evidence: PoolEvidence, cause: CauseWords | undefined): string {
  if (incident.end === 'withdrawn') return 'no longer watched';
  if (incident.ended !== undefined) return 'canaries are claimed in time again';
  if (!evidence.claimed) return cause?.trouble ?? 'no worker has claimed our canary';
  return isRecovering(incident) ? 'workers claim again' : 'our canary was claimed late';
}

function canary(incident: Incident, evidence: PoolEvidence): string {
  const { age, warnAfter, pageAfter, lastClaim, usual, good, resolveAfter, budgetLeft } = evidence;
  const limits =
    incident.level === 'page' ? `page at ${spoken(pageAfter)}` : `warn at ${spoken(warnAfter)}, page at ${spoken(pageAfter)}`;
  const over = incident.ended !== undefined;
  const parts = [
    ...(over ? [`Over after ${lasted(incident)}`] : []),
    `${over ? 'last canary' : 'Canary'} ${evidence.claimed ? 'claimed after' : 'unclaimed for'} ${spoken(age)}${over ? '' : `, ${limits}`}`,
    ...(lastClaim ? [`last claim ${spoken(lastClaim.ms)}, ${spoken(asOf(incident) - lastClaim.at)} ago`] : []),
    ...(usual === undefined ? [] : [`usual p95 ${spoken(usual)}`]),
    ...(budgetLeft === undefined ? [] : [lowered(budgetText(budgetLeft))]),
    ...(evidence.claimed && !over ? [`${good} of ${resolveAfter} claims in time that close this`] : []),
  ];
  return parts.join('; ');
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
