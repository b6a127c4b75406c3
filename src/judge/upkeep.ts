import type { Entry, Hush, Incident } from '../evidence/incident.ts';
import { dayAndMinute, minuteOf, spoken } from '../evidence/instant.ts';
import { burnNow } from './budgets.ts';
import type { Docket } from './docket.ts';
import { hushFor } from './hush.ts';
import { resolve, revise, say } from './incidents.ts';
import { REMIND_AT_MOST } from './limits.ts';

/** What time alone does to incidents: silences begin and end, reminders fall due, what came and went has calmed down, old ends are final. */
export function keepUp(docket: Docket): void {
  for (const incident of docket.incidents.values()) followSilence(docket, incident);
  for (const incident of docket.incidents.values()) calm(docket, incident);
  for (const incident of docket.incidents.values()) remind(docket, incident);
  const { reopenWithin } = docket.config.incidents;
  for (const incident of docket.ended.values()) {
    const final = incident.end === 'withdrawn' || docket.now - (incident.ended ?? 0) > reopenWithin;
    if (final && !goesOn(docket, incident)) docket.close(incident);
  }
}

/** Its pool is still bad, and may be told of alone again. */
function goesOn(docket: Docket, { end, anchor }: Incident): boolean {
  return end === 'folded' && docket.states.get(anchor.slice('probe:'.length))?.breach !== undefined;
}

function followSilence(docket: Docket, incident: Incident): void {
  const hush = hushFor(docket, incident);
  const before = incident.silenced;
  const at = docket.now;
  if (hush === undefined && before === undefined) return;
  if (hush === undefined) {
    // While the queue is silent nothing is said of pools; afterwards those that are bad may be told together.
    if (incident.class === 'pool' && docket.watch.trouble.look !== undefined) return;
    if (isWell(docket, incident)) {
      lift(docket, incident);
      return;
    }
    const text = `the silence is over and this is not, after ${spoken(at - incident.since)}`;
    say(docket, incident, { at, what: 'unsilenced', text, loud: true });
  } else if (before === undefined || before.by !== hush.by || before.until !== hush.until) {
    say(docket, incident, { at, what: 'silenced', text: silenceText(hush), loud: false });
  }
}

/** One that comes and goes may be gone just now. */
function isWell(docket: Docket, { evidence }: Incident): boolean {
  return evidence.kind === 'pool' && docket.states.get(evidence.probe)?.breach === undefined;
}

function lift(docket: Docket, incident: Incident): void {
  const { silenced: _over, ...rest } = incident;
  revise(docket, rest, {}, { at: docket.now, what: 'unsilenced', text: 'the pool is well just now', loud: false });
}

function silenceText({ by, until, reason }: Hush): string {
  return `until ${dayAndMinute(until)} by ${by}: ${reason}`;
}

/** One that came and went is over once it has been good for long enough. */
function calm(docket: Docket, incident: Incident): void {
  const { flappingSince, badAt = 0, evidence } = incident;
  const at = docket.now;
  if (flappingSince === undefined || evidence.kind !== 'pool') return;
  const breach = docket.states.get(evidence.probe)?.breach;
  if (breach !== undefined) {
    if (!breach.claimed && at - breach.since > docket.config.incidents.reopenWithin) stays(docket, incident, breach.since);
    return;
  }
  const text = `good for ${spoken(at - badAt)} after it had come and gone since ${minuteOf(incident.opened)}`;
  resolve(docket, incident, at, { at, what: 'resolved', text, loud: true });
}

/** What came and went stays bad this time, which nobody would hear otherwise. */
function stays(docket: Docket, incident: Incident, since: number): void {
  const { flappingSince: _no, badAt: _longer, reopened: _counted, ...rest } = incident;
  const at = docket.now;
  if (docket.watch.trouble.look !== undefined) return;
  say(docket, rest, { at, what: 'changed', text: `this time it stays bad, unclaimed for ${spoken(at - since)}`, loud: true });
}

/** While the queue is silent, or a pool recovers, there is nothing new to remind of. */
function remind(docket: Docket, incident: Incident): void {
  const every = docket.config.incidents.remindEvery;
  const { remind: due, evidence } = incident;
  const at = docket.now;
  if (due === undefined || every === undefined || at < due.at || incident.silenced !== undefined) return;
  if (incident.class === 'pool' && docket.watch.trouble.look !== undefined) return;
  const sent = due.sent + 1;
  const next = { at: at + Math.min(every * 2 ** sent, REMIND_AT_MOST), sent };
  if (incident.timeline.at(-1)?.what === 'claimed') {
    docket.putIncident({ ...incident, remind: { ...due, at: at + every } }, []);
    return;
  }
  const entry: Entry = {
    at,
    what: 'reminder',
    text: `${still(docket, incident)} after ${spoken(at - incident.since)}`,
    loud: true,
  };
  revise(docket, { ...incident, remind: next }, { evidence: aged(docket, evidence) }, entry);
}

function still(docket: Docket, { evidence, flappingSince }: Incident): string {
  if (flappingSince !== undefined) return 'still coming and going';
  if (evidence.kind === 'fleet') {
    const { stall, members } = evidence;
    return stall === undefined ? `still ${members.length} ${members.length === 1 ? 'pool' : 'pools'}` : 'still no new worker';
  }
  if (evidence.kind !== 'pool') return 'still so';
  return docket.states.get(evidence.probe)?.breach?.claimed ? 'still claimed late' : 'still unclaimed';
}

/** The evidence with the ages of what is pending as last seen. */
function aged(docket: Docket, evidence: Incident['evidence']): Incident['evidence'] {
  if (evidence.kind === 'ask' || evidence.kind === 'capacity') return evidence;
  if (evidence.kind === 'budget') return burnNow(docket, evidence);
  if (evidence.kind === 'pool') return { ...evidence, age: ageOf(docket, evidence) };
  return { ...evidence, members: evidence.members.map((member) => ({ ...member, age: ageOf(docket, member) })) };
}

function ageOf(docket: Docket, shown: { probe: string; claimed: boolean; since: number; age: number }): number {
  const seenAt = docket.states.get(shown.probe)?.evidenceAt ?? 0;
  return shown.claimed ? shown.age : Math.max(shown.age, seenAt - shown.since);
}
