import { isObject } from '../../evidence/object.ts';
import { PRIORITIES, type Priority } from '../../evidence/task.ts';
import { ApiError } from './error.ts';
import { complaints, filled, type Shape } from './shape.ts';

const SLUG = /^[A-Za-z0-9_-]{8}[Q-T][A-Za-z0-9_-][CGKOSWaeimquy26-][A-Za-z0-9_-]{10}[AQgw]$/;

const text = (max: number): Shape => ({ type: 'string', max });
const matching = (pattern: RegExp): Shape => ({ type: 'string', pattern });
const anything = { type: 'object', properties: {}, others: true } satisfies Shape;

const METADATA: Shape = {
  type: 'object',
  properties: {
    name: text(255),
    description: text(32_768),
    owner: text(255),
    source: { type: 'string', max: 4096, pattern: /^(https?:\/\/|ssh:\/\/|git@)/ },
  },
  required: ['name', 'description', 'owner', 'source'],
  others: false,
};

/** What `createTask` takes, by the queue's create-task-request schema of v106. */
const REQUEST = {
  type: 'object',
  properties: {
    taskQueueId: matching(/^[a-zA-Z0-9-_]{1,38}\/[a-z]([-a-z0-9]{0,36}[a-z0-9])?$/),
    provisionerId: matching(/^[a-zA-Z0-9-_]{1,38}$/),
    workerType: matching(/^[a-z]([-a-z0-9]{0,36}[a-z0-9])?$/),
    schedulerId: { type: 'string', min: 1, max: 38, pattern: /^([a-zA-Z0-9-_]*)$/, default: '-' },
    projectId: { type: 'string', min: 1, max: 500, pattern: /^([a-zA-Z0-9._/-]*)$/, default: 'none' },
    taskGroupId: matching(SLUG),
    dependencies: { type: 'array', items: matching(SLUG), max: 10_000, unique: true, default: [] },
    requires: { type: 'string', oneOf: ['all-completed', 'all-resolved'], default: 'all-completed' },
    routes: { type: 'array', items: { type: 'string', min: 1, max: 249 }, max: 64, unique: true, default: [] },
    priority: { type: 'string', oneOf: PRIORITIES, default: 'lowest' },
    retries: { type: 'integer', min: 0, max: 49, default: 5 },
    created: { type: 'string', instant: true },
    deadline: { type: 'string', instant: true },
    expires: { type: 'string', instant: true },
    scopes: { type: 'array', items: matching(/^[ -~]*$/), default: [] },
    payload: anything,
    metadata: METADATA,
    tags: { type: 'object', properties: {}, others: text(4096), default: {} },
    extra: { ...anything, default: {} },
  },
  required: ['created', 'deadline', 'payload', 'metadata'],
  others: false,
} satisfies Shape;

const TASKS: Extract<Shape, { type: 'object' }> = {
  type: 'object',
  properties: { taskIds: { type: 'array', items: { type: 'string' }, default: [] } },
  others: false,
};

function checked(payload: unknown, shape: Extract<Shape, { type: 'object' }>, schema: string): Record<string, unknown> {
  const wrong = complaints(payload, shape);
  if (wrong.length === 0 && isObject(payload)) return filled(payload, shape);
  throw new ApiError(
    'InputValidationError',
    `\nSchema Validation Failed!\nRejecting Schema: ${schema}\nErrors:\n${wrong.map((one) => `  * ${one}`).join('\n')}`,
  );
}

const PRIORITY: Extract<Shape, { type: 'object' }> = {
  type: 'object',
  properties: { newPriority: { type: 'string', oneOf: PRIORITIES } },
  required: ['newPriority'],
  others: false,
};

export function priorityInput(payload: unknown, rootUrl: string): { newPriority: Priority } {
  return checked(payload, PRIORITY, `${rootUrl}/schemas/queue/v1/change-task-priority-request.json#`) as {
    newPriority: Priority;
  };
}

const QUARANTINE: Extract<Shape, { type: 'object' }> = {
  type: 'object',
  properties: { quarantineUntil: { type: 'string', instant: true }, quarantineInfo: text(4000) },
  required: ['quarantineUntil'],
  others: false,
};

export function quarantineInput(payload: unknown, rootUrl: string): { quarantineUntil: string } {
  return checked(payload, QUARANTINE, `${rootUrl}/schemas/queue/v1/quarantine-worker-request.json#`) as {
    quarantineUntil: string;
  };
}

export function createTaskInput(payload: unknown, rootUrl: string): Record<string, unknown> {
  return checked(payload, REQUEST, `${rootUrl}/schemas/queue/v1/create-task-request.json#`);
}

export function tasksInput(payload: unknown, rootUrl: string): { taskIds: string[] } {
  return checked(payload, TASKS, `${rootUrl}/schemas/queue/v1/tasks-request.json#`) as { taskIds: string[] };
}
