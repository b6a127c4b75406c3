import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../config/load.ts';
import { MINUTE, SECOND, spoken } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import { Health } from '../health/health.ts';
import { EXIT, type ExitCode, type Io, roomOf } from '../io.ts';
import { Meter } from '../metrics/meter.ts';
import { openChannels } from '../notify/channels.ts';
import { openBoard } from '../notify/slack/dashboard/open.ts';
import type { Clock, Store } from '../ports.ts';
import { BREAKING_POOL, BREAKS, demoDeployment } from '../sandbox/deployment.ts';
import { servePagerDuty } from '../sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../sandbox/receivers/pagerduty-model.ts';
import { serveSlack } from '../sandbox/receivers/slack-faces.ts';
import { type SlackMessage, SlackModel } from '../sandbox/receivers/slack-model.ts';
import { serveTaskcluster } from '../sandbox/taskcluster/serve.ts';
import { parseListen } from '../server/listen.ts';
import { openPages } from '../server/open.ts';
import { openStore } from '../store/open.ts';
import { reportFrom } from '../views/report.ts';
import { LIVE_INDENT, type Live, liveView } from '../views/terminal/live.ts';
import { reportLines } from '../views/terminal/report.ts';
import { type Colors, colorsFor, withoutAddresses, wrapped } from '../views/terminal/text.ts';
import { World } from '../world/world.ts';
import { connect } from './connect.ts';
import { ANSWER_WITHIN, runService } from './run.ts';

export interface SandboxOptions {
  /** Stop after so many milliseconds; without it, when interrupted. */
  for?: number;
  /** Where the page is served: `[host:]port` or `none`. */
  listen?: string;
}

/** Keys that only the sandbox's own receivers know. */
const CREDENTIALS = { TASKCLUSTER_CLIENT_ID: 'sandbox/tc-canary', TASKCLUSTER_ACCESS_TOKEN: 'sandbox-access-token-of-no-value' };
/** What a user has set for a real deployment would not fit the sandbox's credentials. */
const NOT_OURS = { TASKCLUSTER_CERTIFICATE: undefined, TASKCLUSTER_CERTIFICATE_FILE: undefined };
const SLACK_TOKEN = 'xoxb-sandbox';
const ROUTING_KEY = 'sandbox0sandbox0sandbox0sandbox0';
const REPORT_EVERY = 20 * SECOND;
const PROBES = fileURLToPath(new URL('../../probes/sandbox.yml', import.meta.url));

