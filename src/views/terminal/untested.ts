import { HOUR } from '../../evidence/instant.ts';
import type { ProbeReport, Report } from '../../evidence/report.ts';
import { type Colors, harmless, wrapped } from './text.ts';

/** Without a new worker for so long, claims say nothing of whether one would come. */
const UNTESTED = 3 * HOUR;
const NAMED = 5;

/** Pools whose canaries a waiting worker claims every time: that is fast, and says nothing of provisioning. */
export function untestedLines(report: Report, colors: Colors, room: number): string[] {
  const untested = report.probes.filter((probe) => isUntested(probe, report)).map(({ name }) => harmless(name));
  if (untested.length === 0) return [];
  const more = untested.length - NAMED;
  const names = `${untested.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const text = `claims are fast, but none has been cold for 3 h: ${names}. What would happen without a waiting worker is not known.`;
  return ['', ...wrapped(text, room, 2).map(colors.dim)];
}

function isUntested({ verdict, warm, cold, coldAt, spark }: ProbeReport, { at, since }: Report): boolean {
  if (verdict !== 'healthy' || warm.claims === 0 || at - since < UNTESTED) return false;
  // Hours of which anything is known; a watch that has just begun has missed nothing yet.
  if (spark.filter((point) => point !== undefined).length <= UNTESTED / HOUR) return false;
  return coldAt === undefined ? cold.claims === 0 : at - coldAt >= UNTESTED;
}
