import { createRequire } from 'node:module';

/** A class of `kubernetes-models`, whose validators are made from the official schemas; its types do not hold in strict TypeScript. */
interface Model {
  apiVersion: string;
  kind: string;
  prototype: { validate(): void };
}

const require = createRequire(import.meta.url);

const MODELS = [
  require('@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'),
  require('kubernetes-models/apps/v1'),
  require('kubernetes-models/batch/v1'),
  require('kubernetes-models/networking.k8s.io/v1'),
  require('kubernetes-models/policy/v1'),
  require('kubernetes-models/v1'),
].flatMap((group: Record<string, Model>) => Object.values(group));

/** What Kubernetes' own schemas, and those of the Prometheus operator, have against a resource. A field that they do not know is a fault. */
export function faultsOf(resource: { apiVersion?: unknown; kind?: unknown }): string[] {
  const model = MODELS.find(({ apiVersion, kind }) => apiVersion === resource.apiVersion && kind === resource.kind);
  if (model === undefined) return [`there is no ${String(resource.apiVersion)} ${String(resource.kind)}`];
  const asked = new Set<string>();
  const watched = watch(resource, '', asked);
  try {
    model.prototype.validate.call(watched);
  } catch (error) {
    return [String(error)];
  }
  // The validators look at each field that the schema names, and at no other.
  return pathsOf(resource, '')
    .filter((path) => !asked.has(path))
    .map((path) => `${path} is no field`);
}

/** The value, which notes the path of each field that is looked at. */
function watch<T extends object>(value: T, path: string, asked: Set<string>): T {
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol') return inner;
      asked.add(`${path}/${key}`);
      return typeof inner === 'object' && inner !== null ? watch(inner, `${path}/${key}`, asked) : inner;
    },
  });
}

function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${path}/${key}`, ...pathsOf(inner, `${path}/${key}`)]);
}
