import { describe, expect, test } from 'vitest';
import type { Probe } from '../src/evidence/probe.ts';
import { PAYLOAD_KINDS, type TaskDefinition } from '../src/evidence/task.ts';
import { byHand, draftFor } from '../src/taskcluster/definition.ts';
import { taskGroupIdOf, taskIdOf } from '../src/taskcluster/identity.ts';
import { payloadOf } from '../src/taskcluster/payload.ts';

const HOUR = 3_600_000;
const SLOT = Date.UTC(2021, 9, 8, 23, 0, 5);
const CONFIG = {
  deployment: 'firefox-ci',
  task: { schedulerId: 'tc-canary', owner: 'release+canary@example.com', source: 'https://example.com/canary' },
};
const PROBE: Probe = {
  name: 'gecko-3-decision-high',
  pool: 'gecko-3/decision',
  schedule: {
    expression: '*/15 * * * *',
    timezone: 'Etc/UTC',
    second: [0],
    minute: [0, 15, 30, 45],
    hour: [],
    dayOfMonth: [],
    month: [],
    dayOfWeek: [],
  },
  mode: 'alert',
  pageOnBacklog: false,
  resolveAfter: 2,
  priority: 'high',
  payload: 'auto',
  alerts: { warn: { webhooks: [] }, page: { webhooks: [] } },
  deadline: 6 * HOUR,
  line: 1,
};

const read = (canary: { definition: string }): TaskDefinition => JSON.parse(canary.definition);

describe('a scheduled canary', () => {
  const draft = draftFor(CONFIG);

  test('has the very same bytes whoever makes it, whenever', () => {
    const again = draftFor(structuredClone(CONFIG))(structuredClone(PROBE), SLOT, 'docker-worker');
    expect(again).toEqual(draft(PROBE, SLOT, 'docker-worker'));
    expect(JSON.stringify(JSON.parse(again.definition))).toBe(again.definition);
  });

  test('is a task of the probe and slot, with everything spelled out that the queue would default', () => {
    const canary = draft(PROBE, SLOT, 'docker-worker');
    expect(canary).toMatchObject({
      stage: 'due',
      probe: 'gecko-3-decision-high',
      pool: 'gecko-3/decision',
      slot: SLOT,
      deadline: SLOT + 6 * HOUR,
      schedulerId: 'tc-canary',
      taskId: taskIdOf('firefox-ci', 'gecko-3-decision-high', SLOT),
      taskGroupId: taskGroupIdOf('firefox-ci', SLOT),
    });
    expect(read(canary)).toMatchObject({
      taskQueueId: 'gecko-3/decision',
      schedulerId: 'tc-canary',
      taskGroupId: canary.taskGroupId,
      priority: 'high',
      retries: 0,
      created: '2021-10-08T23:00:05.000Z',
      deadline: '2021-10-09T05:00:05.000Z',
      expires: '2021-10-16T05:00:05.000Z',
      metadata: { owner: 'release+canary@example.com', source: 'https://example.com/canary' },
    });
  });

  test('tells a stranger what it is, and the prober whose it is', () => {
    const { metadata, tags } = read(draft(PROBE, SLOT, 'empty'));
    expect(metadata.name).toBe('canary gecko-3-decision-high');
    expect(metadata.description).toMatch(/how long a task waits on gecko-3\/decision.*does nothing/);
    expect(tags).toMatchObject({
      'tc-canary-deployment': 'firefox-ci',
      'tc-canary-probe': 'gecko-3-decision-high',
      'tc-canary-slot': String(SLOT),
    });
    expect(Object.values(tags).every((tag) => typeof tag === 'string')).toBe(true);
  });

  test('carries the payload of its kind, or one that was written out', () => {
    for (const kind of PAYLOAD_KINDS) expect(read(draft(PROBE, SLOT, kind)).payload).toEqual(payloadOf(kind));
    expect(read(draft(PROBE, SLOT, { command: ['x'] })).payload).toEqual({ command: ['x'] });
    expect(read(draft(PROBE, SLOT, 'empty')).payload).toEqual({});
  });

  test('keeps to the length of a name, however long the probe is called', () => {
    const name = 'x'.repeat(400);
    expect(read(draft({ ...PROBE, name }, SLOT, 'empty')).metadata.name).toHaveLength(255);
  });
});

describe('a canary sent by hand', () => {
  const created = SLOT + 321;

  test('lives as long as it is told, from the second it was made', () => {
    const canary = byHand('gecko-3/decision', created, 600_000, 'lowest', 'generic-worker');
    expect(canary).toMatchObject({ pool: 'gecko-3/decision', stage: 'due', slot: SLOT, deadline: SLOT + 600_000 });
    expect(read(canary)).toMatchObject({
      created: '2021-10-08T23:00:05.000Z',
      deadline: '2021-10-08T23:10:05.000Z',
      taskQueueId: 'gecko-3/decision',
      priority: 'lowest',
      retries: 0,
    });
  });

  test('shares neither id, group nor tags with a scheduled one', () => {
    const [one, two] = [1, 2].map(() => byHand('gecko-3/decision', created, 600_000, 'lowest', 'empty'));
    const ids = [one, two].flatMap((canary) => [canary?.taskId, canary?.taskGroupId]);
    expect(new Set(ids).size).toBe(4);
    const scheduled = read(draftFor(CONFIG)(PROBE, SLOT, 'empty')).tags;
    const { tags } = read(one ?? { definition: '{}' });
    const own = Object.keys(scheduled).filter((tag) => tag.startsWith('tc-canary'));
    expect(own).toHaveLength(3);
    for (const tag of own) expect(tags).not.toHaveProperty(tag);
    expect(tags['tc-canary']).toBe('by hand');
  });
});
