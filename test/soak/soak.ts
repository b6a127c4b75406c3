import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { SECOND } from '../../src/evidence/instant.ts';
import type { PostgresPlace } from '../../src/evidence/place.ts';
import { Secret } from '../../src/evidence/secret.ts';
import { servePagerDuty } from '../../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../../src/sandbox/receivers/pagerduty-model.ts';
import { serveSlack } from '../../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../../src/sandbox/receivers/slack-model.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import type { Fault } from '../../src/world/fault.ts';
import { World } from '../../src/world/world.ts';
import { openGate } from '../bad-days/gate.ts';
import { openProxy } from '../postgres/proxy.ts';
import { startServer } from '../postgres/server.ts';
import { urlOf } from '../support/postgres.ts';
import { randomOf } from '../support/random.ts';
import { Crew } from './crew.ts';
import { FIRST, faultsOf, INTERVAL, probeFile, SECOND_EDITION, SECRETS, worldSpec } from './deployment.ts';
import { FastTime } from './fast-time.ts';
import type { Form } from './form.ts';
import { Hazards } from './hazards.ts';
import { Ledger } from './ledger.ts';
import type { Process } from './process.ts';
import { isSettled, type Stored, storedIn } from './stored.ts';
import { weatherOf } from './weather.ts';

/** What PagerDuty was led to do, and when. */
export interface Page {
  at: number;
  what: 'opened' | 'resolved';
  id: string;
}

/** All that there is to say after a soak, in its own time. */
export interface Soaked {
  form: Form;
  start: number;
  /** When the last fault was over, and when everything had ended. */
  calm: number;
  end: number;
  world: World;
  faults: Fault[];
  slack: SlackModel;
  pagerduty: PagerDutyModel;
  pages: Page[];
  stored: Stored;
  processes: readonly Process[];
  ledger: Ledger;
  /** How requests to Slack and PagerDuty failed. */
  failures: readonly string[];
}

/** Three replicas and a CronJob on one PostgreSQL, in a deployment with outages, to whom everything is done that may be done to them. */
export async function soak(form: Form): Promise<Soaked> {
  const { seed, rate } = form;
  const server = await startServer();
  const time = new FastTime(rate);
  const start = time.now();
  const ledger = new Ledger(() => time.now());
  let calm = Number.POSITIVE_INFINITY;
  const world = new World(worldSpec(seed, start));
  const clock = { now: () => time.now() };
  const slack = new SlackModel({ clock, token: SECRETS.slackToken, channels: { [SECRETS.channel]: {} } });
  const pages: Page[] = [];
  const pagerduty = new PagerDutyModel({
    routingKeys: [SECRETS.routingKey],
    onEvent({ what, dedupKey }) {
      ledger.tell(`PagerDuty ${what} ${dedupKey}`);
      if (what === 'opened' || what === 'resolved') pages.push({ at: time.now(), what, id: dedupKey });
    },
  });
  const taskcluster = await serveTaskcluster(world, {
    port: 0,
    clients: [SECRETS.client],
    anonymousScopes: [],
    advance: () => world.advanceTo(time.now()),
  });
  const servers = [await serveSlack(slack, { port: 0 }), await servePagerDuty(pagerduty, { port: 0 })] as const;
  const manner = {
    random: randomOf(seed + 1),
    share: form.failing,
    refusing: form.refusing,
    raging: () => time.now() < calm,
    pass: (ms: number) => time.pass(ms),
  };
  const weathers = [weatherOf('slack', manner), weatherOf('pagerduty', manner)] as const;
  const gates = [await openGate(servers[0].url, weathers[0].meet), await openGate(servers[1].url, weathers[1].meet)] as const;
  const place = placeOf(server.url);
  const proxy = await openProxy(place);
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-soak-'));
  const [first, second] = [join(folder, 'first.yml'), join(folder, 'second.yml')];
  writeFileSync(first, probeFile(FIRST));
  writeFileSync(second, probeFile(SECOND_EDITION));
  const crew = new Crew(
    time,
    ledger,
    {
      PATH: process.env['PATH'],
      TASKCLUSTER_ROOT_URL: taskcluster.url,
      TASKCLUSTER_CLIENT_ID: SECRETS.client.clientId,
      TASKCLUSTER_ACCESS_TOKEN: SECRETS.client.accessToken,
      SLACK_BOT_TOKEN: SECRETS.slackToken,
      SLACK_API_URL: `${gates[0].url}/api/`,
      PAGERDUTY_ROUTING_KEY: SECRETS.routingKey,
      PAGERDUTY_EVENTS_URL: `${gates[1].url}/v2/enqueue`,
      TC_CANARY_STORE: urlOf(proxy.place),
      TC_CANARY_LISTEN: 'none',
      TC_CANARY_LOG_LEVEL: 'debug',
    },
    first,
  );
  const isLocked = () => lockIsIdle(server.url);
  const hazards = new Hazards({ time, ledger, crew, proxy, server, random: randomOf(seed + 2), isLocked });
  await crew.start();
  const length = form.storm * rate;
  const faults = faultsOf(randomOf(seed), time.now(), length);
  for (const fault of faults) world.addFault(fault);
  calm = time.now() + length;
  ledger.tell('everybody watches');
  const half = time.pass(length / 2).then(async () => {
    ledger.note('rolling update');
    await crew.update(second);
  });
  await Promise.all([hazards.rage(calm, form.pause), half]);
  ledger.tell('peace');
  const given = time.now() + form.patience * rate;
  while (time.now() < given && !isSettled(await storedIn(place), slack, pagerduty)) await time.pass(10 * SECOND);
  ledger.tell('settled');
  // Calm as it seems, a few more canaries are watched.
  await time.pass(2 * INTERVAL);
  await crew.stop();
  const end = time.now();
  const stored = await storedIn(place);
  ledger.tell('the end');
  for (const gate of gates) await gate.close();
  for (const one of [...servers, taskcluster]) await one.close();
  proxy.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  const failures = weathers.flatMap(({ seen }) => seen);
  return { form, start, calm, end, world, faults, slack, pagerduty, pages, stored, processes: crew.all, ledger, failures };
}

function placeOf(address: string): PostgresPlace {
  const { hostname: host, port, username: user, password } = new URL(address);
  return {
    engine: 'postgres',
    host,
    port: Number(port),
    user,
    password: new Secret(password),
    database: 'postgres',
    tls: 'disable',
  };
}

/** Whether somebody has the writers' lock and does nothing; false too where the server is away. */
async function lockIsIdle(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(
      `select 1 from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and granted
       and state like 'idle in transaction%' and now() - state_change > interval '100 milliseconds'`,
    );
    return rows.length > 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
