import type { LivedCanary } from '../../evidence/canary.ts';
import type { Change } from '../../evidence/change.ts';
import type { RouteId } from '../../evidence/delivery.ts';
import type { Standing } from '../../evidence/fact.ts';
import type { Incident } from '../../evidence/incident.ts';
import { HOUR } from '../../evidence/instant.ts';
import type { Config } from '../../evidence/probe.ts';
import type { ProbeState, State } from '../../evidence/state.ts';
import type { Rules } from '../docket.ts';
import { readIncidentId } from '../incident-id.ts';
import { relivedAt } from '../incidents.ts';
import { REMIND_AT_MOST } from '../limits.ts';
import { beatsOf } from '../replay/lived.ts';
import { Replay, type Revised } from '../replay/replay.ts';
import { settled } from '../replay/thresholds.ts';
import { gather } from './gather.ts';
import { adopt } from './standing.ts';

/** What is known of the queue's history, from an instant to another. */
export interface Past {
  config: Config;
  rules: Rules;
  state: State;
  from: number;
  now: number;
}

/** What ended while somebody was there to tell of it was told, but for what channels did not take for so long. */
const UNTOLD = HOUR;
/** Ends that are told once more at most. */
const ENDS = 100;

/** An incident as it was lived, those who heard of it, and until when its first notice waits for others. */
export interface Lived {
  incident: Incident;
  routes: Set<RouteId>;
  hold: number | undefined;
}

/**
 * Puts the canaries of past days before the judge once more, and gives what is open since then and what ended lately. `history` is what was
 * made of those days, `standing` what channels show as open.
 */
export function relive(past: Past, history: readonly Change[], standing: readonly Standing[]): Change[] {
  const { state } = past;
  const canaries = livedIn(history, state);
  const { replay, heard } = replayed(past, canaries);
  const alive = new Map([...replay.state.incidents, ...replay.state.ended].map(([, incident]) => [incident.id, incident]));
  const lived = [...heard.values()].map((one) => ({ ...one, incident: alive.get(one.incident.id) ?? one.incident }));
  const shown = new Set(standing.map(({ id }) => id));
  const { over, ...adopted } = adopt(past, replay.state, lived, [...shown]);
  const { open, folded, unknown } = gather(past, adopted, standing);
  const lastSign = Math.max(past.from, ...canaries.map(({ slot }) => slot));
  const ends = over
    .sort((a, b) => (a.incident.ended ?? 0) - (b.incident.ended ?? 0))
    .map((one) => ({ one, tell: shown.has(one.incident.id) || (one.incident.ended ?? 0) >= lastSign - UNTOLD }));
  const reopenable = new Set([...replay.state.ended.values()].map(({ id }) => id));
  const changes = ends.slice(-ENDS).flatMap(({ one, tell }): Change[] => {
    if (!tell && !reopenable.has(one.incident.id)) return [];
    const put = putting(past, one, tell ? [...one.routes] : []);
    return reopenable.has(one.incident.id) ? [put] : [put, { kind: 'closed', incident: one.incident }];
  });
  changes.push(...[...folded, ...open].map((one) => putting(past, one, [...one.routes])));
  for (const [name, known] of state.probes) {
    const seen = replay.state.probes.get(name);
    if (seen !== undefined) changes.push({ kind: 'probe', state: together(known, seen) });
  }
  if (unknown.length > 0)
    changes.push({ kind: 'watch', watch: { ...state.watch, standing: unknown.map((one) => ({ ...one, at: past.now })) } });
  return changes;
}

function replayed({ config, rules, state, from, now }: Past, canaries: readonly LivedCanary[]) {
  const heard = new Map<string, Lived>();
  const hear = ({ incident, routes, hold }: Revised) => {
    const before = heard.get(incident.id);
    heard.set(incident.id, { incident, routes: new Set([...(before?.routes ?? []), ...routes]), hold: hold ?? before?.hold });
  };
  const around = { pools: state.pools, silences: state.silences, gaps: [], queues: [], stalls: [] };
  const replay = new Replay({ ...config, probes: settled(config, state) }, rules, around, from, hear);
  replay.play(beatsOf(canaries), now);
  return { replay, heard };
}

/** The canaries that ended, and those that are in flight. */
function livedIn(history: readonly Change[], { probes }: State): LivedCanary[] {
  const ended = history.flatMap((change) => (change.kind === 'canary' ? [change.canary] : []));
  const open = [...probes.values()].flatMap((probe) => (probe.open?.stage === 'pending' ? [probe.open] : []));
  return [...ended, ...open].sort((a, b) => a.slot - b.slot);
}

/** The queue's word on the past, and what the judge made of it. */
function together(known: ProbeState, { breach, chain, good, extra }: ProbeState): ProbeState {
  const due = known.open === undefined && breach !== undefined && extra !== undefined && extra > known.lastSlot ? { extra } : {};
  return { ...known, ...due, ...(breach && { breach }), ...(chain && { chain }), good };
}

function putting({ config, state, now }: Past, { incident, hold }: Lived, routes: RouteId[]): Change {
  const slot = readIncidentId(config.deployment, incident.id)?.slot ?? incident.since;
  const { relived, revision } = relivedAt(now, slot);
  const remind = incident.ended === undefined ? remindFrom(config, incident, now) : undefined;
  const again: Incident = { ...incident, relived, revision: revision + incident.revision, ...(remind && { remind }) };
  const ready = hold === undefined ? undefined : hold - state.watch.offset;
  return { kind: 'incident', incident: again, routes, ...(ready !== undefined && ready > now && { hold: ready }) };
}

/** The reminder that is due next, had those before it been sent. */
function remindFrom({ incidents: { remindEvery } }: Config, { timeline, opened }: Incident, now: number): Incident['remind'] {
  if (remindEvery === undefined) return undefined;
  let at =
    (timeline.findLast(({ what }) => what === 'escalated' || what === 'promoted' || what === 'reopened')?.at ?? opened) +
    remindEvery;
  let sent = 0;
  for (; at <= now; sent++) at += Math.min(remindEvery * 2 ** (sent + 1), REMIND_AT_MOST);
  return { at, sent };
}
