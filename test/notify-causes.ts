import type { CommonError, Diagnosis, PoolFigures, Stall } from '../src/evidence/diagnosis.ts';
import type { CapacityEvidence, Cause, Incident } from '../src/evidence/incident.ts';
import { HOUR, MINUTE, SECOND } from '../src/evidence/instant.ts';
import { entry, fleet, membersOf, NIGHT, stuck } from './notify-incidents.ts';

const AT = NIGHT + 16 * MINUTE;

/** A busy pool on an ordinary evening: 31 tasks wait, and workers are there for them. */
const FIGURES: PoolFigures = {
  at: AT,
  provider: 'gcp-fxci',
  pending: 31,
  claimed: 12,
  oldestPending: 17 * MINUTE,
  claims: 'stand',
  requested: 0,
  running: 12,
  stopping: 0,
  minCapacity: 1,
  maxCapacity: 40,
  newestWorker: 68 * MINUTE,
  usualBoot: 2 * MINUTE + 10 * SECOND,
  created: 0,
  usuallyCreated: 34,
  errors: 0,
  usualErrors: 2,
  workers: 12,
  quarantined: 0,
  lastActive: 4 * MINUTE,
  launchConfigs: 3,
};

export const ZONE_IS_FULL: CommonError = {
  kind: 'creation-error',
  title: 'Operation failed',
  description:
    'The zone us-central1-a does not have enough resources available to fulfill the request. ' +
    'Try a different zone, or try again later.',
  code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
  count: 41,
};

/** What of that evening is different under each cause. */
const DIFFERENT: Partial<Record<Cause, Partial<PoolFigures>>> = {
  'provisioning-stalled': {},
  'provisioning-errors': { errors: 57, commonError: ZONE_IS_FULL },
  'provisioning-slow': { created: 4, newestWorker: 9 * MINUTE, requested: 2 },
  'boot-stalled': {
    running: 0,
    requested: 1,
    claimed: 0,
    pending: 6,
    oldestRequested: 47 * MINUTE,
    newestWorker: 47 * MINUTE,
    created: 1,
  },
  'workers-not-claiming': { claimed: 0, quarantined: 9, lastActive: 41 * MINUTE },
  'not-provisioned': { running: 0, claimed: 0, newestWorker: 5 * HOUR, provider: 'azure2' },
  'over-provisioned': {
    running: 1_540,
    requested: 40,
    maxCapacity: 10,
    claimed: 0,
    pending: 86,
    created: 120,
    newestWorker: MINUTE,
  },
  'at-capacity': { running: 40, claimed: 40, pending: 122, claims: 'move', claimRate: 96, eta: 76 * MINUTE, created: 31 },
  backlog: { claims: 'move', claimRate: 96, eta: 19 * MINUTE, created: 31, requested: 8, newestWorker: 40 * SECOND },
  unexplained: { pending: 2, requested: 1, newestWorker: 3 * MINUTE, created: 30, claims: 'move', claimRate: 61.5 },
};

export function diagnosed(
  cause: Cause,
  change: Partial<PoolFigures> = {},
  confidence: Diagnosis['confidence'] = 'sure',
): Diagnosis {
  return { cause, confidence, figures: { ...FIGURES, ...DIFFERENT[cause], ...change } };
}

/** The canary of `stuck`, with what was read of its pool. */
export function ill(cause: Cause, change: Partial<PoolFigures> = {}, incident: Partial<Incident> = {}): Incident {
  return stuck({ cause, ...incident }, { diagnosis: diagnosed(cause, change) });
}

/** The night of 2021-10-08, eleven minutes after the last worker was created. */
export function stalled(change: Partial<Stall> = {}, late = 0): Incident {
  const opened = NIGHT + 12 * MINUTE;
  const stall: Stall = {
    newestWorker: NIGHT + MINUTE,
    unmetSince: NIGHT + 2 * MINUTE,
    providers: ['aws', 'gcp-fxci'],
    overall: true,
    watched: 38,
    unmet: Array.from({ length: 9 }, (_, i) => ({ pool: `gecko-t/t-linux-${i}`, pending: 20 + i })),
    waiting: 212,
    errors: 0,
    ...change,
  };
  const members = membersOf(fleet(late)).map((member) => ({ ...member, age: member.age - 38 * MINUTE }));
  return fleet(
    late,
    {
      anchor: 'provider:any',
      cause: 'provisioning-stalled',
      since: stall.newestWorker,
      opened,
      timeline: [entry('opened', 'no worker created for 11m', opened)],
    },
    { common: [], members, stall },
  );
}

/** What worker-manager's figures tell of a pool that no canary asks. */
export function seenFrom(cause: Cause, change: Partial<PoolFigures> = {}): Incident {
  const pool = 'gecko-t/t-linux-metal';
  const evidence: CapacityEvidence = { kind: 'capacity', pool, since: NIGHT, diagnosis: diagnosed(cause, change) };
  return stuck({ anchor: `pool:${pool}`, cause, evidence, timeline: [entry('opened', 'seen', NIGHT + 5 * MINUTE)] });
}
