import { beforeEach, expect, it } from 'vitest';
import { Bell } from '../src/bell.ts';
import { VirtualTime } from '../src/drill/virtual-time.ts';
import type { Level } from '../src/evidence/incident.ts';
import { MINUTE, SECOND } from '../src/evidence/instant.ts';
import { Health } from '../src/health/health.ts';
import { slackChannel } from '../src/notify/slack/channel.ts';
import { slackModelCall } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { serve } from '../src/serve.ts';
import { storeOver } from '../src/store/store.ts';
import { draftFor } from '../src/taskcluster/definition.ts';
import { taskclusterDoor } from '../src/taskcluster/door.ts';
import { worldCall } from '../src/world/call.ts';
import { World } from '../src/world/world.ts';
import { configOf, entry } from './support/judging.ts';
import { emptyableStore } from './support/store.ts';
import { DAY_ZERO, silent } from './support/values.ts';

const { db, empty } = await emptyableStore();
beforeEach(empty);

const POOL = 'gecko-3/decision';

it('a service whose store fails says so past it, warns, pages, and says when it is over', async () => {
  const time = new VirtualTime(DAY_ZERO);
  const clock = time.clock();
  const boot = { p50: 5 * SECOND, p95: 8 * SECOND };
  const world = new World({ seed: 1, start: time.now, pools: [{ pool: POOL, runs: 'generic-worker', maxCapacity: 2, boot }] });
  const config = configOf([entry(POOL)]);
  const slack = new SlackModel({ clock, token: 'xoxb', channels: { C1: {} } });
  const ports = {
    clock,
    taskcluster: taskclusterDoor(worldCall(world, clock), clock),
    store: storeOver(db, 'canary.db'),
    channels: new Map([['slack:C1' as const, slackChannel({ call: slackModelCall(slack, 'xoxb'), channel: 'C1', log: silent })]]),
    log: silent,
  };
  const addressees = (_: unknown, level: Level) =>
    [{ route: 'slack:C1', severity: level === 'page' ? 'critical' : 'warning' }] as const;
  const rules = { draft: draftFor(config), addressees: (...asked: [unknown, Level]) => [...addressees(...asked)], groupWait: 0 };
  const health = new Health(clock);
  const stop = new AbortController();
  const serving = serve(ports, config, rules, new Bell(stop.signal), stop.signal, health);
  const shown = () => slack.posts.map(({ text }) => text.split('\n')[0]);

  await time.runUntil(time.now + 5 * MINUTE);
  expect(health.health()).toMatchObject({ ok: true });
  await db.schema.alterTable('meta').renameTo('astray').execute();
  await time.runUntil(time.now + 5 * MINUTE);
  expect(health.readiness().ok).toBe(false);
  expect(shown()).toEqual([]);
  await time.runUntil(time.now + 2 * MINUTE);
  expect(shown()).toEqual([expect.stringContaining('Warning: test')]);
  await time.runUntil(time.now + 5 * MINUTE);
  expect(shown()).toEqual([expect.stringContaining('Page: test')]);
  await db.schema.alterTable('astray').renameTo('meta').execute();
  await time.runUntil(time.now + 10 * SECOND);
  expect(shown()).toEqual([expect.stringContaining('Resolved: test')]);
  expect(health.health()).toMatchObject({ ok: true });
  stop.abort();
  await time.runUntil(time.now + SECOND);
  await serving;
});
