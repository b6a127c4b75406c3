import type { CommonError, Diagnosis, PoolFigures, Stall } from './diagnosis.ts';
import { iso } from './instant.ts';
import { seconds } from './json-values.ts';

/** Makes text from outside fit to be given away. */
type Shown = (text: string) => string;

const asItIs: Shown = (text) => text;

/** Instants as ISO 8601, durations in seconds, rates per hour; every key is there, `null` where nothing is known. */
export function diagnosisJson(diagnosis: Diagnosis | undefined, shown: Shown = asItIs) {
  if (diagnosis === undefined) return null;
  const { cause, confidence, figures } = diagnosis;
  return { cause, confidence, figures: figuresJson(figures, shown) };
}

export function stallJson(stall: Stall | undefined, shown: Shown = asItIs) {
  if (stall === undefined) return null;
  const { newestWorker, unmetSince, providers, overall, watched, unmet, waiting, errors, commonError, failing } = stall;
  return {
    newestWorker: iso(newestWorker),
    unmetSince: iso(unmetSince),
    providers: providers.map(shown),
    overall,
    watched,
    unmet: unmet.map(({ pool, pending }) => ({ pool: shown(pool), pending })),
    waiting,
    errors: errors ?? null,
    commonError: errorJson(commonError, shown),
    failing: failing?.map(shown) ?? null,
  };
}

function figuresJson(figures: PoolFigures, shown: Shown) {
  return {
    at: iso(figures.at),
    provider: figures.provider === undefined ? null : shown(figures.provider),
    pending: figures.pending ?? null,
    claimed: figures.claimed ?? null,
    oldestPending: seconds(figures.oldestPending),
    claims: figures.claims,
    claimRate: figures.claimRate ?? null,
    eta: seconds(figures.eta),
    requested: figures.requested ?? null,
    running: figures.running ?? null,
    stopping: figures.stopping ?? null,
    minCapacity: figures.minCapacity ?? null,
    maxCapacity: figures.maxCapacity ?? null,
    newestWorker: seconds(figures.newestWorker),
    oldestRequested: seconds(figures.oldestRequested),
    usualBoot: seconds(figures.usualBoot),
    created: figures.created ?? null,
    usuallyCreated: figures.usuallyCreated ?? null,
    young: figures.young ?? null,
    youngGone: figures.youngGone ?? null,
    errors: figures.errors ?? null,
    usualErrors: figures.usualErrors ?? null,
    commonError: errorJson(figures.commonError, shown),
    workers: figures.workers ?? null,
    quarantined: figures.quarantined ?? null,
    lastActive: seconds(figures.lastActive),
    launchConfigs: figures.launchConfigs ?? null,
  };
}

function errorJson(error: CommonError | undefined, shown: Shown) {
  if (error === undefined) return null;
  const { kind, title, description, code, count } = error;
  return {
    kind: shown(kind),
    title: shown(title),
    description: shown(description),
    code: code === undefined ? null : shown(code),
    count,
  };
}
