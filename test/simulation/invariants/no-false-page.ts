import type { Stall } from '../../../src/evidence/diagnosis.ts';
import type { Incident } from '../../../src/evidence/incident.ts';
import { iso, MINUTE, SECOND } from '../../../src/evidence/instant.ts';
import type { Night } from '../stage.ts';
import { isCallFault } from './disturbances.ts';
import { type Alert, alertsOf, probesIn } from './pages.ts';

/** What a fault leaves behind, such as a worker that takes twenty times as long to come up, may be felt so long after it. */
const FELT = 5 * MINUTE;
/** The queue dates its answers by the second, and our own clock is measured by them. */
const ROUNDING = 3 * SECOND;
/** How old the reading of a watched pool may be. */
const LOOKED = 3 * MINUTE;

/** Nobody is woken unless a task really waited as long as it says, no worker really came, or calls really failed, and for a fault. */
export function noFalsePage(night: Night): string[] {
  return alertsOf(night).flatMap((alert) => {
    const { incident, at } = alert.opened;
    if (incident.level !== 'page' || isTrue(night, alert)) return [];
    return [`${incident.id} (${incident.cause}) was paged at ${iso(at)} without a fault behind it`];
  });
}

function isTrue(night: Night, { opened: { at, incident } }: Alert): boolean {
  const { evidence, anchor, since } = incident;
  if (incident.class === 'cannot-ask') {
    return night.scenario.faults.some((fault) => isCallFault(fault) && fault.from <= at && fault.until >= since - ROUNDING);
  }
  if (anchor.startsWith('pool:')) return struck(night, anchor.slice('pool:'.length), since, at);
  if (isExcess(night, incident, at)) return true;
  if (evidence.kind === 'fleet' && evidence.stall !== undefined) return stalled(night, evidence.stall, incident.opened, at);
  // Of several pools the one that it was paged for may have recovered while the page was held back for others.
  const recovered = evidence.kind === 'fleet' ? night.probes.filter(({ name }) => claimedSince(night, name, since, at)) : [];
  return [...probesIn(incident), ...recovered.map(({ name }) => name)].some((probe) => waited(night, probe, at));
}

/** Far too much capacity pages, however long a canary of the pool has waited by then. */
function isExcess({ world }: Night, { cause, evidence, since }: Incident, at: number): boolean {
  const runsAway = (pool: string) => world.truth.faultsOn(pool, since - FELT, at).some(({ kind }) => kind === 'runaway');
  if (evidence.kind === 'pool') return cause === 'over-provisioned' && runsAway(evidence.pool);
  return evidence.kind === 'fleet' && evidence.members.some(({ pool }) => runsAway(pool));
}

/** Some canary of the probe that was scheduled since the trouble began had been claimed by then. */
function claimedSince(night: Night, name: string, since: number, at: number): boolean {
  const canaries = night.canaries.get(name) ?? [];
  return canaries.some(({ scheduled = 0, claimed = at }) => scheduled >= since && claimed < at);
}

/** Some canary of the probe had been pending for `pageAfter` by then, and its pool was struck. */
function waited(night: Night, name: string, at: number): boolean {
  const probe = night.probes.find((one) => one.name === name);
  const { pageAfter = Number.POSITIVE_INFINITY } = probe?.thresholds ?? {};
  return (night.canaries.get(name) ?? []).some(({ pool, scheduled, over }, i, all) => {
    // A canary that was replaced near its deadline hands its wait on.
    const first = all.slice(0, i).findLast((earlier) => earlier.claimed !== undefined)?.claimed ?? 0;
    const since = all.find((one) => (one.scheduled ?? 0) > first)?.scheduled ?? scheduled;
    if (since === undefined || since > at) return false;
    return Math.min(over, at) - since >= pageAfter - ROUNDING && struck(night, pool, since, at);
  });
}

function struck({ world }: Night, pool: string, since: number, at: number): boolean {
  return world.truth.faultsOn(pool, since - FELT, at).length > 0;
}

/** No worker came in any pool of the providers for as long as is allowed, as far as readings can have told. */
function stalled(night: Night, { providers, newestWorker }: Stall, opened: number, at: number): boolean {
  const { world, config } = night;
  const pools = [...world.pools.values()].filter(({ provider }) => providers.includes(provider));
  // Providers may have joined since.
  const from = Math.max(opened - config.provisioning.silence, newestWorker) + ROUNDING;
  const came = pools.some(({ id }) => world.truth.workersCreated(id).some((then) => then > from && then < opened - LOOKED));
  return !came && pools.some(({ id }) => struck(night, id, from, at));
}
