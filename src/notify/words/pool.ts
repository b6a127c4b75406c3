import type { Incident, PoolEvidence } from '../../evidence/incident.ts';
import { spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { asOf, lasted } from './lasted.ts';
import { isRecovering } from './status.ts';

const ADVICE = "The pool's page shows what is running and requested, its errors what the cloud refused.";

/** The words for one pool's incident. */
export function poolWords(incident: Incident, evidence: PoolEvidence) {
  return { headline: `${named(evidence)}: ${trouble(incident, evidence)}`, reason: reason(incident, evidence), advice: ADVICE };
}

/** The pool, and the probe where it has a name of its own. */
function named({ pool, probe }: PoolEvidence): string {
  return probe === pool ? clean(pool) : `${clean(pool)} (probe ${clean(probe)})`;
}

function trouble(incident: Incident, evidence: PoolEvidence): string {
  if (incident.end === 'withdrawn') return 'no longer watched';
  if (incident.ended !== undefined) return 'canaries are claimed in time again';
  if (!evidence.claimed) return 'no worker has claimed our canary';
  return isRecovering(incident) ? 'workers claim again' : 'our canary was claimed late';
}

function reason(incident: Incident, evidence: PoolEvidence): string {
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
