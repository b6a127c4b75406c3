import type { Resource } from './kustomize.ts';

export interface Volume {
  name: string;
  configMap?: { name: string };
  secret?: { secretName: string; defaultMode: number };
  persistentVolumeClaim?: { claimName: string };
}

interface HttpGet {
  httpGet: { path: string; port: string };
}

export interface Container {
  name: string;
  image: string;
  args: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  ports?: { name: string; containerPort: number }[];
  livenessProbe?: HttpGet;
  readinessProbe?: HttpGet;
}

export interface Pod {
  securityContext: { runAsUser: number; runAsGroup: number; fsGroup: number };
  containers: Container[];
  volumes: Volume[];
  terminationGracePeriodSeconds?: number;
}

interface Template {
  spec: Pod;
}

/** The pods that the workloads among the resources make. */
export function podsOf(resources: readonly Resource[]): Pod[] {
  return resources.flatMap(({ kind, spec }) => {
    if (kind === 'Deployment') return [(spec as { template: Template }).template.spec];
    if (kind === 'CronJob') return [(spec as { jobTemplate: { spec: { template: Template } } }).jobTemplate.spec.template.spec];
    return [];
  });
}
