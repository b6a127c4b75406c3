import type { Confidence, Stall } from '../../evidence/diagnosis.ts';
import type { FleetEvidence, Incident } from '../../evidence/incident.ts';
import { clockTime, spoken } from '../../evidence/instant.ts';
import { clean } from '../text.ts';
import { mostly } from './common-error.ts';
import { amount, counted, tasksWait } from './count.ts';
import { providerName } from './figures.ts';
import { asOf } from './lasted.ts';
import { isProvisioner } from './remedies.ts';

/** Providers named in a sentence; a deployment has a handful. */
const NAMED = 4;

/** Where no worker is created: `any provider`, or the names of some. */
export function where({ overall, providers }: Pick<Stall, 'overall' | 'providers'>): string {
  if (overall || providers.length === 0) return 'any provider';
  const named = providers.slice(0, NAMED).map(providerName);
  const more = providers.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

export function stallHeadline(stall: Stall): string {
  return `No workers are being created at ${where(stall)}`;
}

/** That no worker is created, with the numbers and what follows from them, without its full stop. */
export function stallSentence(incident: Incident, stall: Stall, confidence: Confidence): string {
  const { newestWorker, unmetSince, watched, unmet, waiting, overall } = stall;
  const all = watched === 1 ? 'the one pool watched' : `any of ${counted(watched, 'pool')}`;
  const pools = `${all}${overall ? '' : ` at ${where(stall)}`}`;
  const silence = spoken(asOf(incident) - newestWorker);
  const [only, ...others] = unmet;
  const some = only !== undefined && others.length === 0 ? clean(only.pool) : `${amount(unmet.length)} of them`;
  const wanted = `${tasksWait(waiting)} in ${some}`;
  const since = `unmet since ${clockTime(unmetSince)} UTC`;
  return `No worker was created in ${pools} for ${silence}, while ${wanted} (${since}); ${conclusion(stall, confidence)}`;
}

function conclusion(stall: Stall, confidence: Confidence): string {
  const { errors, commonError, overall, failing } = stall;
  const probably = errors === 0 && confidence === 'sure' ? '' : 'probably ';
  const verdict = overall ? `the provisioner has ${probably}stopped` : `the provisioner ${probably}passes over ${where(stall)}`;
  if (errors === undefined) return verdict;
  if (errors === 0) return `no provisioning errors: ${verdict}`;
  const alone = failing === undefined ? '' : ` at ${where({ overall: false, providers: failing })} alone`;
  const seen = `${counted(errors, 'provisioning error')} in the last hour${alone}${mostly(errors, commonError)}`;
  return isProvisioner(stall) ? `${seen}; that would not stop every provider: ${verdict}` : seen;
}

/** How many canaries are late by now: a stall may be seen before any is. */
export function lateCanaries({ members }: FleetEvidence): string {
  if (members.length === 0) return 'No canary of ours is late yet';
  const ages = members.filter(({ claimed }) => !claimed).map(({ age }) => age);
  const longest = ages.length === 0 ? '' : `, the longest unclaimed for ${spoken(Math.max(...ages))}`;
  return `Canaries are late in ${counted(members.length, 'pool')}${longest}`;
}
