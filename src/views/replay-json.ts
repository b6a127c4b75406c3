import { iso } from '../evidence/instant.ts';
import { instant, seconds } from '../evidence/json-values.ts';
import type { Alarm } from '../judge/replay/alarms.ts';
import { causeThen, pagesOf } from '../judge/replay/compare.ts';
import type { Wish } from '../judge/replay/thresholds.ts';
import { differenceOf, type Replayed, sumOf, type Tried } from './replayed.ts';

/** As everywhere in JSON: instants as ISO 8601, durations in seconds, `null` where there is nothing. */
export function replayJson(replayed: Replayed, asked: Tried | undefined) {
  const { unrepeated, added } = differenceOf(replayed);
  const told = (alarms: readonly Alarm[]) => toldJson(alarms, replayed);
  return {
    ...frameJson(replayed),
    stored: told(replayed.stored),
    beside: pagesOf(replayed.beside).map((alarm) => alarmJson(alarm, replayed)),
    today: told(replayed.today),
    unrepeated: unrepeated.map(({ incident }) => incident.id),
    added: added.map(({ incident }) => incident.id),
    asked: asked === undefined ? null : { thresholds: wishJson(asked.wish), ...told(asked.alarms) },
  };
}

export function sweepJson(replayed: Replayed, tried: readonly Tried[]) {
  return {
    ...frameJson(replayed),
    stored: sumJson(replayed.stored),
    cells: tried.map(({ wish, isToday, alarms }) => ({ thresholds: wishJson(wish), today: isToday, ...sumJson(alarms) })),
  };
}

function frameJson({ deployment, since, until, first, probes, observing, canaries }: Replayed) {
  return { deployment, since: iso(since), until: iso(until), first: instant(first), probes, observing, canaries };
}

function toldJson(alarms: readonly Alarm[], replayed: Replayed) {
  return { ...sumJson(alarms), alarms: alarms.map((alarm) => alarmJson(alarm, replayed)) };
}

function sumJson(alarms: readonly Alarm[]) {
  const { pages, warnings, brief, median, longest } = sumOf(alarms);
  return { pages, warnings, brief, pagedAfter: { median: seconds(median), longest: seconds(longest) } };
}

function alarmJson(alarm: Alarm, { incidents }: Replayed) {
  const { incident, pools, told, ended } = alarm;
  return {
    id: incident.id,
    pools,
    cause: causeThen(alarm, incidents),
    since: iso(incident.since),
    warned: instant(told.warn),
    paged: instant(told.page),
    ended: instant(ended),
  };
}

/** `null`: as each probe has it. */
function wishJson({ warnAfter, pageAfter, resolveAfter }: Wish) {
  return { warnAfter: choiceJson(warnAfter), pageAfter: choiceJson(pageAfter), resolveAfter: resolveAfter ?? null };
}

function choiceJson(choice: Wish['warnAfter']) {
  return typeof choice === 'object' ? { times: choice.times } : seconds(choice);
}
