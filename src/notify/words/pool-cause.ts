import { type Cause, POOL_CAUSES } from '../../evidence/incident.ts';

export type PoolCause = (typeof POOL_CAUSES)[number];

/** `unexplained` where it is the cause of something else. */
export function poolCause(cause: Cause): PoolCause {
  return POOL_CAUSES.find((known) => known === cause) ?? 'unexplained';
}
