import type { Message } from '../../evidence/delivery.ts';
import type { Manner } from '../../evidence/incident.ts';
import { iso } from '../../evidence/instant.ts';
import type { Secret } from '../../evidence/secret.ts';
import { clean, clip } from '../text.ts';
import { wording } from '../wording.ts';
import { storyLine } from '../words/story.ts';
import { componentOf, detailsOf } from './details.ts';

/** Documented limits of the Events API v2: 1,024 characters of summary, 512 KB of event. */
const SUMMARY = 1024;
const BYTES = 512_000;

/** Not documented; keeps the other fields to what a phone can show. */
const FIELD = 255;

/** The event that opens the incident's alert, or adds to it while it is open: PagerDuty joins events by `dedup_key`. */
export function trigger(message: Message, { severity }: Manner, routingKey: Secret): string {
  const { incident, deployment, rootUrl } = message;
  const words = wording(message);
  // An incident without a pool already begins with the deployment.
  const place = incident.evidence.kind === 'ask' ? '' : `[${clean(deployment)}] `;
  const payload = {
    summary: clip(`${place}${words.headline}. ${words.reason}`, SUMMARY),
    source: clip(clean(hostOf(rootUrl)), FIELD),
    severity,
    timestamp: iso(incident.since),
    component: clip(componentOf(incident), FIELD),
    group: clip(clean(deployment), FIELD),
    class: incident.cause,
  };
  const event = {
    routing_key: routingKey.reveal(),
    event_action: 'trigger',
    dedup_key: incident.id,
    client: 'taskcluster-canary',
    client_url: rootUrl,
    links: words.links.map(({ label, href }) => ({ href, text: label })),
    payload,
  };
  const details = {
    ...(words.advice !== undefined && { 'what to look at': words.advice }),
    ...(words.notes.length > 0 && { note: words.notes.join(' ') }),
    ...(words.detail !== undefined && { error: words.detail }),
    ...detailsOf(incident),
    story: incident.timeline.map((entry) => `${iso(entry.at)} ${storyLine(entry)}`),
  };
  const whole = JSON.stringify({ ...event, payload: { ...payload, custom_details: details } });
  return Buffer.byteLength(whole) <= BYTES ? whole : JSON.stringify(event);
}

export function resolve({ incident }: Message, routingKey: Secret): string {
  return JSON.stringify({ routing_key: routingKey.reveal(), event_action: 'resolve', dedup_key: incident.id });
}

function hostOf(rootUrl: string): string {
  return URL.canParse(rootUrl) ? new URL(rootUrl).host : rootUrl;
}
