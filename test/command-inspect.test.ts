import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type InspectOptions, inspect } from '../src/commands/inspect.ts';
import type { Diagnosis } from '../src/evidence/diagnosis.ts';
import type { PoolRecord } from '../src/evidence/pool.ts';
import type { ProbeState } from '../src/evidence/state.ts';
import { UsageError } from '../src/io.ts';
import { newProbeState } from '../src/judge/facts.ts';
import { storeOver } from '../src/store/store.ts';
import type { Fault } from '../src/world/fault.ts';
import type { PoolSpec } from '../src/world/spec.ts';
import { commandSetting, type Setting } from './support/command.ts';
import { ESCAPE } from './support/screen.ts';
import { emptyableStore } from './support/store.ts';
import { incidentChange, poolIncident } from './support/values.ts';
import { create, HOUR, MINUTE, pool, SECOND, START } from './support/world.ts';

const BUSY = 'test-1/b-linux';
const DECISION = 'test-1/decision';
const IDLE = 'test-1/idle';
const SMALL = 'test-1/small';
const WINDOWS = 'test-1/win11';
const HARDWARE = 'test-hw/osx';
const busy = (perHour: number, more: Partial<PoolSpec> = {}): Partial<PoolSpec> => ({
  load: { perHour, duration: { p50: 3 * MINUTE, p95: 6 * MINUTE } },
  boot: { p50: 40 * SECOND, p95: 70 * SECOND },
  idleTimeout: 2 * MINUTE,
  ...more,
});
const POOLS = [
  pool(BUSY, busy(60, { maxCapacity: 20 })),
  pool(DECISION, busy(12)),
  pool(WINDOWS, busy(20, { provider: 'azure', runs: 'generic-worker-windows' })),
  pool(SMALL, { maxCapacity: 4 }),
  pool(HARDWARE, { known: false, maxCapacity: 3 }),
];
/** Faults strike two hours in, and half an hour later somebody looks. */
const ONSET = START + 2 * HOUR;
const LOOK = ONSET + 30 * MINUTE;
const since = { from: ONSET, until: ONSET + 24 * HOUR };
const EXHAUSTED = {
  kind: 'creation-error',
  title: 'ZONE_RESOURCE_POOL_EXHAUSTED',
  description: `The zone is${ESCAPE}[31m out of\u202e machines. Try another one.`,
};

