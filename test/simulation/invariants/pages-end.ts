import { isStoreFault } from '../../../src/drill/scenario.ts';
import type { Happening, Incident } from '../../../src/evidence/incident.ts';
import { iso, SECOND } from '../../../src/evidence/instant.ts';
import type { Night } from '../stage.ts';
import { channelTroubles } from './disturbances.ts';
import { isNameless } from './nameless.ts';
import { type Alert, alertsOf, probesIn, waitsForWorkers } from './pages.ts';
import { isTornApart } from './torn-apart.ts';

const ROUNDING = 3 * SECOND;

/** Every page is resolved by the end of the night unless it waits for a worker that nobody needs, no earlier than what it tells of was over, and none is opened twice for one thing. */
export function pagesEnd(night: Night): string[] {
  const alerts = alertsOf(night);
  return [
    ...night.pagerduty.open
      .filter(({ dedupKey }) => !isForgotten(night, alerts, dedupKey) && !goesOn(night, dedupKey))
      .map(({ dedupKey }) => `${dedupKey} was never resolved`),
    ...alerts.flatMap((alert) => tooEarly(night, alerts, alert)),
    ...alerts.flatMap((alert, i) =>
      alerts.slice(0, i).some((before) => isSame(before, alert) && !isTornFromHost(night, alerts, before, alert))
        ? [`${alert.id} paged twice`]
        : [],
    ),
  ];
}

/**
 * PagerDuty cannot be read. What it was told before the store was lost, and neither the queue nor Slack can tell of, nobody knows any more: of
 * Slack's own refusals Slack is not told, and of what was read of providers nothing while it is down.
 */
function isForgotten(night: Night, alerts: readonly Alert[], id: string): boolean {
  const alert = alerts.findLast((one) => one.id === id);
  if (alert === undefined) return false;
  const { scenario, slack } = night;
  if (alert.opened.incident.anchor.startsWith('probe:')) return isNameless(night, alert);
  if (slack.posts.some((post) => post.metadata?.event_payload['id'] === id)) return false;
  const losses = scenario.faults.filter(isStoreFault).filter(({ from }) => from > alert.opened.at);
  if (alert.opened.incident.cause === 'channel-refused') return losses.length > 0;
  const down = channelTroubles(scenario, 'slack');
  return losses.some((loss) => down.some(({ from, until }) => from <= alert.opened.at && loss.from <= until));
}

function goesOn(night: Night, id: string): boolean {
  const incident = night.incidents.find((one) => one.id === id);
  return incident !== undefined && waitsForWorkers(night, incident);
}

/** What waited behind a stall is paged again where it is not claimed in time even then. */
const CHANGES = new Set<Happening>(['changed', 'escalated']);

/** The same key again without the incident having come back. */
function isSame(before: Alert, { id, to, opened }: Alert): boolean {
  const { timeline } = opened.incident;
  const back = timeline.some(({ what, at }) => what === 'reopened' && at >= (before.resolved?.incident.ended ?? 0));
  const changed = timeline.some(({ what, at }) => what === 'flapping' || (CHANGES.has(what) && at >= (before.resolved?.at ?? 0)));
  return before.id === id && before.to === to && !back && !changed;
}

/** It had gone on in another, of which nobody knows any more. */
function isTornFromHost(night: Night, alerts: readonly Alert[], before: Alert, anew: Alert): boolean {
  const into = before.resolved?.incident.into;
  return alerts.some((host) => host.id === into && host.to === anew.to && isTornApart(night, host, anew));
}

function tooEarly(night: Night, alerts: readonly Alert[], { id, to, told, resolved }: Alert): string[] {
  const { incident } = resolved ?? {};
  if (incident?.ended === undefined || incident.end === 'withdrawn') return [];
  const { ended } = incident;
  if (incident.end === 'folded') {
    const host = night.incidents.find((other) => other.id === incident.into);
    const stands =
      host !== undefined && (alerts.some((alert) => alert.id === host.id && alert.to === to) || host.ended !== undefined);
    return stands ? [] : [`${id} was folded into ${incident.into}, which nobody was told of`];
  }
  const probes = new Set(told.flatMap((notice) => probesIn(notice.incident)));
  const early = [...probes].filter((probe) => !isWell(night, probe, incident, ended));
  return early.map((probe) => `${id} was resolved as of ${iso(ended)} while ${probe} was not well`);
}

/** Its last claim by then was in time, and its canary then was not late. */
function isWell(night: Night, name: string, incident: Incident, ended: number): boolean {
  const { timeline, evidence } = incident;
  const probe = night.probes.find((one) => one.name === name);
  const { warnAfter = 0 } = probe?.thresholds ?? {};
  // One that went on alone has an incident of its own, which is held to account by itself.
  if (evidence.kind === 'fleet' && night.incidents.some((other) => goesOnAlone(other, name, ended))) return true;
  if (night.incidents.some((other) => isTornFrom(incident, other, name, ended))) return true;
  if (saysUnwatched(night, incident, probe?.pool ?? '', ended)) return true;
  const canaries = night.canaries.get(name) ?? [];
  const opened = timeline.find(({ what }) => what === 'opened')?.at ?? 0;
  const claims = canaries.filter(({ claimed = 0 }) => claimed > opened - warnAfter && claimed <= ended + ROUNDING);
  const good = claims.slice(-(probe?.resolveAfter ?? 1));
  const inTime = good.every(({ claimed = 0, scheduled = 0 }) => silentOff(night, scheduled, claimed) < warnAfter);
  const late = canaries.some(
    ({ scheduled = ended, over }) => over > ended + ROUNDING && silentOff(night, scheduled, ended) >= warnAfter + ROUNDING,
  );
  return good.length >= (probe?.resolveAfter ?? 1) && inTime && !late;
}

/** Of pools that worker-manager no longer knows the end says that they are watched no more, and not that they are well. */
function saysUnwatched({ world }: Night, { evidence, opened }: Incident, pool: string, ended: number): boolean {
  if (evidence.kind !== 'fleet' || (evidence.unwatched ?? 0) === 0) return false;
  return world.truth.faultsOn(pool, opened, ended).some(({ kind }) => kind === 'pool-deleted');
}

function goesOnAlone({ anchor, timeline }: Incident, name: string, at: number): boolean {
  return anchor === `probe:${name}` && timeline.some((entry) => entry.at === at && /opened/.test(entry.what));
}

/** What was told as one because of readings is told one by one after the store was lost, and the readings with it. */
function isTornFrom({ id, relived }: Incident, other: Incident, name: string, at: number): boolean {
  if (relived === undefined || other.relived === undefined || other.id === id) return false;
  return other.anchor === `probe:${name}` && (other.ended ?? Number.POSITIVE_INFINITY) > at;
}

/** What is taken off a wait for the queue's silences, as the store has them. */
function silentOff({ state, config }: Night, from: number, to: number): number {
  const gaps = state.watch.gaps.filter((gap) => gap.to > from && gap.from < to);
  const long = gaps.findLast((gap) => gap.to - gap.from >= config.unreachableAfter);
  const start = Math.max(from, long?.to ?? from);
  return to - start - gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, start)), 0);
}
