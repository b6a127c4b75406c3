import type { Incident, Member } from '../../evidence/incident.ts';
import { MINUTE, spoken } from '../../evidence/instant.ts';
import type { Verdict } from '../../evidence/report.ts';
import { asOf } from '../../notify/words/lasted.ts';
import { type Markup, markup } from '../markup.ts';
import { facts, incidentPath, link, moment, probePath, state } from './parts.ts';

/** An incident, and the words that all channels tell it in. */
export interface ToldIncident {
  incident: Incident;
  words: {
    status: string;
    headline: string;
    reason: string;
    notes: readonly string[];
    advice?: string;
    detail?: string;
    links: readonly { label: string; href: string }[];
  };
}

export type Incidents = readonly ToldIncident[];

/** Of more pools than this in one incident only the number is said. */
const NAMED = 40;

/** How bad it is, in the colours of verdicts. */
function toneOf({ level, ended, silenced }: Incident): Verdict {
  if (ended !== undefined) return 'healthy';
  if (silenced !== undefined) return 'unknown';
  return level === 'page' ? 'stuck' : 'slow';
}

/** In a line or two, with a link to its page. */
export function incidentBrief({ incident, words }: ToldIncident, now: number): Markup {
  const { since, cause, id } = incident;
  return markup`<li class="brief ${toneOf(incident)}">${state(toneOf(incident), words.status)} ${link(incidentPath(id), words.headline)}
<span class="more">for ${spoken(now - since)}, ${cause}. ${words.reason}</span></li>`;
}

/** All there is to know of it; `level` is that of its heading. */
export function incidentArticle({ incident, words }: ToldIncident, now: number, level: 1 | 3): Markup {
  const { id, evidence, timeline, cause, since, opened, ended, into } = incident;
  const title = level === 1 ? markup`<h1>${words.headline}</h1>` : markup`<h3>${link(incidentPath(id), words.headline)}</h3>`;
  const story = timeline.map(({ at, what, text }) => markup`<li>${moment(at, now)} <strong>${what}</strong> ${text}</li>`);
  return markup`<article class="incident ${toneOf(incident)}">
<p>${state(toneOf(incident), words.status)} <span class="muted">${cause}</span></p>
${title}
<p>${words.reason}</p>
${words.detail !== undefined && markup`<p class="quote">${words.detail}</p>`}
${words.notes.map((note) => markup`<p class="muted">${note}</p>`)}
${words.advice !== undefined && markup`<p><strong>Next:</strong> ${words.advice}</p>`}
${words.links.length > 0 && markup`<p class="links">${words.links.map(({ label, href }) => link(href, label))}</p>`}
${facts([
  ['Since', moment(since, now)],
  ['Opened', moment(opened, now)],
  ended === undefined ? ['Lasts', spoken(now - since)] : ['Ended', markup`${moment(ended, now)}, after ${spoken(ended - since)}`],
  ended === undefined && now - asOf(incident) >= MINUTE ? ['Figures as of', moment(asOf(incident), now)] : undefined,
  into === undefined ? undefined : ['Goes on in', link(incidentPath(into), into)],
])}
${evidence.kind === 'fleet' && memberTable(evidence.members)}
<ol class="story" aria-label="Timeline of ${words.headline}">${story}</ol>
</article>`;
}

function memberTable(members: readonly Member[]): Markup {
  const rows = members
    .slice(0, NAMED)
    .map(
      ({ probe, pool, claimed, age, level }) =>
        markup`<tr><th scope="row">${link(probePath(probe), pool)}</th><td>${state(level === 'page' ? 'stuck' : 'slow', level)}</td><td>${claimed ? 'claimed after' : 'unclaimed for'} ${spoken(age)}</td></tr>`,
    );
  const more = members.length - NAMED;
  return markup`<table><caption>Pools that are bad together</caption><thead><tr><th scope="col">Pool</th><th scope="col">Level</th><th scope="col">Canary</th></tr></thead><tbody>${rows}</tbody></table>${more > 0 && markup`<p class="muted">and ${more} more</p>`}`;
}
