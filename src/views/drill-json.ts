import type { Notice } from '../drill/notices.ts';
import type { Outcome } from '../drill/run.ts';
import type { Figures } from '../drill/verdict.ts';
import { iso } from '../evidence/instant.ts';
import { instant, seconds } from '../evidence/json-values.ts';

/** As everywhere in JSON: instants as ISO 8601, durations in seconds, `null` where there is nothing. */
export function drillsJson(outcomes: readonly Outcome[]) {
  return { holds: outcomes.every(({ verdict }) => verdict.failures.length === 0), drills: outcomes.map(drillJson) };
}

function drillJson({ name, scenario, config, missing, teams, notices, verdict }: Outcome) {
  const { title, source, seed, start, end, broke, mended, people } = scenario;
  return {
    name,
    title,
    source: source ?? null,
    seed,
    start: iso(start),
    end: iso(end),
    broke: iso(broke),
    mended: instant(mended),
    config,
    missing,
    people: people.map(({ at, mark, text }) => ({ at: iso(at), mark: mark ?? null, text })),
    notices: notices.map((notice) => ({ ...noticeJson(notice), team: teams.get(notice.to) ?? null })),
    verdict: {
      holds: verdict.failures.length === 0,
      failures: verdict.failures,
      prober: figuresJson(verdict.prober),
      people: figuresJson(verdict.people),
      cause: verdict.cause ?? null,
      pages: verdict.pages,
      falseAlarms: verdict.falseAlarms,
    },
  };
}

function figuresJson({ noticed, paged, resolved }: Figures) {
  return { noticedAfter: seconds(noticed), pagedAfter: seconds(paged), resolvedAfter: seconds(resolved) };
}

function noticeJson({ at, via, to, what, incident, lines }: Notice) {
  const { id, cause, level, ended, end } = incident;
  return { at: iso(at), via, to, what, incident: id, cause, level, end: ended === undefined ? null : (end ?? null), lines };
}
