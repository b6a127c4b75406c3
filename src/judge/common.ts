import type { Member } from '../evidence/incident.ts';
import type { Docket } from './docket.ts';

/**
 * What all members have in common and some other probed pool has not: provider, region, what the workers run, the level in the
 * provisioner's name (`gecko-3`, and `level 3` where several projects share it). Most telling first.
 */
export function commonOf(docket: Docket, members: readonly Pick<Member, 'pool' | 'probe'>[]): string[] {
  const inside = new Set(members.map(({ probe }) => probe));
  const others = docket.probes.filter(({ name }) => !inside.has(name)).map(({ pool }) => traitsOf(docket, pool));
  const [first, ...rest] = members.map(({ pool }) => traitsOf(docket, pool));
  const shared = [...(first ?? [])].filter((trait) => rest.every((traits) => traits.has(trait)));
  return shared.filter((trait) => others.some((traits) => !traits.has(trait)));
}

function traitsOf(docket: Docket, pool: string): Set<string> {
  const info = docket.pools.get(pool)?.info;
  const provisioner = pool.slice(0, pool.indexOf('/'));
  const level = /-(\d+)$/.exec(provisioner)?.[1];
  return new Set([
    ...(info === undefined ? [] : [`provider ${info.provider}`]),
    ...(info?.regions ?? []).map((region) => `region ${region}`),
    ...(info?.payload === undefined ? [] : [info.payload]),
    provisioner,
    ...(level === undefined ? [] : [`level ${level}`]),
  ]);
}
