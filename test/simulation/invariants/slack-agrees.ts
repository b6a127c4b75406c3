import type { Incident } from '../../../src/evidence/incident.ts';
import { slackRoute } from '../../../src/notify/routes.ts';
import { statusOf } from '../../../src/notify/words/status.ts';
import type { SlackMessage } from '../../../src/sandbox/receivers/slack-model.ts';
import type { Night } from '../stage.ts';

/** Slack has one message of every incident that it was to hear of, which shows how the incident stands in the end. */
export function slackAgrees({ slack, incidents, config }: Night): string[] {
  const route = slackRoute(config.alerts.warn.slack ?? '');
  const posts = new Map<string, SlackMessage[]>();
  for (const post of slack.posts) {
    const id = String(post.metadata?.event_payload['id']);
    posts.set(id, [...(posts.get(id) ?? []), post]);
  }
  const known = new Set(incidents.map(({ id }) => id));
  return [
    ...[...posts].flatMap(([id, shown]) => unknown(id, shown, known)),
    ...incidents.flatMap((incident): string[] => {
      const shown = posts.get(incident.id) ?? [];
      if (shown.length > 1) return [`${incident.id} has ${shown.length} messages in Slack`];
      const { status } = statusOf(incident);
      const [post] = shown;
      if (post === undefined) {
        const moot = incident.end === 'folded' || wasOver(incident);
        const owed = !moot && incident.addressed[route] !== undefined;
        return owed ? [`Slack was never told of ${incident.id}`] : [];
      }
      return post.text.includes(`${status}: `) ? [] : [`Slack shows of ${incident.id}, ${status}: ${post.text.slice(0, 100)}`];
    }),
  ];
}

/** It was over when it was worked out anew after the loss of the store. */
function wasOver({ ended, relived }: Incident): boolean {
  return ended !== undefined && relived !== undefined && ended <= relived;
}

/** What was forgotten with a store is shown as over all the same. */
function unknown(id: string, shown: readonly SlackMessage[], known: ReadonlySet<string>): string[] {
  if (known.has(id)) return [];
  if (shown.length > 1) return [`${id} has ${shown.length} messages in Slack`];
  return shown.some(({ text }) => OVER.test(text)) ? [] : [`Slack shows ${id} as open, which the store does not know`];
}

const OVER = /Resolved: |Withdrawn: |Folded: /;

/**
 * By the end of the night everything is over, but for what hangs on a list of pools that is read once an hour; and whether asking works nobody
 * finds out while all pools are gone by that list.
 */
export function allIsOver({ incidents, probes }: Night): string[] {
  const standing = incidents.filter(({ ended }) => ended === undefined);
  const gone = standing.flatMap(({ cause, evidence }) =>
    cause === 'pool-gone' && evidence.kind === 'ask' ? evidence.probes : [],
  );
  const nothingToAsk = probes.every(({ name }) => gone.includes(name));
  const open = standing.filter(
    (incident) => incident.class !== 'configuration' && !(nothingToAsk && incident.class === 'cannot-ask'),
  );
  return open.map(({ id, cause }) => `${id} (${cause}) is still open`);
}
