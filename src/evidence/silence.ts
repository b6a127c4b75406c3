/** For a while nobody is told of certain incidents; they are recorded and shown all the same. */
export interface Silence {
  id: string;
  /** A pool, a probe, a glob over pools, or a cause. */
  match: string;
  from: number;
  until: number;
  reason: string;
  by: string;
  /** When somebody ended it before its time. */
  ended?: number;
}

/** A silence that stands in the probe file. */
export interface FileSilence {
  match: string;
  from?: number;
  until: number;
  reason: string;
  line: number;
}

/** A recurring silence: on certain days, from one time of day to another, on a clock in the time zone. */
export interface Maintenance {
  match: string;
  /** Days of the week it begins on, 0 for Sunday. */
  days: number[];
  /** Milliseconds from midnight on the clock; a window whose `to` is not after `from` ends on the next day. */
  from: number;
  to: number;
  /** IANA name. */
  timezone: string;
  reason: string;
  line: number;
}
