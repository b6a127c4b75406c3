import type { Address, Anchor, Cause, Incident, Level } from '../evidence/incident.ts';
import { MINUTE } from '../evidence/instant.ts';
import type { Probe } from '../evidence/probe.ts';
import type { ProbeState } from '../evidence/state.ts';
import type { Docket } from './docket.ts';
import { relivedAt } from './incidents.ts';
import { isCause } from './match.ts';
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

/**
 * What channels showed as open after the store was lost, and nothing has shown since, is over: whatever made it would have been seen again by
 * now.
 */
export function letGo(docket: Docket): void {
  const { standing = [] } = docket.watch;
  const { silence } = docket.config.provisioning;
  const { now, states, rules } = docket;
  const unseen = standing.filter(({ at }) => now - at > silence + SEEN_WITHIN);
  if (unseen.length === 0) return;
  docket.putWatch({ standing: standing.filter((shown) => !unseen.includes(shown)) });
  const audience: Sight['addressees'] = (probe, level) => rules.addressees(probe, level);
  const sight = { probe: (name: string) => docket.probe(name), states, addressees: audience, now };
  for (const shown of unseen) {
    if (docket.incidents.has(shown.anchor)) continue;
    const incident = unseenEnd(sight, shown);
    docket.putIncident(incident, Object.keys(incident.addressed) as (keyof Incident['addressed'])[]);
  }
}

/** The incident, which is over, as far as anything is known of it. */
export function unseenEnd({ probe: probeOf, states, addressees, now }: Sight, { id, anchor, slot }: Shown): Incident {
  const colon = anchor.indexOf(':');
  const [kind, name] = [anchor.slice(0, colon), anchor.slice(colon + 1)];
  const probe = kind === 'probe' ? probeOf(name) : undefined;
  const addressed = Object.fromEntries(addressees(probe, 'page').map(({ route, ...manner }) => [route, manner]));
  const known = evidenceOf(kind, name, slot, now, probe, states.get(name));
  const end = kind === 'probe' && known.evidence.kind !== 'pool' ? 'withdrawn' : 'resolved';
  const text = 'it ended while our store was lost, and nothing shows it any more';
  return {
    id,
    anchor,
    class: kind === 'ask' ? 'cannot-ask' : 'pool',
    level: 'page',
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
