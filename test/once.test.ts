import { expect, test } from 'vitest';
import { Notices } from '../src/drill/notices.ts';
import { receiversFor } from '../src/drill/receivers.ts';
import { SLACK_REFUSALS, troubled } from '../src/drill/troubles.ts';
import { VirtualTime } from '../src/drill/virtual-time.ts';
import type { Config } from '../src/evidence/probe.ts';
import { Secret } from '../src/evidence/secret.ts';
import { addressees } from '../src/notify/routes.ts';
import { SlackBoard } from '../src/notify/slack/dashboard/board.ts';
import type { Board } from '../src/ports.ts';
import { slackModelCall } from '../src/sandbox/receivers/slack-faces.ts';
import { once } from '../src/serve.ts';
import { storeOver } from '../src/store/store.ts';
import { draftFor } from '../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../src/taskcluster/door.ts';
import { worldCall } from '../src/world/call.ts';
import { Random } from '../src/world/random.ts';
import { World } from '../src/world/world.ts';
import { configOf, entry, everyMinutes } from './support/judging.ts';
import { emptyableStore } from './support/store.ts';
import { silent } from './support/values.ts';
import { DAY, HOUR, MINUTE, pool, SECOND, START } from './support/world.ts';

const { db, path, empty } = await emptyableStore();

/** What a CronJob gives a Job is 50 s, of which its pod takes some to start. */
const WITHIN = 45 * SECOND;
/** By how much time goes on while nobody sleeps. */
const STEP = 100;
const CHANNEL = 'C0123456789';
const KEY = 'k'.repeat(32);
const POOLS = Array.from({ length: 40 }, (_, i) => `gecko-${i}/decision`);
const ALERTS = {
  warn: { slack: CHANNEL, webhooks: [] },
  page: { slack: CHANNEL, pagerduty: { routingKey: new Secret(KEY), severity: 'critical' as const }, webhooks: [] },
};
const probes = POOLS.map((name) =>
  entry(name, {
    schedule: everyMinutes(5),
    thresholds: { warnAfter: 5 * MINUTE, pageAfter: 10 * MINUTE },
    payload: 'auto',
    alerts: ALERTS,
    deadline: 40 * MINUTE,
  }),
);
const config: Config = configOf(probes, {
  alerts: ALERTS,
  provisioning: { mode: 'alert', silence: 10 * MINUTE, pools: [] },
  incidents: { ...configOf([]).incidents, fleetAt: 100 },
  dashboard: { channel: CHANNEL, every: 5 * MINUTE },
});

/** Drawing takes the machine's own time, which virtual time does not wait for. */
function unillustrated(board: Board): Board {
  return { show: ({ compose }, ref, keep) => board.show({ compose }, ref, keep), post: (...asked) => board.post(...asked) };
}

interface Hanging {
  taskcluster: boolean;
  channels: boolean;
}

/** The passes of a CronJob on a deployment whose pools all break; `after` some time nobody answers any more, for as long as this. */
async function passes(after: number, lasting: number, hanging: Hanging) {
  await empty();
  const time = new VirtualTime(START);
  const clock = time.clock();
  const never = { from: START + after, until: START + DAY };
  const world = new World({
    seed: 1,
    start: START - HOUR,
    pools: POOLS.map((name) => pool(name)),
    faults: [
      { kind: 'pool-skipped', from: START + 5 * MINUTE, until: START + DAY },
      ...(hanging.taskcluster ? [{ kind: 'api-slow' as const, delay: HOUR, ...never }] : []),
    ],
  });
  const troubles = hanging.channels ? [{ kind: 'channel-down' as const, how: 'times-out' as const, ...never }] : [];
  const receivers = receiversFor(config, {
    clock,
    seed: 1,
    troubles,
    notices: new Notices(() => time.now),
    log: silent,
    travelled: (call) => call,
  });
  const slack = slackModelCall(receivers.slack, 'xoxb-drill');
  const call = troubled('slack', troubles, SLACK_REFUSALS, clock, new Random(1, 'board'), slack);
  const rules = { draft: draftFor(config), addressees: addressees(config), groupWait: 0 };
  const made: { took: number; complete: boolean }[] = [];
  const stop = new AbortController().signal;
  const job = async () => {
    while (time.now < START + after + lasting) {
      const began = time.now;
      const ports = {
        clock,
        taskcluster: taskclusterDoor(worldCall(world, clock, { timeout: 8 * SECOND }), clock),
        store: storeOver(db, path),
        channels: receivers.channels(),
        board: unillustrated(new SlackBoard({ call, deployment: 'test', channel: CHANNEL, clock, log: silent, stop })),
        log: silent,
      };
      const { complete } = await once(ports, config, rules);
      made.push({ took: time.now - began, complete });
      await clock.sleepUntil(began + MINUTE, stop);
    }
  };
  const ended = new AbortController();
  const done = job().finally(() => ended.abort());
  // In small steps, for somebody may be busy with what takes a turn of the event loop.
  while (!ended.signal.aborted) await time.runUntil(time.now + STEP);
  await done;
  return { made, headlines: receivers.slack.messages.map(({ text }) => text) };
}

test.each<[string, number, Hanging]>([
  ['nobody answers', 15 * MINUTE, { taskcluster: true, channels: true }],
  ['nobody answers and the store is empty', 0, { taskcluster: true, channels: true }],
  ['no channel answers', 12 * MINUTE, { taskcluster: false, channels: true }],
])("a pass ends by itself within a CronJob's minute where %s", async (_, after, hanging) => {
  const { made } = await passes(after, 5 * MINUTE, hanging);
  expect(made.length).toBeGreaterThan(4);
  expect(Math.max(...made.map(({ took }) => took))).toBeLessThan(WITHIN);
  // With an empty store nothing may be submitted before the history was read.
  expect(made.every(({ complete }) => complete)).toBe(after > 0);
});

test('a queue that hangs is told of in time, and fails no job', async () => {
  const { made, headlines } = await passes(15 * MINUTE, 15 * MINUTE, { taskcluster: true, channels: false });
  expect(Math.max(...made.map(({ took }) => took))).toBeLessThan(WITHIN);
  expect(made.every(({ complete }) => complete)).toBe(true);
  expect(headlines.join('\n')).toContain('Page: test: the queue does not answer');
});
