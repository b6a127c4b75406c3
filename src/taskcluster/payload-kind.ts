import { isObject, type JsonObject } from '../evidence/object.ts';
import type { PayloadKind } from '../evidence/task.ts';
import { objectAt } from './json.ts';

/** Keys of a worker configuration that only docker-worker has. */
const DOCKER_WORKER_KEYS = ['dockerConfig', 'dockerWorker', 'deviceManagement', 'shutdown'];
const DRIVE_PATH = /^[A-Za-z]:[\\/]/;
const WINDOWS_HINT = /"osType":"windows"|"windowsConfiguration"|\bwin(?:dows|10|11|20\d\d)/i;
const AZURE_KEYS = ['armDeployment', 'storageProfile', 'hardwareProfile'];

/**
 * What a pool's workers run, told from its definition in worker-manager; undefined where that does not say, as for static pools, or
 * where its launch configurations differ.
 */
export function payloadKindOf(config: unknown): PayloadKind | undefined {
  const launchConfigs = isObject(config) && Array.isArray(config['launchConfigs']) ? config['launchConfigs'] : [config];
  const kinds = new Set(launchConfigs.map(kindOfLaunch).filter((kind) => kind !== undefined));
  const [only] = kinds;
  return kinds.size === 1 ? only : undefined;
}

function kindOfLaunch(launch: unknown): PayloadKind | undefined {
  if (!isObject(launch)) return undefined;
  const workerConfig = objectAt(launch, 'workerConfig');
  if (isObject(workerConfig['genericWorker']))
    return kindOfGenericWorker(objectAt(workerConfig['genericWorker'], 'config'), launch);
  return DOCKER_WORKER_KEYS.some((key) => key in workerConfig) ? 'docker-worker' : undefined;
}

function kindOfGenericWorker(config: JsonObject, launch: JsonObject): PayloadKind | undefined {
  // Where native payloads are allowed beside docker-worker's, they are cheaper: no image is pulled.
  if (isOn(config['disableNativePayloads'])) return 'docker-worker';
  const values = Object.values(config).filter((value) => typeof value === 'string');
  if (values.some((value) => DRIVE_PATH.test(value))) return 'generic-worker-windows';
  if ('d2gConfig' in config || values.some((value) => value.startsWith('/'))) return 'generic-worker';
  const { workerConfig: _workerConfig, ...machine } = launch;
  if (WINDOWS_HINT.test(JSON.stringify(machine))) return 'generic-worker-windows';
  // Azure runs both; elsewhere a Windows pool has its paths in the configuration.
  return AZURE_KEYS.some((key) => key in launch) ? undefined : 'generic-worker';
}

function isOn(value: unknown): boolean {
  return value === true || value === 'true';
}
