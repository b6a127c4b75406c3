import type { Cause, Incident } from '../../evidence/incident.ts';
import { exactQuantile } from '../../stats/sketch.ts';
import { type Alarm, poolsOf } from './alarms.ts';

/** What one set of thresholds made of an outage, and another of the same; one of them may have made nothing. */
export interface Pair {
  one?: Alarm;
  other?: Alarm;
}

/** Alarms of the same trouble side by side, in the order in which they began: of one incident, or of a pool in common at one time. */
export function paired(ones: readonly Alarm[], others: readonly Alarm[]): Pair[] {
  const left = new Set(others);
  const partnerOf = (one: Alarm, same: (one: Alarm, other: Alarm) => boolean) => {
    const found = [...left].find((other) => same(one, other));
    if (found !== undefined) left.delete(found);
    return found;
  };
  const byId = ones.map((one) => ({ one, other: partnerOf(one, isOne) }));
  const pairs = byId.map(({ one, other = partnerOf(one, isAlike) }): Pair => ({ one, ...(other && { other }) }));
  return [...pairs, ...[...left].map((other): Pair => ({ other }))].sort((a, b) => begun(a) - begun(b));
}

function begun({ one, other }: Pair): number {
  return Math.min(...[one, other].flatMap((alarm) => (alarm === undefined ? [] : [toldAt(alarm)])));
}

/** When somebody was first told. */
export function toldAt({ told }: Alarm): number {
  return Math.min(told.warn ?? Number.POSITIVE_INFINITY, told.page ?? Number.POSITIVE_INFINITY);
}

function isOne(one: Alarm, other: Alarm): boolean {
  return one.incident.id === other.incident.id && meet(one, other);
}

function isAlike(one: Alarm, other: Alarm): boolean {
  return meet(one, other) && one.pools.some((pool) => other.pools.includes(pool));
}

/** From the first canary that was late to the end. */
function meet(one: Alarm, other: Alarm): boolean {
  const [a, b] = [one, other].map(({ incident, ended = Number.POSITIVE_INFINITY }) => ({ from: incident.since, until: ended }));
  return a !== undefined && b !== undefined && a.from <= b.until && b.from <= a.until;
}

/** The cause that was found then: of the same incident, or of another that told of one of its pools at the time. Readings are not replayed. */
export function causeThen({ incident, pools, ended = Number.POSITIVE_INFINITY }: Alarm, stored: readonly Incident[]): Cause {
  const same = stored.find(({ id }) => id === incident.id);
  const told =
    same === undefined || same.cause === 'unexplained'
      ? stored.find((other) => tellsOf(other, pools, incident.since, ended))
      : same;
  return (told ?? same)?.cause ?? 'unexplained';
}

function tellsOf(incident: Incident, pools: readonly string[], from: number, until: number): boolean {
  const { since, ended = Number.POSITIVE_INFINITY, cause } = incident;
  const told = incident.class === 'pool' && incident.evidence.kind !== 'budget';
  if (!told || cause === 'unexplained' || since > until || ended < from) return false;
  return poolsOf(incident).some((pool) => pools.includes(pool));
}

export interface Detection {
  /** From the first canary that nobody claimed to the page: the median, and the longest. Milliseconds. */
  median?: number;
  longest?: number;
}

export function pagesOf(alarms: readonly Alarm[]): (Alarm & { told: { page: number } })[] {
  return alarms.filter((alarm): alarm is Alarm & { told: { page: number } } => alarm.told.page !== undefined);
}

export function detectionOf(alarms: readonly Alarm[]): Detection {
  const taken = pagesOf(alarms).map(({ told, incident }) => told.page - incident.since);
  const [median, longest] = [exactQuantile(taken, 0.5), exactQuantile(taken, 1)];
  return { ...(median !== undefined && { median }), ...(longest !== undefined && { longest }) };
}
