import { ANSWERED_WITHIN } from '../limits.ts';

/** Whether what was read then is to be read again. Passes come on a grid, and an answer is dated when it comes: what is due a moment later would come a whole grid later. */
export function isDue(at: number | undefined, every: number, now: number): boolean {
  return at === undefined || now - at >= every - ANSWERED_WITHIN;
}
