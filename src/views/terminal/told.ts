import { spoken } from '../../evidence/instant.ts';
import type { DwellReport, Report } from '../../evidence/report.ts';
import { type Colors, harmless, wrapped } from './text.ts';

/** What could not be told yet, and since when. */
export function undeliveredLines({ undelivered, at }: Report, colors: Colors, room: number): string[] {
  if (undelivered.length === 0) return [];
  const lines = undelivered.map(({ route, incident, level, since, why }) =>
    harmless(`✗ ${route} has not been told of the ${WORDS[level]} ${incident} for ${spoken(at - since)}: ${why}`),
  );
  return ['', ...lines.flatMap((line) => wrapped(line, room, 2).map(colors.red))];
}

const WORDS = { page: 'page', warn: 'warning' };

/** How fast first notices were told, from when they were due to the channel that took them. */
export function dwellLines({ dwell: { page, warn } }: Report, colors: Colors, room: number): string[] {
  const said = [...(page ? [`pages ${withinText(page)}`] : []), ...(warn ? [`warnings ${withinText(warn)}`] : [])];
  return said.length === 0 ? [] : ['', ...wrapped(said.join(' · '), room).map(colors.dim)];
}

function withinText({ p50, p99, count }: DwellReport): string {
  return `told within ${spoken(p50)} p50, ${spoken(p99)} p99, ${count} ${count === 1 ? 'notice' : 'notices'}`;
}
