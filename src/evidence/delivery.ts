import type { Incident, Level, Manner } from './incident.ts';

/** A channel and a destination, without its secret: `slack:C0123456789`, `pagerduty:<fingerprint of the routing key>`. */
export type RouteId = `${string}:${string}`;

/** The channel's kind: `slack`, `pagerduty`, `webhook`. */
export function kindOf(route: RouteId): string {
  return route.slice(0, route.indexOf(':'));
}

/** What one route should have been told of one incident, and what it has been told; claimed by one courier for a while. */
export interface Delivery {
  incident: Incident;
  route: RouteId;
  /** The channel's own memory of what it posted, as it returned it. */
  ref?: string;
  /** A send was begun since the last settled one and its outcome is not known: look before posting. */
  doubt: boolean;
  /** Failed tries since the last success. */
  attempts: number;
  /** Proof of the claim; a delivery claimed again has another. */
  claim: string;
}

/** What a channel is asked to make known: the incident as it stands, and where it plays. */
export interface Message {
  deployment: string;
  rootUrl: string;
  incident: Incident;
  /** Absent where the incident's present level does not address this route, which is then only told how it goes on. */
  manner?: Manner;
}

/**
 * The outcome of one send. `accepted`: the channel took it; with `more` there is another step before the channel shows the
 * incident's revision. `later`: not now, and nothing happened; `after` milliseconds from now, the whole route waits where `route` is set.
 * `refused`: never, until somebody mends it. `unsure`: it may have been taken.
 */
export type Told =
  | { as: 'accepted'; ref: string; more: boolean }
  | { as: 'later'; after: number; route: boolean; why: string }
  | { as: 'refused'; why: string }
  | { as: 'unsure'; why: string };

/** How long one route took to be told of one level of one incident, by our own clock. */
export interface Dwell {
  incident: string;
  route: RouteId;
  level: Level;
  /** The crossing of the threshold, when the wait for others that go bad together was over, and when the channel had taken it. */
  crossed: number;
  due: number;
  told: number;
}

/** A delivery that a channel refuses for good, has failed to take several times, or, being a page, was owed for long. */
export interface Undelivered {
  route: string;
  incident: string;
  refused: boolean;
  why: string;
  /** Whether it is a page, and since when it has been owed, by our own clock. */
  level: Level;
  since: number;
}
