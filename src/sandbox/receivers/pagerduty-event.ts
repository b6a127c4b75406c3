import { isObject } from '../../evidence/object.ts';

/** What the Events API v2 requires of an alert event, and the limits it documents. */

const SEVERITIES = ['critical', 'error', 'warning', 'info'];
const ACTIONS = ['trigger', 'acknowledge', 'resolve'];
const SUMMARY = 1024;
const DEDUP_KEY = 255;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

/** Everything that is wrong with it, in PagerDuty's manner. */
export function troublesOfEvent(event: unknown): string[] {
  if (!isObject(event)) return ['JSON is not an object'];
  const { routing_key: key, event_action: action, dedup_key: dedup, payload, links } = event;
  const wrong: string[] = [];
  if (typeof key !== 'string' || key === '') wrong.push("'routing_key' is missing or blank");
  else {
    if (key.length !== 32) wrong.push("Length of 'routing_key' is incorrect (should be 32 characters)");
    if (!/^[A-Za-z0-9]*$/.test(key)) wrong.push("'routing_key' cannot contain non-alphanumeric characters.");
  }
  if (!ACTIONS.includes(String(action))) wrong.push("'event_action' is missing or invalid");
  if (dedup !== undefined && (typeof dedup !== 'string' || codePoints(dedup) > DEDUP_KEY)) wrong.push("'dedup_key' is too long");
  if (dedup === undefined && action !== 'trigger') wrong.push("'dedup_key' is missing or blank");
  if (action === 'trigger') wrong.push(...troublesOfPayload(payload), ...troublesOfLinks(links));
  return wrong;
}

function troublesOfPayload(payload: unknown): string[] {
  if (!isObject(payload)) return ["'payload' is missing or blank"];
  const { summary, source, severity, timestamp, component, group, class: kind, custom_details: details } = payload;
  const wrong: string[] = [];
  if (typeof summary !== 'string' || summary.trim() === '') wrong.push("'payload.summary' is missing or blank");
  else if (codePoints(summary) > SUMMARY) wrong.push("'payload.summary' is too long");
  if (typeof source !== 'string' || source.trim() === '') wrong.push("'payload.source' is missing or blank");
  if (!SEVERITIES.includes(String(severity)))
    wrong.push("'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')");
  if (timestamp !== undefined && (typeof timestamp !== 'string' || !ISO.test(timestamp)))
    wrong.push("'payload.timestamp' is invalid");
  for (const [name, value] of Object.entries({ component, group, class: kind })) {
    if (value !== undefined && typeof value !== 'string') wrong.push(`'payload.${name}' must be a string`);
  }
  if (details !== undefined && !isObject(details)) wrong.push("'payload.custom_details' must be an object");
  return wrong;
}

function troublesOfLinks(links: unknown): string[] {
  if (links === undefined) return [];
  const sound = Array.isArray(links) && links.every((link) => isObject(link) && typeof link['href'] === 'string');
  return sound ? [] : ["'links' must be a list of objects with an 'href'"];
}

function codePoints(text: string): number {
  return Array.from(text).length;
}
