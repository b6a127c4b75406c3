import type { PastCanary, Start } from '../../evidence/canary.ts';
import { clockTime, DAY, HOUR, spoken } from '../../evidence/instant.ts';
import type { Thresholds } from '../../evidence/probe.ts';
import type { ProbeReport } from '../../evidence/report.ts';
import { type Markup, markup } from '../markup.ts';
import { APART, type DurationAxis, durationAxis, GROUND, instantTicks, share, timeLabel, valueLabel } from './scale.ts';

/** One canary: when it was scheduled and how long it waited, in milliseconds. `waiting`: still in flight; `unclaimed`: it ended so. */
interface Dot {
  at: number;
  ms: number;
  kind: Start | 'waiting' | 'unclaimed';
}

/** Least time that is shown. */
const SPAN = { least: HOUR / 2, most: DAY };

function dotOf({ slot, scheduled = slot, started, ended, start = 'unknown' }: PastCanary): Dot[] {
  if (started !== undefined) return [{ at: scheduled, ms: Math.max(0, started - scheduled), kind: start }];
  return ended === undefined ? [] : [{ at: scheduled, ms: ended - scheduled, kind: 'unclaimed' }];
}

/**
 * Every canary by when it was scheduled and how long it waited, on a log scale: filled where the worker was cold, a ring where it was warm.
 * What waits rises from the ground. Coordinates are shares, so that text keeps its size on every screen.
 */
export function scatter(probe: ProbeReport, canaries: readonly PastCanary[], now: number): Markup {
  const { pending, thresholds } = probe;
  const waiting: Dot[] = pending === undefined ? [] : [{ at: pending.since, ms: pending.ms, kind: 'waiting' }];
  const all = [...canaries.flatMap(dotOf), ...waiting];
  const oldest = Math.min(now, ...all.map(({ at }) => at));
  const from = Math.max(now - SPAN.most, Math.min(oldest, now - SPAN.least));
  const shown = all.filter(({ at }) => at >= from);
  const limits = thresholds === undefined ? [] : [thresholds.warnAfter, thresholds.pageAfter];
  const axis = durationAxis([...shown.map(({ ms }) => ms), ...limits]);
  const x = (at: number) => share((98 * (at - from)) / Math.max(1, now - from) + 1);
  const names = thresholds === undefined ? [] : limitNames(axis, thresholds);
  const free = (y: number) => names.every((name) => Math.abs(name.y - y) >= APART);
  return markup`<svg class="plot scatter" role="img" aria-label="${saidOf(shown, from, now)}">
${axis.lines.map((ms) => markup`<line class="grid" x1="0" x2="100%" y1="${share(axis.at(ms))}" y2="${share(axis.at(ms))}"/>${free(axis.at(ms)) && valueLabel('axis', axis.at(ms), spoken(ms))}`)}
${instantTicks(from, now).map((at, i) => markup`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="0" y2="${share(GROUND)}"/>${timeLabel(x(at), at, i)}`)}
${names.map(({ tone, ms, y, text }) => markup`<line class="limit ${tone}" x1="0" x2="100%" y1="${share(axis.at(ms))}" y2="${share(axis.at(ms))}"/>${valueLabel(`limit-name ${tone}`, y, text)}`)}
${shown.map((dot) => markOf(dot, x(dot.at), axis))}
</svg>`;
}

interface LimitName {
  tone: 'slow' | 'stuck';
  ms: number;
  y: number;
  text: string;
}

/** The names of the thresholds beside their lines; where those are close to each other, apart from them. */
function limitNames(axis: DurationAxis, { warnAfter, pageAfter }: Thresholds): LimitName[] {
  const [warn, page] = [axis.at(warnAfter), axis.at(pageAfter)];
  const push = Math.max(0, APART - (warn - page)) / 2;
  return [
    { tone: 'slow', ms: warnAfter, y: warn + push, text: `warn ${spoken(warnAfter)}` },
    { tone: 'stuck', ms: pageAfter, y: page - push, text: `page ${spoken(pageAfter)}` },
  ];
}

function markOf({ ms, kind, at }: Dot, x: string, axis: DurationAxis): Markup {
  const y = share(axis.at(ms));
  const title = markup`<title>${clockTime(at)} UTC, ${WORDS[kind]} ${spoken(ms)}</title>`;
  if (kind === 'cold' || kind === 'warm') return markup`<circle class="${kind}" cx="${x}" cy="${y}" r="4">${title}</circle>`;
  if (kind === 'unknown')
    return markup`<svg x="${x}" y="${y}" class="mark"><path class="unknown-start" d="M-3.5-3.5h7v7h-7z">${title}</path></svg>`;
  const stem = markup`<line class="stem ${kind}" x1="${x}" x2="${x}" y1="${share(GROUND)}" y2="${y}"/>`;
  return markup`${stem}<svg x="${x}" y="${y}" class="mark"><path class="${kind}" d="M0-6 5.5 4h-11z">${title}</path></svg>`;
}

const WORDS = {
  cold: 'claimed by a cold worker after',
  warm: 'claimed by a warm worker after',
  unknown: 'claimed after',
  waiting: 'waiting for',
  unclaimed: 'ended unclaimed after',
};

function saidOf(dots: readonly Dot[], from: number, now: number): string {
  const count = (...kinds: Dot['kind'][]) => dots.filter(({ kind }) => kinds.includes(kind)).length;
  const claimed = count('cold', 'warm', 'unknown');
  return `Time to claim over the last ${spoken(now - from)}: ${claimed} claimed, ${count('unclaimed')} ended unclaimed, ${count('waiting')} waiting. The table of canaries has the figures.`;
}
