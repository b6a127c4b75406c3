import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { podsOf } from './kubernetes/container.ts';
import { type Resource, render } from './kubernetes/kustomize.ts';
import { operatorsFolder } from './kubernetes/operator.ts';
import { faultsOf } from './kubernetes/schemas.ts';

const K8S = fileURLToPath(new URL('../k8s', import.meta.url));

/** What comes along, and what an operator makes of it after the README. */
const FOLDERS = {
  'the CronJob': `${K8S}/overlays/cronjob`,
  'the service': `${K8S}/overlays/service`,
  "an operator's CronJob on PostgreSQL": operatorsFolder({ overlay: 'cronjob', components: ['postgres'] }),
  "an operator's service with monitoring": operatorsFolder({ overlay: 'service', components: ['monitoring'] }),
};

const hasKubectl = spawnSync('/usr/bin/env', ['kubectl', 'kustomize', '--help']).status === 0;

function find(resources: Resource[], kind: string, name = 'taskcluster-canary'): Resource | undefined {
  return resources.find((one) => one.kind === kind && one.metadata.name.replace(/-[\da-z]{10}$/, '') === name);
}

describe.each(Object.entries(FOLDERS))('the manifests of %s', (_, folder) => {
  const resources = render(folder);

  it('are what the official schemas allow, without an unknown field', () => {
    expect(resources.map((one) => [one.kind, one.metadata.name, faultsOf(one)])).toEqual(
      resources.map((one) => [one.kind, one.metadata.name, []]),
    );
  });

  it('all stand in one namespace, under names of their own', () => {
    expect(new Set(resources.map(({ metadata }) => metadata.namespace)).size).toBe(1);
    expect(new Set(resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(resources.length);
  });

  it.runIf(hasKubectl)('are rendered here as kubectl renders them', () => {
    const { stdout } = spawnSync('/usr/bin/env', ['kubectl', 'kustomize', folder], { encoding: 'utf8' });
    const byName = (some: Resource[]) => Object.fromEntries(some.map((one) => [`${one.kind} ${one.metadata.name}`, one]));
    expect(byName(resources)).toEqual(byName(parseAllDocuments(stdout).map((one) => one.toJS() as Resource)));
  });

  it('harden each pod and each container', () => {
    const pods = podsOf(resources);
    expect(pods.length).toBe(1);
    for (const pod of pods) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(Object.keys(pod).filter((key) => key.startsWith('host'))).toEqual([]);
      for (const container of pod.containers) {
        expect(container).toMatchObject({
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          resources: {
            requests: { cpu: expect.any(String), memory: expect.any(String) },
            limits: { memory: expect.any(String) },
          },
        });
        expect(JSON.stringify(container)).not.toMatch(/privileged|"add"/);
      }
    }
  });

  it('let out names, HTTPS and PostgreSQL alone, and in nobody but to the page', () => {
    const [pod] = podsOf(resources);
    const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Policy);
    const open = (way: 'ingress' | 'egress') =>
      policies.flatMap((policy) =>
        (policy[way] ?? []).flatMap(({ ports }) => ports.map(({ protocol, port }) => `${protocol} ${port}`)),
      );
    const onPostgres = JSON.stringify(pod).includes('TC_CANARY_STORE_FILE');
    expect(open('egress').sort()).toEqual(['TCP 443', 'TCP 53', ...(onPostgres ? ['TCP 5432'] : []), 'UDP 53']);
    expect(open('ingress')).toEqual(find(resources, 'Service') === undefined ? [] : ['TCP page']);
    // One without a direction's name would leave that direction open.
    expect(policies.some(({ policyTypes }) => policyTypes.includes('Ingress') && policyTypes.includes('Egress'))).toBe(true);
    for (const { podSelector } of policies) expect(labelsOf(resources)).toMatchObject(podSelector.matchLabels);
  });
});

interface Policy {
  podSelector: { matchLabels: Record<string, string> };
  policyTypes: string[];
  ingress?: { ports: { protocol: string; port: number | string }[] }[];
  egress?: { ports: { protocol: string; port: number | string }[] }[];
}

