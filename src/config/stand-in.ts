import { createHash } from 'node:crypto';
import type { Path } from './document.ts';
import { isTelling } from './unread.ts';

/** By the last key of its path, a value that looks right, made of 64 hexadecimal digits. */
const FORMS: Record<string, (digits: string) => string> = {
  token: (digits) => `xoxb-${digits}`,
  channel: slackChannel,
  slack: slackChannel,
  routingKey: (digits) => digits.slice(0, 32),
  pagerduty: (digits) => digits.slice(0, 32),
  secret: (digits) => digits,
  url: address,
  apiUrl: address,
  eventsUrl: address,
  mention: () => '@here',
};

/**
 * What stands in for a text with variables that says who is told, where nobody is: the same text gets the same value. Undefined for any
 * other text.
 */
export function standIn(path: Path, text: string): string | undefined {
  const form = isTelling(path) ? FORMS[String(path.at(-1))] : undefined;
  return form?.(createHash('sha256').update(text).digest('hex'));
}

function slackChannel(digits: string): string {
  return `C${digits.slice(0, 10).toUpperCase()}`;
}

function address(digits: string): string {
  return `https://${digits.slice(0, 12)}.invalid/`;
}
