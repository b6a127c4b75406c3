import type { Secret } from '../evidence/secret.ts';

/**
 * Text from outside made fit to show on one line: well-formed, without control characters and without marks that hide or
 * reorder what follows. Emoji survive, so the zero-width joiner stays.
 */
export function clean(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\u{FFFD}')
    .replace(/(?!\u{200D})\p{Cf}/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim();
}

/**
 * At most `limit` characters of the text as `shown` renders each of its code points, an ellipsis in place of what is left out.
 * Counts UTF-16 units, the strictest of the counts that receivers use, and never splits a code point or an escape.
 */
export function clip(text: string, limit: number, shown: (char: string) => string = (char) => char): string {
  let kept = '';
  let room = '';
  for (const char of text) {
    const next = shown(char);
    if (room.length + next.length > limit) return `${kept}…`;
    room += next;
    if (room.length < limit) kept = room;
  }
  return room;
}

/** What an error or an answer said, for a log line or a reason: one short line, whatever was sent. */
export function gist(said: unknown, secrets: readonly Secret[] = []): string {
  let text = said instanceof Error ? said.message : String(said);
  for (const secret of secrets) if (secret.reveal() !== '') text = text.replaceAll(secret.reveal(), '[secret]');
  return clip(clean(text), 200);
}