/** The whole thing on this machine alone: a simulated deployment and receivers behind real ports, watched by the real service. */
export async function sandbox(options: SandboxOptions, io: Io): Promise<ExitCode> {
  const { clock, stdout } = io;
  const colors = colorsFor(stdout, io.env);
  const room = roomOf(stdout);
  const live = liveView(stdout, colors, room, () => clock.now());
  const folder = mkdtempSync(join(tmpdir(), 'tc-canary-sandbox-'));
  const served = await serveAll(clock, live);
  const stop = options.for === undefined ? io.stop : stopAfter(clock, options.for, io.stop);
  try {
    const env = { ...io.env, ...NOT_OURS, ...served.env, TC_CANARY_STORE: `sqlite:${join(folder, 'sandbox.db')}` };
    const config = await loadConfig(PROBES, env);
    const store = await openStore(config);
    const board = await openBoard(config, live.log, clock, stop);
    const meter = new Meter();
    const ports = {
      clock,
      taskcluster: connect(config.rootUrl, env, clock, ANSWER_WITHIN, meter.called),
      store,
      channels: meter.counting(await openChannels(config, live.log, clock)),
      ...(board && { board }),
      log: live.log,
    };
    const health = new Health(clock);
    const page = await openPages(parseListen(options.listen), config, ports, { health, meter });
    stdout.write(introduction(served.env, page?.url, colors, room));
    const show = () => showReport(config, store, live, colors, clock, room - LIVE_INDENT);
    try {
      await Promise.all([runService(ports, config, stop, health), repeat(clock, stop, show)]);
      await show();
      return EXIT.ok;
    } finally {
      await page?.close();
      await store.close();
    }
  } finally {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function serveAll(clock: Clock, live: Live) {
  const world = new World(demoDeployment(clock.now(), 'http://127.0.0.1'));
  const { TASKCLUSTER_CLIENT_ID: clientId, TASKCLUSTER_ACCESS_TOKEN: accessToken } = CREDENTIALS;
  const taskcluster = await serveTaskcluster(world, {
    port: 0,
    clients: [{ clientId, accessToken, scopes: ['*'] }],
    anonymousScopes: [],
    advance: () => world.advanceTo(clock.now()),
  });
  let headline: string | undefined;
  let board: string | undefined;
  const slackModel = new SlackModel({
    clock,
    token: SLACK_TOKEN,
    channels: { C0123456789: {} },
    onEvent({ what, message, lines }) {
      if (isDashboard(message)) {
        if (lines[0] !== board) live.message(`Slack dashboard, ${what}`, withoutAddresses(lines));
        board = lines[0];
        return;
      }
      // An edit that only repeats what a reply has just said would be noise.
      if (what === 'updated' && lines[0] === headline) return;
      headline = lines[0];
      live.message(`Slack, ${what}`, what === 'updated' ? lines.slice(0, 1) : withoutAddresses(lines));
    },
  });
  const pagerdutyModel = new PagerDutyModel({
    routingKeys: [ROUTING_KEY],
    onEvent: ({ what, lines }) => live.message(`PagerDuty, ${what}`, lines.slice(0, 1)),
  });
  const slack = await serveSlack(slackModel, { port: 0 });
  const pagerduty = await servePagerDuty(pagerdutyModel, { port: 0 });
  return {
    env: {
      ...CREDENTIALS,
      TASKCLUSTER_ROOT_URL: taskcluster.url,
      SLACK_BOT_TOKEN: SLACK_TOKEN,
      SLACK_API_URL: `${slack.url}/api/`,
      PAGERDUTY_ROUTING_KEY: ROUTING_KEY,
      PAGERDUTY_EVENTS_URL: `${pagerduty.url}/v2/enqueue`,
    },
    async close() {
      await Promise.all([taskcluster.close(), slack.close(), pagerduty.close()]);
    },
  };
}

/** Its first line changes with the state of things, the rest with the time. */
function isDashboard({ metadata }: SlackMessage): boolean {
  return metadata?.event_type === 'tc_canary_dashboard';
}

function introduction(env: Record<string, string>, page: string | undefined, colors: Colors, room: number): string {
  const { first, lasts, every } = BREAKS;
  const seconds = (ms: number) => `${ms / SECOND} s`;
  const lines = [
    `A simulated Taskcluster at ${env['TASKCLUSTER_ROOT_URL']}, with Slack and PagerDuty beside it, watched by the real prober.`,
    `After ${seconds(first)} ${BREAKING_POOL} gets no new workers for ${seconds(lasts)}, and again every ${spoken(every)}. Ctrl-C ends it.`,
    ...(page === undefined ? [] : [`Its page: ${page}/`]),
  ];
  return [colors.bold('taskcluster-canary, sandbox'), ...lines.flatMap((line) => wrapped(line, room)), '', ''].join('\n');
}

/** Aborted at the end of the time, or with `stop`. */
function stopAfter(clock: Clock, time: number, stop: AbortSignal): AbortSignal {
  const ended = new AbortController();
  void clock.sleepUntil(clock.now() + time, stop).then(() => ended.abort());
  return ended.signal;
}

async function repeat(clock: Clock, stop: AbortSignal, show: () => Promise<void>): Promise<void> {
  while (!stop.aborted) {
    await clock.sleepUntil(clock.now() + REPORT_EVERY, stop);
    if (!stop.aborted) await show();
  }
}

async function showReport(config: Config, store: Store, live: Live, colors: Colors, clock: Clock, room: number): Promise<void> {
  const now = clock.now();
  live.lines(reportLines(await reportFrom(store, config, await store.load(), 10 * MINUTE, now), colors, room));
}
