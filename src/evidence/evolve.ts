import type { Change } from './change.ts';
import type { Anchor, Incident } from './incident.ts';
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

/** The state after a committed judgement; what the store would load. */
export function evolve(state: State, changes: readonly Change[]): State {
  const probes = new Map(state.probes);
  const pools = new Map(state.pools);
  const incidents = new Map(state.incidents);
  const ended = new Map(state.ended);
  const silences = new Map(state.silences);
  let watch = state.watch;
  for (const change of changes) {
    if (change.kind === 'probe') probes.set(change.state.name, change.state);
    else if (change.kind === 'pool') pools.set(change.record.pool, change.record);
    else if (change.kind === 'watch') watch = change.watch;
    else if (change.kind === 'silence') silences.set(change.silence.id, change.silence);
    else if (change.kind === 'closed') ended.delete(change.incident.anchor);
    else if (change.kind === 'incident') putIncident(incidents, ended, change.incident);
  }
  return { revision: state.revision + 1, probes, pools, incidents, ended, silences, watch };
}

/** Of one anchor there is at most one incident, open or ended. */
function putIncident(incidents: Map<Anchor, Incident>, ended: Map<Anchor, Incident>, incident: Incident): void {
  const [home, other] = incident.ended === undefined ? [incidents, ended] : [ended, incidents];
  home.set(incident.anchor, incident);
  other.delete(incident.anchor);
}
