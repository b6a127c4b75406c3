import type { PastCanary } from '../../evidence/canary.ts';
import { spoken } from '../../evidence/instant.ts';
import type { ProbeReport, Report } from '../../evidence/report.ts';
import { type Markup, markup, type Piece } from '../markup.ts';
import { bars } from '../svg/bars.ts';
import { scatter } from '../svg/scatter.ts';
import { quantileText, REASONS } from '../verdicts.ts';
import { canaryTable } from './canaries.ts';
import { type Incidents, incidentArticle, type ToldIncident } from './incident.ts';
import { type Frame, type Sheet, sheet } from './layout.ts';
import { objectivePanel } from './objective.ts';
import { ago, facts, link, moment, state, taskUrl } from './parts.ts';

/** Everything about one probe. `canaries` are its newest, `incidents` those that it was part of. */
export function poolPage(frame: Frame, probe: ProbeReport, canaries: readonly PastCanary[], incidents: Incidents): Sheet {
  const { report } = frame;
  const { name, verdict, objective, created } = probe;
  const open = incidents.filter(({ incident }) => incident.ended === undefined);
  const past = incidents.filter(({ incident }) => incident.ended !== undefined);
  const article = (one: ToldIncident) => incidentArticle(one, report.at, 3);
  const body = markup`<section class="banner ${verdict}" aria-labelledby="stand"><h1 id="stand">${name}</h1>
<p>${state(verdict)}${standing(probe, report.at)}</p></section>
${open.length > 0 && markup`<section aria-labelledby="open"><h2 id="open">Open incidents</h2>${open.map(article)}</section>`}
<section aria-labelledby="claims"><h2 id="claims">Time to claim</h2>
<figure>${scatter(probe, canaries, report.at)}</figure>
${LEGEND}
${percentiles(probe)}
${figures(probe, report)}</section>
${objective && objectivePanel(objective)}
${created && markup`<section aria-labelledby="created"><h2 id="created">Workers created</h2><figure>${bars(created, report.at)}</figure><p>${created.lastHour} in the last hour${created.usual !== undefined && `, usually ${Math.round(created.usual)}`}.</p></section>`}
<section aria-labelledby="past"><h2 id="past">Past incidents</h2>
${past.length === 0 ? markup`<p>None of late.</p>` : past.map(article)}</section>
<section aria-labelledby="canaries"><h2 id="canaries">Canaries</h2>
${canaryTable(report.rootUrl, probe, canaries, report.at)}</section>`;
  return sheet(`${name}: ${verdict}`, frame, body);
}

const LEGEND = markup`<ul class="legend">
<li><svg class="key" viewBox="0 0 12 12" aria-hidden="true"><circle class="cold" cx="6" cy="6" r="4"/></svg> cold worker</li>
<li><svg class="key" viewBox="0 0 12 12" aria-hidden="true"><circle class="warm" cx="6" cy="6" r="4"/></svg> warm worker</li>
<li><svg class="key" viewBox="0 0 12 12" aria-hidden="true"><path class="unknown-start" d="M2.5 2.5h7v7h-7z"/></svg> start unknown</li>
<li><svg class="key" viewBox="0 0 12 12" aria-hidden="true"><path class="waiting" d="M6 1 11 11H1z"/></svg> waiting, and rising</li>
<li><svg class="key" viewBox="0 0 12 12" aria-hidden="true"><path class="unclaimed" d="M6 1 11 11H1z"/></svg> ended unclaimed</li>
</ul>`;

function standing({ why, verdictSince, silenced }: ProbeReport, now: number): Markup {
  const parts: Piece[] = [
    REASONS[why],
    verdictSince !== undefined && markup`for ${spoken(now - verdictSince)}`,
    silenced && markup`silenced until ${moment(silenced.until, now)} by ${silenced.by}: ${silenced.reason}`,
  ];
  return markup`${parts.filter((part) => part !== '' && part !== undefined && part !== false).map((part) => markup` · ${part}`)}`;
}

/** Of the report's time, by how the worker came about. */
function percentiles({ p50, p95, p99, claims, unclaimed, breaches, cold, warm }: ProbeReport): Markup {
  const row = (title: string, count: number, ...cells: Piece[]) =>
    markup`<tr><th scope="row">${title}</th><td class="number">${count}</td>${cells.map((cell) => markup`<td class="number">${cell}</td>`)}</tr>`;
  return markup`<table class="small"><caption>Last 24 hours; skipped slots count too</caption><thead><tr><th scope="col">Start</th><th scope="col" class="number">Claims</th><th scope="col" class="number">p50</th><th scope="col" class="number">p95</th><th scope="col" class="number">p99</th><th scope="col" class="number">Late</th><th scope="col" class="number">Unclaimed</th></tr></thead><tbody>
${row('all', claims, quantileText(p50), quantileText(p95), quantileText(p99), breaches, unclaimed)}
${row('cold', cold.claims, quantileText(cold.p50), '', '', '', '')}
${row('warm', warm.claims, quantileText(warm.p50), '', '', '', '')}</tbody></table>`;
}

function figures(probe: ProbeReport, { rootUrl, at }: Report): Markup {
  const { pool, thresholds, lastClaim, pending } = probe;
  const page = `${rootUrl}/worker-manager/${encodeURIComponent(pool)}`;
  return facts([
    lastClaim && [
      'Last claim',
      markup`${link(taskUrl(rootUrl, lastClaim.taskId), spoken(lastClaim.ms))}, ${lastClaim.start}, ${ago(lastClaim.at, at)}`,
    ],
    pending && [
      'Waiting',
      markup`${link(taskUrl(rootUrl, pending.taskId), spoken(pending.ms))}, since ${moment(pending.since, at)}`,
    ],
    [
      'Thresholds',
      thresholds ? `warn ${spoken(thresholds.warnAfter)}, page ${spoken(thresholds.pageAfter)}` : 'none: it observes',
    ],
    ['Worker pool', markup`${link(page, pool)} · ${link(`${page}/errors`, 'provisioning errors')}`],
  ]);
}
