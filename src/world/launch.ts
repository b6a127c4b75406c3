import type { PoolSpec, WorkerKind } from './spec.ts';

/** One way to start a worker of a pool, as its definition in worker-manager has it. */
export interface Launch {
  id: string;
  region: string;
  /** Where its workers say they are: a zone at Google, else the region. */
  group: string;
  /** As it is answered, to many: it is only read. */
  config: Readonly<Record<string, unknown>>;
}

const REGIONS = { aws: ['us-east-1', 'us-west-2'], azure: ['eastus', 'centralus'], google: ['us-central1', 'us-west1'] };

type Cloud = keyof typeof REGIONS;

/** The provider that a pool names, or that workers of its kind usually have; `none` for hardware, as the API says it. */
export function providerOf(spec: PoolSpec): string {
  if (spec.known === false) return 'none';
  return spec.provider ?? (spec.runs === 'generic-worker-windows' ? 'azure' : 'gcp');
}

export function launchesOf(spec: PoolSpec): Launch[] {
  const provider = providerOf(spec);
  const cloud: Cloud = provider.includes('aws') ? 'aws' : provider.includes('azure') ? 'azure' : 'google';
  const name = spec.pool.replaceAll(/[^a-z0-9-]/gi, '-');
  return (spec.regions ?? REGIONS[cloud]).map((region) => {
    const id = `lc-${name.slice(-20)}-${region}`.slice(0, 38);
    const common = {
      workerConfig: workerConfig(spec),
      workerManager: { launchConfigId: id, capacityPerInstance: spec.capacityPerWorker ?? 1 },
    };
    const group = cloud === 'google' ? `${region}-a` : region;
    return { id, region, group, config: { ...machine(cloud, region, spec.runs), ...common } };
  });
}

/** The machine, in the least that its provider's schema asks for. */
function machine(cloud: Cloud, region: string, kind: WorkerKind): Record<string, unknown> {
  if (cloud === 'aws') {
    return { region, launchConfig: { ImageId: 'ami-0123456789abcdef0', InstanceType: 'm5.large' } };
  }
  if (cloud === 'azure') {
    const osType = kind === 'generic-worker-windows' ? 'Windows' : 'Linux';
    return {
      location: region,
      subnetId: `/subscriptions/0/resourceGroups/rg-${region}/providers/Microsoft.Network/virtualNetworks/vn/subnets/sn`,
      hardwareProfile: { vmSize: 'Standard_F8s_v2' },
      priority: 'Spot',
      storageProfile: {
        osDisk: { osType, createOption: 'FromImage' },
        imageReference: { id: `/images/${osType.toLowerCase()}` },
      },
    };
  }
  return {
    region,
    zone: `${region}-a`,
    machineType: `zones/${region}-a/machineTypes/n2-standard-4`,
    disks: [
      {
        type: 'PERSISTENT',
        boot: true,
        autoDelete: true,
        initializeParams: { sourceImage: 'projects/images/global/images/worker' },
      },
    ],
    networkInterfaces: [{ accessConfigs: [{ type: 'ONE_TO_ONE_NAT' }] }],
    scheduling: { onHostMaintenance: 'terminate' },
  };
}

/** The worker's own configuration, with what FirefoxCI's pools set that tells the kinds of workers apart. */
function workerConfig({ runs, idleTimeout = 300_000, capacityPerWorker = 1 }: PoolSpec): Record<string, unknown> {
  const idle = Math.ceil(idleTimeout / 1000);
  if (runs === 'docker-worker') {
    return {
      capacity: capacityPerWorker,
      shutdown: { enabled: true, afterIdleSeconds: idle },
      dockerConfig: { allowPrivileged: false },
      deviceManagement: { hostSharedMemory: { enabled: false }, kvm: { enabled: false } },
    };
  }
  const windows = runs === 'generic-worker-windows';
  const own = windows
    ? { cachesDir: 'Z:\\caches', tasksDir: 'Z:\\', livelogExecutable: 'C:\\generic-worker\\livelog.exe' }
    : {
        cachesDir: '/home/generic-worker/caches',
        livelogExecutable: '/usr/local/bin/livelog',
        d2gConfig: { enableD2G: runs === 'd2g' },
        disableNativePayloads: runs === 'd2g',
      };
  return { genericWorker: { config: { ...own, idleTimeoutSecs: idle, numberOfTasksToRun: 0, shutdownMachineOnIdle: true } } };
}
