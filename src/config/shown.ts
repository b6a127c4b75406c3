/** What a token of Slack and a routing key of PagerDuty look like, and the user's part of a URL, whatever its password holds. */
const SECRETS = /\bx(?:ox[a-z]|app)-[^\s"]+|\b[A-Za-z0-9]{32,}\b|(?<=:\/\/|\bpostgres(?:ql)?:(?!\/\/)).+(?=@)/g;
const LIMIT = 80;

/** A text from outside without control characters, nor any that turn or break the line it stands in. */
export function escaped(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The same, cut short and without what looks like a secret. */
export function plain(text: string): string {
  const masked = text.replace(SECRETS, '[secret]');
  return escaped(masked.length > LIMIT ? `${masked.slice(0, LIMIT)}…` : masked);
}

/** A value as the beginning of a sentence about it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${plain(value)}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'the value';
}
