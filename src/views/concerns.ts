import type { Incident } from '../evidence/incident.ts';
import type { ProbeReport, Report } from '../evidence/report.ts';
import type { State } from '../evidence/state.ts';
import { matches, type Subject } from '../judge/match.ts';
import type { Force } from '../judge/silences.ts';

/** The open incident that tells of each probe: its own before one of its pool by itself. One of several pools may hang on a probe that has left it. */
export function incidentsByProbe({ incidents, probes }: Pick<State, 'incidents' | 'probes'>): Map<string, Incident> {
  const byProbe = new Map<string, Incident>();
  for (const incident of incidents.values()) {
    const { evidence, anchor } = incident;
    if (evidence.kind === 'fleet') for (const { probe } of evidence.members) byProbe.set(probe, incident);
    else if (anchor.startsWith('probe:')) byProbe.set(anchor.slice('probe:'.length), incident);
  }
  for (const { name, pool } of probes.values()) {
    const ofPool = incidents.get(`pool:${pool}`);
    if (ofPool !== undefined && !byProbe.has(name)) byProbe.set(name, ofPool);
  }
  return byProbe;
}

/** Whether an incident tells of a probe, by itself or among others, or of its pool. */
export function isAbout({ anchor, evidence }: Incident, { name, pool }: { name: string; pool: string }): boolean {
  if (anchor === `probe:${name}`) return true;
  if (evidence.kind === 'fleet') return evidence.members.some(({ probe }) => probe === name);
  if (evidence.kind === 'budget') return evidence.burning.some(({ probe }) => probe === name);
  return evidence.kind === 'capacity' && evidence.pool === pool;
}

/** What a silence of the probe may be about; by cause it is one of the trouble that the probe is in. */
export function subjectOf({ name: probe, pool, incident }: ProbeReport): Subject {
  return { probe, pool, ...(incident && { cause: incident.cause }) };
}

/** Those that end last first, each with the probes it is about. */
export function silencesOf(forces: readonly Force[], probes: readonly ProbeReport[]): Report['silences'] {
  return forces
    .map((force) => ({
      ...force,
      probes: probes.filter((probe) => matches(force.match, subjectOf(probe))).map(({ name }) => name),
    }))
    .sort((a, b) => b.until - a.until || (a.by < b.by ? -1 : 1));
}
