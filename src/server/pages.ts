import type { Incident } from '../evidence/incident.ts';
import { DAY } from '../evidence/instant.ts';
import type { Config } from '../evidence/probe.ts';
import type { ProbeReport, Report, Verdict } from '../evidence/report.ts';
import { wording } from '../notify/wording.ts';
import type { Ports } from '../ports.ts';
import { isAbout } from '../views/concerns.ts';
import type { Markup } from '../views/markup.ts';
import { listSilences } from '../views/silences.ts';
import { badge, icon } from '../views/svg/badge.ts';
import { VERDICTS } from '../views/verdicts.ts';
import { fleetPage } from '../views/web/fleet.ts';
import type { ToldIncident } from '../views/web/incident.ts';
import { incidentPage, incidentsPage } from '../views/web/incidents.ts';
import type { Frame, Sheet } from '../views/web/layout.ts';
import { missingPage } from '../views/web/missing.ts';
import { poolPage } from '../views/web/pool.ts';
import { silencesPage } from '../views/web/silences.ts';
import { STYLE, STYLE_PATH } from '../views/web/style.ts';
import type { Reporter } from './reporter.ts';
import type { Asked, Page, Routes } from './routes.ts';

/** How far back incidents are listed. */
export const INCIDENT_DAYS = 7;
/** Canaries that a probe's page draws: a day of one each five minutes. */
export const CANARIES = 288;

/** What people look at. */
export function htmlPages(config: Config, store: Ports['store'], reporter: Reporter): Routes['pages'] {
  const frameOf = ({ path, query }: Asked, report: Report): Frame => ({ report, path, paused: query.get('refresh') === 'off' });
  return {
    '/': async (asked) => {
      const { report } = await reporter.seen();
      return html(fleetPage(frameOf(asked, report), told(report, report.incidents)));
    },
    '/probes/*': async (asked) => {
      const { report } = await reporter.seen();
      const probe = probeIn(report, asked.rest);
      if (probe === undefined) return undefined;
      const canaries = await store.canaries(probe.name, CANARIES);
      const incidents = await incidentsOf(store, report, probe);
      return html(poolPage(frameOf(asked, report), probe, canaries, told(report, incidents)));
    },
    '/incidents': async (asked) => {
      const { report } = await reporter.seen();
      const incidents = await lateIncidents(store, report);
      return html(incidentsPage(frameOf(asked, report), told(report, incidents), INCIDENT_DAYS));
    },
    '/incidents/*': async (asked) => {
      const { report } = await reporter.seen();
      const incidents = await lateIncidents(store, report);
      const [incident] = told(
        report,
        incidents.filter(({ id }) => id === asked.rest),
      );
      return incident && html(incidentPage(frameOf(asked, report), incident));
    },
    '/silences': async (asked) => {
      const { report, state } = await reporter.seen();
      return html(silencesPage(frameOf(asked, report), listSilences(config, state.silences, report.at)));
    },
    '/badge/*': async ({ rest }) => {
      const { report } = await reporter.seen();
      const probe = rest.endsWith('.svg') ? probeIn(report, rest.slice(0, -'.svg'.length)) : undefined;
      return probe && picture(badge(report, probe), 'no-cache');
    },
    '/icon/*': ({ rest }) => {
      const verdict = VERDICTS.find((one): one is Verdict => `${one}.svg` === rest);
      return verdict && picture(icon(verdict), FOR_EVER);
    },
    [STYLE_PATH]: () => ({ status: 200, type: 'text/css; charset=utf-8', body: STYLE, headers: { 'cache-control': FOR_EVER } }),
  };
}

const FOR_EVER = 'public, max-age=31536000, immutable';

export function missing(): Page {
  return { status: 404, type: 'text/html; charset=utf-8', body: missingPage() };
}

export function probeIn({ probes }: Report, name: string): ProbeReport | undefined {
  return probes.find((probe) => probe.name === name);
}

/** Those that are open, or ended in the last days. */
export function lateIncidents(store: Ports['store'], { at }: Report): Promise<Incident[]> {
  return store.incidents(at - INCIDENT_DAYS * DAY);
}

/** Of those the ones that tell of a probe. */
export async function incidentsOf(store: Ports['store'], report: Report, probe: ProbeReport): Promise<Incident[]> {
  const incidents = await lateIncidents(store, report);
  return incidents.filter((incident) => incident.id === probe.incident?.id || isAbout(incident, probe));
}

function told({ deployment, rootUrl }: Report, incidents: readonly Incident[]): ToldIncident[] {
  return incidents.map((incident) => ({ incident, words: wording({ deployment, rootUrl, incident }) }));
}

/** A header, and not an element in the page, has browsers keep the place that was scrolled to. */
function html({ html: body, refresh }: Sheet): Page {
  const headers = refresh === undefined ? {} : { refresh: String(refresh) };
  return { status: 200, type: 'text/html; charset=utf-8', body, headers };
}

function picture({ text }: Markup, caching: string): Page {
  return { status: 200, type: 'image/svg+xml; charset=utf-8', body: text, headers: { 'cache-control': caching } };
}
