import type { Confidence, Diagnosis, PoolFigures, Stall } from '../../evidence/diagnosis.ts';
import { areGone, isBlind, isUnwatched } from './diagnosis.ts';
import { type PoolCause, poolCause } from './pool-cause.ts';
import { isLost } from './unexplained.ts';

const KILL = 'kill the taskcluster-worker-manager-provisioner pod, so that Kubernetes starts a new one';
const RESTART = `Restart worker-manager's provisioner: ${KILL}. That ended the outage of 2021-10-08.`;

/** Where to look as long as no cause is known. */
export const LOOK = "The pool's page shows what is running and requested, its errors what the cloud refused.";

const REMEDIES: Record<PoolCause, (figures: PoolFigures, confidence: Confidence) => string> = {
  'provisioning-stalled': () => RESTART,
  'provisioning-errors': () =>
    'The error says what to mend. No room in the cloud, or a quota that is used up: add regions, raise the quota, or wait. ' +
    "An image, a network or credentials: correct the pool's definition. The provisioner tries again by itself, and " +
    'restarting it does not help.',
  'provisioning-slow': () =>
    "See the cloud provider's status page and the provisioning errors. Should creation stop altogether, that is told as an " +
    'incident of its own.',
  'boot-stalled': (figures) =>
    areGone(figures)
      ? 'Read what one of those workers wrote as it started, in the log of its instance: perhaps the image or its start-up fails, or ' +
        'the cloud takes it back. Go back to the last image or configuration that worked; restarting the provisioner does not help.'
      : "Find it among the pool's workers by its state, requested, and end it with worker-manager's removeWorker: as long as " +
        'it is awaited the pool may get no other (taskcluster#7422). If the next one hangs too, see its image and launch ' +
        'configuration.',
  'workers-not-claiming': (figures) => {
    if ((figures.quarantined ?? 0) > 0)
      return (
        "Lift the quarantine on the workers' pages if it is not meant any more, or terminate those workers, so that others " +
        'are created.'
      );
    const perhaps = 'perhaps the worker process does not start, or its credentials are refused.';
    return isUnwatched(figures)
      ? `See whether its machines are up and reach Taskcluster, and read the log of one: ${perhaps}`
      : `Read the log of one running worker: ${perhaps} Terminate the workers, and go back to the last image or configuration ` +
          'that worked.';
  },
  'not-provisioned': ({ launchConfigs }) =>
    launchConfigs === 0
      ? 'Give the pool a launch configuration: without one nothing can be created.'
      : "Perhaps the provider's set-up failed, and the provisioner passes over its pools without a word. Look for the " +
        `provider's name in the provisioner's log, and mend what it says. If it says nothing, ${KILL}.`,
  'over-provisioned': () =>
    "This costs money every hour: on 2019-11-20 it was seen after five days and about $160,000. Set the pool's maximum " +
    'capacity to 0, terminate its workers, and see why none claims: perhaps the image does not start the worker process.',
  'at-capacity': ({ running, maxCapacity }) => {
    if (maxCapacity === 0) return "Raise the pool's maximum capacity. If it is 0 on purpose, silence the pool for as long.";
    return running === undefined && maxCapacity === undefined
      ? 'Nothing is broken. Wait, or give the pool more machines.'
      : "Nothing is broken. Wait, or raise the pool's maximum capacity.";
  },
  backlog: (_figures, confidence) =>
    isBlind('backlog', confidence)
      ? 'See whether worker-manager answers and makes workers: its pods, its log, its database. If it does, this may be a ' +
        'mere queue, in which a canary of low priority waits behind everybody.'
      : 'Nothing is broken: a canary of low priority waits behind everybody. Wait, or see what fills the queue.',
  unexplained: (figures) =>
    isLost(figures)
      ? 'Such a task is offered to no worker, and no worker is created for it (taskcluster#8525). Other tasks that wait ' +
        'like it have to be cancelled and submitted anew; tell whoever runs the queue. Cancel our canary too, once it is mended: ' +
        'the next one shows it.'
      : LOOK,
};

export function remedy({ cause, confidence, figures }: Diagnosis): string {
  return REMEDIES[poolCause(cause)](figures, confidence);
}

/** One provider that refuses is no fault of the provisioner; that several do at once is unlikely. */
export function stallRemedy(stall: Stall): string {
  if (isProvisioner(stall)) return RESTART;
  const { errors = 0 } = stall;
  const first =
    errors > 0
      ? "See the provider's status page, and mend what the error says."
      : "See the provider's status page, and look for its name in the provisioner's log: perhaps its set-up failed.";
  return `${first} If neither explains it, restart worker-manager's provisioner: ${KILL}.`;
}

/** Whether the provisioner itself is at fault, and not a provider. */
export function isProvisioner({ overall, errors = 0, providers }: Stall): boolean {
  return overall && (errors === 0 || providers.length > 1);
}