const opened = await emptyableStore();
const folder = mkdtempSync(join(tmpdir(), 'tc-canary-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Scene extends Partial<Omit<Setting, 'spec'>> {
  faults?: Fault[];
  pools?: PoolSpec[];
}

/** A deployment that anybody may read, some time after something went wrong. */
async function deployment({ faults = [], pools = POOLS, env, ...setting }: Scene = {}) {
  const made = await commandSetting({
    spec: { pools, faults },
    start: START,
    anonymousScopes: ['*'],
    ...setting,
    env: { TASKCLUSTER_CLIENT_ID: undefined, TASKCLUSTER_ACCESS_TOKEN: undefined, ...env },
  });
  stops.push(made.close);
  made.world.advanceTo(LOOK);
  const look = (asked: string[] = [], options: Partial<InspectOptions> = {}) =>
    inspect(asked, { watch: 20 * SECOND, json: false, ...options }, made.io);
  return { ...made, look };
}

describe('inspect of one pool', () => {
  test('shows what was read of one that is well, without waiting for anything', async () => {
    let pauses = 0;
    const { look, stdout } = await deployment({ onPause: () => pauses++ });
    expect(await look([SMALL])).toBe(0);
    expect(stdout().split('\n')).toEqual([
      'test-1/small · gcp · 2 launch configurations · us-central1, us-west1 · 23:30:00 UTC',
      '● no task waits',
      '',
      '  capacity   ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 running, 0 requested · maximum 4',
      '  tasks      0 pending · 0 claimed',
      '  workers    none in the last 7 days',
      '  queue      knows no worker',
      '  errors     none in the last hour',
      expect.stringMatching(/^ {2}page {7}http:\/\/127\.0\.0\.1:\d+\/worker-manager\/test-1%2Fsmall$/),
      '',
    ]);
    expect(pauses).toBe(0);
  });

  test('says that no worker is made where the provisioner has stopped, how long tasks wait, and since when none came', async () => {
    const { look, stdout } = await deployment({ faults: [{ kind: 'provisioner-stopped', ...since }] });
    expect(await look([DECISION])).toBe(0);
    expect(stdout()).toMatch(/^■ not-provisioned, likely {2}Probably the provisioner requests no worker at gcp/m);
    expect(stdout()).toMatch(/^ {2}tasks {6}\d+ pending · oldest [12]\dm \d\ds · 0 claimed · no claim in 2\ds$/m);
    expect(stdout()).toMatch(/^ {2}workers {4}newest 3\dm \d\ds ago · \d+ in the last hour$/m);
  });

  test("tells the cloud's own words where errors rose, as harmless text, with the day's hours", async () => {
    const { look, stdout } = await deployment({
      faults: [{ kind: 'creation-fails', error: EXHAUSTED, pools: [BUSY], ...since }],
    });
    expect(await look([BUSY])).toBe(0);
    expect(stdout()).toMatch(
      /^■ provisioning-errors {2}Creating workers fails at gcp: [\d,]+ provisioning errors in the last hour \(usually 0\), most often/m,
    );
    expect(stdout()).toMatch(/^ {2}errors {5}·{23}█ {2}\d+ in the last hour, usually none$/m);
    expect(stdout()).toMatch(/^ {13}\d+ × ZONE_RESOURCE_POOL_EXHAUSTED$/m);
    expect(stdout()).toContain('The zone is out of machines. Try another one.');
    expect(stdout()).not.toContain(ESCAPE);
    expect(stdout()).not.toContain('\u202e');
  });

  test('watches until it is known that workers claim nothing, and looks once only with --no-watch', async () => {
    const mute: Scene = { faults: [{ kind: 'workers-mute', all: true, pools: [BUSY], ...since }] };
    // Young workers may just not have asked yet, so there are to be none.
    const faults = [
      ...(mute.faults ?? []),
      { kind: 'pool-skipped' as const, pools: [BUSY], ...since, from: ONSET + 10 * MINUTE },
    ];
    const { look, stdout, world } = await deployment({ faults });
    expect(await look([BUSY])).toBe(0);
    expect(stdout()).toMatch(/^■ workers-not-claiming {2}Workers run, and claim nothing of what waits/m);
    expect(stdout()).toMatch(/· 0 claimed · no claim in 2[01]s$/m);
    expect(world.now - LOOK).toBeLessThanOrEqual(21 * SECOND);
    const once = await deployment({ faults });
    await once.look([BUSY], { watch: false });
    expect(once.world.now).toBe(LOOK);
    expect(once.stdout()).toContain('cannot tell whether claims move');
  });

  test('stops watching as soon as a claim shows, by what each worker claimed last where the list is refused', async () => {
    const scopes = ['queue:pending-count:*', 'queue:claimed-count:*', 'worker-manager:*'];
    const pools = [
      pool(BUSY, busy(900, { maxCapacity: 10, load: { perHour: 9000, duration: { p50: 10 * SECOND, p95: 15 * SECOND } } })),
    ];
    const { look, stdout, world } = await deployment({ pools, anonymousScopes: scopes });
    expect(await look([BUSY])).toBe(0);
    expect(stdout()).toMatch(/^▲ at-capacity {2}A queue, not a break/m);
    expect(stdout()).toMatch(/· claims move, \d+ a minute at least ·/);
    expect(world.now - LOOK).toBeLessThanOrEqual(10 * SECOND);
  });

  test('calls a pool full whose every worker is busy with a long task, though none is claimed meanwhile', async () => {
    const long = { perHour: 60, duration: { p50: 5 * HOUR, p95: 6 * HOUR } };
    const { look, stdout } = await deployment({ pools: [pool(BUSY, busy(60, { maxCapacity: 3, load: long }))] });
    expect(await look([BUSY])).toBe(0);
    expect(stdout()).toMatch(/^▲ at-capacity, likely {2}Probably a queue, not a break/m);
    expect(stdout()).toMatch(/no claim in 2\ds/);
  });

  test('shows capacity beyond the maximum behind a line, and names it after a second look', async () => {
    const faults: Fault[] = [
      { kind: 'runaway', batch: 20, upTo: 80, pools: [SMALL], ...since },
      { kind: 'workers-mute', all: true, pools: [SMALL], ...since },
    ];
    const { look, stdout, world } = await deployment({ faults });
    create(world, SMALL);
    world.advanceTo(LOOK + 10 * MINUTE);
    expect(await look([SMALL])).toBe(0);
    expect(stdout()).toMatch(/^■ over-provisioned {2}There are workers for 80 tasks at once, where 4 is the maximum/m);
    expect(stdout()).toMatch(/^ {2}capacity {3}██┃█+ {2}80 running, 0 requested · maximum 4$/m);
  });

  test('of hardware shows what the queue knows', async () => {
    const { look, stdout } = await deployment();
    expect(await look([HARDWARE])).toBe(0);
    expect(stdout()).toContain('test-hw/osx · not managed by worker-manager · ');
    expect(stdout()).toMatch(/^ {2}queue {6}knows 3 workers · active within 30m$/m);
  });

  test('exits 2 for one that nobody has heard of, while the others are shown all the same', async () => {
    const { look, stdout } = await deployment();
    expect(await look(['test-1/typo', SMALL])).toBe(2);
    expect(stdout()).toContain('■ unknown pool  neither worker-manager nor the queue has heard of it; correct its name');
    expect(stdout()).toContain('\n\ntest-1/small · gcp');
  });

  test.each(['gecko-3', 'a b/c'])('refuses %j, which is no pool', async (text) => {
    const { look } = await deployment();
    await expect(look([text])).rejects.toThrow(UsageError);
  });

  test('names each scope that is missing once, and takes what it could not read for unknown', async () => {
    const scopes = ['queue:pending-count:*', 'worker-manager:get-worker-pool:*', 'worker-manager:list-worker-pools'];
    const { look, stdout } = await deployment({ anonymousScopes: scopes });
    expect(await look([BUSY, DECISION])).toBe(0);
    const notes = stdout().slice(stdout().indexOf('not read:')).trimEnd().split('\n');
    expect(notes).toEqual([
      'not read: how many are claimed (missing scopes: queue:claimed-count:*)',
      'not read: what is claimed (credentials are needed, with these scopes: queue:claimed-list:*)',
      'not read: the oldest pending task (credentials are needed, with these scopes: queue:pending-list:*)',
      "not read: the queue's workers, the newest workers (credentials are needed, with these scopes: worker-manager:list-workers:*)",
      "not read: errors by the hour, the errors' texts (credentials are needed, with these scopes: worker-manager:list-worker-pool-errors:*)",
      '→ set TASKCLUSTER_CLIENT_ID and TASKCLUSTER_ACCESS_TOKEN',
    ]);
    expect(stdout()).not.toMatch(/^ {2}(errors|workers|queue) /m);
  });

  test('exits 3 where the queue does not answer, and shows what worker-manager said', async () => {
    const faults: Fault[] = [{ kind: 'api-down', services: ['queue'], ...since }];
    const { look, stdout, url } = await deployment({ faults });
    expect(await look([DECISION])).toBe(3);
    expect(stdout()).toContain('○ cannot tell whether tasks wait');
    expect(stdout()).toMatch(/^ {2}capacity .* running/m);
    expect(stdout()).toMatch(/^not read: pending tasks, what is claimed, the oldest pending task \(503/m);
    expect(stdout()).toContain(`→ check TASKCLUSTER_ROOT_URL (${url}) and the network\n`);
  });

  test('exits 3 where nobody answers', async () => {
    const { look, stdout, close } = await deployment();
    await close();
    expect(await look([DECISION])).toBe(3);
    expect(stdout()).toMatch(/^not read: the definition, .*ECONNREFUSED/m);
  });

  test('exits 130 where it is interrupted, and says nothing of half a look', async () => {
    const faults: Fault[] = [{ kind: 'provisioner-stopped', ...since }];
    const { look, stdout } = await deployment({ faults, onPause: (_, interrupt) => interrupt() });
    expect(await look([DECISION])).toBe(130);
    expect(stdout()).toBe('');
  });
});

describe('inspect of a deployment', () => {
  test('says that nothing stands out on a good day, with a line for each provider', async () => {
    const { look, stdout } = await deployment();
    expect(await look()).toBe(0);
    const lines = stdout().trimEnd().split('\n');
    expect(lines[0]).toMatch(/^127\.0\.0\.1:\d+ · 4 pools · \d+ pending · \d+ claimed · 23:30:00 UTC$/);
    expect(lines.slice(1, 4)).toEqual([
      '● nothing stands out',
      '',
      expect.stringMatching(/^PROVIDER +NEWEST WORKER +LAST HOUR /),
    ]);
    expect(lines.slice(4).map((line) => line.split(' ')[0])).toEqual(['gcp', 'azure']);
  });

  test('names the provider of which no worker comes although tasks want some, and its pools', async () => {
    const faults: Fault[] = [{ kind: 'provisioner-stopped', providers: ['azure'], ...since }];
    const { look, stdout } = await deployment({ faults });
    expect(await look()).toBe(0);
    expect(stdout()).toMatch(/^■ provisioning-stalled {2}no new worker of azure for 3\dm \d\ds, and \d+ tasks wait for one$/m);
    expect(stdout()).toMatch(/^azure +3\dm \d\ds ago +\d+ +\d+ in 1 +\d+ +0 +1$/m);
    expect(stdout()).toMatch(/^■ +test-1\/win11 +no worker +\d+ +2\dm \d\ds +3\dm \d\ds ago +0 of 10 +0 +not-provisioned\?$/m);
    expect(stdout()).toContain('nothing stands out in the other 3 pools');
  });

  test('is less sure where no task has waited for as long as no worker came', async () => {
    const azure = pool(WINDOWS, busy(1, { provider: 'azure', runs: 'generic-worker-windows' }));
    const faults: Fault[] = [{ kind: 'provisioner-stopped', providers: ['azure'], ...since }];
    const { look, stdout, world } = await deployment({ faults, pools: [...POOLS.slice(0, 2), { ...azure, minCapacity: 0 }] });
    const before = world.call('queue', 'taskQueueCounts', [WINDOWS]).body;
    expect(before).toMatchObject({ pendingTasks: 0 });
    create(world, WINDOWS);
    world.advanceTo(LOOK + 4 * MINUTE);
    expect(await look()).toBe(0);
    expect(stdout()).toMatch(
      /^■ provisioning-stalled, likely {2}no new worker of azure for .*, and 1 task waits for one, the oldest for 4m$/m,
    );
  });

  test('without the list of pending tasks says that it cannot tell for how long workers have been wanted', async () => {
    const faults: Fault[] = [{ kind: 'provisioner-stopped', ...since }];
    const anonymousScopes = ['queue:pending-count:*', 'queue:claimed-count:*', 'worker-manager:*'];
    const { look, stdout } = await deployment({ faults, anonymousScopes });
    expect(await look()).toBe(0);
    expect(stdout()).toMatch(/^■ provisioning-stalled, likely {2}no new worker for .*; for how long cannot be read$/m);
    expect(stdout()).toMatch(
      /^not read: the oldest pending task \(credentials are needed, with these scopes: queue:pending-list:\*\)$/m,
    );
  });

  test('lists what is wrong worst first: no worker, too much capacity, workers that claim nothing, errors above their own day', async () => {
    const faults: Fault[] = [
      { kind: 'runaway', batch: 20, upTo: 80, pools: [SMALL], ...since },
      { kind: 'workers-mute', all: true, pools: [SMALL, IDLE], ...since },
      { kind: 'pool-skipped', pools: [BUSY], ...since },
      { kind: 'creation-fails', error: EXHAUSTED, rate: 0.5, pools: [DECISION], ...since },
    ];
    const pools = [...POOLS, pool(IDLE, busy(6, { minCapacity: 20, maxCapacity: 30 }))];
    const { look, stdout, world } = await deployment({ faults, pools });
    create(world, SMALL);
    world.advanceTo(LOOK + 5 * MINUTE);
    expect(await look()).toBe(0);
    const rows = stdout()
      .split('\n')
      .filter((line) => /^[■▲●] +test-1/.test(line));
    expect(rows.map((row) => row.replace(/^. +(\S+) +(\S+( \S+)*?) {2}.*$/, '$1 $2'))).toEqual([
      `${BUSY} no worker`,
      `${SMALL} over maximum`,
      `${IDLE} stuck`,
      `${DECISION} errors`,
    ]);
    expect(stdout()).toMatch(/^■ 4 of 5 pools are worth a look: 1 without new workers, 1 over maximum, 1 stuck, 1 with errors$/m);
    expect(stdout()).toMatch(/^ {2}test-1\/decision: \d+ × ZONE_RESOURCE_POOL_EXHAUSTED$/m);
  });

  test('exits 3 where the pools cannot be listed, and names the scope', async () => {
    const { look, stdout } = await deployment({ anonymousScopes: ['queue:*'] });
    expect(await look()).toBe(3);
    expect(stdout()).toContain('○ cannot tell: the pools could not be listed');
    expect(stdout()).toContain('with these scopes: worker-manager:list-worker-pools)');
  });

  test('exits 3 where the queue does not answer', async () => {
    const { look, stdout } = await deployment({ faults: [{ kind: 'api-down', services: ['queue'], ...since }] });
    expect(await look()).toBe(3);
    expect(stdout()).toContain('○ cannot tell whether tasks wait');
    expect(stdout()).toMatch(/^gcp +\S+/m);
  });

  test('asks hundreds of pools, and says on a terminal how far it is', async () => {
    const many = Array.from({ length: 380 }, (_, i) => pool(`many-${i % 5}/pool-${i}`, { maxCapacity: 5 }));
    const { look, io, stdout } = await deployment({ pools: many });
    let shown = '';
    Object.assign(io.stderr, { isTTY: true, columns: 60, write: (text: string) => (shown += text) });
    expect(await look()).toBe(0);
    expect(stdout()).toContain('● nothing stands out');
    expect(shown).toContain('asking how many tasks wait: 360 of 380 pools');
    expect(shown.endsWith('\r\u001b[2K')).toBe(true);
  });
});

describe('inspect with a probe file', () => {
  const { db, path, empty } = opened;

  /** A store in which the pool has a canary that was claimed cold and an open incident, of a prober that counted workers for days. */
  async function scene(rootUrl: string) {
    await empty();
    const file = join(folder, 'probes.yml');
    writeFileSync(
      file,
      `deployment: test
taskcluster: {rootUrl: ${rootUrl}}
store: sqlite:${path}
task: {schedulerId: s, owner: a@example.com, source: https://example.com/}
defaults: {warnAfter: 5m, pageAfter: 15m}
probes: [{pool: ${DECISION}, objective: 95% under 20m over 14d}]
`,
    );
    const store = storeOver(db, path);
    const state: ProbeState = {
      ...newProbeState(DECISION, DECISION, LOOK, START),
      lastClaim: { taskId: 'A'.repeat(22), at: LOOK - 20 * MINUTE, ms: 45 * SECOND, start: 'warm' },
      lastCold: LOOK - 2 * HOUR,
    };
    const hours = Array.from({ length: 97 }, () => 12);
    const record: PoolRecord = {
      pool: DECISION,
      at: LOOK,
      boots: [50, 55, 60, 65, 70].map((s) => s * SECOND),
      created: { hour: Math.floor(LOOK / HOUR) * HOUR, counts: hours, since: LOOK - 97 * HOUR },
      seen: { unmet: { since: LOOK - 20 * MINUTE, at: LOOK - 30 * SECOND, own: false } },
    };
    const incident = poolIncident({
      anchor: `probe:${DECISION}`,
      cause: 'not-provisioned',
      since: LOOK - 20 * MINUTE,
      opened: LOOK - 10 * MINUTE,
      evidence: { kind: 'capacity', pool: DECISION, since: LOOK - 20 * MINUTE, diagnosis: NO_FIGURES },
    });
    const observed = Array.from({ length: 20 }, (_, i) => ({
      kind: 'observation' as const,
      probe: DECISION,
      at: LOOK - (i + 1) * 10 * MINUTE,
      start: 'cold' as const,
      ms: i < 2 ? HOUR : 45 * SECOND,
      censored: false,
      breach: i < 2,
    }));
    const { revision, watch } = await store.load();
    await store.commit(revision, [
      ...observed,
      { kind: 'watch', watch: { ...watch, fleetAt: LOOK - MINUTE } },
      { kind: 'probe', state },
      { kind: 'pool', record },
      incidentChange(incident, []),
    ]);
    return { file, store };
  }
  const NO_FIGURES: Diagnosis = {
    cause: 'not-provisioned',
    confidence: 'sure',
    figures: { at: LOOK, claims: 'cannot tell' },
  };
  const faults: Fault[] = [{ kind: 'provisioner-stopped', ...since }];

  test('adds what its store knows, is surer by it, and writes nothing there', async () => {
    const { look, stdout, url } = await deployment({ faults });
    const { file, store } = await scene(url);
    const before = await store.load();
    expect(await look([DECISION], { config: file })).toBe(0);
    expect(stdout()).toMatch(/^■ not-provisioned {2}The provisioner requests no worker/m);
    expect(stdout()).toMatch(/^ {2}workers {4}newest .* · \d+ in the last hour, usually 12 · usually up within 1m 10s$/m);
    expect(stdout()).toMatch(/^ {2}created {4}█{24} {2}288 in the last 24 h$/m);
    expect(stdout()).toMatch(
      /^ {2}probe {6}test-1\/decision · claimed after 45s by a warm worker, 20m \d\ds ago · last cold 2h ago · warns at 5m, pages at 15m$/m,
    );
    expect(stdout()).toMatch(
      /^ {2}objective {2}95% under 20m over 14d · 90% in time · error budget overspent · spends its error budget 2 times as fast as it may over 3d, 2 times over 6h$/m,
    );
    expect(stdout()).toMatch(
      /^ {2}incident {3}■ page not-provisioned · since 23:10:00 UTC, for 20m \d\ds · opened: canary unclaimed/m,
    );
    expect((await store.load()).revision).toBe(before.revision);
  });

  test('lists pools of open incidents first, and gives them as JSON', async () => {
    const { look, stdout, url } = await deployment();
    const { file } = await scene(url);
    expect(await look([], { config: file })).toBe(0);
    expect(stdout()).toMatch(/^. +test-1\/decision +incident /m);
    const json = await deployment();
    const again = await scene(json.url);
    await json.look([DECISION], { config: again.file, json: true, watch: false });
    const [one] = JSON.parse(json.stdout()).pools;
    expect(one.probes).toEqual([
      {
        name: DECISION,
        warnAfter: 300,
        pageAfter: 900,
        lastClaim: { at: '2026-10-08T23:10:00.000Z', timeToClaim: 45, start: 'warm' },
        lastCold: '2026-10-08T21:30:00.000Z',
        objective: expect.objectContaining({ target: 0.95, under: 1200, over: 1_209_600, kept: 18, missed: 2, compliance: 0.9 }),
      },
    ]);
    expect(one.incidents).toMatchObject([{ cause: 'not-provisioned', level: 'page', ended: null }]);
    expect(one.workers.byHour).toHaveLength(24);
    expect(one.workers.byHour[23]).toEqual({ at: '2026-10-08T23:00:00.000Z', count: expect.any(Number) });
  });

  test('takes the deployment from it, and refuses another one beside', async () => {
    const { look, url, stdout } = await deployment({ env: { TASKCLUSTER_ROOT_URL: undefined } });
    const { file } = await scene(url);
    expect(await look([SMALL], { config: file })).toBe(0);
    expect(stdout()).toContain('● no task waits');
    const other = await deployment();
    await expect(other.look([SMALL], { config: file })).rejects.toThrow(
      /^TASKCLUSTER_ROOT_URL is not the deployment of .*probes\.yml, /,
    );
  });
});

describe('inspect in a terminal', () => {
  const faults: Fault[] = [
    { kind: 'provisioner-stopped', ...since },
    { kind: 'creation-fails', error: EXHAUSTED, pools: [BUSY], from: START, until: ONSET },
  ];

  test.each([80, 140])('keeps to %i columns, links aside, in colours', async (columns) => {
    const anonymousScopes = ['queue:pending-count:*', 'worker-manager:*'];
    const { look, stdout } = await deployment({ faults, anonymousScopes, terminal: { columns, rows: 60 } });
    await look([BUSY, DECISION]);
    await look();
    const lines = stdout()
      .replaceAll(new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g'), '')
      .split('\n');
    expect(lines.filter((line) => line.length > columns && !line.includes('http://'))).toEqual([]);
    expect(stdout()).toContain(`${ESCAPE}[31m■`);
  });

  test('is plain where NO_COLOR is set', async () => {
    const { look, stdout } = await deployment({ faults, terminal: { columns: 100, rows: 60 }, env: { NO_COLOR: '1' } });
    await look([BUSY]);
    await look();
    expect(stdout()).not.toContain(ESCAPE);
  });
});

describe('inspect --json', () => {
  const errors: Fault[] = [{ kind: 'creation-fails', error: EXHAUSTED, pools: [BUSY], ...since }];

  test('of a pool gives every key always, instants as ISO 8601 and durations in seconds', async () => {
    const { look, stdout, url } = await deployment({ faults: errors });
    expect(await look([BUSY, SMALL], { json: true, watch: false })).toBe(0);
    const { pools, ...rest } = JSON.parse(stdout());
    expect(rest).toEqual({ rootUrl: url, at: '2026-10-08T23:30:00.000Z' });
    expect(pools[0]).toEqual({
      pool: BUSY,
      managed: true,
      provider: 'gcp',
      regions: ['us-central1', 'us-west1'],
      launchConfigs: 2,
      standing: 'broken',
      cause: 'provisioning-errors',
      confidence: 'sure',
      sentence: expect.stringContaining('ZONE_RESOURCE_POOL_EXHAUSTED'),
      remedy: expect.any(String),
      capacity: { minimum: 0, maximum: 20, requested: 0, running: expect.any(Number), stopping: expect.any(Number) },
      tasks: {
        pending: expect.any(Number),
        claimed: expect.any(Number),
        oldestPending: expect.any(Number),
        claims: 'cannot tell',
        claimsPerHour: null,
        doneWithin: null,
      },
      workers: {
        newest: expect.stringMatching(/^2026-10-08T2\d:\d\d:\d\d\.\d{3}Z$/),
        newestAge: expect.any(Number),
        oldestRequested: null,
        usualBoot: null,
        createdLastHour: expect.any(Number),
        usuallyCreated: null,
        createdPerHour: expect.any(Number),
        byHour: null,
      },
      errors: {
        lastHour: expect.any(Number),
        usual: 0,
        byHour: expect.arrayContaining([{ at: '2026-10-08T23:00:00.000Z', count: expect.any(Number) }]),
        commonest: {
          kind: 'creation-error',
          title: EXHAUSTED.title,
          description: EXHAUSTED.description,
          code: null,
          count: expect.any(Number),
        },
      },
      queue: { workers: expect.any(Number), quarantined: 0, lastActive: expect.any(Number) },
      probes: null,
      incidents: null,
      unread: [],
    });
    const known = pools[0].workers;
    expect(known.newestAge).toBe((Date.parse('2026-10-08T23:30:00Z') - Date.parse(known.newest)) / 1000);
    expect(pools[1]).toMatchObject({ standing: 'quiet', cause: null, confidence: null, sentence: null, remedy: null });
    expect(Object.keys(pools[1])).toEqual(Object.keys(pools[0]));
  });

  test('of a deployment gives its providers and what is worth a look', async () => {
    const faults: Fault[] = [{ kind: 'provisioner-stopped', providers: ['azure'], ...since }];
    const { look, stdout, url } = await deployment({ faults });
    expect(await look([], { json: true })).toBe(0);
    const made = JSON.parse(stdout());
    expect(made).toEqual({
      rootUrl: url,
      at: '2026-10-08T23:30:00.000Z',
      pools: 4,
      counted: 4,
      pending: expect.any(Number),
      claimed: expect.any(Number),
      stall: {
        cause: 'provisioning-stalled',
        confidence: 'sure',
        providers: ['azure'],
        overall: false,
        newestWorker: expect.stringMatching(/^2026-10-08T2/),
        waiting: expect.any(Number),
        unmet: [{ pool: WINDOWS, pending: expect.any(Number) }],
      },
      providers: [
        {
          provider: 'azure',
          pools: 1,
          newestWorkerAge: expect.any(Number),
          createdLastHour: { count: expect.any(Number), atLeast: false },
          running: 0,
          requested: 0,
          unmet: 1,
          waiting: expect.any(Number),
          stalled: true,
        },
        expect.objectContaining({ provider: 'gcp', pools: 3, stalled: false }),
      ],
      worth: [
        {
          pool: WINDOWS,
          provider: 'azure',
          concerns: ['no worker'],
          standing: 'broken',
          cause: 'not-provisioned',
          confidence: 'likely',
          pending: expect.any(Number),
          claimed: 0,
          oldestPending: expect.any(Number),
          newestWorkerAge: expect.any(Number),
          running: 0,
          requested: 0,
          maximum: 10,
          errorsLastHour: 0,
          error: null,
        },
      ],
      incidents: null,
      unread: [],
    });
  });

  test('names what was refused, and gives null for what is not known', async () => {
    const { look, stdout } = await deployment({ anonymousScopes: ['queue:pending-count:*', 'worker-manager:list-worker-pools'] });
    expect(await look([], { json: true })).toBe(0);
    const { unread, claimed, worth } = JSON.parse(stdout());
    expect(claimed).toBeNull();
    expect(worth).toEqual([]);
    expect(unread).toContainEqual({
      what: 'fleet-errors',
      why: 'refused',
      detail: expect.stringContaining('worker-manager:list-worker-pool-errors:*'),
    });
  });
});
