import { markup } from '../markup.ts';
import { type Incidents, incidentArticle, type ToldIncident } from './incident.ts';
import { type Frame, type Sheet, sheet } from './layout.ts';

/** Those that are open, and those of the last days that are over, each with its story. */
export function incidentsPage(frame: Frame, incidents: Incidents, days: number): Sheet {
  const { at } = frame.report;
  const open = incidents.filter(({ incident }) => incident.ended === undefined);
  const over = incidents.filter(({ incident }) => incident.ended !== undefined);
  const body = markup`<h1>Incidents</h1>
<section aria-labelledby="open"><h2 id="open">${open.length === 0 ? 'None is open' : `${open.length} open`}</h2>
${open.map((one) => incidentArticle(one, at, 3))}</section>
<section aria-labelledby="over"><h2 id="over">${over.length === 0 ? 'None' : over.length} ended in the last ${days} days</h2>
${over.map((one) => incidentArticle(one, at, 3))}</section>`;
  return sheet('Incidents', frame, body);
}

/** One incident by itself, to be passed on as a link. */
export function incidentPage(frame: Frame, incident: ToldIncident): Sheet {
  return sheet(incident.words.headline, frame, incidentArticle(incident, frame.report.at, 1));
}
