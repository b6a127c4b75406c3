import type { Diagnosis } from '../../evidence/diagnosis.ts';
import type { PoolRecord } from '../../evidence/pool.ts';
import { SEEN_FRESH } from '../limits.ts';
import { diagnose } from './diagnose.ts';
import { figuresOf } from './figures.ts';

/** What the last examination of a pool says, by its own figures; undefined where that was long ago. */
export function diagnosisOf(record: PoolRecord | undefined, now: number): Diagnosis | undefined {
  const examinedAt = record?.seen?.examinedAt;
  if (record === undefined || examinedAt === undefined || now - examinedAt > 2 * SEEN_FRESH) return undefined;
  return judged(record, examinedAt);
}

/** What is known of a pool at `now`, examined or not. */
export function judged(record: PoolRecord, now: number): Diagnosis {
  const { seen, info } = record;
  return diagnose(figuresOf(record, now), {
    over: seen?.workforce?.over ?? 0,
    ...(seen?.unmet !== undefined && { unmetFor: seen.unmet.at - seen.unmet.since }),
    ...(info?.registrationTimeout !== undefined && { registrationTimeout: info.registrationTimeout }),
  });
}

/** Tasks are claimed and ours waits its turn: a queue and not a break. Only what was seen just now proves that. */
export function isQueue(diagnosis: Diagnosis | undefined, now: number): boolean {
  if (diagnosis === undefined || diagnosis.confidence !== 'sure' || now - diagnosis.figures.at > SEEN_FRESH) return false;
  return diagnosis.cause === 'at-capacity' || diagnosis.cause === 'backlog';
}
