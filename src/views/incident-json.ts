import { burningJson } from '../evidence/budget-json.ts';
import { diagnosisJson, stallJson } from '../evidence/diagnosis-json.ts';
import type { Incident, Member } from '../evidence/incident.ts';
import { iso } from '../evidence/instant.ts';
import { instant, seconds } from '../evidence/json-values.ts';

/** As everywhere in JSON: instants as ISO 8601, durations in seconds, `null` where there is nothing. */
export function incidentJson(incident: Incident) {
  const { id, anchor, cause, level, opened, since, ended, end, timeline, silenced, evidence } = incident;
  return {
    id,
    anchor,
    class: incident.class,
    cause,
    level,
    since: iso(since),
    opened: iso(opened),
    ended: instant(ended),
    end: end ?? null,
    into: incident.into ?? null,
    silenced: silenced ? { by: silenced.by, until: iso(silenced.until), reason: silenced.reason } : null,
    reopened: (incident.reopened ?? []).map(iso),
    flappingSince: instant(incident.flappingSince),
    runbook: incident.runbook ?? null,
    fleet:
      evidence.kind === 'fleet'
        ? {
            members: evidence.members.map(memberJson),
            recovered: evidence.recovered,
            witnesses: evidence.witnesses,
            common: evidence.common,
          }
        : null,
    burning: evidence.kind === 'budget' ? evidence.burning.map(burningJson) : null,
    diagnosis: 'diagnosis' in evidence ? diagnosisJson(evidence.diagnosis) : null,
    stall: evidence.kind === 'fleet' ? stallJson(evidence.stall) : null,
    timeline: timeline.map((entry) => ({ at: iso(entry.at), what: entry.what, text: entry.text })),
  };
}

function memberJson({ probe, pool, level, taskId, since, age, claimed }: Member) {
  return { probe, pool, level, taskId, since: iso(since), age: seconds(age), claimed };
}
