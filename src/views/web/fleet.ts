import { spoken } from '../../evidence/instant.ts';
import type { ProbeReport, Report, Verdict } from '../../evidence/report.ts';
import { counted } from '../../notify/words/count.ts';
import { doubtOf } from '../doubt.ts';
import { type Markup, markup } from '../markup.ts';
import { countsOf, MARKS, worstFirst } from '../verdicts.ts';
import { type Incidents, incidentBrief } from './incident.ts';
import { type Frame, type Sheet, sheet, worstOf } from './layout.ts';
import { link, probePath } from './parts.ts';
import { poolTable } from './table.ts';

/** From so many probes on a map of all of them is worth its room. */
const MAPPED = 16;
/** Bad ones that the banner names. */
const NAMED = 6;

/** The first page: how the fleet is in one glance, what is open, and every probe with its last day. */
export function fleetPage(frame: Frame, incidents: Incidents): Sheet {
  const { report } = frame;
  const open = incidents.filter(({ incident }) => incident.ended === undefined);
  const body = markup`${banner(report)}
${open.length > 0 && markup`<section aria-labelledby="open"><h2 id="open">Open incidents</h2><ul class="briefs">${open.map((one) => incidentBrief(one, report.at))}</ul></section>`}
${report.probes.length >= MAPPED && map(report)}
<section aria-labelledby="pools"><h2 id="pools">Pools</h2>
${report.probes.length === 0 ? markup`<p>The probe file names none, or its patterns match no pool that a pass has seen yet.</p>` : poolTable(report)}
</section>
${told(report)}`;
  return sheet(titleOf(report), frame, body);
}

function titleOf(report: Report): string {
  if (doubtOf(report) !== undefined) return `${MARKS.unknown} cannot tell`;
  const worst = worstOf(report);
  const counts = countsOf(report).filter(([verdict]) => verdict !== 'healthy');
  if (counts.length === 0) return worst === 'healthy' ? `${MARKS.healthy} all healthy` : 'no probes';
  return `${MARKS[worst]} ${counts.map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`;
}

/** The one thing to see from across the room. */
function banner(report: Report): Markup {
  const worst = worstOf(report);
  const doubt = doubtOf(report);
  if (doubt !== undefined)
    return markup`<section class="banner ${worst}" aria-labelledby="stand">
<h1 id="stand"><span aria-hidden="true">${MARKS[worst]}</span> Cannot tell how the pools do</h1>
<p>The figures below are old: ${doubt}.</p>
</section>`;
  const bad = worstFirst(report.probes).filter(({ verdict }) => verdict !== 'healthy');
  const names = bad.slice(0, NAMED).map(({ name }, i) => markup`${i > 0 && ', '}${link(probePath(name), name)}`);
  const more = bad.length > NAMED && ` and ${bad.length - NAMED} more`;
  const healthy = report.probes.length - bad.length;
  const rest = bad.length > 0 ? markup`<p>${names}${more}</p>` : markup`<p>${summary(report)}</p>`;
  return markup`<section class="banner ${worst}" aria-labelledby="stand">
<h1 id="stand"><span aria-hidden="true">${MARKS[worst]}</span> ${headline(report, healthy)}</h1>
${rest}
</section>`;
}

function headline(report: Report, healthy: number): string {
  const all = report.probes.length;
  if (all === 0) return 'No probes yet';
  if (healthy === all) return all === 1 ? 'The pool is healthy' : `All ${all} pools are healthy`;
  const counts = countsOf(report).filter(([verdict]) => verdict !== 'healthy');
  return `${counts.map(([verdict, count]) => `${count} ${verdict}`).join(', ')} of ${counted(all, 'pool')}`;
}

function summary({ probes }: Report): string {
  const claims = probes.reduce((sum, probe) => sum + probe.claims, 0);
  const late = probes.reduce((sum, probe) => sum + probe.breaches, 0);
  return `${claims} canaries claimed in the last day, ${late === 0 ? 'none' : late} of them late.`;
}

/** A cell for each probe, by provisioner, so that what breaks together stands together. */
function map({ probes }: Report): Markup {
  const groups = new Map<string, ProbeReport[]>();
  for (const probe of probes.toSorted((a, b) => a.pool.localeCompare(b.pool))) {
    const provisioner = probe.pool.split('/')[0] ?? '';
    groups.set(provisioner, [...(groups.get(provisioner) ?? []), probe]);
  }
  return markup`<section aria-labelledby="map"><h2 id="map">Map</h2><ul class="map">${[...groups].map(([provisioner, members]) => group(provisioner, members))}</ul></section>`;
}

function group(provisioner: string, members: readonly ProbeReport[]): Markup {
  const cell = ({ name, verdict, silenced }: ProbeReport): Markup => {
    const classes = `cell ${verdict}${silenced === undefined ? '' : ' hushed'}`;
    const title = `${name}: ${verdict}${silenced === undefined ? '' : ', silenced'}`;
    // Of hundreds of healthy ones a link each would stand in the way of whoever goes by keyboard; the table has them.
    if (verdict === 'healthy') return markup`<span class="${classes}" title="${title}"></span>`;
    return markup`<a class="${classes}" href="${probePath(name)}" aria-label="${title}" title="${title}"></a>`;
  };
  return markup`<li><p>${provisioner} <span class="muted">${shareOf(members)}</span></p><div class="cells">${members.map(cell)}</div></li>`;
}

function shareOf(members: readonly ProbeReport[]): string {
  const count = (verdict: Verdict) => members.filter((member) => member.verdict === verdict).length;
  return `${count('healthy')} of ${members.length} healthy`;
}

/** How fast people were told, and what could not be told. */
function told({ dwell, undelivered, at }: Report): Markup {
  const levels = (['page', 'warn'] as const).flatMap((level) => {
    const one = dwell[level];
    return one === undefined
      ? []
      : [
          markup`<li>${counted(one.count, level === 'page' ? 'page' : 'warning')} told within ${spoken(one.p50)} p50, ${spoken(one.p99)} p99</li>`,
        ];
  });
  const owed = undelivered.map(
    ({ route, incident, level, since, why }) =>
      markup`<li class="state stuck">✗ ${route} has not been told of the ${level === 'page' ? 'page' : 'warning'} ${incident} for ${spoken(at - since)}: ${why}</li>`,
  );
  if (levels.length + owed.length === 0) return markup``;
  return markup`<section aria-labelledby="told"><h2 id="told">Told</h2><ul class="plain">${owed}${levels}</ul></section>`;
}
