import type { Diagnosis } from '../../evidence/diagnosis.ts';
import type { PoolRecord } from '../../evidence/pool.ts';
import { SEEN_FRESH } from '../limits.ts';
import { lastHourOf, usualHourOf } from './creations.ts';
import { figuresOf } from './figures.ts';

/** A creation rate under this share of the hour's usual is too low, and over the other one it is mended; of few an hour nobody can tell. */
const SLOW = 0.25;
const MENDED = 0.5;
const USUALLY_AT_LEAST = 12;

/** By the statistics alone workers come too slowly, which is no harm while none is wanted. */
export function isRateLow({ created }: PoolRecord, sampledAt: number | undefined, now: number): boolean {
  return isUnder(lastHourOf(created, sampledAt, now), usualHourOf(created, now), SLOW) === true;
}

/** Demand throughout `silence`, and workers that come far too slowly; our own canaries make no such demand. */
export function slownessOf(
  record: PoolRecord,
  sampledAt: number | undefined,
  silence: number,
  now: number,
): Diagnosis | undefined {
  const unmet = record.seen?.unmet;
  if (unmet === undefined || unmet.own || now - unmet.at > SEEN_FRESH || unmet.at - unmet.since < silence) return undefined;
  const figures = figuresOf(record, sampledAt, now);
  const slow = isUnder(figures.created, figures.usuallyCreated, SLOW) === true;
  return slow ? { cause: 'provisioning-slow', confidence: 'sure', figures } : undefined;
}

/** What ended it; undefined while it goes on, and while nobody can tell. */
export function slownessOver(record: PoolRecord, sampledAt: number | undefined, now: number): string | undefined {
  const { unmet, counts } = record.seen ?? {};
  if (unmet === undefined && counts !== undefined && now - counts.at <= SEEN_FRESH) return 'no task wants a worker any more';
  const { created, usuallyCreated } = figuresOf(record, sampledAt, now);
  return isUnder(created, usuallyCreated, MENDED) === false ? 'workers come as usual again' : undefined;
}

function isUnder(created: number | undefined, usual: number | undefined, share: number): boolean | undefined {
  if (created === undefined || usual === undefined || usual < USUALLY_AT_LEAST) return undefined;
  return created < share * usual;
}
