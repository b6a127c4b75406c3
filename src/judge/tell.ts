import type { Incident } from '../evidence/incident.ts';
import { spoken } from '../evidence/instant.ts';
import { followCapacity } from './causes/capacity.ts';
import { followCauses } from './causes/follow.ts';
import { followProvisioning } from './causes/provisioning.ts';
import type { Docket, Turn } from './docket.ts';
import { followFleets } from './fleets.ts';
import { resolve, revise } from './incidents.ts';
import { WITHDRAWN_AFTER } from './limits.ts';
import { fleetOf } from './members.ts';
import { openOwn } from './own.ts';
import { thresholdsOf } from './probes.ts';

/** Makes incidents of what became of the probes' breaches: a pool's own one, or that of several pools. */
export function tellOfPools(docket: Docket): void {
  for (const turn of docket.turns) if (fleetOf(docket.incidents, turn.probe.name) === undefined) tell(docket, turn);
  followProvisioning(docket);
  followFleets(docket);
  followCapacity(docket);
  followCauses(docket);
  withdraw(docket);
}

/** A pool's own incident; the one under its anchor may tell of a fleet that it has left. */
function ownOf(docket: Docket, probe: string): Incident | undefined {
  const incident = docket.incidents.get(`probe:${probe}`);
  return incident?.evidence.kind === 'pool' ? incident : undefined;
}

function tell(docket: Docket, turn: Turn): void {
  const incident = ownOf(docket, turn.probe.name);
  if (incident === undefined) {
    // What is told of the pool's capacity tells of its canaries too.
    if (docket.incidents.has(`pool:${turn.probe.pool}`)) return;
    if (turn.what === 'began' && !docket.incidents.has(`probe:${turn.probe.name}`)) openOwn(docket, turn);
    return;
  }
  const { at, text, evidence, crossed } = turn;
  const level = docket.states.get(turn.probe.name)?.breach?.level ?? incident.level;
  if (turn.what === 'ended') {
    const lasted = spoken(crossed - incident.since);
    const line = { at, what: 'resolved' as const, text: `over after ${lasted}; ${text}`, loud: true };
    resolve(docket, incident, crossed, line, evidence);
  } else if (incident.level === 'warn' && level === 'page') {
    revise(docket, incident, { level, evidence, badAt: at }, { at, what: 'escalated', text, loud: true }, crossed);
  } else if (incident.flappingSince !== undefined) {
    docket.putIncident({ ...incident, badAt: at }, []);
  } else {
    const relapsed = turn.what === 'relapsed';
    const line = relapsed ? `again a ${text}` : text;
    revise(
      docket,
      incident,
      { evidence },
      { at, what: turn.what === 'claimed' ? 'claimed' : 'changed', text: line, loud: relapsed },
    );
  }
}

/**
 * A probe that only observes now, left the configuration, or lost its pool takes its incident along; one that left, once no replica with an
 * older configuration moves it on any more.
 */
function withdraw(docket: Docket): void {
  for (const state of docket.states.values()) {
    if (state.breach === undefined && docket.incidents.size === 0) continue;
    const incident = ownOf(docket, state.name);
    if (state.breach === undefined && incident === undefined) continue;
    const probe = docket.probe(state.name);
    const gone = docket.pools.get(state.pool)?.gone !== undefined;
    if (!gone && probe !== undefined && thresholdsOf(probe, state) !== undefined) continue;
    if (!gone && probe === undefined && state.lastSlot > docket.now - WITHDRAWN_AFTER) continue;
    const { chain: _chain, extra: _extra, breach: _breach, ...rest } = state;
    docket.putState(rest);
    if (incident === undefined) continue;
    const unwatched = probe === undefined ? 'the probe is no longer configured' : 'the probe only observes now';
    const text = gone ? 'worker-manager no longer knows the pool' : unwatched;
    const entry = { at: docket.now, what: 'withdrawn' as const, text, loud: true };
    revise(docket, incident, { ended: docket.now, end: 'withdrawn' }, entry);
  }
}
