import type { ProbedPool } from '../probed.ts';
import { type Colors, harmless, wrapped } from './text.ts';

/** Pools that are named one by one; of more than this only the number is said. */
const NAMED = 3;

/**
 * Why things went as they did, what was left behind, and where to look; what many pools share is said once. `interrupted`: somebody
 * stopped it before the time was up.
 */
export function probeNotes(
  rootUrl: string,
  probed: readonly ProbedPool[],
  colors: Colors,
  room: number,
  interrupted: boolean,
): string[] {
  const notes = new Map<string, ProbedPool[]>();
  for (const one of probed) {
    const note = noteOn(one, interrupted);
    if (note !== '') notes.set(note, [...(notes.get(note) ?? []), one]);
  }
  return [...notes].flatMap(([note, about]) => {
    const names = about.length > NAMED ? `${about.length} pools` : about.map(({ pool }) => harmless(pool)).join(', ');
    const inQueue = about.length > NAMED ? [] : about.filter(({ scheduled }) => scheduled !== undefined);
    // A link is not broken into lines: a terminal could not open it any more.
    const links = inQueue.map(({ taskId }) => `  ${rootUrl}/tasks/${taskId}`);
    return [...wrapped(`${names}: ${harmless(note)}`, room, 2), ...links.map(colors.dim)];
  });
}

function noteOn(one: ProbedPool, interrupted: boolean): string {
  const parts: string[] = [];
  if (one.problem !== undefined) parts.push(one.problem);
  else if (one.late) parts.push('claimed, but not in time');
  else if (one.started === undefined && one.scheduled !== undefined)
    parts.push(interrupted ? 'not claimed before the interruption' : 'not claimed in time');
  if (one.cancelled) parts.push('the canary was cancelled');
  if (one.leftBehind !== undefined && one.doubtful)
    parts.push('if the queue has the canary all the same, it ends by itself at its deadline');
  else if (one.leftBehind !== undefined)
    parts.push(`the canary could not be cancelled (${one.leftBehind}), it ends by itself at its deadline`);
  return parts.join('; ');
}
