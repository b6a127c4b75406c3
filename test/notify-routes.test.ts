import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Config } from '../src/evidence/probe.ts';
import { Secret } from '../src/evidence/secret.ts';
import { openChannels } from '../src/notify/channels.ts';
import { routesFor } from '../src/notify/routes.ts';
import { keptLog, ROOT } from './notify-incidents.ts';

const config: Config = {
  file: 'probes/x.yml',
  deployment: 'firefox-ci',
  rootUrl: ROOT,
  store: 'sqlite:canary.db',
  task: { schedulerId: 'tc-canary', owner: 'a@example.com', source: 'https://example.com' },
  unreachableAfter: 300_000,
  probes: [],
};
const slack = { token: new Secret('xoxb-1'), channel: 'C0123456789', apiUrl: 'https://slack.com/api/' };
const pagerduty = { routingKey: new Secret('k'.repeat(32)), eventsUrl: 'https://events.pagerduty.com/v2/enqueue' };
const pager = `pagerduty:${createHash('sha256').update('k'.repeat(32)).digest('hex').slice(0, 12)}`;

it('tells Slack of warnings and both of pages', () => {
  expect(routesFor({ ...config, slack, pagerduty }, 'warn')).toEqual(['slack:C0123456789']);
  expect(routesFor({ ...config, slack, pagerduty }, 'page')).toEqual(['slack:C0123456789', pager]);
  expect(routesFor({ ...config, pagerduty }, 'warn')).toEqual([]);
  expect(routesFor(config, 'page')).toEqual([]);
});

it('opens a channel for every route that an incident may take', async () => {
  const log = keptLog();
  expect([...(await openChannels({ ...config, slack, pagerduty }, log)).keys()]).toEqual(
    routesFor({ ...config, slack, pagerduty }, 'page'),
  );
  expect((await openChannels(config, log)).size).toBe(0);
});
