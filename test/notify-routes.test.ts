import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Audiences } from '../src/evidence/probe.ts';
import { Secret } from '../src/evidence/secret.ts';
import { openChannels } from '../src/notify/channels.ts';
import { addressees, pagerdutyRoute, slackRoute, webhookRoute } from '../src/notify/routes.ts';
import { keptLog, NIGHT } from './notify-incidents.ts';
import { configOf, entry } from './support/judging.ts';

const fingerprint = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 12);
const [OURS, THEIRS] = ['k'.repeat(32), 't'.repeat(32)];
const keyOf = (key: string) => ({ routingKey: new Secret(key), severity: 'critical' as const });

const alerts: Audiences = {
  warn: { slack: 'C1', mention: '<!here>', webhooks: [] },
  page: { slack: 'C1', mention: '<!here>', pagerduty: keyOf(OURS), webhooks: ['ops'] },
};
const theirs: Audiences = {
  warn: { pagerduty: { ...keyOf(THEIRS), severity: 'info' }, webhooks: ['team'] },
  page: { slack: 'C2', pagerduty: keyOf(THEIRS), webhooks: ['team', 'ops'] },
};
const webhook = (name: string) => ({ name, url: new Secret(`https://${name}.example.com`), secret: new Secret('s'.repeat(16)) });
const config = configOf([entry('a/b'), entry('c/d', { alerts: theirs })], {
  alerts,
  slack: { token: new Secret('xoxb-1'), channel: 'C1', apiUrl: 'https://slack.example.com/api/' },
  pagerduty: { routingKey: new Secret(OURS), eventsUrl: 'https://events.example.com/v2/enqueue' },
  webhooks: [webhook('ops'), webhook('team'), webhook('unused')],
});

it('tells those whom the probe names for the level, and otherwise those whom the file names', () => {
  const tell = addressees(config);
  expect(tell(undefined, 'warn')).toEqual([{ route: 'slack:C1', severity: 'warning' }]);
  expect(tell(undefined, 'page')).toEqual([
    { route: 'slack:C1', severity: 'critical', mention: '<!here>' },
    { route: `pagerduty:${fingerprint(OURS)}`, severity: 'critical' },
    { route: 'webhook:ops', severity: 'critical' },
  ]);
  expect(tell({ alerts: theirs }, 'warn')).toEqual([
    { route: `pagerduty:${fingerprint(THEIRS)}`, severity: 'info' },
    { route: 'webhook:team', severity: 'warning' },
  ]);
  expect(tell({ alerts: { warn: { webhooks: [] }, page: { webhooks: [] } } }, 'page')).toEqual([]);
});

it('opens one channel for every route that somebody may be told by, and no other', async () => {
  const opened = await openChannels(config, keptLog(), { now: () => NIGHT });
  expect([...opened.keys()].sort()).toEqual(
    [
      pagerdutyRoute(new Secret(OURS)),
      pagerdutyRoute(new Secret(THEIRS)),
      slackRoute('C0123456789'),
      slackRoute('C1'),
      slackRoute('C2'),
      webhookRoute('ops'),
      webhookRoute('team'),
    ].sort(),
  );
  const nobody: Audiences = { warn: { webhooks: [] }, page: { webhooks: [] } };
  expect((await openChannels(configOf([], { alerts: nobody }), keptLog(), { now: () => NIGHT })).size).toBe(0);
});
