import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { servePagerDuty } from '../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../src/sandbox/receivers/pagerduty-model.ts';
import { serveSlack } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { serveTaskcluster } from '../src/sandbox/taskcluster/serve.ts';
import { World } from '../src/world/world.ts';
import { Cell, CONDITIONS, type Ended } from './kubernetes/cell.ts';
import { type Container, podsOf } from './kubernetes/container.ts';
import { HERE } from './kubernetes/image.ts';
import { type Resource, render } from './kubernetes/kustomize.ts';
import { operatorsFolder, STARTER } from './kubernetes/operator.ts';
import { emptyDatabase, urlOf } from './support/postgres.ts';

const CHANNEL = 'C0123456789';
const SECRET = {
  TASKCLUSTER_CLIENT_ID: 'project/canary',
  TASKCLUSTER_ACCESS_TOKEN: 'access0token0that0nobody0may0read',
  SLACK_BOT_TOKEN: 'xoxb-slack-token-that-nobody-may-read',
  PAGERDUTY_ROUTING_KEY: 'r0utingkeythatn0b0dymayread00000',
};
/** For a busy machine; on an idle one it all takes some seconds. Milliseconds. */
const PATIENCE = 120_000;
const POOL = 'gecko-3/decision';

const README = readFileSync(join(HERE, 'README.md'), 'utf8');
/** What the README has an administrator paste. */
const { scopes } = JSON.parse(/```json\n(\{[^`]*"scopes": \[\n[^`]*)```/.exec(README)?.[1] ?? '') as { scopes: string[] };

const world = new World({
  seed: 1,
  start: Date.now(),
  provisionEvery: 200,
  pools: [
    {
      pool: POOL,
      runs: 'd2g',
      maxCapacity: 2,
      boot: { p50: 200, p95: 300 },
      claim: { min: 50, max: 200 },
      run: { p50: 100, p95: 200 },
    },
  ],
});
const taskcluster = await serveTaskcluster(world, {
  port: 0,
  clients: [{ clientId: SECRET.TASKCLUSTER_CLIENT_ID, accessToken: SECRET.TASKCLUSTER_ACCESS_TOKEN, scopes }],
  anonymousScopes: [],
  advance: () => world.advanceTo(Date.now()),
});
const slackModel = new SlackModel({
  clock: { now: () => Date.now() },
  token: SECRET.SLACK_BOT_TOKEN,
  channels: { [CHANNEL]: {} },
});
const slack = await serveSlack(slackModel, { port: 0 });
const pagerduty = await servePagerDuty(new PagerDutyModel({ routingKeys: [SECRET.PAGERDUTY_ROUTING_KEY] }), { port: 0 });
const cell = new Cell();
afterAll(async () => {
  cell.close();
  await Promise.all([taskcluster.close(), slack.close(), pagerduty.close()]);
}, PATIENCE);

/** The probe file that comes along, told of the simulated deployment and receivers, and impatient. */
function probeFile(deployment: string): string {
  const document = parseDocument(STARTER);
  document.set('deployment', deployment);
  document.setIn(['taskcluster', 'rootUrl'], taskcluster.url);
  document.setIn(['slack', 'apiUrl'], `${slack.url}/api/`);
  document.setIn(['pagerduty', 'eventsUrl'], `${pagerduty.url}/v2/enqueue`);
  document.setIn(['dashboard', 'every'], '10s');
  document.setIn(['defaults', 'schedule'], '*/5 * * * *');
  return document.toString();
}

function filled(overlay: 'cronjob' | 'service', secret: Record<string, string>): { container: Container; grace: number } {
  const resources: Resource[] = render(operatorsFolder({ overlay, probes: probeFile(overlay) }));
  const [pod] = podsOf(resources);
  if (pod === undefined) throw new Error('there is no pod');
  return { container: cell.become({ pod, resources, secret }), grace: pod.terminationGracePeriodSeconds ?? 30 };
}

/** The first line of Slack's one message. */
function dashboard(): string {
  expect(slackModel.messages.length).toBe(1);
  return slackModel.messages[0]?.text ?? '';
}

const WRITE = ['/nodejs/bin/node', '-e', 'require("node:fs").writeFileSync(process.argv[1], "x")'];
const WHO = ['/nodejs/bin/node', '-p', '[process.getuid(), process.getgid(), process.pid].join()'];

it(`the image runs, ${CONDITIONS}`, async () => {
  filled('cronjob', SECRET);
  const { version } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));
  expect(await cell.start(['--version']).ended).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

it('the scopes to paste are those of the table above them', () => {
  const [, table = ''] = /\n## Scopes\n(.*?)```json/s.exec(README) ?? [];
  const listed = table
    .split('\n')
    .flatMap((row) => [...(/^\|([^|]*)\|/.exec(row)?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, scope]) => scope));
  const [create, ...others] = listed;
  expect(create).toBe('queue:create-task:<priority>:<provisionerId>/<workerType>');
  expect(scopes).toEqual(['built-in/succeed', POOL].map((pool) => `queue:create-task:lowest:${pool}`).concat(others as string[]));
});

