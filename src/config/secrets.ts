import { LEVELS } from '../evidence/incident.ts';
import type { Path } from './document.ts';
import { record, records } from './raw.ts';

/** A value that is written as a variable and nothing else, and the variable that a message proposes. */
interface SecretPlace {
  path: Path;
  variable: string;
  /** A word that may stand there instead. */
  unless?: string;
}

/** Where secrets stand in a probe file, present or not. */
export function secretPlaces(values: unknown): SecretPlace[] {
  const file = record(values);
  const alerting: Path[] = [['defaults'], ...records(file['probes']).map((_, i): Path => ['probes', i])];
  return [
    { path: ['slack', 'token'], variable: 'SLACK_BOT_TOKEN' },
    { path: ['pagerduty', 'routingKey'], variable: 'PAGERDUTY_ROUTING_KEY' },
    ...records(file['webhooks']).map((_, i) => ({ path: ['webhooks', i, 'secret'], variable: 'WEBHOOK_SECRET' })),
    ...alerting.flatMap((at) =>
      LEVELS.map((level) => ({
        path: [...at, 'alerts', level, 'pagerduty'],
        variable: 'TEAM_ROUTING_KEY',
        unless: 'none',
      })),
    ),
  ];
}

/** Secrets, URLs that may carry one, and what is often written in their place. */
const HIDDEN =
  /^(slack\.token|pagerduty\.routingKey|heartbeat(\.url)?|webhooks(\.\d+(\.(url|secret))?)?|(defaults|probes\.\d+)\.alerts\.(warn|page)\.pagerduty)$/;

/** True for a value that is shown only where it is a variable. */
export function isHidden(path: Path): boolean {
  return HIDDEN.test(path.join('.'));
}
