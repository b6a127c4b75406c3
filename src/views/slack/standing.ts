import type { Incident } from '../../evidence/incident.ts';
import type { ProbeReport, Report, Verdict } from '../../evidence/report.ts';
import { doubtOf, isWaiting } from '../doubt.ts';
import { isQuiet } from '../urgency.ts';

/** Whether all is well, in one line; and why the figures are not to be taken for new, where they are not. */
export interface Standing {
  sign: string;
  line: string;
  doubt?: string;
}

export const SIGNS: Record<Verdict, string> = { stuck: '🔴', slow: '🟡', unknown: '⚪', healthy: '🟢' };
const DOUBT = '⚠️';

/** `trouble`: why no newer report could be made. */
export function standingOf(report: Report, trouble?: string): Standing {
  const doubt = trouble ?? doubtOf(report);
  if (doubt !== undefined) return { sign: DOUBT, line: `cannot tell how the pools do: ${doubt}`, doubt };
  if (report.probes.length === 0) return { sign: SIGNS.unknown, line: 'no pool is watched yet' };
  const counts = countsOf(report);
  return { sign: signOf(report, counts), line: [...words(report, counts), ...asidesOf(report.probes)].join(', ') };
}

/** Pools by how they do, of those that somebody would be told of and that were asked before. */
type Counts = Record<Verdict, number>;

function countsOf({ probes }: Report): Counts {
  const counts: Counts = { stuck: 0, slow: 0, unknown: 0, healthy: 0 };
  for (const probe of probes) if (!isQuiet(probe) && !isWaiting(probe)) counts[probe.verdict] += 1;
  return counts;
}

function signOf({ incidents }: Report, { stuck, slow, unknown, healthy }: Counts): string {
  const open = openOf(incidents);
  if (stuck > 0 || open.some(({ level }) => level === 'page')) return SIGNS.stuck;
  if (slow > 0 || open.length > 0) return SIGNS.slow;
  return unknown > 0 || healthy === 0 ? SIGNS.unknown : SIGNS.healthy;
}

function words({ incidents }: Report, { stuck, slow, unknown, healthy }: Counts): string[] {
  const open = openOf(incidents);
  const own = open.filter(({ evidence }) => evidence.kind === 'ask').length;
  const bad = [
    ...(stuck > 0 ? [`${stuck} stuck`] : []),
    ...(slow > 0 ? [`${slow} slow`] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
    ...(own > 0 ? [`${own} ${own === 1 ? 'trouble' : 'troubles'} of the prober`] : []),
  ];
  if (bad.length > 0) return [...bad, ...(healthy > 0 ? [`${healthy} fine`] : [])];
  if (healthy === 0) return ['no answer yet'];
  if (open.length > 0) return [`${pools(healthy)} ${healthy === 1 ? 'claims' : 'claim'} in time, not yet for long`];
  return [healthy === 1 ? 'the pool claims in time' : `all ${pools(healthy)} claim in time`];
}

/** Open incidents that somebody is to hear of, pages first, the longest first. */
export function openOf(incidents: readonly Incident[]): Incident[] {
  return incidents
    .filter(({ ended, silenced }) => ended === undefined && silenced === undefined)
    .toSorted((a, b) => Number(b.level === 'page') - Number(a.level === 'page') || a.since - b.since);
}

/** Those that raise no alarm. */
function asidesOf(probes: readonly ProbeReport[]): string[] {
  const silenced = probes.filter((probe) => probe.silenced !== undefined).length;
  const observed = probes.filter((probe) => probe.silenced === undefined && probe.thresholds === undefined && !isWaiting(probe));
  const ill = observed.filter(({ verdict }) => verdict === 'stuck' || verdict === 'slow').length;
  const waiting = probes.filter((probe) => isWaiting(probe) && probe.silenced === undefined).length;
  return [
    ...(silenced > 0 ? [`${silenced} silenced`] : []),
    ...(observed.length > 0 ? [`${observed.length} only observed${ill > 0 ? ` (${ill} slow or stuck)` : ''}`] : []),
    ...(waiting > 0 ? [`${waiting} new`] : []),
  ];
}

function pools(count: number): string {
  return `${count} ${count === 1 ? 'pool' : 'pools'}`;
}
