import type { Cause } from '../../evidence/incident.ts';

/** Why no worker claims: the causes that are judged by what was read of a pool. */
const POOL_CAUSES = [
  'provisioning-stalled',
  'provisioning-errors',
  'provisioning-slow',
  'boot-stalled',
  'workers-not-claiming',
  'not-provisioned',
  'over-provisioned',
  'at-capacity',
  'backlog',
  'unexplained',
] as const satisfies readonly Cause[];
export type PoolCause = (typeof POOL_CAUSES)[number];

/** `unexplained` where it is the cause of something else. */
export function poolCause(cause: Cause): PoolCause {
  return POOL_CAUSES.find((known) => known === cause) ?? 'unexplained';
}
