import type { Incident } from '../../../src/evidence/incident.ts';
import { slackRoute } from '../../../src/notify/routes.ts';
import { statusOf } from '../../../src/notify/words/status.ts';
import type { SlackMessage } from '../../../src/sandbox/receivers/slack-model.ts';
import type { Night } from '../stage.ts';
import { waitsForWorkers } from './pages.ts';

/** Each of Slack's channels has one message of every incident that it was to hear of, which shows how the incident stands in the end. */
export function slackAgrees({ slack, incidents }: Night): string[] {
  const posts = new Map<string, SlackMessage[]>();
  for (const post of slack.posts) {
    const key = keyOf(slackRoute(post.channel), post.metadata?.event_payload['id']);
    posts.set(key, [...(posts.get(key) ?? []), post]);
  }
  const known = new Map(incidents.map((incident) => [incident.id, incident]));
  const owed = incidents.flatMap((incident): string[] => {
    if (incident.end === 'folded' || incident.unheard || wasOver(incident)) return [];
    const routes = Object.keys(incident.addressed).filter((route) => route.startsWith('slack:'));
    return routes
      .filter((route) => !posts.has(keyOf(route, incident.id)))
      .map((route) => `${route} was never told of ${incident.id}`);
  });
  return [...owed, ...[...posts.values()].flatMap((shown) => agrees(shown, known))];
}

function keyOf(route: string, incident: unknown): string {
  return `${route} ${String(incident)}`;
}

/** What a channel shows of one incident. */
function agrees(shown: readonly SlackMessage[], known: ReadonlyMap<string, Incident>): string[] {
  const [post] = shown;
  if (post === undefined) return [];
  const id = String(post.metadata?.event_payload['id']);
  if (shown.length > 1) return [`${id} has ${shown.length} messages in Slack's ${post.channel}`];
  const incident = known.get(id);
  // What was forgotten with a store is shown as over all the same, and what was over when it was lost as whatever end it had.
  if (OVER.test(post.text) && (incident === undefined || wasOver(incident))) return [];
  if (incident === undefined) return [`Slack shows ${id} as open, which the store does not know`];
  const { status } = statusOf(incident);
  return post.text.includes(`${status}: `) ? [] : [`Slack shows of ${id}, ${status}: ${post.text.slice(0, 100)}`];
}

/** It was over when it was worked out anew after the loss of the store. */
function wasOver({ ended, relived }: Incident): boolean {
  return ended !== undefined && relived !== undefined && ended <= relived;
}

const OVER = /Resolved: |Withdrawn: |Folded: /;

/**
 * By the end of the night everything is over, but for what hangs on a list of pools that is read once an hour; and whether asking works nobody
 * finds out while all pools are gone by that list.
 */
export function allIsOver(night: Night): string[] {
  const { incidents, probes } = night;
  const standing = incidents.filter((incident) => incident.ended === undefined && !waitsForWorkers(night, incident));
  const gone = standing.flatMap(({ cause, evidence }) =>
    cause === 'pool-gone' && evidence.kind === 'ask' ? evidence.probes : [],
  );
  const nothingToAsk = probes.every(({ name }) => gone.includes(name));
  const open = standing.filter(
    (incident) => incident.class !== 'configuration' && !(nothingToAsk && incident.class === 'cannot-ask'),
  );
  return open.map(({ id, cause }) => `${id} (${cause}) is still open`);
}
