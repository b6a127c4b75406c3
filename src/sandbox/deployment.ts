import { MINUTE, SECOND } from '../evidence/instant.ts';
import type { Fault } from '../world/fault.ts';
import type { WorldSpec } from '../world/spec.ts';

/** Its cloud makes no workers now and then, so that a newcomer sees an alert and its end. */
export const BREAKING_POOL = 'demo-3/decision';
/** When the pool breaks after the start, for how long, and how often again. */
export const BREAKS = { first: 3 * SECOND, lasts: 30 * SECOND, every: 3 * MINUTE };

const HOURS_AHEAD = 24;

/** A handful of pools with different characters, fast enough that a minute shows it all. */
export function demoDeployment(start: number, rootUrl: string): WorldSpec {
  const generic = { runs: 'generic-worker', maxCapacity: 4, claim: { min: 200, max: 2 * SECOND } } as const;
  const briefly = { p50: SECOND, p95: 2 * SECOND };
  return {
    seed: start,
    start,
    rootUrl,
    provisionEvery: SECOND,
    faults: breaks(start),
    pools: [
      { pool: 'demo-1/warm', ...generic, minCapacity: 2, boot: briefly, run: briefly },
      {
        pool: 'demo-1/slow-boot',
        ...generic,
        boot: { p50: 8 * SECOND, p95: 14 * SECOND },
        idleTimeout: 2 * SECOND,
        run: briefly,
      },
      { pool: 'demo-1/on-demand', ...generic, boot: { p50: 3 * SECOND, p95: 5 * SECOND }, idleTimeout: 2 * SECOND, run: briefly },
      { pool: BREAKING_POOL, ...generic, runs: 'd2g', boot: briefly, idleTimeout: SECOND, run: briefly },
    ],
  };
}

/** In the words of a cloud whose zone is full. */
const FULL = {
  kind: 'creation-error',
  title: 'Instance Creation Error',
  description: "The zone 'us-central1-a' does not have enough resources available to fulfill the request.",
  code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
};

function breaks(start: number): Fault[] {
  const times = Math.floor((HOURS_AHEAD * 60 * MINUTE) / BREAKS.every);
  return Array.from({ length: times }, (_, i) => {
    const from = start + BREAKS.first + i * BREAKS.every;
    return { kind: 'creation-fails', pools: [BREAKING_POOL], error: FULL, from, until: from + BREAKS.lasts };
  });
}
