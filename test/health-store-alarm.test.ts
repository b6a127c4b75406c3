import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../src/drill/virtual-time.ts';
import type { RouteId } from '../src/evidence/delivery.ts';
import type { Address, Level } from '../src/evidence/incident.ts';
import { MINUTE, SECOND } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { StoreAlarm } from '../src/health/store-alarm.ts';
import { pagerdutyChannel } from '../src/notify/pagerduty/channel.ts';
import { slackChannel } from '../src/notify/slack/channel.ts';
import type { Channel } from '../src/ports.ts';
import { pagerdutyModelPost } from '../src/sandbox/receivers/pagerduty-faces.ts';
import { PagerDutyModel } from '../src/sandbox/receivers/pagerduty-model.ts';
import { slackModelCall } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { DAY_ZERO, silent } from './support/values.ts';

const KEY = 'k'.repeat(32);
const SLACK: RouteId = 'slack:C0123456789';
const PAGER: RouteId = 'pagerduty:k';
const PLACE = { deployment: 'firefox-ci', rootUrl: 'https://tc.example.com' };
const full = new Error('no room to write canary.db: free some disk space');

const addressees = (level: Level): Address[] => [
  { route: SLACK, severity: level === 'page' ? 'critical' : 'warning' },
  ...(level === 'page' ? [{ route: PAGER, severity: 'critical' } as const] : []),
];

function alarmed() {
  const time = new VirtualTime(DAY_ZERO);
  const clock = time.clock();
  const slack = new SlackModel({ clock, token: 'xoxb', channels: { C0123456789: {} } });
  const pages: string[] = [];
  const pagerduty = new PagerDutyModel({
    routingKeys: [KEY],
    onEvent: ({ what, dedupKey }) => pages.push(`${what} ${dedupKey}`),
  });
  const channels = new Map<RouteId, Channel>([
    [SLACK, slackChannel({ call: slackModelCall(slack, 'xoxb'), channel: 'C0123456789', log: silent })],
    [PAGER, pagerdutyChannel({ post: pagerdutyModelPost(pagerduty), routingKey: new Secret(KEY) })],
  ]);
  const stop = new AbortController();
  const alarm = new StoreAlarm({ clock, channels, log: silent }, PLACE, addressees, stop.signal);
  /** Passes fail every five seconds for so long. */
  async function failFor(ms: number): Promise<void> {
    for (const until = time.now + ms; time.now < until; ) {
      alarm.failed(full);
      await time.runUntil(time.now + 5 * SECOND);
    }
    alarm.failed(full);
    await time.runUntil(time.now + SECOND);
  }
  const shown = () => slack.posts.map(({ text }) => text);
  return { time, slack, pagerduty, pages, alarm, stop, failFor, shown };
}

const ID = 'firefox-ci/ask:store-failing/2021-10-08T00:00:00Z';

describe('a store that fails', () => {
  it('is nobody’s business for less than five minutes', async () => {
    const { alarm, time, failFor, shown } = alarmed();
    await failFor(5 * MINUTE - 10 * SECOND);
    alarm.worked();
    await failFor(4 * MINUTE);
    await time.runUntil(time.now + 10 * MINUTE);
    expect(shown()).toEqual([]);
  });

  it('is a warning after five minutes, a page after ten, and both end with the first pass that is stored', async () => {
    const { alarm, time, slack, pagerduty, pages, failFor, shown } = alarmed();
    await failFor(5 * MINUTE);
    expect(shown()).toEqual([expect.stringMatching(/Warning: firefox-ci: /)]);
    expect(JSON.stringify(slack.posts)).toContain('no room to write canary.db');
    await failFor(4 * MINUTE);
    expect(pages).toEqual([]);
    await failFor(MINUTE);
    expect(shown()).toEqual([expect.stringMatching(/Page: firefox-ci: /)]);
    expect(pages).toEqual([`opened ${ID}`]);
    alarm.worked();
    await time.runUntil(time.now + SECOND);
    expect(shown()).toEqual([expect.stringMatching(/Resolved: firefox-ci: /)]);
    expect(slack.messages.filter(({ broadcast }) => broadcast)).toHaveLength(2);
    expect(pages).toEqual([`opened ${ID}`, `resolved ${ID}`]);
    expect(pagerduty.open).toEqual([]);
  });

  it('is told until the channels take it, posted once though an answer was lost, and not before Slack says', async () => {
    const { alarm, time, slack, pagerduty, pages, failFor, shown } = alarmed();
    slack.faults.put(
      { applied: false, answer: { status: 429, headers: { 'retry-after': '30' } } },
      { applied: true, answer: 'reset' },
    );
    pagerduty.faults.put({ applied: false, answer: { status: 500 } }, { applied: false, answer: 'reset' });
    await failFor(5 * MINUTE);
    await failFor(20 * SECOND);
    expect(shown()).toEqual([]);
    await failFor(20 * SECOND);
    expect(shown()).toHaveLength(1);
    await failFor(6 * MINUTE);
    expect(pages).toEqual([`opened ${ID}`]);
    pagerduty.faults.put({ applied: false, answer: { status: 400 } });
    alarm.worked();
    await time.runUntil(time.now + MINUTE);
    expect(pagerduty.open).toHaveLength(1);
    await time.runUntil(time.now + 5 * MINUTE);
    expect(pagerduty.open).toEqual([]);
    expect(shown()).toEqual([expect.stringMatching(/Resolved: /)]);
  });

  it('tells a second time as a matter of its own, while the end of the first is still owed', async () => {
    const { alarm, time, slack, failFor, shown } = alarmed();
    await failFor(5 * MINUTE);
    slack.faults.put({ applied: false, answer: { status: 429, headers: { 'retry-after': '600' } } });
    alarm.worked();
    await time.runUntil(time.now + MINUTE);
    await failFor(5 * MINUTE);
    expect(shown()).toEqual([expect.stringMatching(/Warning: /), expect.stringMatching(/Warning: /)]);
    await time.runUntil(time.now + 10 * MINUTE);
    expect(shown()).toEqual([expect.stringMatching(/Resolved: /), expect.stringMatching(/Warning: /)]);
  });

  it('is no alarm of a machine that slept between two failures', async () => {
    const { alarm, time, shown } = alarmed();
    alarm.failed(full);
    await time.runUntil(time.now + 60 * MINUTE);
    alarm.failed(full);
    await time.runUntil(time.now + SECOND);
    expect(shown()).toEqual([]);
  });

  it('is told no further once the service stops', async () => {
    const { alarm, time, stop, failFor, shown, pages } = alarmed();
    await failFor(5 * MINUTE);
    stop.abort();
    await failFor(6 * MINUTE);
    alarm.worked();
    await time.runUntil(time.now + MINUTE);
    expect(shown()).toEqual([expect.stringMatching(/Warning: /)]);
    expect(pages).toEqual([]);
  });
});
