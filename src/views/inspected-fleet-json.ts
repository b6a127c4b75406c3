import { iso } from '../evidence/instant.ts';
import { seconds } from '../evidence/json-values.ts';
import { incidentJson } from './incident-json.ts';
import type { InspectedFleet, Worth } from './inspected-fleet.ts';
import type { InspectedProvider } from './inspected-providers.ts';

/** Instants as ISO 8601, durations in seconds, `null` for what is not known; every key is always there. */
export function inspectedFleetJson(fleet: InspectedFleet, rootUrl: string) {
  const { at, pools, counted, pending, claimed, stall, incidents, unread } = fleet;
  return {
    rootUrl,
    at: iso(at),
    pools,
    counted,
    pending,
    claimed: claimed ?? null,
    stall:
      stall === undefined
        ? null
        : {
            cause: stall.cause,
            confidence: stall.sure ? 'sure' : 'likely',
            providers: stall.providers,
            overall: stall.overall,
            newestWorker: iso(stall.newestWorker),
            waiting: stall.waiting,
            unmet: stall.unmet,
          },
    providers: fleet.providers.map(providerJson),
    worth: fleet.worth.map(worthJson),
    incidents: incidents ? incidents.map(incidentJson) : null,
    unread: unread.map(({ what, why, detail }) => ({ what, why, detail })),
  };
}

function providerJson({ newestWorker, created, atLeast, ...rest }: InspectedProvider) {
  const { provider, pools, running, requested, unmet, waiting, stalled } = rest;
  return {
    provider,
    pools,
    newestWorkerAge: seconds(newestWorker),
    createdLastHour: { count: created, atLeast },
    running,
    requested,
    unmet,
    waiting,
    stalled,
  };
}

function worthJson({ pool, concerns, standing, diagnosis }: Worth) {
  const { figures } = diagnosis;
  const named = standing === 'broken' || standing === 'queue';
  return {
    pool,
    provider: figures.provider ?? null,
    concerns,
    standing,
    cause: named ? diagnosis.cause : null,
    confidence: named ? diagnosis.confidence : null,
    pending: figures.pending ?? null,
    claimed: figures.claimed ?? null,
    oldestPending: figures.pending === 0 ? null : seconds(figures.oldestPending),
    newestWorkerAge: seconds(figures.newestWorker),
    running: figures.running ?? null,
    requested: figures.requested ?? null,
    maximum: figures.maxCapacity ?? null,
    errorsLastHour: figures.errors ?? null,
    error: figures.commonError?.title ?? null,
  };
}
