import type { Change } from './change.ts';
import type { State } from './state.ts';

export function emptyState(): State {
  return { revision: 0, probes: new Map(), pools: new Map(), incidents: new Map(), watch: { trouble: {}, gaps: [], offset: 0 } };
}

/** The state after a committed judgement; what the store would load. */
export function evolve(state: State, changes: readonly Change[]): State {
  const probes = new Map(state.probes);
  const pools = new Map(state.pools);
  const incidents = new Map(state.incidents);
  let watch = state.watch;
  for (const change of changes) {
    if (change.kind === 'probe') probes.set(change.state.name, change.state);
    else if (change.kind === 'pool') pools.set(change.record.pool, change.record);
    else if (change.kind === 'watch') watch = change.watch;
    else if (change.kind === 'incident' && change.incident.ended === undefined)
      incidents.set(change.incident.anchor, change.incident);
    else if (change.kind === 'incident') incidents.delete(change.incident.anchor);
  }
  return { revision: state.revision + 1, probes, pools, incidents, watch };
}
