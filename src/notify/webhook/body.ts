import type { Message } from '../../evidence/delivery.ts';
import type { Entry, Incident } from '../../evidence/incident.ts';
import { iso } from '../../evidence/instant.ts';
import { instant } from '../../evidence/json-values.ts';
import { clean, clip } from '../text.ts';
import { wording } from '../wording.ts';
import { evidenceOf, poolsOf } from './evidence.ts';

/** Keeps a receiver from a page of HTML that some proxy answered with; everything else has limits of its own. */
const DETAIL = 2_000;

/**
 * The request's JSON, version 1: instants as ISO 8601, durations in seconds, every key always there, null where nothing is known.
 * Fields may be added; none is renamed or removed without another version. `told` counts the entries that the receiver has.
 */
export function bodyOf(message: Message, told: number): string {
  const { deployment, rootUrl, incident } = message;
  return JSON.stringify({
    version: 1,
    deployment: clean(deployment),
    rootUrl,
    incident: incidentOf(message, incident),
    happened: incident.timeline.slice(told).map(happeningOf),
  });
}

function incidentOf(message: Message, incident: Incident) {
  const { id, revision, level, cause, since, opened, ended, evidence, silenced, into, runbook } = incident;
  const { headline, reason, advice, detail, links } = wording(message);
  return {
    id,
    revision,
    status: ended === undefined ? 'open' : (incident.end ?? 'resolved'),
    level,
    severity: message.manner?.severity ?? null,
    cause,
    class: incident.class,
    since: iso(since),
    opened: iso(opened),
    ended: instant(ended),
    headline,
    reason,
    advice: advice ?? null,
    detail: detail === undefined ? null : clip(detail, DETAIL),
    runbook: runbook ?? null,
    pools: poolsOf(evidence),
    evidence: evidenceOf(evidence),
    links,
    silenced:
      silenced === undefined ? null : { by: clean(silenced.by), until: iso(silenced.until), reason: clean(silenced.reason) },
    into: into ?? null,
  };
}

function happeningOf({ at, what, text }: Entry) {
  return { at: iso(at), what, text: clean(text) };
}
