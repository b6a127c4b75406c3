import type { Change } from './change.ts';
import { Layer } from './layer.ts';
import type { State } from './state.ts';

export function emptyState(): State {
  return {
    revision: 0,
    probes: new Map(),
    pools: new Map(),
    incidents: new Map(),
    ended: new Map(),
    silences: new Map(),
    watch: { trouble: {}, gaps: [], offset: 0 },
  };
}

/** What changes make of a state, where it has been made already. */
const evolved = new WeakMap<readonly Change[], { before: State; after: State }>();

/**
 * The state after a committed judgement; what the store would load. What no change is about stays the very same value, and so does the state
 * itself where the same changes are made to it again.
 */
export function evolve(state: State, changes: readonly Change[]): State {
  const known = evolved.get(changes);
  return known?.before === state ? known.after : evolveWith(state, changes, laidOver(state, changes));
}

type Laid = Pick<State, 'probes' | 'pools'>;

/** The same for whoever has laid the changed probes and pools over the others himself. */
export function evolveWith(state: State, changes: readonly Change[], laid: Laid): State {
  const silences = new Layer(state.silences);
  const told: Telling[] = [];
  let watch = state.watch;
  for (const change of changes) {
    if (change.kind === 'watch') watch = change.watch;
    else if (change.kind === 'silence') silences.put(change.silence.id, change.silence);
    else if (change.kind === 'closed' || change.kind === 'incident') told.push(change);
  }
  const { incidents, ended } = told.length === 0 ? state : followed(state, told);
  const after = { revision: state.revision + 1, ...laid, incidents, ended, silences: silences.values, watch };
  evolved.set(changes, { before: state, after });
  return after;
}

function laidOver(state: State, changes: readonly Change[]): Laid {
  const probes = new Layer(state.probes);
  const pools = new Layer(state.pools);
  for (const change of changes) {
    if (change.kind === 'probe') probes.put(change.state.name, change.state);
    else if (change.kind === 'pool') pools.put(change.record.pool, change.record);
  }
  return { probes: probes.values, pools: pools.values };
}

type Telling = Extract<Change, { kind: 'incident' | 'closed' }>;

/** Of one anchor there is at most one incident, open or ended; one that ends takes no other of its anchor along, in whatever order they are told. */
function followed(state: State, changes: readonly Telling[]): Pick<State, 'incidents' | 'ended'> {
  const incidents = new Map(state.incidents);
  const ended = new Map(state.ended);
  for (const { kind, incident } of changes) {
    const { anchor } = incident;
    const [home, other] = incident.ended === undefined ? [incidents, ended] : [ended, incidents];
    if (other.get(anchor)?.id === incident.id) other.delete(anchor);
    if (kind === 'incident') home.set(anchor, incident);
    else if (ended.get(anchor)?.id === incident.id) ended.delete(anchor);
  }
  return { incidents, ended };
}
