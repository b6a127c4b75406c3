import type { Incident, Level } from '../../evidence/incident.ts';
import type { Probe } from '../../evidence/probe.ts';
import type { State } from '../../evidence/state.ts';
import { readIncidentId } from '../incident-id.ts';
import { TOGETHER } from '../limits.ts';
import { expand } from '../probes.ts';
import { type Shown, unseenEnd } from '../unseen.ts';
import type { Lived, Past } from './relive.ts';

/**
 * Holds what was lived through against what channels show as open. What is open goes on under the id that they show, if it is another than the
 * queue tells; a pool that they show as bad and that is well is over; of what the queue cannot tell, such as providers, others must.
 */
export function adopt(past: Past, { incidents }: State, lived: readonly Lived[], standing: readonly string[]) {
  const ids = new Set(lived.map(({ incident }) => incident.id));
  const known = standing.flatMap((id): Shown[] => {
    const read = ids.has(id) ? undefined : readIncidentId(past.config.deployment, id);
    return read === undefined ? [] : [{ id, ...read }];
  });
  const left = new Set(known.sort((a, b) => b.slot - a.slot));
  const isOpen = ({ incident }: Lived) => incident.ended === undefined && incidents.get(incident.anchor)?.id === incident.id;
  const open = lived.filter(isOpen).map((one): Lived => {
    const shown = standing.includes(one.incident.id) ? undefined : [...left].find((each) => tellsOf(each, one.incident));
    if (shown === undefined) return one;
    left.delete(shown);
    return { ...one, incident: { ...one.incident, id: shown.id, anchor: shown.anchor } };
  });
  const ofProbes = [...left].filter(({ anchor }) => anchor.startsWith('probe:'));
  const over = lived.filter(({ incident }) => incident.ended !== undefined);
  return {
    open,
    over: [...over, ...ofProbes.map((shown) => lastKnown(past, shown))],
    unknown: [...left].filter(({ anchor }) => !anchor.startsWith('probe:')),
  };
}

/** Of one pool its own; of several that of any of them, or one that began with them. */
function tellsOf({ anchor, slot }: Shown, incident: Incident): boolean {
  if (anchor === incident.anchor) return true;
  const { evidence } = incident;
  if (evidence.kind !== 'fleet' || !anchor.startsWith('probe:')) return false;
  return evidence.members.some(({ probe }) => anchor === `probe:${probe}`) || slot >= evidence.since - TOGETHER;
}

/** What is known of what the queue does not show: its pool is well, or nobody watches that any more, or no canary tells of it. */
export function lastKnown({ config, rules, state, now }: Past, shown: Shown): Lived {
  const probes = new Map(expand(config, state.pools).map((probe) => [probe.name, probe]));
  const audience = (probe: Probe | undefined, level: Level) => rules.addressees(probe, level);
  const sight = { probe: (name: string) => probes.get(name), states: state.probes, addressees: audience, now };
  const incident = unseenEnd(sight, shown);
  return { incident, routes: new Set(Object.keys(incident.addressed) as (keyof Incident['addressed'])[]), hold: undefined };
}
