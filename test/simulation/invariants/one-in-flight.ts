import { iso } from '../../../src/evidence/instant.ts';
import { taskIdOf } from '../../../src/taskcluster/identity.ts';
import type { Night, TrueCanary } from '../stage.ts';

/** No two canaries of a probe wait at once, no slot has two, and each has the id that is computed for it: from the first task to the last. */
export function oneInFlight({ canaries, config }: Night): string[] {
  return [...canaries.values()].flatMap((each) =>
    each.flatMap((later, i) => [
      ...each.slice(0, i).flatMap((earlier) => clash(earlier, later)),
      ...(taskIdOf(config.deployment, later.probe, later.slot) === later.taskId
        ? []
        : [`${named(later)} is not its computed id`]),
    ]),
  );
}

function clash(earlier: TrueCanary, later: TrueCanary): string[] {
  return [
    ...(earlier.slot === later.slot ? [`${named(later)} has the slot that ${earlier.taskId} has`] : []),
    ...(earlier.over > later.created ? [`${named(later)} was submitted while ${named(earlier)} was pending`] : []),
  ];
}

function named({ probe, slot, taskId }: TrueCanary): string {
  return `${probe}: ${taskId} of ${iso(slot)}`;
}
