import { isStoreFault } from '../../../src/drill/scenario.ts';
import { iso } from '../../../src/evidence/instant.ts';
import type { Night } from '../stage.ts';
import { isNameless } from './nameless.ts';
import { type Alert, alertsOf, probesIn } from './pages.ts';
import { isTornApart } from './torn-apart.ts';

/** After the store was lost nobody is paged again, under whatever key, for what an open page tells of already. */
export function lossWakesNobody(night: Night): string[] {
  const alerts = alertsOf(night);
  return night.scenario.faults.filter(isStoreFault).flatMap(({ from }) => {
    const open = alerts.filter((alert) => alert.opened.at < from && (alert.resolved?.at ?? Number.POSITIVE_INFINITY) > from);
    const known = open.filter((before) => !isNameless(night, before));
    return known.flatMap((before) =>
      alerts
        .filter((anew) => repeats(before, anew, from) && !isTornApart(night, before, anew))
        .map(({ id, opened }) => `${before.id} was open when the store was lost, and ${id} was paged at ${iso(opened.at)}`),
    );
  });
}

/** It began before the loss, was opened after it, and tells of a probe that the other one, still open, had told of by then. */
function repeats(before: Alert, anew: Alert, lost: number): boolean {
  const { opened } = anew;
  if (anew.to !== before.to) return false;
  if (opened.at < lost || opened.at > (before.resolved?.at ?? opened.at) || opened.incident.since >= lost) return false;
  const known = new Set(before.told.filter(({ at }) => at < opened.at).flatMap(({ incident }) => probesIn(incident)));
  return probesIn(opened.incident).some((probe) => known.has(probe));
}
