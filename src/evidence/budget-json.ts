import type { Burning } from './incident.ts';
import { SECOND } from './instant.ts';

/** A burning probe as JSON has it: durations in seconds, shares from 0 to 1. */
export function burningJson({ probe, pool, objective, pair, long, short, rates, observed, missed, budgetLeft }: Burning) {
  const { target, under, over } = objective;
  return {
    probe,
    pool,
    objective: { target, under: under / SECOND, over: over / SECOND },
    burn: pair,
    over: { long: long / SECOND, short: short / SECOND },
    rates,
    observed,
    missed,
    budgetLeft,
  };
}
