import type { PayloadKind } from '../evidence/task.ts';

/** Seconds a canary may run once it is claimed. */
const MAX_RUN_TIME = 60;

/** The payload of each kind: what makes a worker of that kind do next to nothing. Valid by the workers' own schemas. */
const PAYLOADS: Record<PayloadKind, Record<string, unknown>> = {
  // `/bin/true` is missing on macOS and FreeBSD; every POSIX system has this shell.
  'generic-worker': {
    command: [['/bin/sh', '-c', 'exit 0']],
    maxRunTime: MAX_RUN_TIME,
    features: { liveLog: false, backingLog: false },
  },
  'generic-worker-windows': {
    command: ['exit /b 0'],
    maxRunTime: MAX_RUN_TIME,
    features: { liveLog: false, backingLog: false },
  },
  // Taken by generic-worker with d2g as well.
  'docker-worker': {
    image: 'busybox:stable',
    command: ['/bin/true'],
    maxRunTime: MAX_RUN_TIME,
    features: { localLiveLog: false, bulkLog: false },
  },
  // Invalid on purpose: the worker claims it and ends it at once as `malformed-payload`.
  'claim-only': { canary: 'claim-only' },
  // `built-in/succeed` takes this and nothing else.
  empty: {},
};

export function payloadOf(kind: PayloadKind | Record<string, unknown>): Record<string, unknown> {
  return typeof kind === 'string' ? PAYLOADS[kind] : kind;
}
