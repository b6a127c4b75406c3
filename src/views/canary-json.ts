import type { PastCanary } from '../evidence/canary.ts';
import { iso } from '../evidence/instant.ts';
import { instant } from '../evidence/json-values.ts';

/** As everywhere in JSON: instants as ISO 8601, durations in seconds, `null` where there is nothing. */
export function canaryJson({ taskId, slot, stage, scheduled, started, ended, start, worker, reason }: PastCanary) {
  return {
    taskId,
    slot: iso(slot),
    stage,
    scheduled: instant(scheduled),
    started: instant(started),
    ended: instant(ended),
    timeToClaim: started === undefined || scheduled === undefined ? null : Math.round(started - scheduled) / 1000,
    start: start ?? null,
    worker: worker ?? null,
    reason: reason ?? null,
  };
}
