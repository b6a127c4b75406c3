/**
 * All blocks of a message together were seen refused from about 13,000 characters on (bolt-js#2509), where whatever is not ASCII may count
 * as its JSON escape. Slack documents no such limit, so this stays below what anybody has seen.
 */
export const MESSAGE_WEIGHT = 12_500;

/** What a block counts for, at its worst. */
export function weightOf(block: object): number {
  let weight = 0;
  for (const char of JSON.stringify(block)) weight += char <= '~' ? 1 : 6 * char.length;
  return weight;
}
