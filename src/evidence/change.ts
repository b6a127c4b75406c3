import type { Canary, Start } from './canary.ts';
import type { RouteId } from './delivery.ts';
import type { Incident } from './incident.ts';
import type { PoolRecord } from './pool.ts';
import type { Silence } from './silence.ts';
import type { ProbeState, Watch } from './state.ts';

/** What a judgement changes; all changes of one judgement are committed in one transaction or not at all. */
export type Change =
  | { kind: 'probe'; state: ProbeState }
  | { kind: 'pool'; record: PoolRecord }
  | { kind: 'watch'; watch: Watch }
  /** A canary that has ended, for the history. */
  | { kind: 'canary'; canary: Canary }
  /** One observation for the latency counts of the hour and day that `at` falls in. */
  | { kind: 'observation'; probe: string; at: number; ms: number; start: Start; censored: boolean; breach: boolean }
  /** At least so many workers of a pool were created in the hour that begins at `at`. */
  | { kind: 'created'; pool: string; at: number; count: number }
  /**
   * An incident's new revision, and the routes that are to hear of it besides those that already have; nobody before `hold`, an instant
   * of our own clock.
   */
  | { kind: 'incident'; incident: Incident; routes: RouteId[]; hold?: number }
  /** An ended incident that can be reopened no more. */
  | { kind: 'closed'; incident: Incident }
  | { kind: 'silence'; silence: Silence };
