import { describe, expect, it } from 'vitest';
import type { FleetEvidence, Incident } from '../src/evidence/incident.ts';
import { MINUTE } from '../src/evidence/instant.ts';
import { Secret } from '../src/evidence/secret.ts';
import { trigger } from '../src/notify/pagerduty/event.ts';
import { slackChannel } from '../src/notify/slack/channel.ts';
import { wording } from '../src/notify/wording.ts';
import { slackModelCall } from '../src/sandbox/receivers/slack-faces.ts';
import { SlackModel } from '../src/sandbox/receivers/slack-model.ts';
import { renderSlackMessage } from '../src/sandbox/receivers/slack-render.ts';
import { andThen, entry, fleet, keptLog, membersOf, messageOf, NIGHT, resolved } from './notify-incidents.ts';

const LATER = NIGHT + 50 * MINUTE;
const words = (pools: number, change: Partial<Incident> = {}, evidence: Partial<FleetEvidence> = {}) =>
  wording(messageOf(fleet(pools, change, evidence)));
const payloadOf = (incident: Incident) => {
  const event = trigger(messageOf(incident), { severity: 'critical' }, new Secret('k'.repeat(32)));
  return JSON.parse(event).payload;
};

describe('several pools in words', () => {
  it('are counted, with what they have in common', () => {
    const said = words(12);
    expect(said.headline).toBe('12 pools: no worker claims our canaries (provider gcp, level 3)');
    expect(said.reason).toBe('12 of 15 pools that can be judged; the longest unclaimed for 47m');
    expect(said.advice).toMatch(/in common/);
    expect(said.links.map(({ href }) => href)).toEqual([
      expect.stringContaining('/tasks/'),
      'https://tc.example.com/worker-manager',
    ]);
  });

  it('tell how many are worse and how many are better', () => {
    const members = membersOf(fleet(4)).map((member, at) => ({
      ...member,
      level: at < 3 ? ('page' as const) : ('warn' as const),
    }));
    expect(words(4, {}, { members, recovered: 2, common: [] })).toMatchObject({
      headline: '4 pools: no worker claims our canaries',
      reason: '4 of 7 pools that can be judged; 3 of them past the page; the longest unclaimed for 47m; 2 have recovered',
    });
  });

  it('recover when workers claim in every one, and are named when one is left', () => {
    const members = membersOf(fleet(3)).map((member) => ({ ...member, claimed: true }));
    expect(words(3, {}, { members })).toMatchObject({ status: 'Recovering', headline: expect.stringContaining('claim again') });
    expect(words(1).headline).toMatch(/^gecko-3\/b-linux-0: /);
  });

  it('are over with how long it took', () => {
    const over = wording(messageOf(resolved(fleet(0, {}, { recovered: 12 }))));
    expect(over).toMatchObject({
      status: 'Resolved',
      headline: '12 pools: canaries are claimed in time again',
      reason: 'Over after 35m; 12 pools recovered',
    });
  });

  it('say how many are watched no more', () => {
    expect(words(2, {}, { recovered: 1, unwatched: 1 }).reason).toMatch(/; 1 has recovered; 1 is watched no more$/);
    expect(wording(messageOf(resolved(fleet(0, {}, { recovered: 2, unwatched: 1 }))))).toMatchObject({
      headline: '2 pools: canaries are claimed in time again',
      reason: 'Over after 35m; 2 pools recovered, 1 watched no more',
    });
  });
});

describe('400 pools at once', () => {
  it('are one message in Slack that lists the longest and counts the others, as they come and go', async () => {
    const model = new SlackModel({ clock: { now: () => LATER }, token: 't', channels: { C1: {} } });
    const log = keptLog();
    const channel = slackChannel({ call: slackModelCall(model, 't'), channel: 'C1', log });
    const long = membersOf(fleet(400)).map((member) => ({ ...member, pool: `${'p'.repeat(38)}/${'w'.repeat(38)}` }));
    const first = fleet(400, {}, { common: ['provider '.padEnd(80, 'x'), 'level 3'] });
    const states = [
      first,
      andThen(first, entry('joined', 'gecko-t/t-linux; 401 are bad now', LATER, false)),
      andThen(fleet(400, {}, { members: long }), entry('left', 'all of gecko-t; 400 are bad now', LATER, false), { revision: 4 }),
    ];
    let ref: string | undefined;
    for (const incident of states) {
      for (let more = true; more; ) {
        const told = await channel.tell(messageOf(incident), ref, false);
        if (told.as !== 'accepted') throw new Error(JSON.stringify(told));
        ({ ref, more } = told);
      }
      const lines = renderSlackMessage(model.posts[0] ?? { text: '' });
      expect(lines[0]).toMatch(/^🔴 Page: 400 pools: no worker claims our canaries/);
      expect(lines.filter((line) => /^• .* {2}unclaimed for /.test(line))).toHaveLength(12);
      expect(lines).toContain('• and 388 more');
    }
    expect(model.posts).toHaveLength(1);
    expect(model.messages.flatMap(renderSlackMessage).filter((line) => /(Joined by|Recovered): /.test(line))).not.toEqual([]);
    expect(log.lines).toEqual([]);
  });

  it('are one alert in PagerDuty that lists fifty', () => {
    const payload = payloadOf(fleet(400));
    expect(payload.component).toBe('provider gcp, level 3');
    expect(payload.summary).toMatch(/^\[firefox-ci\] 400 pools: no worker claims our canaries/);
    expect(payload.custom_details.pools).toHaveLength(51);
    expect(payload.custom_details.pools.slice(-2)).toEqual(['gecko-3/b-linux-49  unclaimed for 46m 11s', 'and 350 more']);
    expect(payload.custom_details).toMatchObject({ 'in common': 'provider gcp, level 3', 'pools that can be judged': 403 });
  });

  it('are counted in PagerDuty where they have nothing in common', () => {
    expect(payloadOf(fleet(7, {}, { common: [] })).component).toBe('7 pools');
  });
});
