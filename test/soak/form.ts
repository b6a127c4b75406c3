import { SECOND } from '../../src/evidence/instant.ts';

/** How a soak is played. Its own time passes `rate` times as fast as the machine's; all spans but `storm` and `patience` are of its own time. */
export interface Form {
  seed: number;
  rate: number;
  /** How long everything is done to it, in milliseconds of the machine's. */
  storm: number;
  /** How long it may take afterwards until all is told, in milliseconds of the machine's. */
  patience: number;
  /** The longest pause between two hazards. */
  pause: number;
  /** The share of requests to Slack and PagerDuty that fail. */
  failing: number;
  /** Whether they also refuse for good, which is tried again only after five minutes. */
  refusing: boolean;
}

/** Four fifths of the time are storm; what is not told in the rest, or within three minutes, will not be told. */
export function fullForm(minutes: number, seed: number): Form {
  const whole = minutes * 60 * SECOND;
  return {
    seed,
    rate: 3,
    storm: 0.8 * whole,
    patience: Math.max(0.2 * whole, 180 * SECOND),
    pause: 30 * SECOND,
    failing: 0.3,
    refusing: true,
  };
}

export function shortForm(seed: number): Form {
  return { seed, rate: 4, storm: 20 * SECOND, patience: 90 * SECOND, pause: 12 * SECOND, failing: 0.3, refusing: false };
}

/** What a machine that others use as well may add to anything that takes a moment, in the soak's own time. */
export function slackOf({ rate }: Form): number {
  return 2 * SECOND * rate;
}
