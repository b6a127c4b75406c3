import type { CommonError, Diagnosis, Stall } from '../../evidence/diagnosis.ts';
import { iso, spoken } from '../../evidence/instant.ts';
import { clean, clip } from '../text.ts';

/** PagerDuty's table of details. */
export type Details = Record<string, string | number | string[]>;

/** An error's title; the whole text stands beside it. */
const TITLE = 255;

/** What a pool was judged by, by names that tell the units. */
export function diagnosisDetails(diagnosis: Diagnosis | undefined): Details {
  if (diagnosis === undefined) return {};
  const { confidence, figures } = diagnosis;
  return known({
    confidence,
    'figures as of': iso(figures.at),
    provider: figures.provider === undefined ? undefined : clean(figures.provider),
    'tasks pending in the pool': figures.pending,
    'oldest pending task': span(figures.oldestPending),
    'tasks being worked on': figures.claimed,
    claims: figures.claims,
    'claims an hour, at least': figures.claimRate,
    'pending tasks claimed within': span(figures.eta),
    'capacity running, in tasks': figures.running,
    'capacity requested, in tasks': figures.requested,
    'capacity stopping, in tasks': figures.stopping,
    'capacity at least, in tasks': figures.minCapacity,
    'capacity at most, in tasks': figures.maxCapacity,
    'age of the newest worker': span(figures.newestWorker),
    'age of the oldest requested worker': span(figures.oldestRequested),
    'slowest of the last boots': span(figures.usualBoot),
    'workers created in the last hour': figures.created,
    'workers usually created in this hour': figures.usuallyCreated,
    'of those of the last ten minutes': figures.young,
    'of these gone again': figures.youngGone,
    'provisioning errors in the last hour': figures.errors,
    'provisioning errors usually in an hour': figures.usualErrors,
    'commonest provisioning error': titleOf(figures.commonError),
    'workers known to the queue': figures.workers,
    'workers in quarantine': figures.quarantined,
    'age of the last sign of a worker': span(figures.lastActive),
    'launch configurations': figures.launchConfigs,
  });
}

export function stallDetails(stall: Stall | undefined): Details {
  if (stall === undefined) return {};
  const { newestWorker, unmetSince, providers, overall, watched, unmet, waiting, errors, commonError } = stall;
  return known({
    providers: overall ? 'all' : providers.map(clean).join(', '),
    'newest worker created at': iso(newestWorker),
    'unmet demand since': iso(unmetSince),
    'pools watched': watched,
    'pools with unmet demand': unmet.length,
    'tasks pending in those': waiting,
    'provisioning errors in the last hour': errors,
    'commonest provisioning error': titleOf(commonError),
  });
}

function known(figures: Record<string, Details[string] | undefined>): Details {
  return Object.fromEntries(Object.entries(figures).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function span(duration: number | undefined): string | undefined {
  return duration === undefined ? undefined : spoken(duration);
}

function titleOf(error: CommonError | undefined): string | undefined {
  return error === undefined ? undefined : `${clip(clean(error.title), TITLE)}, ${error.count} of those listed`;
}
