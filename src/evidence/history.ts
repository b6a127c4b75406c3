import type { Start } from './canary.ts';
import type { Dwell, Undelivered } from './delivery.ts';
import type { Incident } from './incident.ts';

/**
 * Counts of observations in log-spaced buckets: bucket number to count. `claimed` counts times to claim, `unclaimed` the ages of
 * canaries that ended without a claim ("at least this").
 */
export interface Sketch {
  claimed: Map<number, number>;
  unclaimed: Map<number, number>;
}

/** What is kept of one probe, one hour or day, and one kind of start. */
export interface HistoryRow {
  probe: string;
  /** Beginning of the hour or day, UTC. */
  at: number;
  start: Start;
  sketch: Sketch;
  breaches: number;
}

export interface HistoryQuery {
  since: number;
  until: number;
  /** From when on daily rows are wanted besides, for objectives; none without it. */
  daysSince?: number;
}

export interface History {
  /** Rows that cover the query: whole days where they fit, hours at the edges. */
  rows: HistoryRow[];
  /** Hourly rows of the query's last 24 hours or less, for sparklines. */
  hours: HistoryRow[];
  /** Workers created, at least, by pool and hour of the query's last 24 hours or less. */
  created: { pool: string; at: number; count: number }[];
  /** Daily rows from `daysSince` on, that of the last day included. */
  days: HistoryRow[];
  /** Incidents that were open at some time in the query. */
  incidents: Incident[];
  undelivered: Undelivered[];
  /** How long routes took to be told of what they were told within the query. */
  dwells: Dwell[];
}
