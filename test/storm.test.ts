import { describe, expect, it } from 'vitest';
import { stormyNight, type Told } from './storm/story.ts';

/** All that the night left wrong, in words. */
function wrongs({ slack, pagerduty, incidents, deliveries }: Told): string[] {
  const wrong: string[] = [];
  for (const { id, ended } of incidents) if (ended === undefined) wrong.push(`${id} never ended`);
  for (const { incident, route, wanted, told } of deliveries)
    if (wanted !== told) wrong.push(`${route} was told revision ${told} of ${wanted} of ${incident}`);
  for (const { dedupKey } of pagerduty.open) wrong.push(`PagerDuty still has ${dedupKey} open`);
  const pages = new Map<string, number>();
  for (const { dedupKey } of pagerduty.alerts) pages.set(dedupKey, (pages.get(dedupKey) ?? 0) + 1);
  for (const [id, times] of pages) {
    if (times > 1) wrong.push(`${id} paged ${times} times`);
    if (!incidents.some((incident) => incident.id === id)) wrong.push(`${id} is in PagerDuty alone`);
  }
  const posts = new Map<string, string[]>();
  for (const { text, metadata } of slack.posts) {
    const id = String(metadata?.event_payload['id']);
    posts.set(id, [...(posts.get(id) ?? []), text]);
  }
  for (const [id, texts] of posts) {
    if (texts.length > 1) wrong.push(`${id} has ${texts.length} messages in Slack`);
    for (const text of texts) if (!/Resolved|Withdrawn|Folded/.test(text)) wrong.push(`Slack still shows ${text}`);
  }
  // What went on in another incident before anybody had heard of it is told there.
  const folded = new Set(incidents.flatMap(({ id, end }) => (end === 'folded' ? [id] : [])));
  for (const { incident, route } of deliveries)
    if (route.startsWith('slack:') && !folded.has(incident) && !posts.has(incident))
      wrong.push(`Slack never heard of ${incident}`);
  return wrong;
}

describe('receivers that fail in every way, and a prober that is killed again and again', () => {
  it('lose no incident: every route hears of each in the end, once', async () => {
    const told = await stormyNight(1);
    expect(wrongs(told)).toEqual([]);
    expect(told.kills).toBeGreaterThan(5);
    expect(told.failures.size).toBeGreaterThan(5);
    // Two pools by themselves, and all of them once as one.
    expect(told.pagerduty.alerts.length).toBeGreaterThanOrEqual(3);
  }, 180_000);
});
