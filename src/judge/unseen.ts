import type { Fact } from '../evidence/fact.ts';
import type { Address, Anchor, Cause, Incident, Level } from '../evidence/incident.ts';
import { MINUTE } from '../evidence/instant.ts';
import type { Probe } from '../evidence/probe.ts';
import type { ProbeState } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { mayCreate } from './due.ts';
import { worseOf } from './findings.ts';
import { readIncidentId } from './incident-id.ts';
import { relivedAt } from './incidents.ts';
import { isCause } from './match.ts';
import { fleetOf } from './members.ts';
import { thresholdsOf } from './probes.ts';

/** An incident that a channel shows as open. */
export interface Shown {
  id: string;
  anchor: Anchor;
  slot: number;
}

/** What must be known to say that it is over. */
interface Sight {
  probe: (name: string) => Probe | undefined;
  states: ReadonlyMap<string, ProbeState>;
  addressees: (probe: Probe | undefined, level: Level) => Address[];
  now: number;
}

/** How much longer than the silence that makes a stall it may take until one is seen anew. */
const SEEN_WITHIN = 5 * MINUTE;

/** Takes in what a channel shows that could not tell before. */
export function hearChannels(docket: Docket, facts: readonly Fact[]): void {
  const { config, now, incidents, ended } = docket;
  if (!mayCreate(config, docket.watch, now)) return;
  for (const fact of facts) {
    if (fact.kind !== 'standing') continue;
    const { standing = [], channelsAsked } = docket.watch;
    const known = new Set([...incidents.values(), ...ended.values(), ...standing].map(({ id }) => id));
    const news = fact.incidents.flatMap(({ id }) => {
      const read = known.has(id) ? undefined : readIncidentId(config.deployment, id);
      return read === undefined ? [] : [{ id, ...read, at: fact.at }];
    });
    docket.putWatch({
      channelsAsked: { since: channelsAsked?.since ?? fact.at, at: fact.at, deaf: fact.deaf },
      ...(news.length > 0 && { standing: [...standing, ...news] }),
    });
  }
}

/**
 * What channels showed as open after the store was lost, and nothing has shown since, is over: whatever made it would have been seen again by
 * now, and of probes the queue has told at once. What was opened anew before they could tell goes on as that, alone or with others.
 */
export function letGo(docket: Docket): void {
  const { standing = [] } = docket.watch;
  if (standing.length === 0) return;
  const left = standing.filter((shown) => !isSettled(docket, shown));
  if (left.length < standing.length) docket.putWatch({ standing: left });
}

function isSettled(docket: Docket, { at, ...shown }: Shown & { at: number }): boolean {
  const { now, states, rules, config } = docket;
  const { anchor } = shown;
  const probe = anchor.startsWith('probe:') ? anchor.slice('probe:'.length) : undefined;
  const elsewhere = anchor === 'ask:queue-degraded' ? worseOf(docket) : undefined;
  const open = docket.incidents.get(anchor) ?? (probe === undefined ? elsewhere : fleetOf(docket.incidents, probe));
  if (open?.id === shown.id) return true;
  if (open === undefined && probe === undefined && now - at <= config.provisioning.silence + SEEN_WITHIN) return false;
  const audience: Sight['addressees'] = (probe, level) => rules.addressees(probe, level);
  const incident = unseenEnd({ probe: (name: string) => docket.probe(name), states, addressees: audience, now }, shown);
  const routes = Object.keys(incident.addressed) as (keyof Incident['addressed'])[];
  if (open === undefined) {
    docket.putIncident(incident, routes);
    return true;
  }
  const text = 'our store was lost, and this is told of anew';
  const folded = { end: 'folded' as const, into: open.id, timeline: [{ at: now, what: 'folded' as const, text, loud: true }] };
  docket.putIncident({ ...incident, ...folded }, routes);
  docket.close({ ...incident, ...folded });
  return true;
}

/** The incident, which is over, as far as anything is known of it. */
export function unseenEnd({ probe: probeOf, states, addressees, now }: Sight, { id, anchor, slot }: Shown): Incident {
  const colon = anchor.indexOf(':');
  const [kind, name] = [anchor.slice(0, colon), anchor.slice(colon + 1)];
  const probe = kind === 'probe' ? probeOf(name) : undefined;
  const level = kind === 'objective' ? 'warn' : 'page';
  const addressed = Object.fromEntries(addressees(probe, level).map(({ route, ...manner }) => [route, manner]));
  const known = evidenceOf(kind, name, slot, now, probe, states.get(name));
  const end = kind === 'probe' && known.evidence.kind !== 'pool' ? 'withdrawn' : 'resolved';
  const text = 'it ended while our store was lost, and nothing shows it any more';
  return {
    id,
    anchor,
    class: kind === 'ask' ? 'cannot-ask' : 'pool',
    level,
    since: slot,
    opened: slot,
    ended: now,
    end,
    timeline: [{ at: now, what: end, text, loud: true }],
    addressed,
    crossed: {},
    ...known,
    ...relivedAt(now, slot),
  };
}

function evidenceOf(
  kind: string,
  name: string,
  since: number,
  now: number,
  probe: Probe | undefined,
  state: ProbeState | undefined,
): { cause: Cause } & Pick<Incident, 'evidence'> {
  if (kind === 'ask') {
    return { cause: isCause(name) ? name : 'no-evidence', evidence: { kind, since, detail: '', probes: [] } };
  }
  if (kind === 'provider') {
    const evidence = { kind: 'fleet' as const, since, members: [], recovered: 0, witnesses: 0, common: [] };
    return { cause: 'provisioning-stalled', evidence };
  }
  if (kind === 'objective') return { cause: 'budget-burning', evidence: { kind: 'budget', since, burning: [] } };
  const thresholds = probe && thresholdsOf(probe, state);
  const claim = state?.lastClaim;
  if (probe !== undefined && thresholds !== undefined && state !== undefined && claim !== undefined) {
    const { resolveAfter, pool } = probe;
    const shown = { taskId: claim.taskId, since: claim.at - claim.ms, age: claim.ms, claimed: true };
    const evidence = { kind: 'pool' as const, probe: name, pool, ...shown, ...thresholds, good: state.good, resolveAfter };
    return { cause: 'unexplained', evidence };
  }
  const cause = kind === 'pool' ? 'over-provisioned' : 'unexplained';
  const figures = { at: now, claims: 'cannot tell' } as const;
  return { cause, evidence: { kind: 'capacity', pool: name, since, diagnosis: { cause, confidence: 'likely', figures } } };
}
