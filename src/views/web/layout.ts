import { clockTime, iso, spoken } from '../../evidence/instant.ts';
import type { Report, Verdict } from '../../evidence/report.ts';
import { blindText } from '../../notify/words/blind.ts';
import { doubtOf } from '../doubt.ts';
import { type Markup, markup } from '../markup.ts';
import { countsOf } from '../verdicts.ts';
import { STYLE_PATH } from './style.ts';

/** So often a page asks for itself again. Seconds. */
const REFRESH = 15;

export interface Frame {
  report: Report;
  /** The page's path, which the links around it go by. */
  path: string;
  /** Whether it is to stand still. */
  paused: boolean;
}

/** A page as it is sent; how often it is to be asked for again, in seconds, is the server's to say in a header. */
export interface Sheet {
  html: string;
  refresh?: number;
}

/** What all pages have around them. */
export function sheet(title: string, frame: Frame, body: Markup): Sheet {
  const { report, path, paused } = frame;
  const html = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${report.deployment}</title>
<link rel="icon" href="/icon/${worstOf(report)}.svg" type="image/svg+xml">
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<p class="brand"><a href="/">${report.deployment}</a> <span class="muted">canaries</span></p>
<nav aria-label="Pages"><ul>${navigation(report, path)}</ul></nav>
${clock(report, path, paused)}
</header>
<main id="main">
${notice(report, path)}${body}
</main>
<footer>
<p>All times are UTC. <a href="/api/v1/report">JSON</a> · <a href="/metrics">Metrics</a> · <a href="/healthz">Health of the prober</a></p>
</footer>
</body>
</html>
`;
  return { html: html.text, ...(!paused && { refresh: REFRESH }) };
}

/** What is not known to be so now is no verdict, be it ever so good. */
export function worstOf(report: Report): Verdict {
  if (doubtOf(report) !== undefined) return 'unknown';
  return countsOf(report)[0]?.[0] ?? 'unknown';
}

/** What somebody must know of the prober before they believe the page; the first one says it in its banner. */
function notice(report: Report, path: string): Markup {
  const doubt = path === '/' ? undefined : doubtOf(report);
  return markup`${doubt !== undefined && markup`<p class="notice">The figures below are old: ${doubt}.</p>\n`}${report.blind && markup`<p class="notice mild">${sentence(blindText(report.blind))}</p>\n`}`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function navigation({ incidents, silences }: Report, path: string): Markup[] {
  const open = incidents.filter(({ ended }) => ended === undefined).length;
  const pages = [
    ['/', 'Pools', 0],
    ['/incidents', 'Incidents', open],
    ['/silences', 'Silences', silences.length],
  ] as const;
  return pages.map(([href, name, count]) => {
    const number = count > 0 && markup` <span class="count">${count}</span>`;
    const current = href === path && markup` aria-current="page"`;
    return markup`<li><a href="${href}"${current}>${name}${number}</a></li>`;
  });
}

/** As of when this is, whether anybody still watches, and how to make it stand still. */
function clock(report: Report, path: string, paused: boolean): Markup {
  const { at, passAt } = report;
  const unwatched = passAt === undefined || doubtOf(report) !== undefined;
  const pass = passAt === undefined ? 'no pass yet' : `last pass ${spoken(at - passAt)} ago`;
  const control = paused
    ? markup`<a href="${path}">Refresh each ${REFRESH} s</a>`
    : markup`<a href="${path}?refresh=off">Pause</a>`;
  return markup`<p class="clock"><time datetime="${iso(at)}">${clockTime(at)} UTC</time> <span class="${unwatched ? 'state slow' : 'muted'}">${pass}</span> ${control}</p>`;
}
