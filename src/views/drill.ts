import type { Notice } from '../drill/notices.ts';
import type { Outcome } from '../drill/run.ts';
import type { Deed } from '../drill/scenario.ts';

/** A moment of a drill: something people did, or the first that a channel was told of one state of an incident. */
export type Beat = ({ who: 'people' } & Deed) | ({ who: 'prober' } & Notice);

/**
 * People's and the prober's events in order. Of what each channel was told of an incident, what brought it to warning, page, an easing and its end; not
 * how the story grew in between, nor what went on in another incident.
 */
export function beatsOf({ notices, scenario }: Outcome): Beat[] {
  const seen = new Set<string>();
  const told = notices.filter(({ to, incident: { id, level, ended, end, reopened, timeline } }) => {
    const eased = timeline.some(({ what }) => what === 'eased') ? 'eased' : '';
    const state = ended === undefined ? `${level}${eased}` : end;
    const key = [to, id, state, reopened?.length ?? 0].join(' ');
    return state !== 'folded' && !seen.has(key) && seen.add(key);
  });
  const beats: Beat[] = [
    ...scenario.people.map((deed): Beat => ({ who: 'people', ...deed })),
    ...told.map((notice): Beat => ({ who: 'prober', ...notice })),
  ];
  return beats.sort((a, b) => a.at - b.at);
}

const VIA = { slack: 'Slack', pagerduty: 'PagerDuty', webhook: 'webhook' } as const;

/** How a channel is called; where a drill told several of its kind, by its team or, without one, by what tells them apart. */
export function placeOf({ via, to }: Notice, { notices, teams }: Outcome): string {
  const several = notices.some((other) => other.via === via && other.to !== to);
  return several ? `${VIA[via]} (${teams.get(to) ?? to.slice(to.indexOf(':') + 1)})` : VIA[via];
}
