import { CAUSES } from '../../../src/evidence/incident.ts';
import { iso, MINUTE } from '../../../src/evidence/instant.ts';
import type { Probe } from '../../../src/evidence/probe.ts';
import { matches } from '../../../src/judge/match.ts';
import type { Night, TrueCanary } from '../stage.ts';
import { callTroubles, calmFrom, channelTroubles, type Interval, proberTroubles } from './disturbances.ts';
import { type Alert, alertsOf, probesIn, serviceOf } from './pages.ts';

/** A look, a minute of a CronJob, the wait for others that go bad too, and the way to PagerDuty. */
const TOLD_WITHIN = 3 * MINUTE;

/** Whoever stays stuck past `pageAfter` is paged of, once queue, channel and prober are there for long enough to see it and to say it. */
export function stuckIsPaged(night: Night): string[] {
  const alerts = alertsOf(night);
  return night.probes.flatMap((probe) => {
    const { pageAfter } = probe.thresholds ?? {};
    if (probe.mode === 'observe' || pageAfter === undefined) return [];
    return (night.canaries.get(probe.name) ?? []).flatMap((canary) => unpaged(night, alerts, probe, canary, pageAfter));
  });
}

function unpaged(night: Night, alerts: readonly Alert[], probe: Probe, canary: TrueCanary, pageAfter: number): string[] {
  const { scenario } = night;
  const { scheduled, over } = canary;
  if (scheduled === undefined || mayBeExcused(night, probe, canary)) return [];
  const late = scheduled + pageAfter;
  // Time in which the queue was silent is taken off ages, or has them begin anew.
  const silent = callTroubles(scenario).map(({ from, until }) => ({ from, until: until + pageAfter }));
  const troubles = [
    ...silent,
    ...channelTroubles(scenario, 'pagerduty'),
    ...proberTroubles(scenario),
    ...silencesOf(night, probe),
  ];
  const due = calmFrom(late, TOLD_WITHIN, troubles) + TOLD_WITHIN;
  // Who joins a page that is out is told of in Slack alone.
  const joins = calmFrom(late, TOLD_WITHIN, [...troubles, ...channelTroubles(scenario, 'slack')]) + TOLD_WITHIN;
  if (over < due || alerts.some((alert) => covers(night, alert, probe, { late, due, joins }))) return [];
  return [
    `${probe.name}: ${canary.taskId} was pending from ${iso(scheduled)} to ${iso(over)}, and nobody was paged by ${iso(due)}`,
  ];
}

/** When nobody may have been told of it by somebody's wish; of a cause it is not known beforehand what it takes in. */
function silencesOf({ config, scenario }: Night, { name, pool }: Probe): Interval[] {
  return config.silences
    .filter(({ match }) => CAUSES.some((cause) => matches(match, { probe: name, pool, cause })))
    .map(({ from = scenario.start, until }) => ({ from, until }));
}

interface Dues {
  late: number;
  /** By when a page must be out, and by when it must tell of the probe. */
  due: number;
  joins: number;
}

/**
 * It was open between the two instants, at the people of the probe, and they were told of it, be it by a Slack that was down until all was over;
 * that nobody can be asked is told to all.
 */
function covers(night: Night, { id, to, opened, resolved }: Alert, probe: Probe, { late, due, joins }: Dues): boolean {
  if (opened.at > due || (resolved?.at ?? due) < late) return false;
  const { world, config, notices } = night;
  const own = to === serviceOf(night, probe);
  const provider = world.pools.get(probe.pool)?.provider ?? '';
  return notices
    .filter(({ at, incident }) => incident.id === id && at >= opened.at && at <= joins)
    .some(({ incident }) => {
      const { anchor, evidence, timeline } = incident;
      if (probesIn(incident).includes(probe.name) || anchor === `pool:${probe.pool}`) return own;
      // At the end nobody is bad any more, and what is told is that the pool was.
      if (evidence.kind === 'fleet' && timeline.some(({ text }) => text.includes(probe.pool))) return own;
      if (evidence.kind === 'fleet' && evidence.stall?.providers.includes(provider) === true) return own;
      return config.unreachableAfter > 0 && anchor === 'ask:queue-unreachable';
    });
}

/** By design nobody is paged of a pool that is gone, nor of a queue that moves unless the probe says so. */
function mayBeExcused(
  { world, canaries }: Night,
  { name, pool, pageOnBacklog }: Probe,
  { scheduled = 0, over }: TrueCanary,
): boolean {
  const faults = world.truth.faultsOn(pool, scheduled - 20 * MINUTE, over);
  if (faults.some(({ kind }) => kind === 'pool-deleted')) return true;
  if (pageOnBacklog) return false;
  const busy = world.pools.get(pool)?.spec.load !== undefined || faults.some(({ kind }) => kind === 'backlog');
  const others = [...canaries].some(
    ([probe, each]) => probe !== name && each.some((other) => other.pool === pool && (other.claimed ?? 0) > scheduled),
  );
  return busy || others;
}
