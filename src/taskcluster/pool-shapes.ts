import { SECOND } from '../evidence/instant.ts';
import { isObject, type JsonObject } from '../evidence/object.ts';
import type { PoolInfo, Workforce } from '../evidence/reading.ts';
import { numberAt, objectAt, textAt } from './json.ts';
import { payloadKindOf } from './payload-kind.ts';

export function poolOf(body: unknown): PoolInfo | undefined {
  if (!isObject(body)) return undefined;
  const { workerPoolId: pool, providerId: provider } = body;
  const currentCapacity = numberAt(body, 'currentCapacity');
  const requestedCapacity = numberAt(body, 'requestedCapacity');
  if (typeof pool !== 'string' || typeof provider !== 'string') return undefined;
  if (currentCapacity === undefined || requestedCapacity === undefined) return undefined;
  const config = objectAt(body, 'config');
  const payload = payloadKindOf(config);
  const minCapacity = numberAt(config, 'minCapacity');
  const maxCapacity = numberAt(config, 'maxCapacity');
  const scalingRatio = numberAt(config, 'scalingRatio');
  const timeout = numberAt(objectAt(config, 'lifecycle'), 'registrationTimeout');
  const launches = launchesOf(config);
  const regions = regionsOf(launches);
  return {
    pool,
    provider,
    ...(payload !== undefined && { payload }),
    ...(regions.length > 0 && { regions }),
    ...(minCapacity !== undefined && { minCapacity }),
    ...(maxCapacity !== undefined && { maxCapacity }),
    ...(scalingRatio !== undefined && { scalingRatio }),
    currentCapacity,
    requestedCapacity,
    ...(timeout !== undefined && { registrationTimeout: timeout * SECOND }),
    launchConfigs: launches.length,
  };
}

/** A static pool has none. */
function launchesOf({ launchConfigs }: JsonObject): unknown[] {
  return Array.isArray(launchConfigs) ? launchConfigs : [];
}

/** Amazon and Google say `region`, Azure `location`; an older Google configuration may have its zone alone. */
function regionsOf(launches: unknown[]): string[] {
  const places = launches.flatMap((launch): string[] => {
    const { region, location, zone } = isObject(launch) ? launch : {};
    const place = region ?? location ?? zone;
    return typeof place === 'string' && place !== '' ? [place] : [];
  });
  return [...new Set(places)].sort();
}

/** Of one entry of the statistics of all pools. */
export function workforceOf(value: unknown): { pool: string; workforce: Workforce } | undefined {
  const pool = textAt(value, 'workerPoolId');
  const tally = (state: keyof Workforce) => {
    const count = numberAt(value, `${state}Count`);
    const capacity = numberAt(value, `${state}Capacity`);
    return count === undefined || capacity === undefined ? undefined : { count, capacity };
  };
  const [requested, running, stopping, stopped] = [tally('requested'), tally('running'), tally('stopping'), tally('stopped')];
  if (pool === undefined || !requested || !running || !stopping || !stopped) return undefined;
  return { pool, workforce: { requested, running, stopping, stopped } };
}

export function countsOf(body: unknown): { pending: number; claimed?: number } | undefined {
  const pending = numberAt(body, 'pendingTasks');
  const claimed = numberAt(body, 'claimedTasks');
  return pending === undefined ? undefined : { pending, ...(claimed !== undefined && { claimed }) };
}
