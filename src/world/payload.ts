import type { WorkerKind } from './spec.ts';

type Payload = Record<string, unknown>;

const NATIVE = ['artifacts', 'command', 'env', 'features', 'logs', 'maxRunTime', 'mounts', 'onExitStatus', 'osGroups'].concat(
  'supersederUrl',
  'taskclusterProxyInterface',
);
const DOCKER = ['artifacts', 'cache', 'capabilities', 'command', 'env', 'features', 'image', 'log', 'maxRunTime'].concat(
  'onExitStatus',
  'supersederUrl',
);

/**
 * Whether a worker of this kind runs the payload, or resolves the task as `malformed-payload`. Top-level properties are judged,
 * by generic-worker's and docker-worker's payload schemas of v106.
 */
export function wellFormed(kind: WorkerKind, payload: Payload): boolean {
  if (kind === 'built-in') return Object.keys(payload).length === 0;
  const seconds = payload['maxRunTime'];
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1) return false;
  if (kind === 'docker-worker' || kind === 'd2g')
    return known(payload, DOCKER) && image(payload['image']) && argv(payload['command'] ?? ['']);
  if (kind === 'generic-worker-windows') return known(payload, [...NATIVE, 'rdpInfo']) && argv(payload['command']);
  return known(payload, NATIVE) && filled(payload['command']) && payload['command'].every(argv);
}

function known(payload: Payload, names: string[]): boolean {
  return Object.keys(payload).every((name) => names.includes(name));
}

function image(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || (typeof value === 'object' && value !== null);
}

function argv(value: unknown): boolean {
  return filled(value) && value.every((part) => typeof part === 'string');
}

function filled(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}
