import type { Diagnosis } from '../../evidence/diagnosis.ts';
import type { Cause } from '../../evidence/incident.ts';
import { MINUTE } from '../../evidence/instant.ts';
import type { PoolRecord } from '../../evidence/pool.ts';
import type { Watch } from '../../evidence/state.ts';
import { SEEN_FRESH } from '../limits.ts';
import { diagnose } from './diagnose.ts';
import { figuresOf } from './figures.ts';

/** What the last examination of a pool says, by its own figures; undefined where that was long ago. */
export function diagnosisOf(record: PoolRecord | undefined, { fleetAt }: Watch, now: number): Diagnosis | undefined {
  const examinedAt = record?.seen?.examinedAt;
  if (record === undefined || examinedAt === undefined || now - examinedAt > 2 * SEEN_FRESH) return undefined;
  return judged(record, fleetAt, examinedAt);
}

/** The same for a canary that has been scheduled at `since`: a queue that ours is not in does not explain why it waits. */
export function diagnosisFor(
  record: PoolRecord | undefined,
  since: number | undefined,
  watch: Watch,
  now: number,
): Diagnosis | undefined {
  const diagnosis = diagnosisOf(record, watch, now);
  if (diagnosis === undefined || since === undefined || !isQueueing(diagnosis.cause)) return diagnosis;
  if (!isOvertaken(diagnosis, since)) return diagnosis;
  return { cause: 'unexplained', confidence: 'likely', figures: { ...diagnosis.figures, overtaken: true } };
}

/** What is known of a pool at `now`, examined or not, the fleet having been sampled at `sampledAt`. */
export function judged(record: PoolRecord, sampledAt: number | undefined, now: number): Diagnosis {
  const { seen, info, gone, at } = record;
  const figures = figuresOf(record, sampledAt, now);
  return diagnose(figures, {
    over: seen?.workforce?.over ?? 0,
    unread: seen?.workforce !== undefined && figures.running === undefined,
    hardware: info === undefined && gone === undefined && at > 0,
    ...(seen?.unmet !== undefined && { unmetFor: seen.unmet.at - seen.unmet.since }),
    ...(seen?.idle && { idleFor: seen.idle.at - seen.idle.since }),
    ...(seen?.idle?.most !== undefined && { mostIdleFor: seen.idle.at - seen.idle.most }),
    ...(seen?.claims?.movedAt !== undefined && { movedFor: now - seen.claims.movedAt }),
    ...(info?.registrationTimeout !== undefined && { registrationTimeout: info.registrationTimeout }),
  });
}

export function isQueueing(cause: Cause): boolean {
  return cause === 'at-capacity' || cause === 'backlog';
}

/**
 * Tasks are claimed and ours, scheduled at `since`, waits its turn: a queue and not a break. Only what was seen just now proves that, and not
 * where all that wait have come later, for then ours is not among them.
 */
export function isQueue(diagnosis: Diagnosis | undefined, since: number, now: number): boolean {
  if (diagnosis === undefined || !isQueueing(diagnosis.cause) || diagnosis.confidence !== 'sure') return false;
  return now - diagnosis.figures.at <= SEEN_FRESH && !isOvertaken(diagnosis, since);
}

/** All that wait have come later than a task that was scheduled at `since`. */
function isOvertaken({ figures: { at, oldestPending } }: Diagnosis, since: number): boolean {
  return oldestPending !== undefined && at - oldestPending > since + OVERTAKEN;
}

/** By how much the oldest task that waits may be younger than ours; the list shows when each came to the line, which is a moment later. */
const OVERTAKEN = MINUTE;
