import type { Service } from '../taskcluster/call.ts';
import type { FaultBook } from './fault-book.ts';
import type { Random } from './random.ts';

/** What befalls one call. `delay`: the answer comes so many milliseconds after the effect. */
export type Weather =
  | { is: 'fair'; delay: number }
  | { is: 'down'; delay: number; status: number; applied: boolean }
  | { is: 'refused'; delay: number; status: 401 | 403 }
  /** The call reaches nobody. */
  | { is: 'unresolved' };

/** Decides by the faults that hold now; nothing in the deployment changes by it. */
export function weatherOn(faults: FaultBook, random: Random, service: Service, method: string, now: number): Weather {
  const struck = <F extends { rate?: number }>(found: F[]): F | undefined => found.find(({ rate }) => random.chance(rate ?? 1));
  if (struck(faults.onCall('unresolvable', service, method, now))) return { is: 'unresolved' };
  const delay = struck(faults.onCall('api-slow', service, method, now))?.delay ?? 0;
  const refusing = struck(faults.onCall('api-refuses', service, method, now));
  if (refusing) return { is: 'refused', delay, status: refusing.status };
  const down = struck(faults.onCall('api-down', service, method, now));
  if (down) return { is: 'down', delay, status: down.status ?? 503, applied: down.applied ?? false };
  return { is: 'fair', delay };
}
