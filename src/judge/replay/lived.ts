import type { LivedCanary } from '../../evidence/canary.ts';
import type { Fact } from '../../evidence/fact.ts';
import type { Run } from '../../evidence/task.ts';

/** What the queue learned of a canary, at an instant of its clock. */
export interface Beat {
  at: number;
  what: 'ended' | 'scheduled';
  canary: LivedCanary;
}

/** What became of canaries, in the order in which it did. One that never got into the queue tells nothing. */
export function beatsOf(canaries: Iterable<LivedCanary>): Beat[] {
  const beats: Beat[] = [];
  for (const canary of canaries) {
    const { scheduled, ended } = canary;
    if (scheduled === undefined) continue;
    beats.push({ at: scheduled, what: 'scheduled', canary });
    if (ended !== undefined) beats.push({ at: Math.max(scheduled, ended), what: 'ended', canary });
  }
  return inOrder(beats);
}

/** A probe's next canary may be scheduled in the very millisecond in which the one before ended, which comes first. */
export function inOrder(beats: Beat[]): Beat[] {
  return beats.sort((a, b) => a.at - b.at || (a.what === b.what ? 0 : a.what === 'ended' ? -1 : 1));
}

/** What the identity of a task is made of, besides what history keeps of each. */
export interface TaskFrame {
  schedulerId: string;
  taskGroupId: string;
  deadline: number;
}

/** What the queue says of the canary at `at`: that it is pending, or how it came to its end. */
export function tellingOf(canary: LivedCanary, frame: TaskFrame, at: number, over: boolean): Fact {
  const { taskId, pool, start = 'unknown' } = canary;
  if (over && canary.stage === 'lost') return { kind: 'absent', taskId, at };
  const run = over ? runOf(canary) : ({ state: 'pending', scheduled: canary.scheduled ?? canary.slot } as const);
  const status = { taskId, taskQueueId: pool, ...frame, state: run.state, runs: [run] };
  return { kind: 'status', taskId, status, start, at };
}

function runOf({ stage, scheduled, slot, started, ended, worker, reason }: LivedCanary): Run {
  const begun = scheduled ?? slot;
  const [workerGroup, workerId] = worker === undefined ? [] : divided(worker);
  if (stage === 'claimed') {
    const at = started ?? ended ?? begun;
    return { state: 'running', scheduled: begun, started: at, ...(workerGroup && workerId && { workerGroup, workerId }) };
  }
  // Our own reason for a cancellation is not the queue's.
  const reasonResolved = reason === 'replaced' || reason === undefined ? 'canceled' : reason;
  return { state: 'exception', reasonResolved, scheduled: begun, ...(ended !== undefined && { resolved: ended }) };
}

function divided(worker: string): [string, string] {
  const slash = worker.indexOf('/');
  return [worker.slice(0, slash), worker.slice(slash + 1)];
}
