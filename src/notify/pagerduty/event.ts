import type { Message } from '../../evidence/delivery.ts';
import type { AskEvidence, PoolEvidence } from '../../evidence/incident.ts';
import { iso, spoken } from '../../evidence/instant.ts';
import type { Secret } from '../../evidence/secret.ts';
import { clean, clip } from '../text.ts';
import { storyLine, wording } from '../wording.ts';

/** Documented limits of the Events API v2: 1,024 characters of summary, 512 KB of event. */
const SUMMARY = 1024;
const BYTES = 512_000;

/** Not documented; keeps the other fields to what a phone can show. */
const FIELD = 255;

/** The event that opens the incident's alert, or adds to it while it is open: PagerDuty joins events by `dedup_key`. */
export function trigger(message: Message, routingKey: Secret): string {
  const { incident, deployment, rootUrl } = message;
  const { evidence } = incident;
  const words = wording(message);
  const payload = {
    summary: clip(`${evidence.kind === 'pool' ? `[${clean(deployment)}] ` : ''}${words.headline}. ${words.reason}`, SUMMARY),
    source: clip(clean(hostOf(rootUrl)), FIELD),
    severity: incident.level === 'page' ? 'critical' : 'warning',
    timestamp: iso(incident.since),
    component: clip(clean(evidence.kind === 'pool' ? evidence.pool : 'queue'), FIELD),
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
  const story = incident.timeline.map((entry) => `${iso(entry.at)} ${storyLine(entry)}`);
  const details = {
    ...(words.advice !== undefined && { 'what to look at': words.advice }),
    ...(words.detail !== undefined && { error: words.detail }),
    ...(evidence.kind === 'pool' ? poolDetails(evidence) : askDetails(evidence)),
    story,
  };
  const whole = JSON.stringify({ ...event, payload: { ...payload, custom_details: details } });
  return Buffer.byteLength(whole) <= BYTES ? whole : JSON.stringify(event);
}

export function resolve(message: Message, routingKey: Secret): string {
  return JSON.stringify({ routing_key: routingKey.reveal(), event_action: 'resolve', dedup_key: message.incident.id });
}

function poolDetails(evidence: PoolEvidence): Record<string, string | number> {
  const { lastClaim, usual, pending } = evidence;
  return {
    pool: clean(evidence.pool),
    probe: clean(evidence.probe),
    task: clean(evidence.taskId),
    [evidence.claimed ? 'claimed after' : 'unclaimed for']: spoken(evidence.age),
    'warn at': spoken(evidence.warnAfter),
    'page at': spoken(evidence.pageAfter),
    ...(lastClaim && { 'last claim': `${spoken(lastClaim.ms)}, at ${iso(lastClaim.at)}` }),
    ...(usual !== undefined && { 'usual p95': spoken(usual) }),
    ...(pending !== undefined && { 'tasks pending in the pool': pending }),
  };
}

function askDetails(evidence: AskEvidence): Record<string, string> {
  const probes = evidence.probes.length === 0 ? 'all' : evidence.probes.map(clean).join(', ');
  return { since: iso(evidence.since), 'probes affected': probes };
}

function hostOf(rootUrl: string): string {
  return URL.canParse(rootUrl) ? new URL(rootUrl).host : rootUrl;
}
