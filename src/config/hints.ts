import type { Checked } from './checked.ts';
import { checkDuration, DURATION_PATTERN } from './duration.ts';
import { textLeaf } from './leaf.ts';

/** How an editor is told of a value that a variable has to stand for, or may. */
export const VARIABLE = { type: 'string', pattern: '\\$\\{' };

/** One of a few words, or a variable. */
export const words = (known: readonly string[]) => ({ anyOf: [{ enum: known }, VARIABLE] });

/** A duration above 0, unless another check is given. */
export function duration(description: string, example: string, check: (text: string) => Checked<number> = checkDuration) {
  return textLeaf(check, { description, example, json: { type: 'string', pattern: `${DURATION_PATTERN}|\\$\\{` } });
}
