import type { DueCanary } from '../evidence/fact.ts';
import { DAY, iso, SECOND } from '../evidence/instant.ts';
import type { Config, Probe } from '../evidence/probe.ts';
import type { PayloadKind, Priority, TaskDefinition } from '../evidence/task.ts';
import { randomTaskId, taskGroupIdOf, taskIdOf } from './identity.ts';
import { payloadOf } from './payload.ts';

/** How long a task is kept after its deadline; history can be rebuilt from the queue for so long. */
const KEPT = 7 * DAY;
/** The queue's limit for `metadata.name`. */
const NAME_LIMIT = 255;

const BY_HAND = {
  schedulerId: 'tc-canary',
  owner: 'taskcluster-canary',
  source: 'https://docs.taskcluster.net/docs/manual/tasks',
};

const HARMLESS = 'It does nothing and needs nothing; cancelling it does no harm.';

type Payload = PayloadKind | Record<string, unknown>;
export type Draft = (probe: Probe, slot: number, payload: Payload) => DueCanary;

/** Makes a configuration's canaries: the same bytes for the same probe, slot and payload, whoever makes them and whenever. */
export function draftFor({ deployment, task }: Pick<Config, 'deployment' | 'task'>): Draft {
  return (probe, slot, payload) =>
    draft(
      {
        taskId: taskIdOf(deployment, probe.name, slot),
        probe: probe.name,
        pool: probe.pool,
        slot,
        schedulerId: task.schedulerId,
        taskGroupId: taskGroupIdOf(deployment, slot),
        deadline: slot + probe.deadline,
      },
      {
        priority: probe.priority,
        payload: payloadOf(payload),
        metadata: {
          name: `canary ${probe.name}`.slice(0, NAME_LIMIT),
          description: `Measures how long a task waits on ${probe.pool} until a worker claims it. ${HARMLESS} Submitted by taskcluster-canary for the probe ${probe.name} of ${deployment}, slot ${iso(slot)}.`,
          owner: task.owner,
          source: task.source,
        },
        // History is rebuilt from these three after the store was lost; the slot is in milliseconds.
        tags: {
          kind: 'canary',
          'tc-canary-deployment': deployment,
          'tc-canary-probe': probe.name,
          'tc-canary-slot': String(slot),
        },
      },
    );
}

/**
 * A canary that somebody sends by hand, with an id and a group of its own, so that nothing done to it touches a scheduled one.
 * `lifetime` is the time from `created` to its deadline, in milliseconds.
 */
export function byHand(pool: string, created: number, lifetime: number, priority: Priority, payload: Payload): DueCanary {
  const slot = Math.floor(created / SECOND) * SECOND;
  const { schedulerId, ...contact } = BY_HAND;
  return draft(
    { taskId: randomTaskId(), probe: pool, pool, slot, schedulerId, taskGroupId: randomTaskId(), deadline: slot + lifetime },
    {
      priority,
      payload: payloadOf(payload),
      metadata: {
        name: `canary ${pool}, by hand`.slice(0, NAME_LIMIT),
        description: `Measures how long a task waits on ${pool} until a worker claims it. ${HARMLESS} Submitted by hand with taskcluster-canary.`,
        ...contact,
      },
      tags: { kind: 'canary', 'tc-canary': 'by hand' },
    },
  );
}

type Identity = Pick<DueCanary, 'taskId' | 'probe' | 'pool' | 'slot' | 'schedulerId' | 'taskGroupId' | 'deadline'>;

function draft(identity: Identity, content: Pick<TaskDefinition, 'priority' | 'payload' | 'metadata' | 'tags'>): DueCanary {
  const { pool, slot, schedulerId, taskGroupId, deadline } = identity;
  const definition: TaskDefinition = {
    taskQueueId: pool,
    schedulerId,
    taskGroupId,
    retries: 0,
    created: iso(slot),
    deadline: iso(deadline),
    expires: iso(deadline + KEPT),
    ...content,
  };
  return { ...identity, stage: 'due', definition: JSON.stringify(definition) };
}
