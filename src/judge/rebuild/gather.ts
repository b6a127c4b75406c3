import type { Standing } from '../../evidence/fact.ts';
import type { Incident, Member } from '../../evidence/incident.ts';
import { fleetEvidenceOf, levelOf, named } from '../members.ts';
import type { Shown } from '../unseen.ts';
import type { Lived, Past } from './relive.ts';
import { lastKnown } from './standing.ts';

/** What goes on, what goes on in another, and what the queue cannot tell of. */
interface Gathered {
  open: Lived[];
  folded: Lived[];
  unknown: Shown[];
}

/**
 * Pools that were told as one for what was read of workers, of which the queue tells nothing, go on as one: where a channel shows that an open
 * incident tells of a probe, what was lived through of that probe alone is folded into it, and pages nobody anew.
 */
export function gather(
  past: Past,
  { open, unknown }: { open: readonly Lived[]; unknown: readonly Shown[] },
  standing: readonly Standing[],
): Gathered {
  const shown = new Set(standing.map(({ id }) => id));
  const left = new Set(open);
  const folded: Lived[] = [];
  for (const one of standing) {
    const guests = [...left].filter(({ incident }) => !shown.has(incident.id) && isAloneOf(incident, one.probes));
    const host = [...left].find(({ incident }) => incident.id === one.id) ?? stallOf(past, unknown, one.id);
    if (host === undefined || guests.length === 0) continue;
    for (const each of [host, ...guests]) left.delete(each);
    left.add(withGuests(host, guests, one.provider, past.now));
    folded.push(...guests.map((guest) => ({ ...guest, incident: foldedInto(guest.incident, one.id, past.now) })));
  }
  const ids = new Set([...left].map(({ incident }) => incident.id));
  return { open: [...left], folded, unknown: unknown.filter(({ id }) => !ids.has(id)) };
}

function isAloneOf({ evidence, silenced }: Incident, probes: readonly string[]): boolean {
  return evidence.kind === 'pool' && silenced === undefined && probes.includes(evidence.probe);
}

/** A provider's, as far as it is known. */
function stallOf(past: Past, unknown: readonly Shown[], id: string): Lived | undefined {
  const shown = unknown.find((each) => each.id === id && each.anchor.startsWith('provider:'));
  if (shown === undefined) return undefined;
  const { incident, ...lived } = lastKnown(past, shown);
  const { ended: _ended, end: _end, ...rest } = incident;
  const { slot } = shown;
  const entry = { at: slot, what: 'opened' as const, text: 'it was open when our store was lost', loud: true };
  return { ...lived, incident: { ...rest, crossed: { page: slot }, timeline: [entry] } };
}

function withGuests(host: Lived, guests: readonly Lived[], provider: string | undefined, now: number): Lived {
  const { incident } = host;
  const others = guests.map((guest) => guest.incident);
  const all = [incident, ...others];
  const joined = others.flatMap(membersIn);
  const members = all.flatMap(membersIn).sort((a, b) => a.since - b.since || (a.probe < b.probe ? -1 : 1));
  const since = Math.min(...all.map((each) => each.since));
  const evidence = { ...fleetEvidenceOf(incident, since, members), ...(provider !== undefined && { provider }) };
  const text = `${named(joined)} had joined it before our store was lost; ${members.length} are bad now`;
  const page = Math.min(...all.map(({ crossed }) => crossed.page ?? Number.POSITIVE_INFINITY));
  return {
    ...host,
    routes: new Set([host, ...guests].flatMap(({ routes }) => [...routes])),
    incident: {
      ...incident,
      level: incident.level === 'page' ? 'page' : levelOf(members),
      since,
      evidence,
      addressed: Object.assign({}, ...others.map(({ addressed }) => addressed), incident.addressed),
      crossed: { ...incident.crossed, ...(Number.isFinite(page) && { page }) },
      timeline: [...incident.timeline, { at: now, what: 'joined', text, loud: false }],
    },
  };
}

function membersIn({ evidence, level }: Incident): Member[] {
  if (evidence.kind === 'fleet') return evidence.members;
  if (evidence.kind !== 'pool') return [];
  const { probe, pool, taskId, since, age, claimed } = evidence;
  return [{ probe, pool, level, taskId, since, age, claimed }];
}

function foldedInto(incident: Incident, id: string, now: number): Incident {
  const entry = { at: now, what: 'folded' as const, text: `it had gone on in ${id} before our store was lost`, loud: false };
  return { ...incident, ended: now, end: 'folded', into: id, timeline: [...incident.timeline, entry] };
}
