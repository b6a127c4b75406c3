import { DAY, iso } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import type { Report } from '../evidence/report.ts';
import type { Ports } from '../ports.ts';
import { canaryJson } from '../views/canary-json.ts';
import { incidentJson } from '../views/incident-json.ts';
import { probeJson, reportJson } from '../views/json.ts';
import { listSilences, silencesJson } from '../views/silences.ts';
import { CANARIES, INCIDENT_DAYS, incidentsOf, lateIncidents, probeIn } from './pages.ts';
import type { Reporter } from './reporter.ts';
import { jsonPage, type Routes } from './routes.ts';

/** The same as JSON, in the shapes of `report --json`. */
export function apiPages(config: Config, store: Ports['store'], reporter: Reporter): Routes['pages'] {
  const heading = ({ deployment, rootUrl, at }: Report) => ({ deployment, rootUrl, at: iso(at) });
  return {
    '/api/v1/report': async () => jsonPage(200, reportJson((await reporter.seen()).report)),
    '/api/v1/probes/*': async ({ rest }) => {
      const { report } = await reporter.seen();
      const probe = probeIn(report, rest);
      if (probe === undefined) return undefined;
      const [canaries, incidents] = [await store.canaries(probe.name, CANARIES), await incidentsOf(store, report, probe)];
      return jsonPage(200, {
        ...heading(report),
        probe: probeJson(probe),
        canaries: canaries.map(canaryJson),
        incidents: incidents.map(incidentJson),
      });
    },
    '/api/v1/incidents': async () => {
      const { report } = await reporter.seen();
      const [since, incidents] = [report.at - INCIDENT_DAYS * DAY, await lateIncidents(store, report)];
      return jsonPage(200, { ...heading(report), since: iso(since), incidents: incidents.map(incidentJson) });
    },
    '/api/v1/incidents/*': async ({ rest }) => {
      const { report } = await reporter.seen();
      const incidents = await lateIncidents(store, report);
      const incident = incidents.find(({ id }) => id === rest);
      return incident && jsonPage(200, { ...heading(report), incident: incidentJson(incident) });
    },
    '/api/v1/silences': async () => {
      const { report, state } = await reporter.seen();
      return jsonPage(200, silencesJson(config.deployment, listSilences(config, state.silences, report.at), report.at));
    },
  };
}
