import { iso } from '../../src/evidence/instant.ts';
import { taskIdOf } from '../../src/taskcluster/identity.ts';
import type { TaskTruth } from '../../src/world/truth.ts';
import type { World } from '../../src/world/world.ts';

/** What one canary really went through. */
export interface Life extends TaskTruth {
  probe: string;
  slot: number;
}

export type Lives = ReadonlyMap<string, readonly Life[]>;

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

/** No two canaries of a probe wait at once, no slot has two, and each has the id that is computed for it: from the first task to the last. */
export function oneInFlight(lives: Lives, deployment: string): string[] {
  return [...lives.values()].flatMap((each) =>
    each.flatMap((later, i) => [
      ...each.slice(0, i).flatMap((earlier) => clash(earlier, later)),
      ...(taskIdOf(deployment, later.probe, later.slot) === later.taskId ? [] : [`${named(later)} is not its computed id`]),
    ]),
  );
}

function clash(earlier: Life, later: Life): string[] {
  return [
    ...(earlier.slot === later.slot ? [`${named(later)} has the slot that ${earlier.taskId} has`] : []),
    ...(overAt(earlier) > later.created ? [`${named(later)} was submitted while ${named(earlier)} was pending`] : []),
  ];
}

function named({ probe, slot, taskId }: Life): string {
  return `${probe}: ${taskId} of ${iso(slot)}`;
}
