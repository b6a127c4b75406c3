import type { Clock } from '../../src/ports.ts';
import type { Call, Reply } from '../../src/taskcluster/call.ts';
import { taskclusterDoor } from '../../src/taskcluster/door.ts';

export const T = Date.UTC(2021, 9, 8, 23, 1, 5);
export const ID = 'WA12Hx7NQo66lRC8ka5Qhg';

interface ScriptedClock extends Clock {
  /** The time that it is. */
  at: number;
  /** How far somebody has set the clock ahead of that. */
  set: number;
  /** How long the machine has been asleep. */
  slept: number;
}

/** A clock that a test moves on. */
export function clockAt(start: number): ScriptedClock {
  const clock: ScriptedClock = {
    at: start,
    set: 0,
    slept: 0,
    now: () => clock.at + clock.set,
    elapsed: () => clock.at - clock.slept,
    sleepUntil: async () => undefined,
  };
  return clock;
}

/** A deployment that gives these replies in turn, the last one for ever, and what it was asked. */
export function scripted(replies: Reply[], clock = clockAt(T)) {
  const asked: Parameters<Call>[] = [];
  const call: Call = async (...args) => {
    asked.push(args);
    return replies[Math.min(asked.length, replies.length) - 1] ?? { status: 0, body: undefined };
  };
  return { door: taskclusterDoor(call, clock), asked, clock };
}

export function wireStatus(
  taskId = ID,
  runs: unknown[] = [{ runId: 0, state: 'pending', reasonCreated: 'scheduled', scheduled: '2021-10-08T23:01:05.034Z' }],
) {
  return {
    taskId,
    provisionerId: 'gecko-3',
    workerType: 'decision',
    taskQueueId: 'gecko-3/decision',
    schedulerId: 'tc-canary',
    projectId: 'none',
    taskGroupId: 'H2BVVOABS3-0sL0Zzlz7Xw',
    deadline: '2021-10-09T05:01:05.000Z',
    expires: '2021-10-16T05:01:05.000Z',
    retriesLeft: 0,
    state: 'pending',
    runs,
  };
}

/** The same as the door gives it. */
export const STATUS = {
  taskId: ID,
  taskQueueId: 'gecko-3/decision',
  schedulerId: 'tc-canary',
  taskGroupId: 'H2BVVOABS3-0sL0Zzlz7Xw',
  state: 'pending',
  deadline: Date.UTC(2021, 9, 9, 5, 1, 5),
  runs: [{ state: 'pending', scheduled: T + 34 }],
};

/** An error as Taskcluster words it: the reason, then a table of the request below a rule. */
export function wireError(status: number, code: string, message: string): Reply {
  return {
    status,
    body: { code, message: `${message}\n\n---\n\n* method:     createTask\n* errorCode:  ${code}\n* statusCode: ${status}` },
  };
}