function labelsOf(resources: Resource[]): Record<string, string> {
  const text = JSON.stringify(resources.filter(({ kind }) => kind === 'CronJob' || kind === 'Deployment'));
  const [, labels = '{}'] = /"template":\{"metadata":\{"labels":(\{[^}]*\})/.exec(text) ?? [];
  return JSON.parse(labels);
}

describe('the CronJob', () => {
  const job = find(render(FOLDERS['the CronJob']), 'CronJob');

  it('runs one pass a minute, never two at once, and none again', () => {
    expect(job?.['spec']).toMatchObject({
      schedule: '* * * * *',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 120,
      jobTemplate: { spec: { activeDeadlineSeconds: 50, backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } } },
    });
  });

  it('keeps its SQLite file on a small volume, or gives it up for PostgreSQL', () => {
    const sqlite = render(FOLDERS['the CronJob']);
    expect(find(sqlite, 'PersistentVolumeClaim')?.['spec']).toMatchObject({ accessModes: ['ReadWriteOnce'] });
    const postgres = render(FOLDERS["an operator's CronJob on PostgreSQL"]);
    expect(find(postgres, 'PersistentVolumeClaim')).toBeUndefined();
    expect(JSON.stringify(podsOf(postgres))).not.toMatch(/sqlite|persistentVolumeClaim|var\/lib/i);
  });
});

describe('the service', () => {
  const resources = render(FOLDERS["an operator's service with monitoring"]);
  const spec = (kind: string) => find(resources, kind)?.['spec'] as Record<string, unknown>;

  it('has two replicas on nodes and in zones of their own where there are several, of which one stays', () => {
    expect(spec('Deployment')).toMatchObject({
      replicas: 2,
      strategy: { rollingUpdate: { maxUnavailable: 0 } },
      template: {
        spec: {
          topologySpreadConstraints: [{ topologyKey: 'kubernetes.io/hostname' }, { topologyKey: 'topology.kubernetes.io/zone' }],
        },
      },
    });
    expect(spec('PodDisruptionBudget')).toMatchObject({ minAvailable: 1 });
  });

  it('is found by whatever selects it', () => {
    const labels = labelsOf(resources);
    const selectors = [
      (spec('Deployment')['selector'] as Policy['podSelector']).matchLabels,
      (spec('PodDisruptionBudget')['selector'] as Policy['podSelector']).matchLabels,
      spec('Service')['selector'],
    ];
    for (const selector of selectors) expect(labels).toMatchObject(selector as object);
    const monitor = (spec('ServiceMonitor')['selector'] as Policy['podSelector']).matchLabels;
    expect(find(resources, 'Service')?.metadata.labels).toMatchObject(monitor);
  });

  it('is known by one name of its port', () => {
    const [pod] = podsOf(resources);
    const ports = pod?.containers[0]?.ports ?? [];
    expect(ports).toEqual([{ name: 'page', containerPort: 8080 }]);
    const text = JSON.stringify([spec('Service'), spec('ServiceMonitor'), spec('Deployment')]);
    expect(text.match(/"(targetPort|port)":"(\w+)"/g)?.every((one) => one.endsWith('"page"'))).toBe(true);
  });
});

describe('a manifest with a slip of the hand', () => {
  const job = () => structuredClone(find(render(FOLDERS['the CronJob']), 'CronJob')) as unknown as Slipped;

  it.each<[string, (job: Slipped) => void]>([
    ['concurrencyPolcy', (slipped) => Object.assign(slipped.spec, { concurrencyPolcy: 'Forbid' })],
    [
      'runAsNonroot',
      (slipped) => Object.assign(slipped.spec.jobTemplate.spec.template.spec, { securityContext: { runAsNonroot: true } }),
    ],
    ['backoffLimit', (slipped) => Object.assign(slipped.spec.jobTemplate.spec, { backoffLimit: '0' })],
    ['schedule', (slipped) => Object.assign(slipped.spec, { schedule: undefined })],
    ['concurrencyPolicy', (slipped) => Object.assign(slipped.spec, { concurrencyPolicy: 'forbid' })],
    ['there is no batch/v2', (slipped) => Object.assign(slipped, { apiVersion: 'batch/v2' })],
  ])('is told of %s', (fault, slip) => {
    const slipped = job();
    slip(slipped);
    expect(faultsOf({ ...slipped }).join('\n')).toContain(fault);
  });
});

interface Slipped {
  apiVersion?: unknown;
  spec: { jobTemplate: { spec: { template: { spec: object } } } };
}

it('every file of the folder is rendered, or is the image', () => {
  const read = new Set([`${K8S}/Dockerfile`]);
  for (const folder of Object.values(FOLDERS)) render(folder, read);
  const files = readdirSync(K8S, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  expect(files.map(({ parentPath, name }) => join(parentPath, name)).filter((file) => !read.has(file))).toEqual([]);
});
