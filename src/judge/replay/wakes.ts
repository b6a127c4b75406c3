import type { Incident } from '../../evidence/incident.ts';
import type { Config, Probe } from '../../evidence/probe.ts';
import type { ProbeState, State, Watch } from '../../evidence/state.ts';
import { pendingFrom, waitingSince } from '../waiting.ts';

type Limits = Pick<Config, 'unreachableAfter' | 'incidents'>;

/** When the canary in flight next crosses a threshold, after `after`; undefined where it has crossed both. */
export function nextCrossing(
  { unreachableAfter }: Limits,
  { thresholds }: Probe,
  state: ProbeState,
  watch: Watch,
  after: number,
): number | undefined {
  const pending = pendingFrom(state);
  if (thresholds === undefined || pending === undefined) return undefined;
  const since = waitingSince(pending, watch, unreachableAfter);
  const ahead = [since + thresholds.warnAfter, since + thresholds.pageAfter].filter((at) => at > after);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}

/** When time alone changes an incident next, after `now`: a silence ends, one that came and went has calmed down, the last pool left is late by itself. */
export function nextByTime(
  { incidents: { reopenWithin } }: Limits,
  { incidents, probes }: Pick<State, 'incidents' | 'probes'>,
  probeOf: (name: string) => Probe | undefined,
  now: number,
): number {
  const due = [...incidents.values()].flatMap((incident) => [
    incident.silenced?.until,
    ...calmsAt(incident, probes, reopenWithin),
    leftAt(incident, probeOf),
  ]);
  return Math.min(...due.filter((at) => at !== undefined && at > now).map(Number));
}

function calmsAt(incident: Incident, probes: State['probes'], reopenWithin: number): (number | undefined)[] {
  const { flappingSince, badAt = 0, evidence } = incident;
  if (flappingSince === undefined) return [];
  const breach = evidence.kind === 'pool' ? probes.get(evidence.probe)?.breach : undefined;
  return [badAt + reopenWithin, breach && breach.since + reopenWithin + 1];
}

function leftAt({ evidence }: Incident, probeOf: (name: string) => Probe | undefined): number | undefined {
  if (evidence.kind !== 'fleet' || evidence.lastSince === undefined) return undefined;
  const thresholds = probeOf(evidence.members[0]?.probe ?? '')?.thresholds;
  return thresholds && evidence.lastSince + thresholds.pageAfter;
}
