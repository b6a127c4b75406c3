import { describe, expect, it } from 'vitest';
import { type Kill, POOL, story, type Told } from './sigkill/story.ts';

/** Everything that the story left wrong, in words. */
function wrongs({ world, slack, pagerduty, untold, stopped }: Told, kill: Kill | undefined): string[] {
  const wrong: string[] = [];
  const canaries = [...world.truth.tasks.values()]
    .filter(({ pool }) => pool === POOL)
    .map((truth) => ({ ...truth, slot: world.queue.tasks.get(truth.taskId)?.definition?.tags['tc-canary-slot'] }))
    .sort((a, b) => a.created - b.created);
  if (new Set(canaries.map(({ slot }) => slot)).size < canaries.length) wrong.push('a slot has two canaries');
  for (const [i, canary] of canaries.entries()) {
    const before = canaries[i - 1];
    if (before && (before.claimed ?? before.resolved ?? Number.POSITIVE_INFINITY) > canary.created)
      wrong.push('two canaries were pending at once');
  }
  const [alert, ...more] = pagerduty.alerts;
  if (alert === undefined || more.length > 0) wrong.push(`${pagerduty.alerts.length} alerts in PagerDuty`);
  // Of a trigger under way when the process died nobody can know; it is sent again under its key, which pages nobody twice.
  if ((alert?.triggers ?? 0) > (kill ? 2 : 1)) wrong.push(`PagerDuty was triggered ${alert?.triggers} times`);
  if (slack.posts.length !== 1) wrong.push(`${slack.posts.length} messages in Slack`);
  for (const { text } of slack.posts) if (!text.includes('Resolved')) wrong.push(`Slack still shows: ${text}`);
  if (pagerduty.open.length > 0) wrong.push('an alert is still open');
  if (untold.length > 0) wrong.push(`untold: ${JSON.stringify(untold)}`);
  if (stopped.some((code) => code !== 0)) wrong.push(`stopped with ${stopped.join()}`);
  return wrong;
}

describe('a real process', () => {
  it('tells a short outage once, and stops with 0 when it is told to', async () => {
    const told = await story(undefined);
    expect(wrongs(told, undefined)).toEqual([]);
  }, 60_000);

  it('shares a store with another, and both together tell it once', async () => {
    const told = await story(undefined, 2);
    expect(wrongs(told, undefined)).toEqual([]);
  }, 60_000);

  it('may be killed at every request, before it is applied or after, in turn, and nothing is lost or doubled', async () => {
    const { requests } = await story(undefined);
    const kills = requests.map((_, i): Kill => ({ n: i + 1, point: i % 2 === 0 ? 'before' : 'after' }));
    const failures: string[] = [];
    let killed = 0;
    const worker = async () => {
      for (let kill = kills.shift(); kill !== undefined; kill = kills.shift()) {
        const told = await story(kill);
        if (told.killedAt !== undefined) killed++;
        for (const wrong of wrongs(told, kill))
          failures.push(`killed ${kill.point} request ${kill.n} (${told.killedAt}): ${wrong}`);
      }
    };
    const total = kills.length;
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(failures).toEqual([]);
    expect(killed).toBeGreaterThan(total / 2);
  }, 600_000);
});

/** Stories that are played beside each other: they mostly wait. */
const AT_ONCE = 6;
