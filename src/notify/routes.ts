import { createHash } from 'node:crypto';
import type { RouteId } from '../evidence/delivery.ts';
import type { Address, Level } from '../evidence/incident.ts';
import type { Audience, Audiences, Config, Probe } from '../evidence/probe.ts';
import type { Secret } from '../evidence/secret.ts';

/** Twelve digits tell routing keys apart in a store and a log, and tell nobody the key. */
const FINGERPRINT = 12;

/** Takes the channel's id. */
export function slackRoute(channel: string): RouteId {
  return `slack:${channel}`;
}

export function pagerdutyRoute(routingKey: Secret): RouteId {
  const digest = createHash('sha256').update(routingKey.reveal()).digest('hex');
  return `pagerduty:${digest.slice(0, FINGERPRINT)}`;
}

export function webhookRoute(name: string): RouteId {
  return `webhook:${name}`;
}

/**
 * Who hears of an incident of this probe that reaches a level, and how; without a probe, who hears where none in particular is concerned.
 * What it returns is shared between calls.
 */
export function addressees(config: Config): (probe: Pick<Probe, 'alerts'> | undefined, level: Level) => Address[] {
  const known = new WeakMap<Audiences, Record<Level, Address[]>>();
  return (probe, level) => {
    const audiences = probe?.alerts ?? config.alerts;
    const found = known.get(audiences) ?? {
      warn: addressesOf(audiences.warn, 'warn'),
      page: addressesOf(audiences.page, 'page'),
    };
    known.set(audiences, found);
    return found[level];
  };
}

function addressesOf({ slack, mention, pagerduty, webhooks }: Audience, level: Level): Address[] {
  const severity = level === 'page' ? 'critical' : 'warning';
  const mentioned = level === 'page' && mention !== undefined ? { mention } : {};
  return [
    ...(slack === undefined ? [] : [{ route: slackRoute(slack), severity, ...mentioned } as const]),
    ...(pagerduty === undefined ? [] : [{ route: pagerdutyRoute(pagerduty.routingKey), severity: pagerduty.severity }]),
    ...webhooks.map((name) => ({ route: webhookRoute(name), severity }) as const),
  ];
}

/** Every audience that the configuration names, in no particular order and with repetitions. */
export function audiencesOf({ alerts, probes }: Config): Audience[] {
  return [alerts, ...probes.map((probe) => probe.alerts)].flatMap(({ warn, page }) => [warn, page]);
}
