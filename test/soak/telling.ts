import type { Incident } from '../../src/evidence/incident.ts';
import { MINUTE, SECOND } from '../../src/evidence/instant.ts';
import { type Life, overAt } from '../support/lives.ts';
import type { Able } from './able.ts';
import { editionsOf, GROUP_WAIT, POOLS, RESOLVE_AFTER, UNREACHABLE_AFTER } from './deployment.ts';
import { slackOf } from './form.ts';
import type { Page, Soaked } from './soak.ts';

type Lives = ReadonlyMap<string, Life[]>;

/** From the crossing of `pageAfter`: a look, the wait for others that break too, and a channel that fails some times in a row. */
const TOLD_WITHIN = GROUP_WAIT + 50 * SECOND;

/** Queue outages after which waiting begins anew, and shorter ones that are taken off. */
function queueOutages({ faults }: Soaked): { from: number; until: number }[] {
  return faults.filter((fault) => fault.kind === 'api-down' && fault.rate === undefined);
}

/** Whether the incident is about the probe, alone or with others. */
function isAbout({ anchor, evidence, timeline }: Incident, probe: string): boolean {
  if (anchor === `probe:${probe}`) return true;
  const joins = timeline.some(({ what, text }) => (what === 'promoted' || what === 'joined') && text.includes(probe));
  return joins || (evidence.kind === 'fleet' && evidence.members.some((member) => member.probe === probe));
}

function openOf(pages: readonly Page[], id: string): { from: number; until: number } | undefined {
  const opened = pages.find((page) => page.id === id && page.what === 'opened');
  const resolved = pages.findLast((page) => page.id === id && page.what === 'resolved');
  return opened && { from: opened.at, until: resolved?.at ?? Number.POSITIVE_INFINITY };
}

/** Canaries that were pending past `pageAfter`, and since when each of them was, counting only from the last return of the queue. */
function stuck(soaked: Soaked, lives: Lives): { life: Life; since: number }[] {
  const outages = queueOutages(soaked);
  return [...lives.values()].flat().flatMap((life) => {
    const { scheduled = life.created } = life;
    const over = Math.min(overAt(life), soaked.end);
    const waits = Math.max(
      scheduled,
      ...outages.filter(({ from, until }) => from < over && until > scheduled).map(({ until }) => until),
    );
    const since = waits + Math.max(...editionsOf(life.probe).map(({ pageAfter }) => pageAfter));
    return since < over ? [{ life, since }] : [];
  });
}

/** Whatever was stuck for so long that it could be told, somebody was paged for. */
export function stuckIsPaged(soaked: Soaked, lives: Lives, able: Able): { wrong: string[]; delays: number[]; stretches: number } {
  const { pages, stored, end } = soaked;
  const wrong: string[] = [];
  const delays: number[] = [];
  const all = stuck(soaked, lives);
  for (const { life, since } of all) {
    const over = Math.min(overAt(life), end);
    const spans = stored.incidents.filter((incident) => isAbout(incident, life.probe)).map(({ id }) => openOf(pages, id));
    const told = spans.find((span) => span !== undefined && span.from <= over + TOLD_WITHIN && span.until >= since);
    if (told !== undefined) delays.push(Math.max(0, told.from - since));
    else if (able.within(since, over) > TOLD_WITHIN + slackOf(soaked.form))
      wrong.push(`${life.probe}: ${life.taskId} was stuck and nobody was paged`);
  }
  return { wrong, delays, stretches: all.length };
}

/** Each page once, with an incident and a real fault behind it; each resolved, and a pool's not before claims in a row were in time. */
export function pagesAreTrue(soaked: Soaked, lives: Lives): string[] {
  const { pages, pagerduty, stored } = soaked;
  const wrong = pagerduty.open.map(({ dedupKey }) => `PagerDuty still has ${dedupKey} open`);
  const ids = pages.flatMap(({ what, id }) => (what === 'opened' ? [id] : []));
  for (const id of new Set(ids)) {
    const times = ids.filter((other) => other === id).length;
    if (times > 1) wrong.push(`${id} was paged ${times} times`);
    const incident = stored.incidents.find((one) => one.id === id);
    const span = openOf(pages, id);
    if (incident === undefined || span === undefined) wrong.push(`${id} is in PagerDuty alone`);
    else {
      if (!hasReason(soaked, lives, incident, span.from)) wrong.push(`${id} was paged for nothing (${incident.cause})`);
      if (!isEarned(soaked, lives, incident, span.until)) wrong.push(`${id} was resolved before claims were in time again`);
    }
  }
  return wrong;
}

/** Some canary of it was late, or the queue away, or a channel did refuse. */
function hasReason(soaked: Soaked, lives: Lives, incident: Incident, at: number): boolean {
  if (incident.cause === 'channel-refused') return soaked.failures.includes('refused');
  if (incident.class !== 'pool')
    return queueOutages(soaked).some(({ from, until }) => from + UNREACHABLE_AFTER <= at && until >= incident.since - MINUTE);
  return POOLS.filter((probe) => isAbout(incident, probe)).some((probe) =>
    (lives.get(probe) ?? []).some((life) => {
      const late = (life.scheduled ?? life.created) + Math.min(...editionsOf(probe).map(({ pageAfter }) => pageAfter));
      return late <= at && overAt(life) >= late && overAt(life) >= incident.since;
    }),
  );
}

function isEarned({ end }: Soaked, lives: Lives, { anchor, evidence, opened, end: how }: Incident, at: number): boolean {
  if (evidence.kind !== 'pool' || how !== 'resolved' || at > end) return true;
  const good = (lives.get(anchor.slice('probe:'.length)) ?? []).filter(({ claimed, scheduled, probe }) => {
    const warnAfter = Math.max(...editionsOf(probe).map((edition) => edition.warnAfter));
    return (
      claimed !== undefined && scheduled !== undefined && claimed > opened && claimed <= at && claimed - scheduled < warnAfter
    );
  });
  return good.length >= RESOLVE_AFTER;
}

/** One message an incident, and each shows how it ended; one dashboard. */
export function slackAgrees({ slack, stored }: Soaked): string[] {
  const wrong: string[] = [];
  const posts = new Map<string, string[]>();
  for (const { text, metadata } of slack.posts) {
    const id = `${metadata?.event_type} ${String(metadata?.event_payload['id'])}`;
    posts.set(id, [...(posts.get(id) ?? []), text]);
  }
  for (const [id, texts] of posts) {
    if (texts.length > 1) wrong.push(`${id} has ${texts.length} messages in Slack`);
    const ended = !id.startsWith('tc_canary_incident') || texts.every((text) => /Resolved|Withdrawn|Folded/.test(text));
    if (!ended) wrong.push(`Slack still shows ${texts.join(' | ')}`);
  }
  // What went on in another incident before anybody had heard of it is told there.
  const folded = new Set(stored.incidents.flatMap(({ id, end }) => (end === 'folded' ? [id] : [])));
  for (const { incident, route } of stored.deliveries)
    if (route.startsWith('slack:') && !folded.has(incident) && !posts.has(`tc_canary_incident ${incident}`))
      wrong.push(`Slack never heard of ${incident}`);
  return wrong;
}

/** No incident is left open, and nothing is owed to anybody. */
export function allIsTold({ stored }: Soaked): string[] {
  return [
    ...stored.incidents.flatMap(({ id, ended }) => (ended === undefined ? [`${id} never ended`] : [])),
    ...stored.deliveries.flatMap(({ incident, route, wanted, told }) =>
      wanted === told ? [] : [`${route} was told revision ${told} of ${wanted} of ${incident}`],
    ),
  ];
}
