import type { AskEvidence, Incident } from '../../evidence/incident.ts';
import { clockTime, SECOND, spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { askWordsOf } from './causes.ts';
import { asOf, lasted } from './lasted.ts';

/** The words for an incident in which we could not ask, or the configuration is at odds with the deployment. */
export function askWords(deployment: string, incident: Incident, evidence: AskEvidence) {
  const { over, open, advice } = askWordsOf(incident.cause);
  const detail = clean(evidence.detail);
  return {
    headline: `${clean(deployment)}: ${incident.ended === undefined ? open : over}`,
    reason: reason(incident, evidence),
    advice,
    ...(detail !== '' && { detail }),
  };
}

function reason(incident: Incident, evidence: AskEvidence): string {
  if (incident.ended !== undefined) return `Over after ${lasted(incident)}`;
  // One that was opened again tells of the present spell.
  const lasts = asOf(incident) - evidence.since;
  const since = `Since ${clockTime(evidence.since)} UTC${lasts < SECOND ? '' : `, for ${spoken(lasts)} now`}`;
  return [since, ...struck(incident, evidence)].join('; ');
}

function struck({ cause }: Incident, { probes, routes = [] }: AskEvidence): string[] {
  if (cause === 'channel-refused') return routes.length === 0 ? [] : [list('channel', routes)];
  if (cause === 'store-failing') return [];
  return [probes.length === 0 ? 'all probes affected' : list('probe', probes)];
}

function list(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? '' : 's'} affected: ${names.map(clean).join(', ')}`;
}
