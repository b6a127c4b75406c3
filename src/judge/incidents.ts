import type { Address, Anchor, Cause, Entry, Incident, IncidentClass, Level, Severity } from '../evidence/incident.ts';
import { SECOND, spoken } from '../evidence/instant.ts';
import type { Docket } from './docket.ts';
import { hushFor } from './hush.ts';
import { incidentId } from './incident-id.ts';
import { FLAP_WINDOW, FLAPS } from './limits.ts';

export interface Opening {
  anchor: Anchor;
  class: IncidentClass;
  cause: Cause;
  level: Level;
  since: number;
  /** The opening canary's slot, or where there is none the second the trouble began in. */
  slot: number;
  at: number;
  /** When its threshold was crossed. */
  crossed: number;
  evidence: Incident['evidence'];
  text: string;
}

/** Opens an incident, or opens again the one of the same anchor that ended a short while ago. */
export function open(docket: Docket, opening: Opening): void {
  const last = docket.ended.get(opening.anchor);
  const { slot, at, text, crossed: when, ...rest } = opening;
  const crossed = { [opening.level]: when };
  if (last !== undefined && mayReopen(docket, last, at)) {
    const { ended: _ended, end: _end, into: _into, silenced: _silenced, unheard: _unheard, ...before } = last;
    const again = { ...before, level: opening.level, cause: opening.cause, evidence: opening.evidence, crossed, addressed: {} };
    say(docket, { ...again, ...relapse(docket, last, at) }, reopening(docket, last, at, text));
    return;
  }
  if (last !== undefined) docket.close(last);
  const adopted = adopt(docket, opening.anchor);
  const again = adopted === undefined ? {} : relivedAt(docket.now, adopted.slot);
  const id = adopted?.id ?? incidentId(docket.config.deployment, opening.anchor, slot);
  const runbook = opening.evidence.kind === 'pool' ? docket.probe(opening.evidence.probe)?.runbook : undefined;
  const incident: Incident = { ...rest, id, opened: at, revision: 0, timeline: [], addressed: {}, crossed, ...again };
  say(docket, runbook === undefined ? incident : { ...incident, runbook }, { at, what: 'opened', text, loud: true });
}

/** The id under which a channel was found to show it after the store was lost, and its slot; the incident goes on under that. */
function adopt(docket: Docket, anchor: Anchor): { id: string; slot: number } | undefined {
  const standing = docket.watch.standing ?? [];
  const found = standing.find((one) => one.anchor === anchor);
  if (found !== undefined) docket.putWatch({ standing: standing.filter((one) => one !== found) });
  return found;
}

/**
 * What marks an incident that somebody may have been told of before the store was lost: its revisions go on from one that is higher than
 * any it had, for none comes to be in a second.
 *
 * @param slot Of its id: when it began, though it was found anew only now.
 */
export function relivedAt(now: number, slot: number): { relived: number; revision: number } {
  return { relived: now, revision: Math.max(1, Math.ceil((now - slot) / SECOND)) };
}

function mayReopen({ config }: Docket, { ended, end }: Incident, at: number): boolean {
  if (ended === undefined || end === 'withdrawn') return false;
  return end === 'folded' || at - ended <= config.incidents.reopenWithin;
}

/** What a return does to the count of returns; one that goes on after it was told elsewhere is none. */
function relapse(docket: Docket, last: Incident, at: number): Partial<Incident> {
  if (last.end === 'folded') return {};
  const reopened = [...(last.reopened ?? []).filter((then) => then > at - FLAP_WINDOW), at];
  const flapping = last.flappingSince ?? (isFlapping(docket, reopened) ? at : undefined);
  return { reopened, ...(flapping !== undefined && { flappingSince: flapping, badAt: at }) };
}

function isFlapping(docket: Docket, reopened: number[]): boolean {
  return docket.config.incidents.reopenWithin > 0 && reopened.length >= FLAPS;
}

function reopening(docket: Docket, last: Incident, at: number, text: string): Entry {
  const { reopened, flappingSince } = relapse(docket, last, at);
  if (flappingSince === undefined || last.flappingSince !== undefined) return { at, what: 'reopened', text, loud: true };
  const calm = spoken(docket.config.incidents.reopenWithin);
  const often = `back ${reopened?.length} times in ${spoken(at - (reopened?.[0] ?? at))}, now ${text}`;
  return { at, what: 'flapping', text: `${often}; said no more until it stays good for ${calm}`, loud: true };
}

export type Revision = Partial<Pick<Incident, 'cause' | 'level' | 'evidence' | 'ended' | 'end' | 'into' | 'since' | 'badAt'>>;

/**
 * The incident's next revision with one more line of its story; routes that have been told of it hear of every revision. `crossed` is when
 * the threshold of a higher level was crossed.
 */
export function revise(docket: Docket, incident: Incident, change: Revision, entry: Entry, crossed?: number): void {
  const unheard = change.ended !== undefined && isHeldBack(docket, incident);
  const next: Incident = { ...incident, ...change, ...(unheard && { unheard }) };
  const rises = change.level !== undefined && change.level !== incident.level;
  if (rises && crossed !== undefined) next.crossed = { ...incident.crossed, [next.level]: crossed };
  const spreads = SPREADING[next.evidence.kind]?.has(entry.what) === true;
  if (rises || spreads) say(docket, next, entry);
  else write(docket, next, entry);
}

