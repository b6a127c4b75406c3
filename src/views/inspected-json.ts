import type { PoolFigures } from '../evidence/diagnosis.ts';
import { HOUR, iso } from '../evidence/instant.ts';
import { instant, seconds } from '../evidence/json-values.ts';
import { incidentJson } from './incident-json.ts';
import { creationsOf, type InspectedPool, type Stored } from './inspected.ts';
import { objectiveJson } from './json.ts';

const rounded = (rate: number | undefined) => (rate === undefined ? null : Math.round(rate * 10) / 10);

/** Instants as ISO 8601, durations in seconds, rates by the hour, `null` for what is not known; every key is always there. */
export function inspectedPoolsJson(inspected: readonly InspectedPool[], rootUrl: string, now: number) {
  return { rootUrl, at: iso(now), pools: inspected.map((one) => poolJson(one, now)) };
}

function poolJson(one: InspectedPool, now: number) {
  const { diagnosis, record, standing, said, stored } = one;
  const { figures } = diagnosis;
  const named = standing === 'broken' || standing === 'queue';
  return {
    pool: one.pool,
    managed: one.managed ?? null,
    provider: figures.provider ?? null,
    regions: record.info?.regions ?? null,
    launchConfigs: figures.launchConfigs ?? null,
    standing,
    cause: named ? diagnosis.cause : null,
    confidence: named ? diagnosis.confidence : null,
    sentence: said?.sentence ?? null,
    remedy: said?.remedy ?? null,
    capacity: capacityJson(figures),
    tasks: tasksJson(figures),
    workers: workersJson(one, now),
    errors: errorsJson(one),
    queue: {
      workers: figures.workers ?? null,
      quarantined: figures.quarantined ?? null,
      lastActive: seconds(figures.lastActive),
    },
    probes: stored ? stored.probes.map(probeJson) : null,
    incidents: stored ? stored.incidents.map(incidentJson) : null,
    unread: one.unread.map(({ what, why, detail }) => ({ what, why, detail })),
  };
}

function capacityJson({ minCapacity, maxCapacity, requested, running, stopping }: PoolFigures) {
  return {
    minimum: minCapacity ?? null,
    maximum: maxCapacity ?? null,
    requested: requested ?? null,
    running: running ?? null,
    stopping: stopping ?? null,
  };
}

function tasksJson({ pending, claimed, oldestPending, claims, claimRate, eta }: PoolFigures) {
  return {
    pending: pending ?? null,
    claimed: claimed ?? null,
    oldestPending: pending === 0 ? null : seconds(oldestPending),
    claims,
    claimsPerHour: rounded(claimRate),
    doneWithin: seconds(eta),
  };
}

function workersJson({ diagnosis: { figures }, record, workers, stored }: InspectedPool, now: number) {
  const { created } = record;
  const listed = creationsOf(workers, now);
  return {
    newest: instant(record.seen?.newest?.created),
    newestAge: seconds(figures.newestWorker),
    oldestRequested: seconds(figures.oldestRequested),
    usualBoot: seconds(figures.usualBoot),
    createdLastHour: figures.created ?? null,
    usuallyCreated: rounded(figures.usuallyCreated),
    createdPerHour: listed === undefined ? null : rounded(listed.count / (listed.over / HOUR)),
    byHour:
      stored === undefined || created === undefined
        ? null
        : created.counts.slice(-24).map((count, i, { length }) => ({ at: iso(created.hour - (length - 1 - i) * HOUR), count })),
  };
}

function errorsJson({ diagnosis: { figures }, errors }: InspectedPool) {
  const { commonError } = figures;
  return {
    lastHour: figures.errors ?? null,
    usual: rounded(figures.usualErrors),
    byHour: errors === undefined ? null : errors.map(({ at, count }) => ({ at: iso(at), count })),
    commonest:
      commonError === undefined
        ? null
        : {
            kind: commonError.kind,
            title: commonError.title,
            description: commonError.description,
            code: commonError.code ?? null,
            count: commonError.count,
          },
  };
}

function probeJson({ name, thresholds, lastClaim, lastCold, objective }: Stored['probes'][number]) {
  return {
    name,
    warnAfter: seconds(thresholds?.warnAfter),
    pageAfter: seconds(thresholds?.pageAfter),
    lastClaim: lastClaim ? { at: iso(lastClaim.at), timeToClaim: seconds(lastClaim.ms), start: lastClaim.start } : null,
    lastCold: instant(lastCold),
    objective: objective ? objectiveJson(objective) : null,
  };
}
