import { describe, expect, test } from 'vitest';
import { payloadOf } from '../src/taskcluster/payload.ts';
import { payloadKindOf } from '../src/taskcluster/payload-kind.ts';

const POSIX_PATHS = {
  cachesDir: '/home/generic-worker/caches',
  livelogExecutable: '/usr/local/bin/livelog',
  idleTimeoutSecs: 300,
};
const WINDOWS_PATHS = { cachesDir: 'Z:\\caches', livelogExecutable: 'C:\\generic-worker\\livelog.exe', idleTimeoutSecs: 150 };

const google = (workerConfig: unknown) => ({
  zone: 'us-central1-a',
  machineType: 'zones/us-central1-a/machineTypes/c2-standard-16',
  disks: [{ boot: true, initializeParams: { sourceImage: 'projects/taskcluster-imaging/global/images/ubuntu-2404-headless' } }],
  workerConfig,
  workerManager: { capacityPerInstance: 1, launchConfigId: 'lc-1' },
});
const azure = (workerConfig: unknown) => ({
  location: 'eastus',
  armDeployment: { mode: 'Incremental', parameters: { imageId: { value: '/subscriptions/x/images/imageset-abc-eastus' } } },
  workerConfig,
});
const pool = (...launchConfigs: unknown[]) => ({ minCapacity: 0, maxCapacity: 10, launchConfigs });
const genericWorker = (config: unknown) => ({ genericWorker: { config } });

describe('what a pool runs, by its definition', () => {
  test('native generic-worker on Linux, as FirefoxCI writes it', () => {
    const config = { ...POSIX_PATHS, d2gConfig: { enableD2G: false }, disableNativePayloads: false };
    expect(payloadKindOf(pool(google(genericWorker(config))))).toBe('generic-worker');
  });

  test('native generic-worker where docker-worker payloads are taken as well, as Community writes it: no image need be pulled', () => {
    const config = { d2gConfig: { enableD2G: true }, ed25519SigningKeyLocation: '/etc/generic-worker/ed25519_key' };
    expect(payloadKindOf(pool(google(genericWorker(config)), google(genericWorker(config))))).toBe('generic-worker');
  });

  test('docker-worker payloads alone where native ones are disabled, as on decision pools', () => {
    const config = { ...POSIX_PATHS, d2gConfig: { enableD2G: true, allowInteractive: false }, disableNativePayloads: true };
    expect(payloadKindOf(pool(google(genericWorker(config))))).toBe('docker-worker');
  });

  test('docker-worker, by what only it is configured with', () => {
    const community = { shutdown: { enabled: true, afterIdleSeconds: 15 } };
    const fxci = { ...community, deviceManagement: { kvm: { enabled: false } }, capacity: 8 };
    expect(payloadKindOf(pool(google(community)))).toBe('docker-worker');
    expect(payloadKindOf(pool(google(fxci)))).toBe('docker-worker');
    expect(payloadKindOf(pool(google({ dockerConfig: { allowPrivileged: true } })))).toBe('docker-worker');
  });

  test('generic-worker on Windows, by its paths or by its machine', () => {
    expect(payloadKindOf(pool(azure(genericWorker(WINDOWS_PATHS))))).toBe('generic-worker-windows');
    const aws = { region: 'us-east-1', launchConfig: { ImageId: 'ami-1' }, workerConfig: genericWorker(WINDOWS_PATHS) };
    expect(payloadKindOf(pool(aws))).toBe('generic-worker-windows');
    const machine = { location: 'eastus', storageProfile: { osDisk: { osType: 'Windows' } } };
    expect(payloadKindOf(pool({ ...machine, workerConfig: genericWorker({}) }))).toBe('generic-worker-windows');
    const image = { region: 'us-east-1', launchConfig: { ImageId: 'generic-worker-win2022' } };
    expect(payloadKindOf(pool({ ...image, workerConfig: genericWorker({}) }))).toBe('generic-worker-windows');
  });

  test('Linux on Azure, by its paths', () => {
    expect(payloadKindOf(pool(azure(genericWorker(POSIX_PATHS))))).toBe('generic-worker');
  });

  test('Linux elsewhere, where nothing speaks for Windows', () => {
    expect(payloadKindOf(pool(google(genericWorker({ idleTimeoutSecs: 20 }))))).toBe('generic-worker');
  });

  test('a static pool that says what its workers are configured with', () => {
    expect(payloadKindOf({ workerConfig: genericWorker(WINDOWS_PATHS) })).toBe('generic-worker-windows');
  });

  test('nobody can tell: static pools, bare machines, launch configurations at odds, and whatever is not a definition', () => {
    const mixed = pool(google(genericWorker(POSIX_PATHS)), azure(genericWorker(WINDOWS_PATHS)));
    const unclear = [{}, { lifecycle: {} }, pool(), pool(google({})), pool(azure(genericWorker({}))), mixed];
    const foreign = [undefined, null, 'x', 7, [], pool(null, 'x'), { launchConfigs: 'x' }, pool({ workerConfig: 'x' })];
    for (const config of [...unclear, ...foreign]) expect(payloadKindOf(config)).toBeUndefined();
  });
});

describe('payloads', () => {
  test('do nothing, briefly, without a log to upload', () => {
    expect(payloadOf('generic-worker')).toEqual({
      command: [['/bin/sh', '-c', 'exit 0']],
      maxRunTime: 60,
      features: { liveLog: false, backingLog: false },
    });
    expect(payloadOf('generic-worker-windows')).toMatchObject({ command: ['exit /b 0'], maxRunTime: 60 });
    expect(payloadOf('docker-worker')).toMatchObject({ image: expect.any(String), command: ['/bin/true'], maxRunTime: 60 });
  });

  test('for built-in queues are empty, since anything else is malformed there', () => {
    expect(payloadOf('empty')).toEqual({});
  });

  test('for a claim alone suit no worker', () => {
    const payload = payloadOf('claim-only');
    for (const required of ['command', 'maxRunTime', 'image']) expect(payload).not.toHaveProperty(required);
    expect(Object.keys(payload)).not.toHaveLength(0);
  });
});