describe(`the CronJob's container, ${CONDITIONS}`, () => {
  it(
    'submits in a first pass, and in a later one shows the first latencies in Slack',
    async () => {
      const { container } = filled('cronjob', SECRET);
      const pass = async () => expect(await cell.start(container.args).ended).toMatchObject({ code: 0, stdout: '' });
      await pass();
      const pools = [...world.truth.tasks.values()].map(({ pool }) => pool);
      expect(pools.sort()).toEqual(['built-in/succeed', POOL]);
      expect(dashboard()).toContain('⚪');
      // One of those after it, which comes when the message is due again.
      while (dashboard().includes('⚪')) await pass();
      expect(dashboard()).toContain('🟢');
      const { stdout } = await cell.start(['report', '--json']).ended;
      const { probes } = JSON.parse(stdout) as { probes: { name: string; claims: number }[] };
      expect(probes.map(({ name, claims }) => [name, claims]).sort()).toEqual([
        ['built-in/succeed', 1],
        [POOL, 1],
      ]);
    },
    PATIENCE,
  );

  it('may write to its volume, and nowhere else', async () => {
    filled('cronjob', SECRET);
    const write = (file: string) => cell.exec([...WRITE, file]).ended;
    expect(await write('/var/lib/tc-canary/here')).toMatchObject({ code: 0, stderr: '' });
    for (const file of ['/app/dist/there', '/tmp/there', '/etc/tc-canary/probes/probes.yml', '/etc/tc-canary/secrets/there'])
      expect((await write(file)).stderr).toMatch(/EROFS|EACCES|EPERM/);
  });

  it.runIf(CONDITIONS.includes('as its user'))('is the user that the manifest names', async () => {
    filled('cronjob', SECRET);
    const { stdout } = await cell.exec(WHO).ended;
    expect(stdout).toMatch(/^65532,65532,\d+\n$/);
    if (CONDITIONS.includes('as process 1')) expect(stdout).toBe('65532,65532,1\n');
  });

  it('says in one line what is wrong with its configuration, and ends with 2', async () => {
    const { container } = filled('cronjob', { ...SECRET, SLACK_BOT_TOKEN: ' ' });
    const { code, stderr } = await cell.start(container.args).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('SLACK_BOT_TOKEN');
  });
});

describe(`the service's container, ${CONDITIONS}`, () => {
  it(
    'is ready once a pass has ended, and ends within its grace at SIGTERM',
    async () => {
      const { container, grace } = filled('service', { ...SECRET, TC_CANARY_STORE: urlOf(await emptyDatabase()) });
      const [port] = container.ports ?? [];
      const { args, free } = await onFreePort(container.args, port?.containerPort);
      const running = cell.start(args);
      const asked = (path = '') =>
        fetch(`http://127.0.0.1:${free}${path}`).then(
          ({ status }) => status,
          () => 0,
        );
      const { readinessProbe, livenessProbe } = container;
      await until(async () => (await asked(readinessProbe?.httpGet.path)) === 200, running.ended);
      expect(await asked(livenessProbe?.httpGet.path)).toBe(200);
      expect(await asked('/metrics')).toBe(200);
      const told = Date.now();
      running.terminate();
      const { code, stderr } = await running.ended;
      expect(code).toBe(0);
      expect(Date.now() - told).toBeLessThan(grace * 1000);
      expect(stderr).toContain('"reason":"SIGTERM"');
      for (const secret of Object.values(SECRET).slice(1)) expect(stderr).not.toContain(secret);
    },
    PATIENCE,
  );
});

/** Whatever else runs on this machine has the manifest's port, so another stands in; what else it may be told is not touched. */
async function onFreePort(args: readonly string[], port: number | undefined): Promise<{ args: string[]; free: number }> {
  expect(args.filter((arg) => arg.endsWith(`:${port}`)).length).toBe(1);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return { args: args.map((arg) => arg.replace(`:${port}`, `:${free}`)), free };
}

async function until(holds: () => Promise<boolean>, ended: Promise<Ended>): Promise<void> {
  let early: Ended | undefined;
  void ended.then((end) => {
    early = end;
  });
  while (!(await holds())) {
    if (early !== undefined) throw new Error(`it ended with ${early.code}: ${early.stderr}`);
    await once(AbortSignal.timeout(100), 'abort');
  }
}
