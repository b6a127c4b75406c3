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

/** The state after a committed judgement; what the store would load. What no change is about stays the very same value. */
export function evolve(state: State, changes: readonly Change[]): State {
  const probes = new Layer(state.probes);
  const pools = new Layer(state.pools);
  const silences = new Layer(state.silences);
  const told: Telling[] = [];
  let watch = state.watch;
  for (const change of changes) {
    if (change.kind === 'probe') probes.put(change.state.name, change.state);
    else if (change.kind === 'pool') pools.put(change.record.pool, change.record);
    else if (change.kind === 'watch') watch = change.watch;
    else if (change.kind === 'silence') silences.put(change.silence.id, change.silence);
    else if (change.kind === 'closed' || change.kind === 'incident') told.push(change);
  }
  const { incidents, ended } = told.length === 0 ? state : followed(state, told);
  const revision = state.revision + 1;
  return { revision, probes: probes.values, pools: pools.values, incidents, ended, silences: silences.values, watch };
}

type Telling = Extract<Change, { kind: 'incident' | 'closed' }>;

/** Of one anchor there is at most one incident, open or ended. */
function followed(state: State, changes: readonly Telling[]): Pick<State, 'incidents' | 'ended'> {
  const incidents = new Map(state.incidents);
  const ended = new Map(state.ended);
  for (const { kind, incident } of changes) {
    const { anchor } = incident;
    if (kind === 'closed') ended.delete(anchor);
    else {
      const [home, other] = incident.ended === undefined ? [incidents, ended] : [ended, incidents];
      home.set(anchor, incident);
      other.delete(anchor);
    }
  }
  return { incidents, ended };
}
