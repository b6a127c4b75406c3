import { instantOf, MINUTE } from '../../src/evidence/instant.ts';
import { type Life, type Lives, livesIn, oneInFlight } from '../support/lives.ts';
import type { Watched as Played, Scenario } from '../support/play.ts';

/** Every promise that the night broke, in words; empty where all were kept. */
export function brokenPromises(scenario: Scenario, played: Played): string[] {
  const lives = livesIn(played.world);
  return [
    ...oneInFlight(lives, played.config.deployment),
    ...played.config.probes.flatMap(({ pool }) => stuckIsPaged(scenario, played, pool, lives.get(pool) ?? [])),
    ...pagesEnd(played, lives),
    ...slackAgrees(played),
  ];
}

/** What a night in which all pools break together owes its people: one page, one message that tells of all, and an end. */
export function brokenFleetPromises({ pages, pagerduty, slack }: Played): string[] {
  const opened = new Set(pages.flatMap(({ what, key }) => (what === 'opened' ? [key] : [])));
  return [
    ...(opened.size === 1 ? [] : [`${opened.size} pages: ${[...opened].join(', ')}`]),
    ...pagerduty.open.map(({ dedupKey }) => `${dedupKey} was never resolved`),
    ...slackAgrees({ slack }),
  ];
}

/** A minute until a killed prober is back, a minute until a dead courier's claim runs out, and the time to look and to tell. */
const TOLD_WITHIN = 3 * MINUTE;

function stuckIsPaged(
  { slackDown: _slack, ...scenario }: Scenario,
  played: Played,
  pool: string,
  canaries: readonly Life[],
): string[] {
  const probe = scenario.probes.find((entry) => entry.pool === pool);
  const pageAfter = probe?.thresholds?.pageAfter;
  if (pageAfter === undefined) return [];
  return canaries.flatMap((canary) => {
    if (canary.scheduled === undefined) return [];
    const late = canary.scheduled + pageAfter;
    const lastOutage = Math.max(late, ...scenario.pagerdutyDown.map(({ until }) => until), ...unreachable(scenario));
    const until = canary.claimed ?? canary.resolved ?? played.end;
    if (until < lastOutage + TOLD_WITHIN) return [];
    const openThen = played.pages.some(({ what, key, at }) => {
      if (what !== 'opened' || !key.includes(`probe:${pool}/`) || at > until) return false;
      const resolved = played.pages.find((event) => event.what === 'resolved' && event.key === key && event.at > at);
      return resolved === undefined || resolved.at >= late;
    });
    return openThen ? [] : [`${pool}: ${canary.taskId} was pending past pageAfter and nobody was paged`];
  });
}

function unreachable({ faults }: Pick<Scenario, 'faults'>): number[] {
  return faults.flatMap((fault) => (fault.kind.startsWith('api-') || fault.kind === 'unresolvable' ? [fault.until] : []));
}

/** Every page ends, and a pool's only after claims in a row were in time. */
function pagesEnd({ pages, pagerduty, config }: Played, lives: Lives): string[] {
  const faults = pagerduty.open.map(({ dedupKey }) => `${dedupKey} was never resolved`);
  const seen = new Set<string>();
  for (const { at, what, key } of pages) {
    if (what === 'opened' && seen.has(key)) faults.push(`${key} paged twice`);
    if (what === 'opened') seen.add(key);
    const probe = config.probes.find(({ pool }) => key.includes(`probe:${pool}/`));
    if (what !== 'resolved' || probe === undefined) continue;
    const opened = instantOf(key.slice(key.lastIndexOf('/') + 1));
    const good = (lives.get(probe.pool) ?? []).filter(
      ({ claimed, scheduled }) =>
        claimed !== undefined &&
        scheduled !== undefined &&
        claimed > opened &&
        claimed <= at &&
        claimed - scheduled < (probe.thresholds?.warnAfter ?? 0),
    );
    if (good.length < probe.resolveAfter) faults.push(`${key} resolved after ${good.length} claims in time`);
  }
  return faults;
}

/** One message an incident, and each shows how it ended. */
function slackAgrees({ slack }: Pick<Played, 'slack'>): string[] {
  const seen = new Map<string, number>();
  const faults: string[] = [];
  for (const post of slack.posts) {
    const id = JSON.stringify(post.metadata?.event_payload['id'] ?? post.ts);
    seen.set(id, (seen.get(id) ?? 0) + 1);
    if (!/Resolved|Withdrawn|Folded/.test(post.text)) faults.push(`Slack still shows: ${post.text.slice(0, 100)}`);
  }
  for (const [id, times] of seen) if (times > 1) faults.push(`${id} has ${times} messages in Slack`);
  return faults;
}
