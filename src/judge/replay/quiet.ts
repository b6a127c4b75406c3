import type { LivedCanary } from '../../evidence/canary.ts';
import type { Claim, ProbeState } from '../../evidence/state.ts';
import { RECENT_CLAIMS } from '../limits.ts';

interface Row {
  count: number;
  firstAt: number;
  lastSlot: number;
  last: Claim;
  /** Times to claim, newest last; the newest of them matter. */
  recent: number[];
}

/**
 * Claims in time of probes with which nothing is wrong: all but a few in a hundred. They change nothing but what the judge knows of their
 * probes, so they wait here until it is asked the next time.
 */
export class QuietClaims {
  #rows = new Map<string, Row>();

  add({ probe, taskId, slot, scheduled = slot, started = scheduled, start = 'unknown' }: LivedCanary): void {
    const ms = Math.max(0, started - scheduled);
    const last = { taskId, at: started, ms, start };
    const row = this.#rows.get(probe);
    if (row === undefined) {
      this.#rows.set(probe, { count: 1, firstAt: started, lastSlot: slot, last, recent: [ms] });
      return;
    }
    row.count++;
    row.lastSlot = Math.max(row.lastSlot, slot);
    row.last = last;
    row.recent.push(ms);
    if (row.recent.length >= 4 * RECENT_CLAIMS) row.recent.splice(0, row.recent.length - RECENT_CLAIMS);
  }

  /** The states of the probes that have claimed since this was last asked, with what they claimed. */
  drain(states: ReadonlyMap<string, ProbeState>): ProbeState[] {
    const rows = this.#rows;
    this.#rows = new Map();
    return [...rows].flatMap(([name, row]) => {
      const state = states.get(name);
      return state === undefined ? [] : [withClaims(state, row)];
    });
  }
}

function withClaims(state: ProbeState, { count, firstAt, lastSlot, last, recent }: Row): ProbeState {
  return {
    ...state,
    lastSlot: Math.max(state.lastSlot, lastSlot),
    claims: state.claims + count,
    firstClaimAt: Math.min(state.firstClaimAt ?? firstAt, firstAt),
    recent: [...state.recent, ...recent].slice(-RECENT_CLAIMS),
    good: state.good + count,
    lastClaim: last,
    evidenceAt: Math.max(state.evidenceAt ?? 0, last.at),
  };
}
