import type { Cause } from '../evidence/incident.ts';
import { clockTime, MINUTE, spoken } from '../evidence/instant.ts';
import type { ProbeReport, Report } from '../evidence/report.ts';
import { askWordsOf } from '../notify/words/causes.ts';

/** The longest and the shortest that passes may usefully be apart: the same bounds as for the prober's own health. */
const INTERVAL = { least: MINUTE, most: 5 * MINUTE };
/** A look that failed once says nothing yet. */
const SILENT_FOR = MINUTE;
/** While one of these is open the pools are not judged. */
const BLINDING: ReadonlySet<Cause> = new Set(['queue-unreachable', 'cannot-submit', 'access-refused', 'store-failing']);

/** Why a report's figures are not to be taken for new ones; undefined where they are. */
export function doubtOf({ at, passAt, pace = 0, probes, incidents }: Report): string | undefined {
  const blind = incidents.find(({ ended, cause }) => ended === undefined && BLINDING.has(cause));
  if (blind !== undefined) return `${askWordsOf(blind.cause).open} since ${clockTime(blind.since)} UTC`;
  const silent = probes.find(
    ({ why, verdictSince = at }) => why === 'queue-silent' && at - verdictSince >= SILENT_FOR,
  )?.verdictSince;
  if (silent !== undefined) return `${askWordsOf('queue-unreachable').open} since ${clockTime(silent)} UTC`;
  if (passAt === undefined) return probes.every(isWaiting) ? undefined : 'no pass was complete yet';
  const patience = 2 * Math.max(INTERVAL.least, Math.min(INTERVAL.most, pace));
  return at - passAt > patience ? `no complete pass for ${spoken(at - passAt)}` : undefined;
}

/** New: its first canary is still to come, or is not late yet. */
export function isWaiting({ why }: ProbeReport): boolean {
  return why === 'not-asked-yet';
}
