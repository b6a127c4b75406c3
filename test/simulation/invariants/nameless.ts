import { isStoreFault } from '../../../src/drill/scenario.ts';
import type { Night } from '../stage.ts';
import { proberTroubles } from './disturbances.ts';
import type { Alert } from './pages.ts';

/**
 * Under which name pools were paged the queue tells, but for when it was that somebody looked. Where nobody did while a silence began or ended,
 * some of them were silenced when they were found that were not when they went bad, or the other way round, and may have been told alone or
 * with others; where Slack never showed that page nobody knows its name after the loss of the store.
 */
export function isNameless({ scenario, config, slack }: Night, { id, opened }: Alert): boolean {
  if (!scenario.faults.filter(isStoreFault).some(({ from }) => from > opened.at)) return false;
  if (slack.posts.some((post) => post.metadata?.event_payload['id'] === id)) return false;
  const edges = config.silences.flatMap(({ from = scenario.start, until }) => [from, until]);
  return edges
    .filter((at) => opened.incident.since <= at && at <= opened.at)
    .some((at) => proberTroubles(scenario).some(({ from, until }) => from <= at && at <= until));
}
