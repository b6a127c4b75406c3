import type { TaskTruth } from '../../src/world/truth.ts';
import type { World } from '../../src/world/world.ts';

/** What one canary really went through. */
export interface Life extends TaskTruth {
  probe: string;
  slot: number;
}

/** All canaries that the queue ever had, by probe, in the order in which they were made. */
export function livesIn(world: World): Map<string, Life[]> {
  const lives = new Map<string, Life[]>();
  for (const truth of world.truth.tasks.values()) {
    const tags = world.queue.tasks.get(truth.taskId)?.definition?.tags ?? {};
    const probe = tags['tc-canary-probe'];
    if (probe === undefined) continue;
    lives.set(probe, [...(lives.get(probe) ?? []), { ...truth, probe, slot: Number(tags['tc-canary-slot']) }]);
  }
  for (const canaries of lives.values()) canaries.sort((a, b) => a.created - b.created);
  return lives;
}

/** When it was no longer pending. */
export function overAt({ claimed, resolved }: Life): number {
  return claimed ?? resolved ?? Number.POSITIVE_INFINITY;
}
