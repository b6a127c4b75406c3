import { createHash } from 'node:crypto';
import type { RouteId } from '../evidence/delivery.ts';
import type { Level } from '../evidence/incident.ts';
import type { Config } from '../evidence/probe.ts';

/** Twelve digits tell routing keys apart in a store and a log, and tell nobody the key. */
const FINGERPRINT = 12;

export function slackRoute(config: Config): RouteId | undefined {
  return config.slack && `slack:${config.slack.channel}`;
}

export function pagerdutyRoute(config: Config): RouteId | undefined {
  if (config.pagerduty === undefined) return undefined;
  const digest = createHash('sha256').update(config.pagerduty.routingKey.reveal()).digest('hex');
  return `pagerduty:${digest.slice(0, FINGERPRINT)}`;
}

/** Which routes hear of an incident that reaches this level: Slack of all, PagerDuty of pages alone. */
export function routesFor(config: Config, level: Level): RouteId[] {
  const routes = [slackRoute(config), level === 'page' ? pagerdutyRoute(config) : undefined];
  return routes.filter((route) => route !== undefined);
}
