import type { Night } from '../stage.ts';
import { alertsOf, probesIn, serviceOf } from './pages.ts';

/** Nobody is woken for a pool that is not theirs: a team's page tells, while it is open, of one of its own. */
export function toldToItsPeople(night: Night): string[] {
  const everybody = serviceOf(night);
  return alertsOf(night).flatMap(({ id, to, told }) => {
    if (to === everybody) return [];
    const own = new Set(night.probes.filter((probe) => serviceOf(night, probe) === to).map(({ name }) => name));
    const concerned = told.some(
      ({ incident }) =>
        probesIn(incident).some((probe) => own.has(probe)) ||
        night.probes.some(({ name, pool }) => own.has(name) && incident.anchor === `pool:${pool}`),
    );
    return concerned ? [] : [`${id} was paged at ${to}, and concerns nobody there`];
  });
}
