import type { CommonError } from '../../evidence/diagnosis.ts';
import type { Incident } from '../../evidence/incident.ts';
import { clockTime, spoken } from '../../evidence/instant.ts';
import type { ObjectiveReport } from '../../evidence/report.ts';
import type { InspectedPool, Stored } from '../inspected.ts';
import { budgetText, burnOf, burnText, objectiveText, percentText } from '../objective.ts';
import type { Piece } from './flow.ts';
import { countline } from './sparkline.ts';
import { type Colors, harmless, wrapped } from './text.ts';

/** Lines of a cloud's own words that are shown; JSON has more of them. */
const DESCRIBED = 3;

/** How many, hour by hour, and the commonest in the cloud's own words. */
export function errorLines({ errors, diagnosis: { figures } }: InspectedPool, colors: Colors, room: number): string[] {
  const { errors: lastHour, usualErrors, commonError } = figures;
  if (lastHour === undefined) return [];
  const bars = errors?.some(({ count }) => count > 0)
    ? `${countline(
        errors.map(({ count }) => count),
        colors,
      )}  `
    : '';
  const usual = usualErrors === undefined || (usualErrors === 0 && lastHour === 0) ? '' : `, usually ${usualText(usualErrors)}`;
  const number = lastHour === 0 ? 'none' : String(lastHour);
  const paint = lastHour > (usualErrors ?? 0) && lastHour > 0 ? colors.yellow : (text: string) => text;
  const head = `${bars}${paint(`${number} in the last hour`)}${usual}`;
  if (commonError === undefined) return [head];
  const text = wrapped(harmless(commonError.description).replace(/\s+/g, ' ').trim(), room - 2);
  const shown = text.slice(0, DESCRIBED).map((line) => `  ${colors.dim(line)}`);
  return [head, ...wrapped(errorName(commonError), room, 2), ...shown, ...(text.length > DESCRIBED ? [colors.dim('  …')] : [])];
}

/** How many of a kind, and what they are called. */
export function errorName({ count, title, code }: CommonError): string {
  return harmless(`${count} × ${title}${code === undefined || code === title ? '' : ` (${code})`}`);
}

function usualText(perHour: number): string {
  if (perHour === 0) return 'none';
  return perHour < 10 ? perHour.toFixed(1).replace('.0', '') : String(Math.round(perHour));
}

export function probePieces({ name, thresholds, lastClaim, lastCold }: Stored['probes'][number], now: number): Piece[] {
  const start = lastClaim === undefined || lastClaim.start === 'unknown' ? '' : ` by a ${lastClaim.start} worker`;
  return [
    harmless(name),
    lastClaim === undefined ? 'no claim yet' : `claimed after ${spoken(lastClaim.ms)}${start}, ${spoken(now - lastClaim.at)} ago`,
    ...(lastCold === undefined || lastClaim?.start === 'cold' ? [] : [`last cold ${spoken(now - lastCold)} ago`]),
    thresholds === undefined ? 'observes' : `warns at ${spoken(thresholds.warnAfter)}, pages at ${spoken(thresholds.pageAfter)}`,
  ];
}

/** How it stands to its objective, and whether that gets worse. */
export function objectivePieces(objective: ObjectiveReport, colors: Colors): Piece[] {
  const { compliance } = objective;
  const burn = burnOf(objective);
  const bad = burn !== undefined || (objective.budgetLeft ?? 0) < 0;
  return [
    objectiveText(objective),
    ...(compliance === undefined ? ['nothing observed yet'] : [`${percentText(compliance)} in time`]),
    ...(compliance === undefined ? [] : [[`error budget ${budgetText(objective)}`, bad ? colors.yellow : String] as const]),
    ...(burn === undefined ? [] : [[burnText(burn), colors.yellow] as const]),
  ];
}

export function incidentPieces({ level, cause, since, timeline, silenced }: Incident, now: number, colors: Colors): Piece[] {
  const paint = silenced !== undefined ? colors.dim : level === 'page' ? colors.red : colors.yellow;
  const last = timeline.at(-1);
  return [
    [`${level === 'page' ? '■' : '▲'} ${level} ${cause}`, paint],
    `since ${clockTime(since)} UTC, for ${spoken(now - since)}`,
    ...(silenced === undefined ? [] : ['silenced']),
    ...(last === undefined ? [] : [harmless(`${last.what}: ${last.text}`)]),
  ];
}
