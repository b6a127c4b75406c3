import { clean, clip } from '../text.ts';

/**
 * Outside text for Slack's mrkdwn, cleaned first. Slack documents `&`, `<` and `>` as its control characters, and has no escape for `*`, `_`, `~`
 * and the backtick, so those are shown by their doubles where they could begin or end a format.
 */

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const DOUBLES: Record<string, string> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ', '&': '＆', '<': '‹', '>': '›' };

function entity(char: string): string {
  return ENTITIES[char] ?? char;
}

/** As plain running text. An underscore within a word formats nothing and stays, so that names can be copied. */
export function plain(text: string, limit: number): string {
  const still = clean(text).replace(/[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (char) => DOUBLES[char] ?? char);
  return clip(still, limit, entity);
}

/** As a plain_text object, of which Slack does not document whether it reads entities: so there are none, and no mention either. */
export function bare(text: string, limit: number): string {
  return clip(clean(text), limit, (char) => (char in ENTITIES ? (DOUBLES[char] ?? char) : char));
}

/** As a block of code, where only the backtick means anything. */
export function code(text: string, limit: number): string {
  return `\`\`\`${clip(clean(text).replaceAll('`', "'"), limit, entity)}\`\`\``;
}

/** Lines as a block of code, each cleaned before it was laid out: their spaces stay. */
export function codeLines(lines: readonly string[]): string {
  const shown = lines.map((line) => Array.from(line.replaceAll('`', "'"), entity).join(''));
  return `\`\`\`${shown.join('\n')}\`\`\``;
}

/** A link; the label is ours, the address is made of escaped parts under a configured root. */
export function link(label: string, href: string): string {
  const address = href.replace(/[<>|\s]/g, encodeURIComponent).replaceAll('&', '&amp;');
  return `<${address}|${label}>`;
}

/** An instant in the reader's own time zone, with a text for clients that cannot show it. */
export function localTime(instant: number, format: string, fallback: string): string {
  return `<!date^${Math.floor(instant / 1000)}^${format}|${fallback}>`;
}
