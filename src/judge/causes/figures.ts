import type { PoolFigures } from '../../evidence/diagnosis.ts';
import { HOUR } from '../../evidence/instant.ts';
import type { PoolRecord, PoolSeen } from '../../evidence/pool.ts';
import type { PoolInfo } from '../../evidence/reading.ts';
import { BOOTS_TELL, FLEET_EVERY, SEEN_FRESH } from '../limits.ts';
import { movementOf } from './claims.ts';
import { lastHourOf, usualHourOf } from './creations.ts';

/** Errors and listed workers change slowly, and are read of suspects alone. */
const SLOW = 3 * SEEN_FRESH;

/** Everything that is known of a pool now, the fleet having been sampled at `sampledAt`; what was read too long ago is left out. */
export function figuresOf(record: PoolRecord, sampledAt: number | undefined, now: number): PoolFigures {
  const { info, seen = {} } = record;
  const movement = movementOf(seen.claims, now, SEEN_FRESH);
  const counts = fresh(seen.counts, SEEN_FRESH, now);
  return present({
    at: now,
    ...movement,
    ...(info && definitionOf(info)),
    pending: counts?.pending,
    claimed: counts?.claimed,
    eta: etaOf(counts?.pending, movement.claimRate),
    ...capacityOf(seen, sampledAt, now),
    oldestPending: ageOf(fresh(seen.oldestPending, SEEN_FRESH, now)?.since, now),
    newestWorker: ageOf(fresh(seen.newest, SLOW, now)?.created, now),
    oldestRequested: ageOf(fresh(seen.workers, SEEN_FRESH, now)?.oldestRequested, now),
    usualBoot: usualBootOf(record),
    created: fresh(seen.workers, SLOW, now)?.lastHour ?? lastHourOf(record.created, sampledAt, now),
    usuallyCreated: usualHourOf(record.created, now),
    ...youngOf(seen, now),
    ...errorsOf(seen, now),
    ...crewOf(seen, now),
  });
}

/** So many young workers that are gone, and such a share of all, are no accident. */
const GONE_AT_LEAST = 4;
const GONE_SHARE = 0.8;

function youngOf({ workers }: PoolSeen, now: number) {
  const { count, gone } = fresh(workers, SEEN_FRESH, now)?.young ?? { count: 0, gone: 0 };
  return gone < GONE_AT_LEAST || gone < GONE_SHARE * count ? {} : { young: count, youngGone: gone };
}

function definitionOf({ provider, minCapacity, maxCapacity, launchConfigs }: PoolInfo) {
  return { provider, minCapacity, maxCapacity, launchConfigs };
}

function capacityOf({ workforce }: PoolSeen, sampledAt: number | undefined, now: number) {
  const isFresh = sampledAt !== undefined && now - sampledAt <= SEEN_FRESH + FLEET_EVERY / 2;
  const { requested, running, stopping } = (isFresh ? workforce : undefined) ?? {};
  return { requested: requested?.capacity, running: running?.capacity, stopping: stopping?.capacity };
}

function errorsOf(seen: PoolSeen, now: number) {
  const errors = fresh(seen.errors, SLOW, now);
  const { at, ...commonError } = fresh(seen.commonError, SLOW, now) ?? {};
  // The fleet's statistics count none in a week.
  if (errors === undefined && seen.errorCount?.count === 0) return { errors: 0, usualErrors: 0 };
  return {
    errors: errors?.lastHour,
    usualErrors: errors?.usual,
    ...(at !== undefined && { commonError: commonError as PoolFigures['commonError'] }),
  };
}

function crewOf(seen: PoolSeen, now: number) {
  const crew = fresh(seen.crew, SEEN_FRESH, now);
  return { workers: crew?.workers, quarantined: crew?.quarantined, lastActive: ageOf(crew?.lastActive, now) };
}

/** All that wait, at the rate at which claims were seen. */
function etaOf(pending: number | undefined, rate: number | undefined): number | undefined {
  return pending === undefined || pending === 0 || rate === undefined || rate === 0
    ? undefined
    : Math.round((pending / rate) * HOUR);
}

/** The slowest of the last boots that were seen; of too few nobody can say. */
function usualBootOf({ boots = [] }: PoolRecord): number | undefined {
  return boots.length < BOOTS_TELL ? undefined : Math.max(...boots);
}

function fresh<T extends { at: number }>(seen: T | undefined, within: number, now: number): T | undefined {
  return seen !== undefined && now - seen.at <= within ? seen : undefined;
}

function ageOf(instant: number | undefined, now: number): number | undefined {
  return instant === undefined ? undefined : Math.max(0, now - instant);
}

/** Only what is known. */
function present(figures: { [K in keyof PoolFigures]: PoolFigures[K] | undefined }): PoolFigures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)) as unknown as PoolFigures;
}
