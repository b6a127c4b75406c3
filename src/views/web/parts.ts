import { clockTime, dayOf, iso, spoken } from '../../evidence/instant.ts';
import type { Verdict } from '../../evidence/report.ts';
import { type Markup, markup, type Piece } from '../markup.ts';
import { MARKS } from '../verdicts.ts';

/** Where a probe's own page is. */
export function probePath(name: string): string {
  return `/probes/${pathOf(name)}`;
}

export function incidentPath(id: string): string {
  return `/incidents/${pathOf(id)}`;
}

function pathOf(text: string): string {
  return text.split('/').map(encodeURIComponent).join('/');
}

export function taskUrl(rootUrl: string, taskId: string): string {
  return `${rootUrl}/tasks/${encodeURIComponent(taskId)}`;
}

/** A link to one of our pages or to the web; any other address is not made one. */
export function link(href: string, label: Piece): Markup {
  return /^(https?:\/)?\//.test(href) ? markup`<a href="${href}">${label}</a>` : markup`${label}`;
}

/** The shape tells as much as the colour. */
export function state(verdict: Verdict, words: string = verdict): Markup {
  return markup`<span class="state ${verdict}"><span aria-hidden="true">${MARKS[verdict]}</span> ${words}</span>`;
}

/** An instant to the second, with its day where that is not the present one. */
export function moment(at: number, now: number): Markup {
  const day = dayOf(at) === dayOf(now) ? '' : `${dayOf(at)} `;
  return markup`<time datetime="${iso(at)}">${day}${clockTime(at)}</time>`;
}

export function ago(at: number, now: number): Markup {
  return markup`<time datetime="${iso(at)}">${spoken(now - at)} ago</time>`;
}

/** Names and values. */
export function facts(entries: readonly (readonly [string, Piece] | undefined)[]): Markup {
  const shown = entries.filter((entry) => entry !== undefined);
  return markup`<dl class="facts">${shown.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