/** A line of the story that everyone is to hear whom the incident's level and pools concern, unless it is silenced. */
export function say(docket: Docket, incident: Incident, entry: Entry): void {
  const hush = hushFor(docket, incident);
  const { silenced: _over, remind: _old, ...rest } = incident;
  const addressed = addressedBy(docket, incident);
  if (hush !== undefined) {
    // Whoever was told before the store was lost hears how it goes on: a channel that shows it as open would do so for ever.
    const heard = incident.relived === undefined ? {} : addressed;
    write(docket, { ...rest, silenced: hush, addressed: {} }, entry, heard);
    return;
  }
  const every = docket.config.incidents.remindEvery;
  write(docket, { ...rest, addressed, ...(every !== undefined && { remind: { at: entry.at + every, sent: 0 } }) }, entry);
}

/** `heard`: who hears of it besides those that it is addressed to. */
function write(docket: Docket, incident: Incident, entry: Entry, heard: Incident['addressed'] = {}): void {
  const line = incident.silenced === undefined ? entry : { ...entry, loud: false };
  const next = { ...incident, revision: incident.revision + 1, timeline: [...incident.timeline, line] };
  const routes = Object.keys({ ...next.addressed, ...heard }) as Address['route'][];
  docket.putIncident(next, routes, holdFor(docket, next, entry));
}

const HELD = new Set<Entry['what']>(['opened', 'reopened', 'escalated', 'unsilenced']);

/** A pool's first notice of a level waits for pools that go bad with it. */
function holdFor({ rules, now, watch }: Docket, incident: Incident, { what }: Entry): number | undefined {
  const waits = incident.class === 'pool' && HELD.has(what) && rules.groupWait > 0;
  return waits ? now - watch.offset + rules.groupWait : undefined;
}

function isHeldBack({ rules, now }: Docket, incident: Incident): boolean {
  const begun = incident.timeline.findLast(({ what }) => what === 'opened' || what === 'reopened');
  return incident.class === 'pool' && begun !== undefined && now < begun.at + rules.groupWait;
}

/** Lines of a story by which others may have to hear of it: those whose pools join a fleet or a burn, or whose canaries are late in the pool. */
const SPREADING: Partial<Record<Incident['evidence']['kind'], ReadonlySet<Entry['what']>>> = {
  budget: new Set(['joined']),
  fleet: new Set(['joined', 'promoted', 'escalated']),
  capacity: new Set(['changed', 'escalated']),
};

const SEVERITIES: Severity[] = ['critical', 'error', 'warning', 'info'];

export function isWorse(one: Severity, other: Severity): boolean {
  return SEVERITIES.indexOf(one) < SEVERITIES.indexOf(other);
}

/** Each route that the incident's level and pools concern, with the worst severity that any of them has there. */
export function addressedBy(docket: Docket, incident: Incident): Incident['addressed'] {
  const addressed: Incident['addressed'] = {};
  for (const { route, ...manner } of addresses(docket, incident)) {
    const before = addressed[route];
    const stands = before !== undefined && isWorse(before.severity, manner.severity);
    addressed[route] = { ...before, ...manner, ...(stands && { severity: before.severity }) };
  }
  return addressed;
}

function addresses(docket: Docket, { anchor, evidence, level, cause }: Incident): Address[] {
  const { rules } = docket;
  if (evidence.kind === 'pool') return rules.addressees(docket.probe(evidence.probe), level);
  if (cause === 'channel-refused') return others(docket, evidence);
  if (evidence.kind === 'capacity') return [...rules.addressees(undefined, level), ...ofCanaries(docket, evidence.pool)];
  if (evidence.kind === 'budget') return evidence.burning.flatMap(({ probe }) => rules.addressees(docket.probe(probe), level));
  if (evidence.kind !== 'fleet') return rules.addressees(undefined, level);
  // What stalls is everybody's, and each of its pools that of its own people.
  const everybody = anchor.startsWith('provider:') ? rules.addressees(undefined, level) : [];
  const standing = evidence.stall !== undefined && docket.config.provisioning.mode === 'alert' ? level : undefined;
  return [
    ...everybody,
    ...evidence.members.flatMap((member) => rules.addressees(docket.probe(member.probe), standing ?? member.level)),
  ];
}

/** The people of the canaries that are late in a pool. */
function ofCanaries({ rules, probes, states }: Docket, pool: string): Address[] {
  return probes.flatMap((probe) => {
    const breach = probe.pool === pool ? states.get(probe.name)?.breach : undefined;
    return breach === undefined ? [] : rules.addressees(probe, breach.level);
  });
}

/** Of a channel that refuses all the others tell, PagerDuty with a severity that need not wake anybody. */
function others({ rules }: Docket, evidence: Incident['evidence']): Address[] {
  const refused: string[] = (evidence.kind === 'ask' && evidence.routes) || [];
  const all = [...rules.addressees(undefined, 'page'), ...rules.addressees(undefined, 'warn')];
  return all.filter(({ route }) => !refused.includes(route)).map(({ route }) => ({ route, severity: 'warning' }));
}

/** Ends an incident, unless it comes and goes and was bad a short while ago: that it is good right now is then no news. */
export function resolve(docket: Docket, incident: Incident, at: number, entry: Entry, evidence = incident.evidence): void {
  const { reopenWithin } = docket.config.incidents;
  if (incident.flappingSince !== undefined && docket.now - (incident.badAt ?? 0) < reopenWithin) return;
  revise(docket, incident, { ended: at, end: 'resolved', evidence }, entry);
}
