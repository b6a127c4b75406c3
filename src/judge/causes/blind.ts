import { clockTime } from '../../evidence/instant.ts';
import type { Config } from '../../evidence/probe.ts';
import type { Blind } from '../../evidence/report.ts';
import type { State, Watch } from '../../evidence/state.ts';
import { FLEET_EVERY } from '../limits.ts';
import { basketOf } from './basket.ts';

/**
 * Where the watch over new workers sees nothing, because what it goes by may not be read, or cannot be for long; undefined where it sees, or nobody wants it. A
 * provider is judged only where all its watched pools show their newest worker and some of them how many tasks wait.
 */
export function blindOf(config: Config, { pools, watch }: Pick<State, 'pools' | 'watch'>): Blind | undefined {
  if (config.provisioning.mode === 'off') return undefined;
  const silent = silentSince(config, watch);
  // Mostly everything may be read, and nobody need look through the pools for what may not.
  if (silent === undefined && Object.keys(watch.unread ?? {}).length === 0) return undefined;
  const refused = (key: string) => {
    const known = watch.unread?.[key];
    return known?.why === 'refused' ? [known.detail] : [];
  };
  const basket = basketOf(config, pools);
  const named = config.probes.flatMap(({ pool }) => refused(`pool ${pool}`).map((detail) => starred(detail, pool)));
  // Without the list the pools that probes name may still be read one by one, and are watched then.
  const general = [...refused('fleet'), ...(basket.size === 0 ? [...refused('pools'), ...named] : [])];
  if (silent !== undefined) general.push(`nothing was told of workers since ${clockTime(silent)} UTC`);
  if (general.length > 0) return { providers: [...basket.keys()], overall: true, why: distinct(general) };
  const blind = [...basket].flatMap(([provider, watched]) => {
    const lacking = (what: string) =>
      watched.map(({ pool }) => refused(`${what} ${pool}`).map((detail) => starred(detail, pool)));
    const [workers, counts] = [lacking('workers'), lacking('counts')];
    const why = [...workers.flat(), ...(counts.every((one) => one.length > 0) ? counts.flat() : [])];
    return why.length === 0 ? [] : [{ provider, why }];
  });
  if (blind.length === 0) return undefined;
  return {
    providers: blind.map(({ provider }) => provider),
    overall: blind.length === basket.size,
    why: distinct(blind.flatMap(({ why }) => why)),
  };
}

/** Since when worker-manager has given no answer about the fleet, where that is longer than a stall takes to be told. */
function silentSince({ provisioning }: Config, { fleetAt, readFailedAt }: Watch): number | undefined {
  if (fleetAt === undefined || readFailedAt === undefined) return undefined;
  return readFailedAt - fleetAt >= Math.max(provisioning.silence, 2 * FLEET_EVERY) ? fleetAt : undefined;
}

/** Scopes for many pools are one. */
function starred(detail: string, pool: string): string {
  return detail.replaceAll(pool, '*');
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
