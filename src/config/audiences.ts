import type { Severity } from '../evidence/incident.ts';
import type { Audience, Audiences } from '../evidence/probe.ts';
import type { Secret } from '../evidence/secret.ts';
import type { Alerts } from './alerting.ts';
import type { ProbeFile } from './schema.ts';

/** The channels of a file, which hear of everything where nothing else is said. */
type Channels = Pick<ProbeFile, 'slack' | 'pagerduty' | 'webhooks'>;
type Said = NonNullable<Alerts['warn']> | undefined;

/** Who hears: each key by the first of `said` that has it, else as the file's channels have it, PagerDuty for pages alone. */
export function audiences(channels: Channels, ...said: (Alerts | undefined)[]): Audiences {
  const warns = said.map((alerts) => alerts?.warn);
  const pages = said.map((alerts) => alerts?.page);
  const page = audience(channels, pages, { pagerduty: channels.pagerduty?.routingKey ?? 'none', severity: 'critical' });
  const mention = first(pages.map((one) => one?.mention)) ?? 'none';
  return {
    warn: audience(channels, warns, { pagerduty: 'none', severity: 'warning' }),
    page: { ...page, ...(page.slack !== undefined && mention !== 'none' && { mention }) },
  };
}

function audience(channels: Channels, said: Said[], usual: { pagerduty: Secret | 'none'; severity: Severity }): Audience {
  const slack = first(said.map((one) => one?.slack)) ?? channels.slack?.channel ?? 'none';
  const routingKey = first(said.map((one) => one?.pagerduty)) ?? usual.pagerduty;
  const severity = first(said.map((one) => one?.severity)) ?? usual.severity;
  const webhooks = first(said.map((one) => one?.webhooks)) ?? channels.webhooks.map(({ name }) => name);
  return {
    ...(slack !== 'none' && { slack }),
    ...(routingKey !== 'none' && { pagerduty: { routingKey, severity } }),
    webhooks: [...new Set(webhooks)],
  };
}

function first<T>(values: readonly T[]): T | undefined {
  return values.find((value) => value !== undefined);
}
